"""Pairs to learn from: a report and an older one that was open then, and whether they are of one incident. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.index import Index
from dedupe.window import Window
from gateway.store.labelled import LabelledPair

#: Of an incident that a thousand reported, so many earlier reports are enough for each.
MOST_OF_INCIDENT = 5
#: Others that the index finds alike, for each report.
MOST_OTHERS = 12
#: One incident in so many is held back.
_ONE_IN = 3


class Example(msgspec.Struct, frozen=True):
    """`new` as it met `old` in its `window`. Those of one `incident` are all learnt from, or all held back."""

    new: Fingerprint
    old: Fingerprint
    same: bool
    incident: str
    window: Window = Window()

    @property
    def is_held_back(self) -> bool:
        """By chance, but always the same."""
        return sha256(self.incident.encode("utf-8", "surrogatepass")).digest()[0] % _ONE_IN == 0


def of_reports(reports: Iterable[tuple[Fingerprint, str]]) -> Iterator[list[Example]]:
    """Fingerprints with the names of their incidents, in the order of time: of each, the pairs with what the index
    finds, and with earlier reports of the same incident that it does not find."""
    index = Index()
    earlier: dict[str, list[Fingerprint]] = defaultdict(list)
    incidents: dict[str, str] = {}
    for new, incident in reports:
        window = index.window(new)
        found = {old.report: old for old in index.candidates(new, MOST_OTHERS)}
        found |= {old.report: old for old in earlier[incident][-MOST_OF_INCIDENT:]}
        yield [
            Example(new, old, incidents[old.report] == incident, incident, window)
            for old in found.values()
            if old.report != new.report
        ]
        index.add(new)
        earlier[incident].append(new)
        incidents[new.report] = incident


def of_officers(pairs: Sequence[LabelledPair]) -> list[Example]:
    """What officers said; reports that hang together, by whatever was said of them, are of one group."""
    group = _groups(pairs)
    made = []
    for pair in pairs:
        old, new = sorted((pair.one, pair.other), key=lambda report: (report.time, report.report))
        made.append(Example(new, old, pair.same, group[new.report]))
    return made


def _groups(pairs: Iterable[LabelledPair]) -> dict[str, str]:
    """Of each report the first of those that it hangs together with (union and find)."""
    parent: dict[str, str] = {}

    def first(report: str) -> str:
        while parent.setdefault(report, report) != report:
            parent[report] = report = parent[parent[report]]
        return report

    for pair in pairs:
        one, other = sorted((first(pair.one.report), first(pair.other.report)))
        parent[other] = one
    return {report: first(report) for report in list(parent)}
