"""A server that nothing else asks is asked about once an hour, and soon again while it cannot be reached."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import pytest

from adapters import ChannelDown, ChannelError, ChannelSettings, Delivery, Event, Unauthorized
from gateway import listening
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.health.checks import AGAIN_SECONDS, EVERY_SECONDS, JITTER, Checking
from gateway.health.gap import SERVER
from gateway.store.sqlite import SqliteStore
from tests.gateway.health.test_watch import MONDAY
from tests.gateway.store.rows import MASTER

SOON, LATER = AGAIN_SECONDS * (1 + JITTER), EVERY_SECONDS * (1 + JITTER)
#: So many turns of the loop are more than it takes to be answered.
TURNS = 100
FAULTS: dict[str, tuple[ChannelError, str, str]] = {
    "out of reach": (ChannelDown("nobody listens"), "down", "ok"),
    "refusing": (Unauthorized("the token has run out"), "paused", "paused"),
}


class Called:
    kind: ClassVar[str] = "test"
    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings

    def __init__(self) -> None:
        self.fault: ChannelError | None = None

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return []

    async def check(self) -> None:
        if self.fault:
            raise self.fault


@pytest.mark.parametrize(("fault", "ill", "soon"), FAULTS.values(), ids=FAULTS)
async def test_a_server_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: ChannelError, ill: str, soon: str
) -> None:
    adapter = Called()
    monkeypatch.setattr(listening, "built", lambda settings: adapter)
    channel = Channel(ChannelSettings(name="called", kind="test"), adapter)
    store = SqliteStore(tmp_path / "data", MASTER, lambda error: None)
    checking = Checking(ChannelLog(store))

    async def look(at: float) -> str:
        checking.look(channel, MONDAY + at)
        for _ in range(TURNS):
            await asyncio.sleep(0)
        return str(channel.part(SERVER).state)

    try:
        await look(0)
        adapter.fault = fault
        assert await look(LATER) == ill
        adapter.fault = None
        assert await look(LATER + SOON) == soon
        assert await look(2 * LATER + SOON) == "ok"
    finally:
        await checking.stop()
        await store.close()
