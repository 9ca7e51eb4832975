"""Reports that are judged and filed as a gateway does it, in one process: a real store, a real judge, the real steps,
sweep and orders, without workers and sockets."""

import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from adapters import Address, Delivery, Message
from gateway import channels
from gateway.app import rules_of
from gateway.cases import CLOSED, Status
from gateway.child import ChildLost
from gateway.duplicates import terms
from gateway.filed import file
from gateway.filing import Rules
from gateway.judge import Judge
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.operations import Operations, indexed
from gateway.runs import Piece
from gateway.step import Step
from gateway.store.contract import CaseRow, Claimed, ReportRow
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from gateway.sweep import Sweep
from tests.gateway.store.begun import begun
from tests.gateway.support import BUDI, settings_in

KEY = bytes(range(32))
OFFICER = "camat"


class Within:
    """A judge within this process, for `Judging`. `dies_after` so many further answers: the last is lost."""

    def __init__(self) -> None:
        self._judge = Judge()
        self.dies_after = -1

    async def ask(self, frame: bytes, seconds: float) -> bytes:
        answer = self._judge.answer(frame)
        self.dies_after -= 1
        if self.dies_after == 0:
            raise ChildLost("it was killed")
        return answer

    async def end(self) -> None:
        """What a process of its own would keep for as long as it lives is garbage here."""
        self._judge = Judge()
        gc.unfreeze()


class Incidents:
    """What was reported, and what people and the machine do with it."""

    def __init__(self, store: SqliteStore, rules: Rules, judging: Judging, folder: Path) -> None:
        self.store = store
        self.rules = rules
        self.judging = judging
        self.judge = Within()
        self.folder = folder
        loaded = settings_in(folder)
        self._channel = channels.build(loaded)["sms"]
        self.operations = Operations(store, judging, rules, {"sms": self._channel}, Attempts(), Metrics())
        self.sweep = Sweep(store, judging, self.operations.join_found, lambda: rules.closed_days)
        self._count = 0

    async def started(self) -> Within:
        self.judge = Within()
        return self.judge

    async def report(self, text: str, sender: str = BUDI, **values: Any) -> ReportRow:
        """Have it judged and filed."""
        self._count += 1
        at = values.pop("at", None) or datetime.now(UTC)
        made: dict[str, Any] = {"id": f"m{self._count}", "channel": "sms", "sender": Address("phone", sender)} | values
        message = Message(text=text, **made)
        delivery = Delivery(id=message.id, channel="sms", received_at=at, body=b"")
        step = Step(self.store, self.judging, self.rules, self._channel)
        await step.take([Piece(Claimed(self._count, 1, delivery), message, file(message, delivery, self.rules.book))])
        await step.judge()
        await self.store.settle(step.settlement)
        await self.judging.commit()
        return step.settlement.reports[-1]

    async def swept(self) -> None:
        """All that waits to be judged is."""
        while await self.sweep.judge_some():
            pass

    async def move(self, code: str, status: Status) -> None:
        note = "sudah dikerjakan" if status in CLOSED else None
        await self.operations.move(code, status, OFFICER, note=note)

    async def reindexed(self, report: str) -> None:
        """The index has what the store has of a report."""
        row = self.store.report(report)
        assert row
        await indexed(self.judging, [(row, None)], is_open=True)

    def case(self, report: str) -> CaseRow:
        """The one that stands for a report's own."""
        found = self.store.case_of(report)
        while found and found.joined_into:
            found = self.store.case(found.joined_into)
        assert found
        return found

    def partition(self) -> set[frozenset[str]]:
        """The reports that are in one case, by their ids."""
        together: dict[str, set[str]] = {}
        for one in self.views("SELECT id FROM reports"):
            together.setdefault(self.case(one[0]).code, set()).add(one[0])
        return {frozenset(ids) for ids in together.values()}

    def views(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the store holds, by plain SQL."""
        with Views(self.folder / "data") as views:
            return views.connection.execute(sql, values).fetchall()


@asynccontextmanager
async def incidents(folder: Path, rules: Rules | None = None, **settings: Any) -> AsyncIterator[Incidents]:
    deaths: list[BaseException] = []
    loaded = settings_in(folder, **settings)
    store = SqliteStore(begun(loaded.gateway.data), KEY, deaths.append)
    judging = Judging(loaded.gateway.data, lambda module: city.started())
    city = Incidents(store, rules or rules_of(loaded, KEY), judging, folder)
    try:
        await judging.weigh(terms(loaded.duplicates, loaded.gateway.data))
        await judging.load()
        yield city
    finally:
        await judging.close()
        await store.close()
        assert deaths == []
