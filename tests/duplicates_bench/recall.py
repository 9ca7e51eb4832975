"""What the candidates miss: of what the labels say, and of what comparing with every open report would find."""

from collections.abc import Iterable

import msgspec

from dedupe.verdict import Kind
from tests.duplicates_bench.engine import Engine, Judged


class Labelled(msgspec.Struct):
    """Of true pairs of a report and an open one, and of reports that are in any, how many the candidates held."""

    pairs: int = 0
    found_pairs: int = 0
    reports: int = 0
    found_reports: int = 0

    def count(self, judged: Judged, partners: Iterable[str]) -> None:
        """`partners` are the open reports of the same incident."""
        true = set(partners)
        found = true.intersection(old.report for old in judged.candidates)
        self.pairs += len(true)
        self.found_pairs += len(found)
        self.reports += bool(true)
        self.found_reports += bool(found)


class Exhaustive(msgspec.Struct):
    """Of reports that are alike an open one, for how many the candidates held that one."""

    alike: int = 0
    found: int = 0

    def count(self, engine: Engine, judged: Judged, everything: Iterable[str]) -> None:
        """Compare with `everything` that is open."""
        others = filter(None, map(engine.index.get, everything))
        verdict = engine.verdict(judged.new, others)
        if verdict.kind is not Kind.NEW:
            self.alike += 1
            self.found += verdict.same_as in {old.report for old in judged.candidates}
