"""The open reports that may be of the same incident as a given one, found with bounded work."""

from collections.abc import Iterator
from math import floor

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.window import Window

#: Postings kept for one key: of a word that half the city uses only the newest reports are worth a look.
KEPT = 64
#: Postings walked for one report, however many it could find.
BUDGET = 300
#: About 200 m: cells of a pin and their eight neighbours.
CELL_DEGREES = 0.0018


class Index:
    """Fingerprints of open reports by their words, streets, cells and reporters. Not safe for several threads.

    Reports are expected roughly in order of time: the last added counts as the newest. They are kept encoded, which
    takes a third of the memory and spares the garbage collector a million objects. `walked` is the number of
    postings that the latest `candidates` looked at.
    """

    def __init__(self) -> None:
        self.walked = 0
        self._slots: dict[str, int] = {}
        self._reports: dict[int, bytes] = {}
        self._postings: dict[str, list[int]] = {}
        self._next = 0
        self._encode = msgspec.msgpack.Encoder().encode
        self._decode = msgspec.msgpack.Decoder(Fingerprint).decode

    def __len__(self) -> int:
        return len(self._slots)

    def get(self, report_id: str) -> Fingerprint | None:
        """The fingerprint of an open report, or None."""
        slot = self._slots.get(report_id)
        return None if slot is None else self._decode(self._reports[slot])

    def add(self, new: Fingerprint) -> None:
        """Make `new` a candidate for later reports, in place of what was known of the same report."""
        self.remove(new.report)
        slot = self._slots[new.report] = self._next
        self._next += 1
        self._reports[slot] = self._encode(new)
        for key in _keys(new, _cells(new, around=0)):
            postings = self._postings.setdefault(key, [])
            postings.append(slot)
            if len(postings) > 2 * KEPT:
                del postings[:KEPT]

    def remove(self, report_id: str) -> None:
        """Forget a report, if it is known: it was closed or taken back."""
        slot = self._slots.pop(report_id, None)
        if slot is None:
            return
        old = self._decode(self._reports.pop(slot))
        for key in _keys(old, _cells(old, around=0)):
            self._forget(key, slot)

    def _forget(self, key: str, slot: int) -> None:
        postings = self._postings.get(key, [])
        if slot in postings:
            postings.remove(slot)
        if not postings:
            self._postings.pop(key, None)

    def window(self, new: Fingerprint) -> Window:
        """How many reports are open, and how many of them use each word of `new` (at most about `KEPT` twice)."""
        postings = {word: len(self._postings.get(f"w{word}", ())) for word in new.words}
        return Window(len(self), {word: count for word, count in postings.items() if count})

    def candidates(self, new: Fingerprint, limit: int = 12) -> list[Fingerprint]:
        """At most `limit` other open reports most worth judging, best first; of equals the newest.

        Rare keys are walked first, each from its newest end, until `BUDGET` postings have been seen.
        """
        gains = self._gains(new)
        gains.pop(self._slots.get(new.report, -1), None)
        best = sorted(gains, key=gains.__getitem__, reverse=True)[:limit]
        return [self._decode(self._reports[slot]) for slot in best]

    def _gains(self, new: Fingerprint) -> dict[int, float]:
        found = (self._postings.get(key) for key in _keys(new, _cells(new, around=1)))
        gains: dict[int, float] = {}
        self.walked = 0
        for postings in sorted(filter(None, found), key=len):
            newest = postings[-min(KEPT, BUDGET - self.walked) :]
            gain = 1 / (8 + len(postings))
            for slot in reversed(newest):
                gains[slot] = gains.get(slot, 0.0) + gain
            self.walked += len(newest)
            if self.walked >= BUDGET:
                break
        return gains


def _keys(report: Fingerprint, cells: list[str]) -> Iterator[str]:
    """A letter for the kind of key, then what is shared: streets also together with a number or a problem."""
    yield from (f"w{word}" for word in report.words)
    yield from cells
    yield from (f"q{code}" for code in report.codes)
    if report.reporter:
        yield f"r{report.reporter}"
    for street in report.streets:
        yield f"s{street}"
        yield from (f"s{street}|{detail}" for detail in report.numbers + report.problems)


def _cells(report: Fingerprint, around: int) -> list[str]:
    """The cell of the pin, with so many neighbours on each side; none without a pin."""
    if report.latitude is None or report.longitude is None:
        return []
    north, east = floor(report.latitude / CELL_DEGREES), floor(report.longitude / CELL_DEGREES)
    steps = range(-around, around + 1)
    return [f"c{north + up},{east + right}" for up in steps for right in steps]
