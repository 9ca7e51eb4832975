"""What else is used to find near-duplicates, each over the same content words, places and times as ours."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from math import cos, floor, hypot, inf, radians
from typing import NamedTuple, Protocol

from datasketch import LeanMinHash, MinHash, MinHashLSH
from rapidfuzz.fuzz import token_sort_ratio
from rapidfuzz.process import cdist

from dedupe.fingerprint import Fingerprint

METRES_PER_DEGREE = 111_195.0
RADIUS = 250.0
PERMUTATIONS = 128
#: Estimated share of words in common from which MinHash LSH shows two reports to each other.
LIKELY = 0.5


class Nearest(NamedTuple):
    """The open report that is most alike, and how much: methods have scales of their own."""

    report: str
    score: float


class Method(Protocol):
    def add(self, new: Fingerprint) -> None: ...

    def remove(self, report: str) -> None: ...

    def nearest(self, new: Fingerprint) -> Nearest | None: ...


class Ratio:
    """rapidfuzz: the sorted content words compared with those of every open report, without any index."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self._reports: list[str] = []
        self._texts: list[str] = []

    def add(self, new: Fingerprint) -> None:
        self._places[new.report] = len(self._texts)
        self._reports.append(new.report)
        self._texts.append(_text(new))

    def remove(self, report: str) -> None:
        """What is the same as no words is never nearest."""
        self._texts[self._places.pop(report)] = ""

    def nearest(self, new: Fingerprint) -> Nearest | None:
        if not self._texts:
            return None
        scores = cdist([_text(new)], self._texts, scorer=token_sort_ratio, score_cutoff=1)[0]
        best = int(scores.argmax())
        return Nearest(self._reports[best], float(scores[best])) if scores[best] else None


class Hashed:
    """datasketch: MinHash LSH over content words; of those that share a band the one with most words in common."""

    def __init__(self) -> None:
        self._lsh = MinHashLSH(threshold=LIKELY, num_perm=PERMUTATIONS)
        self._hashes: dict[str, MinHash] = {}

    def add(self, new: Fingerprint) -> None:
        self._hashes[new.report] = made = LeanMinHash(_hashed(new))
        self._lsh.insert(new.report, made)

    def remove(self, report: str) -> None:
        del self._hashes[report]
        self._lsh.remove(report)

    def nearest(self, new: Fingerprint) -> Nearest | None:
        made = _hashed(new)
        found = (Nearest(old, made.jaccard(self._hashes[old])) for old in self._lsh.query(made))
        return max(found, key=lambda nearest: nearest.score, default=None)


class FullText:
    """SQLite FTS5: any of the content words, ranked by BM25."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute("CREATE VIRTUAL TABLE reports USING fts5(report UNINDEXED, words)")
        self._rows: dict[str, int | None] = {}

    def add(self, new: Fingerprint) -> None:
        done = self._database.execute("INSERT INTO reports VALUES (?, ?)", (new.report, _text(new)))
        self._rows[new.report] = done.lastrowid

    def remove(self, report: str) -> None:
        self._database.execute("DELETE FROM reports WHERE rowid = ?", (self._rows.pop(report),))

    def nearest(self, new: Fingerprint) -> Nearest | None:
        words = " OR ".join(f'"{word}"' for word in _text(new).split())
        statement = "SELECT report, -rank FROM reports WHERE reports MATCH ? ORDER BY rank LIMIT 1"
        found = self._database.execute(statement, (words,)).fetchone() if words else None
        return Nearest(*found) if found else None


class Around:
    """FixMyStreet's rule: the newest open report of the same category within 250 m."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], dict[str, Fingerprint]] = defaultdict(dict)
        self._where: dict[str, tuple[int, int]] = {}

    def add(self, new: Fingerprint) -> None:
        if cell := _cell(new):
            self._cells[cell][new.report] = new
            self._where[new.report] = cell

    def remove(self, report: str) -> None:
        if cell := self._where.pop(report, None):
            del self._cells[cell][report]

    def nearest(self, new: Fingerprint) -> Nearest | None:
        near = (old for old in self._neighbours(new) if old.category == new.category and _metres(new, old) <= RADIUS)
        newest = max(near, key=lambda old: old.time, default=None)
        return Nearest(newest.report, 1.0) if newest else None

    def _neighbours(self, new: Fingerprint) -> Iterator[Fingerprint]:
        if not (cell := _cell(new)):
            return
        for up in (-1, 0, 1):
            for right in (-1, 0, 1):
                yield from self._cells.get((cell[0] + up, cell[1] + right), {}).values()


METHODS: dict[str, type[Method]] = {
    "rapidfuzz, every one": Ratio,
    "MinHash LSH": Hashed,
    "SQLite FTS5": FullText,
    "FixMyStreet's rule": Around,
}


def _text(report: Fingerprint) -> str:
    return " ".join(report.words)


def _hashed(report: Fingerprint) -> MinHash:
    made = MinHash(num_perm=PERMUTATIONS)
    made.update_batch([word.encode() for word in report.words])
    return made


def _cell(report: Fingerprint) -> tuple[int, int] | None:
    """Whose neighbours hold all within the radius, up to 60 degrees north or south, where a degree is half as wide."""
    if report.latitude is None or report.longitude is None:
        return None
    metres = METRES_PER_DEGREE / RADIUS
    return floor(report.latitude * metres), floor(report.longitude * metres / 2)


def _metres(one: Fingerprint, other: Fingerprint) -> float:
    """Infinite where one has no pin."""
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return inf
    east = (one.longitude - other.longitude) * cos(radians(one.latitude))
    return METRES_PER_DEGREE * hypot(one.latitude - other.latitude, east)
