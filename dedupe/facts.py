"""The facts of a report in 64 bytes, so that some hundred candidates are weighed at once.

Texts are told apart by 16 bits of their hashes: enough to rank candidates, which the judge then reads in full.
"""

from collections.abc import Iterable, Sequence
from math import isfinite, nan
from struct import Struct

import numpy as np
from numpy.typing import NDArray

from dedupe.fingerprint import Fingerprint
from dedupe.keys import pin
from dedupe.spelling import street

WORDS, STREETS, NUMBERS, AREAS, PROBLEMS = 16, 2, 3, 2, 2
HOUR = 3600.0
#: Above are the bits of the kind of a number, below those of its value.
KIND_BITS = 12
_KINDS = {"rt": 1, "rw": 2, "no": 3, "gg": 4}
_FIRST_OTHER, _OTHERS = 5, 11

FACTS = np.dtype(
    [
        ("words", "<u2", WORDS),
        ("streets", "<u2", STREETS),
        ("numbers", "<u2", NUMBERS),
        ("areas", "<u2", AREAS),
        ("problems", "<u2", PROBLEMS),
        ("category", "<u2"),
        ("landmark", "<u2"),
        ("report", "<u2"),
        ("latitude", "<f4"),
        ("longitude", "<f4"),
    ]
)
_LAYOUT = Struct(f"<{WORDS}H{STREETS}H{NUMBERS}H{AREAS}H{PROBLEMS}HHHHff")
assert _LAYOUT.size == FACTS.itemsize

Facts = NDArray[np.void]
#: The same without names, which numpy copies faster.
NAMELESS = np.dtype(f"V{FACTS.itemsize}")


def packed(report: Fingerprint, words: Sequence[str]) -> bytes:
    """One row of `FACTS`; `words` are the skeletons of its words, the rarest first. 0 is for what is not known."""
    place = pin(report) or (nan, nan)
    return _LAYOUT.pack(
        *_codes(words, WORDS),
        *_codes(map(street, report.streets), STREETS),
        *_padded(list(map(_number, report.numbers[:NUMBERS])), NUMBERS),
        *_codes(report.areas, AREAS),
        *_codes(report.problems, PROBLEMS),
        code(report.category) if report.category else 0,
        code(report.landmarks[0]) if report.landmarks else 0,
        code(report.report),
        *place,
    )


def code(text: str) -> int:
    """16 bits that are never 0."""
    return hash(text) & 0xFFFF or 1


def hour(report: Fingerprint) -> int:
    """When it was reported, in hours; every seven years they begin anew. Never 0."""
    return (int(report.time // HOUR) & 0xFFFF if isfinite(report.time) else 0) or 1


def doublings(one: int, hours: NDArray[np.uint16]) -> NDArray[np.float32]:
    """How often the days between an hour and others doubled, before or after it: 0 at once, 1 after a day, 5 after a
    month."""
    apart = (hours - np.uint16(one)).astype(np.int16).astype(np.float64)
    return np.log2(1 + np.abs(apart) / 24).astype(np.float32)


def _number(number: str) -> int:
    kind, _, value = number.partition(" ")
    first = _KINDS.get(kind) or _FIRST_OTHER + hash(kind) % _OTHERS
    return first << KIND_BITS | hash(value) & ((1 << KIND_BITS) - 1)


def _codes(texts: Iterable[str], most: int) -> list[int]:
    return _padded([hash(text) & 0xFFFF or 1 for text in texts][:most], most)


def _padded(codes: list[int], most: int) -> list[int]:
    return codes + [0] * (most - len(codes))
