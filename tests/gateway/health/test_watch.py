"""Channels that die are noticed, told once, and what they missed is accounted for. The clock is the test's."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from structlog.testing import capture_logs

from adapters import ChannelSettings
from gateway import listening
from gateway.channels import Channel, status
from gateway.health.condition import State
from gateway.health.gap import GapState
from gateway.health.tally import RAN, Hour, Tally
from gateway.health.watch import Watch
from gateway.store.sqlite import SqliteStore
from tests.gateway.store.rows import MASTER
from tests.gateway.support import settings_in, sms_channel

ZONE = ZoneInfo("Asia/Jakarta")
MONDAY = datetime(2026, 11, 2, tzinfo=ZONE).timestamp()
HOUR, WEEK = 3600.0, 168
LOOK_SECONDS = 60.0


class Scene:
    """A gateway's watch with one SMS channel, which has heard twelve an hour for nine weeks."""

    def __init__(self, store: SqliteStore, settings: ChannelSettings) -> None:
        self.now = MONDAY
        self.store = store
        self.tally = Tally()
        self.channel = Channel(settings, listening.built(settings), clock=lambda: self.now)
        channels = {"sms": self.channel}
        self.asked: list[str] = []
        self.watch = Watch(
            store, self.tally, lambda: channels, lambda: ZONE, self._backfill, lambda: self.now, every=LOOK_SECONDS
        )

    async def _backfill(self, channel: str, since: datetime) -> dict[str, Any]:
        self.asked.append(channel)
        return {"channel": channel, "fetched": 5, "new": 3}

    async def go(self, hours: float, each: int = 0) -> None:
        """So much time, in which it hears so many an hour."""
        until, heard = self.now + hours * HOUR, 0.0
        while self.now < until:
            self.now += LOOK_SECONDS
            heard += each / 60
            if heard >= 1:
                self.tally.heard("sms", int(heard), self.now)
                heard -= int(heard)
            await self.watch.tick()

    def state(self) -> str:
        return status(self.channel).state

    async def gaps(self) -> list[Any]:
        from gateway.store.gaprows import gaps as rows

        return await self.store.read(lambda reader: list(rows(reader, "1 ORDER BY began")))


@asynccontextmanager
async def scene(tmp_path: Path, weeks: int = 9) -> AsyncIterator[Scene]:
    def died(error: BaseException) -> None:
        raise error

    (tmp_path / "data").mkdir()
    store = SqliteStore(tmp_path / "data", MASTER, died)
    try:
        monday = int(MONDAY // HOUR)
        hours = [Hour("sms", monday - back, 12, (monday - back + 1) * HOUR - 1) for back in range(1, weeks * WEEK + 1)]
        ran = [Hour(RAN, monday - back, 3600, (monday - back + 1) * HOUR - 1) for back in range(1, 3)]
        await store.count_hours([*hours, *ran], 0)
        made = Scene(store, settings_in(tmp_path, sms_channel()).channels[0])
        made.channel.is_now(State.OK)
        await made.watch.begin()
        yield made
    finally:
        await store.close()


async def test_a_channel_that_falls_silent_is_told_once_and_so_is_its_return(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        with capture_logs() as logs:
            await at.go(2, each=12)
            assert at.state() == "ok"
            await at.go(1.5)
            assert at.state() == "silent"
            assert status(at.channel).values["usual"] == "12"
            await at.go(1)
            at.tally.heard("sms", 4, at.now)
            await at.go(0.1)
            assert at.state() == "ok"
        events = [log["event"] for log in logs]
        assert events == ["a channel is not well", "a channel is well again", "an outage is over"]


async def test_what_was_missed_is_reported(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        await at.go(1, each=12)
        last = at.watch.last_heard("sms")
        await at.go(2)
        (gap,) = await at.gaps()
        assert (gap.state, gap.began, gap.why) == (GapState.OPEN, last, "silent")
        at.tally.heard("sms", 7, at.now)
        await at.go(0.1)
        (gap,) = await at.gaps()
        assert (gap.state, gap.filled) == (GapState.OVER, 7)
        assert gap.ended == pytest.approx(at.now - 0.1 * HOUR, abs=60)


async def test_who_stopped_is_not_called_silent_but_tells_what_it_missed(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        await at.go(1, each=12)
        stopped = at.now
        at.now += 8 * HOUR
        await at.watch.begin()
        await at.go(0.3)
        assert at.state() == "ok"
        (gap,) = await at.gaps()
        assert (gap.why, gap.state) == ("stopped", GapState.OVER)
        assert gap.began == pytest.approx(stopped, abs=120)


@pytest.mark.parametrize("weeks", [0, 1])
async def test_a_new_channel_is_never_silent(tmp_path: Path, weeks: int) -> None:
    async with scene(tmp_path, weeks) as at:
        await at.go(8)
        assert at.state() == "ok"


async def test_a_way_in_that_is_closed_is_down_and_not_silent_besides(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        await at.go(1, each=12)
        with capture_logs() as logs:
            at.channel.way_in.is_now(State.DOWN, "no route to it", "not_asked")
            await at.go(3)
            assert at.state() == "down"
            at.channel.way_in.is_now(State.OK)
            at.tally.heard("sms", 36, at.now)
            await at.go(0.1)
        told = [log["event"] for log in logs]
        assert told == ["the way in is closed", "the way in works", "an outage is over"]
        (gap,) = await at.gaps()
        assert (gap.why, gap.filled) == ("not_asked", 36)


async def test_a_blip_leaves_no_report(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        await at.go(0.5, each=12)
        at.channel.way_in.is_now(State.DOWN, "reset", "not_asked")
        await at.go(0.01)
        at.channel.way_in.is_now(State.OK)
        await at.go(0.1, each=12)
        assert await at.gaps() == []


async def test_another_part_degrades_a_channel_and_mends_it(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        at.channel.part("costs").is_now(State.DEGRADED, why="cap_near", spent="$41", cap="$150")
        told = status(at.channel)
        assert (told.state, told.why, told.values) == ("degraded", "cap_near", {"spent": "$41", "cap": "$150"})
        at.channel.part("costs").is_now(State.OK)
        assert at.state() == "ok"


async def test_a_canary_that_does_not_come_in_is_told(tmp_path: Path) -> None:
    async with scene(tmp_path) as at:
        at.channel.settings = msgspec.structs.replace(at.channel.settings, canary_minutes=60)
        await at.go(0.9, each=12)
        assert at.state() == "ok"
        await at.go(0.2, each=12)
        assert (at.state(), status(at.channel).why) == ("down", "canary")
        at.channel.canary_at = at.now
        await at.go(0.1, each=12)
        assert at.state() == "ok"
