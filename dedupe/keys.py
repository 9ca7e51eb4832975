"""Under which keys a report is filed, and under which it is looked for.

A key is 32 bits of a hash: two that collide cost some time, and no report is taken for another by its keys. Python's
own hash differs from process to process, so nobody can choose words that collide.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from math import floor

from dedupe import spelling
from dedupe.fingerprint import Fingerprint

#: About 200 m: a report is filed in the cell of its pin and looked for in the eight around it too.
CELL_DEGREES = 0.0018
#: Of a report's words so many of the rarest are filed alone, and so many in pairs and together with the area.
WORDS = 16
FILED_RARE, ASKED_RARE = 5, 6
MOST_AREAS = 2
#: Hashes of pictures are looked for by pieces: of two that differ in three bits one piece of four is the same.
PIECE = 4
#: `gathering` has six bits for the number of a key.
MOST_ASKED = 64
KEY_BITS = 32
_MASK = (1 << KEY_BITS) - 1

#: What sharing a key is worth, times how rare the key is: what names one incident counts for more than any words.
WEIGHTS = {
    "code": 40.0,
    "photo": 40.0,
    "image": 15.0,
    "reporter": 15.0,
    "street, detail": 1.6,
    "street": 1.0,
    "cell": 1.5,
    "pair": 1.6,
    "area, word": 1.6,
    "area, problem": 1.0,
    "word": 1.0,
}

Part = tuple[str, object]


def identity(report_id: str) -> int:
    """The key that no other report has, but by chance."""
    return hash(("report", report_id)) & _MASK


def filed(report: Fingerprint, words: Sequence[str]) -> set[int]:
    """The keys of `report`, the skeletons of whose words are given, the rarest first."""
    keys = {hash(part) & _MASK for part in _parts(report, words, words[:FILED_RARE], around=0)}
    keys.add(identity(report.report))
    return keys


def asked(report: Fingerprint, words: Sequence[str]) -> dict[int, float]:
    """The keys by which reports like `report` are found, and their weights; at most `MOST_ASKED`."""
    keys: dict[int, float] = {}
    for part in _parts(report, words, words[:ASKED_RARE], around=1):
        keys.setdefault(hash(part) & _MASK, WEIGHTS[part[0]])
        if len(keys) == MOST_ASKED:
            break
    return keys


def pin(report: Fingerprint) -> tuple[float, float] | None:
    """Latitude and longitude, if they are of a place on earth."""
    north, east = report.latitude, report.longitude
    if north is None or east is None or not (abs(north) <= 90 and abs(east) <= 180):
        return None
    return north, east


def _parts(report: Fingerprint, words: Sequence[str], rare: Sequence[str], around: int) -> Iterator[Part]:
    """What tells most first, since the last may be cut off."""
    for code in report.codes:
        yield "code", code
    for photo in report.photos:
        yield "photo", photo
    if report.reporter:
        yield "reporter", report.reporter
    yield from _of_places(report, rare)
    for cell in _cells(report, around):
        yield "cell", cell
    for word in words[:WORDS]:
        yield "word", word
    for pair in combinations(sorted(rare), 2):
        yield "pair", pair
    for image in report.images:
        for start in range(0, len(image), PIECE):
            yield "image", (start, image[start : start + PIECE])


def _of_places(report: Fingerprint, rare: Sequence[str]) -> Iterator[Part]:
    for street in map(spelling.street, report.streets):
        yield "street", street
        for detail in report.numbers + report.problems:
            yield "street, detail", (street, detail)
    for area in report.areas[:MOST_AREAS]:
        for problem in report.problems:
            yield "area, problem", (area, problem)
        for word in rare:
            yield "area, word", (area, word)


def _cells(report: Fingerprint, around: int) -> Iterator[tuple[int, int]]:
    """The cell of the pin, with so many neighbours on each side; none without a pin."""
    if place := pin(report):
        north, east = (floor(degrees / CELL_DEGREES) for degrees in place)
        steps = range(-around, around + 1)
        yield from ((north + up, east + right) for up, right in product(steps, steps))
