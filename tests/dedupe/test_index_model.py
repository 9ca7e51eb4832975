"""The index against a dictionary: what is open is found, what is not never comes back."""

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint
from dedupe.index import Index
from tests.dedupe.fingerprints import fingerprints

#: Few, so that reports are amended, closed and opened again; of any length.
_IDS = some.sampled_from(("", "a", "KNL-7F3K-92QX", "b" * 300, "ß", "0", "1", "2"))


class IndexOfOpenReports(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.index = Index(rows=8)
        self.model: dict[str, Fingerprint] = {}

    @rule(new=fingerprints(), report=_IDS)
    def add(self, new: Fingerprint, report: str) -> None:
        self.model[report] = replace(new, report=report)
        self.index.add(self.model[report])

    @rule(report=_IDS)
    def remove(self, report: str) -> None:
        self.model.pop(report, None)
        self.index.remove(report)

    @rule(report=_IDS, times=some.integers(1, 400))
    def change_often(self, report: str, times: int) -> None:
        if report in self.model:
            for _ in range(times):
                self.index.add(self.model[report])

    @rule(new=fingerprints())
    def ask(self, new: Fingerprint) -> None:
        found = self.index.candidates(new)
        assert len({old.report for old in found}) == len(found)
        assert all(self.model[old.report] == old for old in found)

    @invariant()
    def holds_what_is_open(self) -> None:
        assert len(self.index) == len(self.model)
        for report in ("", "a", "KNL-7F3K-92QX", "never"):
            assert self.index.get(report) == self.model.get(report)

    @invariant()
    def finds_the_twin_of_what_is_open(self) -> None:
        for old in self.model.values():
            if old.words or old.streets or old.reporter:
                assert old in self.index.candidates(replace(old, report="twin"))

    @invariant()
    def counts_words(self) -> None:
        seen = self.index.window(Fingerprint("new", "", 0.0, words=("banjir", "lampu"))).seen
        for word in ("banjir", "lampu"):
            assert seen.get(word, 0) == sum(word in old.words for old in self.model.values())


IndexOfOpenReports.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
test_agrees_with_a_dictionary = IndexOfOpenReports.TestCase
