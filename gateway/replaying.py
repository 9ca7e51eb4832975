"""Putting deliveries back: from quarantine, and with what a repaired parser makes of settled ones."""

import asyncio
import time
from base64 import b64decode
from collections.abc import Callable, Iterable

import msgspec

from dedupe.fingerprint import Fingerprint
from gateway import cases, excerpts
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.filed import Filed
from gateway.judging import Judging
from gateway.replay import amended
from gateway.store.contract import Amended, Conflict, Entry, HistoryRow, Settlement
from gateway.store.sqlite import SqliteStore

WAIT_SECONDS = 10.0
LOOK_SECONDS = 0.05

_filed = msgspec.msgpack.Decoder(list[Filed])
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


class Replaying:
    """The judge's turn is held while reports change; `wake(channels)` has put back deliveries processed. `processes` is
    False where none will be before the next start."""

    def __init__(
        self,
        store: SqliteStore,
        judging: Judging,
        wake: Callable[[Iterable[str]], None],
        processes: bool,
    ) -> None:
        self._store = store
        self._judging = judging
        self._wake = wake
        self._processes = processes

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"release": self.release, "amend": self.amend}

    async def release(self, deliveries: list[int], actor: str) -> list[dict[str, object]]:
        """Have deliveries processed again; what became of each, if that is known soon."""
        async with self._judging.turn:
            try:
                await self._store.settle(Settlement(released=deliveries))
            except Conflict:
                raise OperationRefused("not all of these are there to be processed again", "gone") from None
        await self._store.record(Entry(actor=actor, action="replay", about=tuple(map(str, deliveries))))
        states = await self._store.states(deliveries)
        self._wake({str(row["channel"]) for row in states})
        until = time.monotonic() + (WAIT_SECONDS if self._processes else 0.0)
        while any(row["state"] == "received" for row in states) and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
            states = await self._store.states(deliveries)
        return states

    async def amend(self, filed: str, actor: str) -> dict[str, int]:
        """Put new versions of reports in place: msgpack of a list of `Filed`, in base64."""
        async with self._judging.turn:
            changes = [change for one in _filed.decode(b64decode(filed)) if (change := self._amended(one))]
            now = time.time()
            settlement = Settlement(amended=changes, history=[_history(change, actor, now) for change in changes])
            try:
                await self._store.settle(settlement)
            except Conflict:
                raise OperationRefused("a report changed meanwhile: replay again", "changed") from None
            await self._store.drop_old_words()  # what is masked only now is to be gone for good
            await self._index(changes)
        about = tuple(change.row.report.id for change in changes)
        await self._store.record(Entry(actor=actor, action="replay", about=about))
        return {"changed": len(changes)}

    def _amended(self, filed: Filed) -> Amended | None:
        old = self._store.report(filed.report.id)
        if old is None:
            return None
        new = amended(old, filed)
        clear = new.masked or new.report
        case = self._store.case(old.case)
        return Amended(new, excerpts.what(clear), excerpts.where(clear, case.area if case else None))

    async def _index(self, changes: list[Amended]) -> None:
        open_ones = [change.row for change in changes if self._is_open(change.row.case)]
        await self._judging.change(opened=[_fingerprint.decode(row.fingerprint) for row in open_ones])

    def _is_open(self, code: str) -> bool:
        case = self._store.case(code)
        return case is not None and cases.is_open(case)


def _history(change: Amended, actor: str, now: float) -> HistoryRow:
    detail = {"report": change.row.report.id, "version": str(change.row.report.version)}
    return HistoryRow(case=change.row.case, at=now, event="read again", actor=actor, detail=detail)
