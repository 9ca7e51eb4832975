"""How well the judge does on labelled reports: `python -m tests.dedupe.evaluate [--wrong N] [FOLDER]`.

Streams each set in the order of time, links what the judge links by itself, and compares the pairs that arise with the
pairs that the labels say. The sets are private (their licences are missing or mixed), so the folder may be absent.
"""

import sys
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

import msgspec

from dedupe.fingerprint import Fingerprint, fingerprint
from dedupe.index import Index
from dedupe.judge import judge
from dedupe.verdict import Kind, Verdict
from normalizer.persons.masking import masked
from normalizer.places.typed import around
from tests.dedupe.reports import report

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "duplicates"
PROVINCES = {"jkt": "31", "sby": "35.78", "pb": "31", "sd311": "31"}
LINKS = {Kind.RETRY, Kind.AGAIN, Kind.SAME}


class Row(msgspec.Struct, frozen=True):
    """One labelled report; those with the same `cluster_id` are of one incident."""

    id: str
    text: str
    lat: float | None
    lon: float | None
    time: datetime
    category: str | None
    cluster_id: str

    def fingerprint(self, province: str) -> Fingerprint:
        pin = None if self.lat is None or self.lon is None else (self.lat, self.lon)
        at = self.time.replace(tzinfo=UTC)
        category = self.category
        made = report(self.text, report_id=self.id, at=at, pin=pin, category=category, province=province)
        return fingerprint(masked(made, province), around(province))


class Figures(msgspec.Struct, frozen=True):
    """Pairwise figures of one set, and of its links and of its doubts how many are right."""

    precision: float
    recall: float
    links: tuple[int, int]
    unsure: tuple[int, int]
    wrong: tuple[tuple[Verdict, str], ...]

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def evaluate(name: str, folder: Path = FOLDER) -> Figures:
    """The figures of the set `name`; raises FileNotFoundError where its file is absent."""
    rows = [msgspec.json.decode(line, type=Row) for line in (folder / f"{name}.jsonl").read_bytes().splitlines()]
    labels = {row.id: row.cluster_id for row in rows}
    verdicts = _judged(row.fingerprint(PROVINCES[name]) for row in sorted(rows, key=lambda row: row.time))
    found, true = _pairs(_clusters(verdicts)), _pairs(labels)
    right = len(found & true)
    links = [(verdict, new) for new, verdict in verdicts.items() if verdict.kind in LINKS]
    unsure = [(verdict, new) for new, verdict in verdicts.items() if verdict.kind is Kind.UNSURE]
    wrong = tuple((verdict, new) for verdict, new in links if labels[verdict.same_as or ""] != labels[new])
    doubts = sum(labels[verdict.same_as or ""] == labels[new] for verdict, new in unsure)
    return Figures(
        precision=right / len(found) if found else 1.0,
        recall=right / len(true),
        links=(len(links) - len(wrong), len(links)),
        unsure=(doubts, len(unsure)),
        wrong=wrong,
    )


def _judged(fingerprints: Iterable[Fingerprint]) -> dict[str, Verdict]:
    index = Index()
    verdicts = {}
    for new in fingerprints:
        verdicts[new.report] = judge(new, index.candidates(new))
        index.add(new)
    return verdicts


def _clusters(verdicts: Mapping[str, Verdict]) -> dict[str, str]:
    clusters: dict[str, str] = {}
    for new, verdict in verdicts.items():
        clusters[new] = clusters[verdict.same_as] if verdict.same_as and verdict.kind in LINKS else new
    return clusters


def _pairs(clusters: Mapping[str, Hashable]) -> set[tuple[str, str]]:
    members: dict[Hashable, list[str]] = defaultdict(list)
    for report_id, cluster in clusters.items():
        members[cluster].append(report_id)
    return {pair for ids in members.values() for pair in combinations(sorted(ids), 2)}


def main() -> int:
    parser = ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("folder", nargs="?", type=Path, default=FOLDER)
    parser.add_argument("--wrong", type=int, default=0, metavar="N", help="show so many wrong links of each set")
    arguments = parser.parse_args()
    for name in PROVINCES:
        if not (arguments.folder / f"{name}.jsonl").exists():
            print(f"{name:6} absent")
            continue
        figures = evaluate(name, arguments.folder)
        print(
            f"{name:6} F1 {figures.f1:.3f}  P {figures.precision:.3f}  R {figures.recall:.3f}"
            f"  right links {figures.links[0]}/{figures.links[1]}  right doubts {figures.unsure[0]}/{figures.unsure[1]}"
        )
        for verdict, new in figures.wrong[: arguments.wrong]:
            print(f"    {new} = {verdict.same_as}? {verdict.score:.2f} {'; '.join(verdict.reasons)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
