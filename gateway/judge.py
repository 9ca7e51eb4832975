"""The judge's process: the index of all open reports, and what has been judged but not committed yet.

It has a processor of its own, so that comparing costs the intake nothing. See `gateway.frames`.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.index import Index
from dedupe.judge import alike, ruled, surest
from dedupe.verdict import NEW, Kind, Verdict
from dedupe.window import Window
from gateway import frames, lasting, registry
from gateway.duplicates import Terms, decoded
from gateway.judgeorders import Answer, Change, Commit, Compare, Load, Look, Ruling, Weigh
from gateway.judges import Guarded, JudgeFailed, Judgement
from gateway.lately import DAY, Lately
from gateway.store.connecting import closed_fingerprints, open_fingerprints

#: Of the candidates, so many of the best are looked at one by one, and as many that were closed lately.
OTHERS = 6
#: Reports that are looked at for somebody who is about to report: they have said less yet.
SHOWN = 24


class Rule(Protocol):
    """As `dedupe.judge.ruled`."""

    def __call__(
        self, new: Fingerprint, candidates: Iterable[Fingerprint], window: Window, *, others: int = 0
    ) -> tuple[Verdict, list[Verdict]]: ...


_order = msgspec.msgpack.Decoder(Load | Weigh | Compare | Commit | Look | Change)
_encode = msgspec.msgpack.Encoder().encode
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Pending(NamedTuple):
    """What is in the index, but not committed yet, and what was known of the same report before."""

    new: Fingerprint
    old: Fingerprint | None


class Judge:
    def __init__(self) -> None:
        self._index = Index()
        self._pending: list[Pending] = []
        self._lately = Lately()
        self._model = decoded(b"")
        self._other: Judgement | None = None

    def answer(self, frame: bytes) -> bytes:
        verdicts: list[Verdict] = []
        rulings: list[Ruling] = []
        failed = ""
        match _order.decode(frame):
            case Load(folder, terms):
                self._weigh(terms)
                self._index.load(_undamaged(open_fingerprints(Path(folder))))
                for known, closed_at in closed_fingerprints(Path(folder), time.time() - self._lately.days * DAY):
                    with suppress(msgspec.DecodeError):
                        self._lately.close(_fingerprint.decode(known), closed_at)
                lasting.keep()
            case Weigh(terms):
                self._weigh(terms)
            case Compare(reports):
                self._commit(kept=False)
                rulings, failed = self._compared(reports)
            case Commit(kept):
                self._commit(kept)
            case Look(report, most):
                window = self._index.window(report)
                verdicts = alike(report, self._index.candidates(report, SHOWN), most, window, model=self._model)
            case Change(opened, closed, gone):
                self._change(opened, closed, gone)
        size = len(self._index) - sum(one.old is None for one in self._pending)
        return _encode(Answer(size, verdicts, rulings, failed))

    def _weigh(self, terms: Terms) -> None:
        self._lately.days = terms.closed_days
        self._model = decoded(terms.model)
        self._other = registry.judge(terms.judge) if terms.judge else None

    def _compared(self, reports: list[Fingerprint]) -> tuple[list[Ruling], str]:
        """Where another's judge fails, those that come after may be told apart from them later only, too."""
        rule = partial(_ruled, Guarded(self._other)) if self._other else partial(ruled, model=self._model)
        rulings, failed = [], ""
        for new in reports:
            try:
                ruling = self._ruling(new, rule)
            except JudgeFailed as failure:
                ruling, failed = Ruling(NEW), str(failure)
            rulings.append(ruling)
            self._pending.append(Pending(new, self._index.get(new.report)))
            self._index.add(new)
        return rulings, failed

    def _ruling(self, new: Fingerprint, rule: Rule) -> Ruling:
        window = self._index.window(new)
        verdict, others = rule(new, self._index.nearest(new), window, others=OTHERS)
        closed = NEW
        if verdict.kind in {Kind.NEW, Kind.UNSURE} and (lately := self._lately.candidates(new, OTHERS, time.time())):
            closed, _ = rule(new, lately, window)
        others = [] if verdict.kind is Kind.RETRY else others
        return Ruling(verdict, others, None if closed.kind is Kind.NEW else closed)

    def _commit(self, kept: bool) -> None:
        """What came to nothing is forgotten, the last first: a report may have come twice."""
        pending, self._pending = self._pending, []
        for new, old in () if kept else reversed(pending):
            self._index.remove(new.report)
            if old:
                self._index.add(old)
        for new, _ in pending if kept else ():
            self._lately.remove(new.report)

    def _change(self, opened: list[Fingerprint], closed: list[str], gone: list[str]) -> None:
        for new in opened:
            self._lately.remove(new.report)
            self._index.add(new)
        for report in closed:
            if known := self._index.get(report):
                self._lately.close(known, time.time())
            self._index.remove(report)
        for report in gone:
            self._lately.remove(report)
            self._index.remove(report)


def _undamaged(known: Iterable[bytes]) -> Iterator[Fingerprint]:
    """Without those that the disk damaged."""
    for each in known:
        with suppress(msgspec.DecodeError):
            yield _fingerprint.decode(each)


def _ruled(
    guarded: Guarded, new: Fingerprint, candidates: Iterable[Fingerprint], window: Window, *, others: int = 0
) -> tuple[Verdict, list[Verdict]]:
    """As `dedupe.judge.ruled`, by another's judge."""
    found = list(candidates)
    verdict = guarded.judge(new, found, window)
    if verdict.kind is Kind.NEW:
        return verdict, []
    each = [guarded.judge(new, [one], window) for one in found[:others] if one.report != verdict.same_as]
    said = [one for one in each if one.kind is not Kind.NEW]
    return verdict, sorted(said, key=surest)


def main() -> None:
    frames.serve(Judge().answer)
