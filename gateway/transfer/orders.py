"""What is asked of a gateway while a table is imported: to take rows in, no faster than it can process them."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters import Delivery, NotAccepted, TableRow, TakesRows
from gateway.channels import Channel
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.contract import BadRow, Store
from gateway.suggest import did_you_mean

#: No more than so many of a channel's deliveries wait to be processed before more rows are taken.
MOST_WAITING = 500
PATIENCE = 60.0
_LOOK = 0.05

Accept = Callable[[Sequence[Delivery]], Awaitable[None]]


class RowOrders:
    """`channels` gives those in force. Where nothing is `processed`, as no gateway runs, rows are only put on disk."""

    def __init__(
        self, store: Store, channels: Callable[[], Mapping[str, Channel]], accept: Accept, processed: bool = True
    ) -> None:
        self._store = store
        self._channels = channels
        self._accept = accept
        self._processed = processed

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"take_rows": self.take}

    async def take(self, channel: str, rows: Sequence[Any]) -> dict[str, int]:
        """How many were `taken`, and how many were `known` already. All that were new are on disk then, or none is."""
        adapter = self._adapter(channel)
        wanted = {row.id: row for row in msgspec.convert(rows, list[TableRow])}
        await self._room(channel)
        ids = list(wanted)
        known = self._store.known_deliveries(channel, ids) | self._store.known_messages(channel, ids)
        now = datetime.now(UTC)
        new = [adapter.from_row(row, now) for row in wanted.values() if row.id not in known]
        try:
            await self._accept(new) if new else None
        except (NotAccepted, BadRow) as error:
            raise OperationRefused(f"nothing can be kept: {error}; see `kanal doctor`") from None
        return {"taken": len(new), "known": len(rows) - len(new)}

    def _adapter(self, name: str) -> TakesRows:
        channel = self._channels().get(name)
        if channel is None:
            hint = did_you_mean(name, [one for one, other in self._channels().items() if _takes(other)])
            raise OperationRefused(f"there is no channel '{name}'. {hint or HOW_TO_BEGIN}")
        if not isinstance(channel.adapter, TakesRows):
            raise OperationRefused(f"the channel '{name}' takes no tables. {HOW_TO_BEGIN}")
        if channel.rests:
            raise OperationRefused(f"nothing is taken by '{name}': {channel.why_it_rests}")
        return channel.adapter

    async def _room(self, channel: str) -> None:
        """Until the gateway has come near; refused if it does not move."""
        until, before = time.monotonic() + PATIENCE, 0
        while self._processed and (waiting := self._store.waiting().get(channel, 0)) > MOST_WAITING:
            if waiting != before:
                until, before = time.monotonic() + PATIENCE, waiting
            elif time.monotonic() > until:
                raise OperationRefused(f"{waiting} rows wait and none is processed: see `kanal doctor`")
            await asyncio.sleep(_LOOK)


HOW_TO_BEGIN = 'Add one to the settings, with name = "arsip" and kind = "table", and reload.'


def _takes(channel: Channel) -> bool:
    return isinstance(channel.adapter, TakesRows)
