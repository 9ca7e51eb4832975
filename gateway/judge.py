"""The judge's process: the index of all open reports, and what has been judged but not committed yet.

It has a processor of its own, so that comparing costs the intake nothing. See `gateway.frames`.
"""

from contextlib import suppress
from pathlib import Path

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.index import Index
from dedupe.judge import alike, judge
from dedupe.verdict import NEW, Verdict
from gateway import discretion, frames, lasting, registry
from gateway.duplicates import Terms
from gateway.judges import Guarded, JudgeFailed, Judgement
from gateway.store.connecting import open_fingerprints

#: Reports that one report is compared with, at most.
CANDIDATES = 12
#: Reports that are looked at for somebody who is about to report: they have said less yet.
SHOWN = 24


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Build the index from the store in this data folder; answered by its size."""

    folder: str
    terms: Terms = Terms()


class Weigh(msgspec.Struct, frozen=True, tag="weigh"):
    """Judge by these from now on."""

    terms: Terms


class Compare(msgspec.Struct, frozen=True, tag="compare"):
    """Judge these reports, each against the index and those before it; answered by their verdicts. They stay out of
    the index until `Commit`."""

    reports: list[Fingerprint]


class Commit(msgspec.Struct, frozen=True, tag="commit"):
    """What was compared is in the store now (or, if not `kept`, never will be)."""

    kept: bool


class Look(msgspec.Struct, frozen=True, tag="look"):
    """Which open reports are alike, for somebody who is about to report this; answered by at most `most` verdicts, the
    best first. Nothing is kept of it."""

    report: Fingerprint
    most: int


class Change(msgspec.Struct, frozen=True, tag="change"):
    """Reports that are open again, and ids of those that are closed."""

    opened: list[Fingerprint] = []
    closed: list[str] = []


class Answer(msgspec.Struct, frozen=True):
    """`size` is the number of reports in the index. `failed` says why another's judge gave no verdicts: the reports
    are in no way judged."""

    size: int
    verdicts: list[Verdict] = []
    failed: str = ""


_order = msgspec.msgpack.Decoder(Load | Weigh | Compare | Commit | Look | Change)
_encode = msgspec.msgpack.Encoder().encode
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Judge:
    def __init__(self) -> None:
        self._index = Index()
        self._overlay = Index()
        self._pending: list[Fingerprint] = []
        self._other: Judgement | None = None

    def answer(self, frame: bytes) -> bytes:
        verdicts: list[Verdict] = []
        failed = ""
        match _order.decode(frame):
            case Load(folder, terms):
                self._weigh(terms)
                for known in open_fingerprints(Path(folder)):
                    with suppress(msgspec.DecodeError):  # the disk damaged it
                        self._index.add(_fingerprint.decode(known))
                lasting.keep()
            case Weigh(terms):
                self._weigh(terms)
            case Compare(reports):
                self._commit(kept=False)
                verdicts, failed = self._compared(reports)
            case Commit(kept):
                self._commit(kept)
            case Look(report, most):
                verdicts = alike(report, self._index.candidates(report, SHOWN), most)
            case Change(opened, closed):
                self._change(opened, closed)
        return _encode(Answer(len(self._index), verdicts, failed))

    def _weigh(self, terms: Terms) -> None:
        self._other = registry.judge(terms.judge) if terms.judge else None

    def _compared(self, reports: list[Fingerprint]) -> tuple[list[Verdict], str]:
        """Where another's judge fails, those that come after may be told apart from them later only, too."""
        guarded = Guarded(self._other) if self._other else None
        verdicts, failed = [], ""
        for new in reports:
            found = self._candidates(new)
            try:
                verdict = guarded.judge(new, found, self._index.window(new)) if guarded else judge(new, found)
            except JudgeFailed as failure:
                verdict, failed = NEW, str(failure)
            verdicts.append(verdict)
            self._pending.append(new)
            self._overlay.add(new)
        return verdicts, failed

    def _candidates(self, new: Fingerprint) -> list[Fingerprint]:
        newest = self._overlay.candidates(new) if self._pending else []
        return (newest + self._index.candidates(new))[:CANDIDATES]

    def _commit(self, kept: bool) -> None:
        if kept:
            self._change(self._pending, [])
        if self._pending:
            self._pending, self._overlay = [], Index()

    def _change(self, opened: list[Fingerprint], closed: list[str]) -> None:
        for new in opened:
            self._index.add(new)
        for report in closed:
            self._index.remove(report)


if __name__ == "__main__":
    discretion.begin()
    frames.serve(Judge().answer)
