"""A channel that is asked: a directory of numbered files, installed for the tests as the kind `folder`."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, ClassVar

from msgspec import Meta

from adapters import (
    Address,
    Batch,
    ChannelDown,
    ChannelSettings,
    Costs,
    Delivery,
    Event,
    Message,
    Throttled,
    Unauthorized,
)

FAULTS = {
    "down": ChannelDown("no answer"),
    "throttled": Throttled("slowly", 0.01),
    "unauthorized": Unauthorized("who?"),
}


class FolderCosts(Costs, frozen=True, kw_only=True):
    read: Annotated[float, Meta(description="Price of a file.")] = 0.5


class FolderSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    folder: Annotated[Path, Meta(description="Where the files are.")]
    costs: Annotated[FolderCosts, Meta(description="What it costs.")] = FolderCosts()


class Folder:
    """A file is called by its number and holds what is reported. One called "fault" says how asking fails, one called
    "trouble" which part of it cannot be asked; where there is one called "slow" it takes a minute, and a while to end,
    and notes both there. What was committed is written to the file "committed"."""

    kind: ClassVar[str] = "folder"
    Settings: ClassVar[type[ChannelSettings]] = FolderSettings

    def __init__(self, settings: FolderSettings) -> None:
        self._settings = settings

    def source(self) -> str:
        return f"file://{self._settings.folder}"

    async def poll(self, cursor: str | None) -> Batch:
        fault = self._settings.folder / "fault"
        if fault.exists():
            raise FAULTS[fault.read_text()]
        if (slow := self._settings.folder / "slow").exists():
            await _slowly(slow)
        last = int(cursor or 0)
        found = [one for one in self._files() if int(one.name) > last][:2]
        cursor = str(max([last, *(int(one.name) for one in found)]))
        trouble = self._settings.folder / "trouble"
        told = trouble.read_text() if trouble.exists() else ""
        return Batch([self._delivery(one) for one in found], cursor, 0.02, {"read": len(found)}, told)

    async def committed(self, batch: Batch) -> None:
        with (self._settings.folder / "committed").open("a") as file:
            file.writelines(f"{one.id}\n" for one in batch.deliveries)
        if batch.deliveries:
            raise ChannelDown("what follows fails")

    async def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        for one in self._files():
            yield Batch([self._delivery(one)], None, spent={"read": 1})

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        sender = Address("phone", f"+62811{delivery.id:0>8}")
        return [Message(id=delivery.id, channel=delivery.channel, sender=sender, text=delivery.body.decode())]

    def _files(self) -> list[Path]:
        return sorted(
            (one for one in self._settings.folder.iterdir() if one.name.isdigit()), key=lambda one: int(one.name)
        )

    def _delivery(self, file: Path) -> Delivery:
        now = datetime.now(UTC)
        return Delivery(id=file.name, channel=self._settings.name, received_at=now, body=file.read_bytes())


async def _slowly(notes: Path) -> None:
    with notes.open("a", buffering=1) as file:
        file.write("begins\n")
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.2)
            file.write("ends\n")
