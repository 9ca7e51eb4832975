"""Imports that were started in a browser: they go on while nobody looks, and after a restart."""

import asyncio
import contextlib
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from gateway.errors import OperationRefused
from gateway.filing import Rules
from gateway.store.imports import ImportStore
from gateway.transfer import child, headings, wording
from gateway.transfer.checking import Checked, Checking
from gateway.transfer.importing import AT_ONCE
from gateway.transfer.kept import Content, Import, State
from gateway.transfer.wording import Wording

FORGET_SECONDS = 3600.0
PREVIEW_ROWS = 1_000
_LONGEST_NAME = 200

log = structlog.get_logger()
Take = Callable[[str, Sequence[Any]], Awaitable[dict[str, int]]]


class Imports:
    """`take` takes rows in, `folder` is that of the data, `rules` are those in force."""

    def __init__(self, store: ImportStore, folder: Path, rules: Callable[[], Rules], take: Take) -> None:
        self._store = store
        self._folder = folder
        self._rules = rules
        self._take = take
        self._news = asyncio.Event()

    @property
    def wording(self) -> Wording:
        return wording.load(self._folder)

    async def open(self, account: str, channel: str, name: str, content: bytes, sheet: str) -> str:
        """Begin an import with a file; returns its id. Raises `NotTaken`, `StoreUnavailable`."""
        table = await child.opened(content, sheet, self._folder)
        mapping = headings.suggested(table.table(headings.SAMPLE), self.wording)
        now = time.time()
        new = Import(
            id=secrets.token_hex(8),
            account=account,
            channel=channel,
            made_at=now,
            changed_at=now,
            rows=len(table.lines),
        )
        await self._store.add_import(new, Content(name=name[:_LONGEST_NAME], table=table, mapping=mapping))
        return new.id

    async def map(self, one: Import, content: Content) -> None:
        """Say anew what the columns of a draft hold."""
        await self._change(replace(one, changed_at=time.time()), State.DRAFT, content)

    async def start(self, one: Import) -> None:
        """A draft, or one that was stopped or failed, where it ended."""
        now = time.time()
        started = replace(one, state=State.RUNNING, started_at=now, changed_at=now, began=one.done, problem="")
        await self._change(started, one.state)
        self._news.set()

    async def stop(self, one: Import) -> None:
        """What was taken stays."""
        await self._change(replace(one, state=State.STOPPED, changed_at=time.time()), State.RUNNING)

    async def drop(self, one: Import) -> None:
        await self._store.drop_import(one.account, one.id)

    async def checked(self, content: Content, most: int | None = None) -> list[Checked]:
        """The first rows, or all."""
        return await asyncio.to_thread(self._checked, content, most)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            self._news.clear()
            while one := self._store.running_import():
                await self._work_off(one)
            await self._store.forget_imports(time.time())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(FORGET_SECONDS):
                    await self._news.wait()

    async def _work_off(self, one: Import) -> None:
        """Until it is done, or is not to go on."""
        content = await self._store.import_content(one.id)
        try:
            if content is None:
                raise OperationRefused(FORGOTTEN, "table_gone")
            rows = await self.checked(content)
            while one.done < len(rows):
                one = await self._batch(one, rows[one.done : one.done + AT_ONCE])
                if not await self._store.change_import(one, State.RUNNING):
                    return
        except OperationRefused as refusal:
            log.warning("an import failed", channel=one.channel, reason=str(refusal))
            one = replace(one, problem=refusal.name or str(refusal), state=State.FAILED)
        else:
            one = replace(one, state=State.DONE)
        await self._store.change_import(replace(one, changed_at=time.time()), State.RUNNING)

    async def _batch(self, one: Import, batch: Sequence[Checked]) -> Import:
        rows = [checked.row for checked in batch if checked.row is not None]
        did = await self._take(one.channel, msgspec.to_builtins(rows)) if rows else {"taken": 0, "known": 0}
        return replace(
            one,
            done=one.done + len(batch),
            taken=one.taken + did["taken"],
            known=one.known + did["known"],
            refused=one.refused + len(batch) - len(rows),
            changed_at=time.time(),
        )

    def _checked(self, content: Content, most: int | None) -> list[Checked]:
        rules, table = self._rules(), content.table.table()
        now = datetime.now(UTC)
        checking = Checking(
            table, content.mapping, self.wording, rules.book.categories, rules.clock.zone, now, content.told
        )
        return [checking.check(line) for line in table.lines[:most]]

    async def _change(self, new: Import, before: State, content: Content | None = None) -> None:
        if not await self._store.change_import(new, before, content):
            raise OperationRefused(CHANGED, "changed")


FORGOTTEN = "its table is not kept any more: import the file anew"
CHANGED = "it was changed meanwhile: look at it again"
