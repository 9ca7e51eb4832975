"""What officers said of pairs of reports, to learn from: plain SQL over a reading connection.

They say it by joining and parting cases, and by deciding on pairs that the judge was unsure of. Of each pair their last
word counts; one that was taken back is none, and what citizens say of their own reports is not among it.
"""

import sqlite3
from collections.abc import Iterator

import msgspec

from dedupe.fingerprint import Fingerprint

#: The machine and citizens, as they stand in links.
_NO_OFFICERS = ("kanal", "pelapor")
_SAME, _APART, _TAKEN_BACK = ("same", "joined"), ("different", "parted"), ("undecided",)
_SAID = (
    "SELECT l.report, l.other, l.kind, l.at, a.fingerprint, b.fingerprint FROM (SELECT max(seq) AS seq FROM links"
    " WHERE actor NOT IN (?, ?) AND kind IN (SELECT value FROM json_each(?))"
    " GROUP BY min(report, other), max(report, other)) last JOIN links l ON l.seq = last.seq"
    " JOIN reports a ON a.id = l.report JOIN reports b ON b.id = l.other WHERE a.id <> b.id ORDER BY l.seq"
)
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class LabelledPair(msgspec.Struct, frozen=True):
    """Two reports as they are compared, and whether an officer said, `at` that time, that they are of the `same`
    incident."""

    one: Fingerprint
    other: Fingerprint
    same: bool
    at: float


def labelled_pairs(connection: sqlite3.Connection) -> Iterator[LabelledPair]:
    """Each pair once, what was said first first; without what the disk damaged."""
    kinds = msgspec.json.encode([*_SAME, *_APART, *_TAKEN_BACK]).decode()
    for _, _, kind, at, one, other in connection.execute(_SAID, (*_NO_OFFICERS, kinds)):
        try:
            pair = _fingerprint.decode(one), _fingerprint.decode(other)
        except (msgspec.DecodeError, TypeError):
            continue
        if kind not in _TAKEN_BACK:
            yield LabelledPair(*pair, same=kind in _SAME, at=at)
