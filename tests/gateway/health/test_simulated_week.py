"""A week of seven channels, each of which dies in its own way. Every death is noticed in the time that
docs/operations.md states, what is told of it is right, and nothing that any provider heard is lost.

The clock is injected: polling, intake, store and watch are those of a running gateway, the providers are the test's.
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from socket import create_connection, socket
from typing import Any, ClassVar

import msgspec
import pytest

from adapters import (
    Batch,
    ChannelDown,
    ChannelSettings,
    Costs,
    Delivery,
    Event,
    Horizon,
    Received,
    Unauthorized,
    WebRequest,
)
from gateway import listening
from gateway.channel_log import ChannelLog
from gateway.channels import Channel, ChannelStatus, status
from gateway.health.gap import Gap
from gateway.health.rhythm import HOUR
from gateway.health.tally import RAN, Hour, Tally
from gateway.health.watch import Watch
from gateway.intake import Intake
from gateway.metrics import Metrics
from gateway.polling import Leases, Polling
from gateway.store.gaprows import gaps
from gateway.store.sqlite import SqliteStore
from tests.gateway.health.leaping import Clock, run
from tests.gateway.health.test_watch import MONDAY, ZONE
from tests.gateway.store.rows import MASTER

WEEK = 168
MINUTE = 60.0
#: How often citizens write, channels are asked, and all are looked at.
STEP = 30 * MINUTE


class Death(msgspec.Struct, frozen=True):
    """From one hour of the week to another, something is wrong with a channel, which is to be in that state for that
    reason within so many hours."""

    begins: float
    ends: float
    state: str
    why: str
    within: float


DEATHS = {
    "refused": Death(14, 19, "down", "not_asked", 1.1),
    "token": Death(34, 41, "paused", "unauthorized", 1.1),
    "broken": Death(58, 62, "down", "not_asked", 1.1),
    "mute": Death(82, 92, "silent", "silent", 6),
    "disabled": Death(106, 112, "down", "checked", 2.3),
    "lost": Death(128, 134, "down", "canary", 2.3),
    "capped": Death(151, 157, "degraded", "cap_reached", 1.1),
}
#: Reads a month, of which each costs one; so many posts are read when something is passed on all day.
CAP, MANY = 50_000.0, 50_000


def rate(hour: float) -> float:
    """Five an hour by day, one in ten hours by night."""
    return 5.0 if 7 <= hour % 24 < 21 else 0.1


class Provider:
    """What citizens said there, by when, and what it has not handed over yet."""

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.clock = clock
        self.said: list[tuple[float, str]] = []
        self.waits: list[str] = []

    @property
    def is_ill(self) -> bool:
        death = DEATHS[self.name]
        return death.begins <= (self.clock.now - MONDAY) / HOUR < death.ends

    def hear(self, text: str) -> None:
        self.said.append((self.clock.now, text))
        self.waits.append(text)

    def hand_over(self) -> list[Delivery]:
        given, self.waits = self.waits, []
        return [self.delivery(text) for text in given]

    def delivery(self, text: str) -> Delivery:
        at = datetime.fromtimestamp(self.clock.now, UTC)
        return Delivery(id=text, channel=self.name, received_at=at, body=text.encode())


class Adapter:
    kind: ClassVar[str] = "test"
    Settings: ClassVar[type[ChannelSettings]] = ChannelSettings

    def __init__(self, provider: Provider) -> None:
        self.provider = provider

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return []


class Polled(Adapter):
    fault: ClassVar[type[Exception]] = ChannelDown

    def source(self) -> str:
        return f"test://{self.provider.name}"

    async def poll(self, cursor: str | None) -> Batch:
        if self.provider.is_ill:
            raise self.fault("it answers 500")
        return Batch(self.provider.hand_over(), cursor, wait=STEP)


class Expiring(Polled):
    fault = Unauthorized


class Unreachable(Polled):
    """Nobody listens at its address any more."""

    async def poll(self, cursor: str | None) -> Batch:
        if self.provider.is_ill:
            with socket() as closed:
                closed.bind(("127.0.0.1", 0))
                try:
                    create_connection(closed.getsockname(), timeout=30)
                except OSError as error:
                    raise ChannelDown(f"it cannot be reached: {type(error).__name__}") from None
        return await super().poll(cursor)


class Prices(Costs, frozen=True, kw_only=True, forbid_unknown_fields=True):
    read: float = 1.0


class PaidSettings(ChannelSettings, frozen=True, kw_only=True):
    costs: Prices = Prices(monthly_cap=CAP)


class Paying(Polled):
    """It gives everything, and takes much for it on one day; until the cap is raised it is not asked."""

    Settings = PaidSettings

    async def poll(self, cursor: str | None) -> Batch:
        found = self.provider.hand_over()
        return Batch(found, cursor, wait=STEP, spent={"read": MANY if self.provider.is_ill else len(found)})


class Called(Adapter):
    """What is not handed over while it is ill is never sent again by itself."""

    def receive(self, request: WebRequest) -> Received:
        raise NotImplementedError

    def horizon(self) -> Sequence[Horizon]:
        return [Horizon("dm", days=30)]

    async def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        yield Batch([self.provider.delivery(text) for at, text in self.provider.said if at >= since.timestamp()], None)


class Checked(Called):
    async def check(self) -> None:
        if self.provider.is_ill:
            raise ChannelDown("the webhook is switched off")


KINDS = {
    "refused": Unreachable,
    "token": Expiring,
    "broken": Polled,
    "mute": Called,
    "disabled": Checked,
    "lost": Called,
    "capped": Paying,
}


class Week:
    def __init__(self, folder: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = clock
        self.random = Random(5)
        self.providers = {name: Provider(name, clock) for name in DEATHS}
        self.adapters = {name: KINDS[name](provider) for name, provider in self.providers.items()}
        monkeypatch.setattr(listening, "built", lambda settings: self.adapters[settings.name])
        self.channels = {name: self._channel(name) for name in DEATHS}
        self.store = SqliteStore(folder, MASTER, self._died)
        for name in ("append", "read", "count_hours", "keep_gap", "drop_gap", "forget_gaps", "log_exchanges"):
            setattr(self.store, name, clock.during(getattr(self.store, name)))
        tally = Tally()
        self.intake = Intake(self.store, lambda channels: None, Metrics(), tally)
        self.log = ChannelLog(self.store)
        self.polling = Polling(self.store, self.channels, self.intake, Metrics(), Leases(), self.log)
        self.watch = Watch(
            self.store, tally, lambda: self.channels, lambda: ZONE, self.polling.backfill, self._now, every=STEP
        )
        self.noticed: dict[str, tuple[float, ChannelStatus]] = {}

    def _channel(self, name: str) -> Channel:
        canary = 60 if name == "lost" else 0
        settings = KINDS[name].Settings(name=name, kind="test", canary_minutes=canary)
        return Channel(settings, self.adapters[name], clock=self._now)

    def _now(self) -> float:
        return self.clock.now

    def _died(self, error: BaseException) -> None:
        raise error

    async def go(self) -> None:
        try:
            await self._learn()
            for channel in self.channels.values():
                await channel.open()
            parts: list[Any] = [self.watch.run(), *(self.polling.run(name) for name in self.polling.names())]
            running = [asyncio.create_task(part) for part in parts]
            await self._live()
            assert [task for task in running if task.done()] == []
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
        finally:
            await self.store.close()

    async def _learn(self) -> None:
        """Nine weeks before."""
        monday = int(MONDAY // HOUR)
        hours = [
            Hour(name, monday - back, count, (monday - back + 1) * HOUR - 1)
            for back in range(1, 9 * WEEK + 1)
            for name in DEATHS
            if (count := self._count(rate(-back), 1.0))
        ]
        await self.store.count_hours([*hours, Hour(RAN, monday - 1, 3600, MONDAY)], 0)

    async def _live(self) -> None:
        """Citizens write, and who is called calls; all of it in steps."""
        number = 0
        while self.clock.now < MONDAY + WEEK * HOUR:
            await asyncio.sleep(STEP)
            for name, provider in self.providers.items():
                for _ in range(self._count(rate((self.clock.now - MONDAY) / HOUR), STEP / HOUR)):
                    number += 1
                    provider.hear(f"{name} {number}")
                await self._call(provider)
                self._look(name)
            if self.clock.now >= MONDAY + DEATHS["capped"].ends * HOUR:
                self._raise_the_cap()

    async def _call(self, provider: Provider) -> None:
        if isinstance(self.adapters[provider.name], Polled):
            return
        given = provider.hand_over()
        if given and not provider.is_ill:
            await self.intake.accept(given)
        if provider.name == "lost" and not provider.is_ill:
            self.channels["lost"].canary_at = self.clock.now

    def _raise_the_cap(self) -> None:
        """Somebody does as they are told."""
        channel = self.channels["capped"]
        if status(channel).why == "cap_reached":
            channel.settings = PaidSettings(name="capped", kind="test", costs=Prices(monthly_cap=100 * CAP))
            self.polling.hurry(["capped"])

    def _look(self, name: str) -> None:
        now = status(self.channels[name])
        if now.state != "ok":
            self.noticed.setdefault(name, (self.clock.now, now))

    def _count(self, rate: float, hours: float) -> int:
        count, until = 0, self.random.expovariate(1)
        while until < rate * hours:
            count, until = count + 1, until + self.random.expovariate(1)
        return count


def test_every_death_is_noticed_in_time_and_nothing_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(MONDAY)
    folder = tmp_path / "data"
    folder.mkdir()
    week = Week(folder, clock, monkeypatch)
    found: dict[str, Gap] = {}

    async def whole() -> None:
        live = week.store
        close, live.close = live.close, _nothing  # type: ignore[method-assign]
        await week.go()
        kept = await live.read(lambda reader: list(gaps(reader, "1 ORDER BY began")))
        found.update({gap.channel: gap for gap in kept})
        for name, provider in week.providers.items():
            texts = [text for _, text in provider.said]
            assert live.known_deliveries(name, texts) == set(texts), name
        await close()

    run(clock, whole(), monkeypatch)
    for name, death in DEATHS.items():
        noticed, found_ill = week.noticed[name]
        hours = (noticed - MONDAY) / HOUR
        assert (found_ill.state, found_ill.why) == (death.state, death.why), name
        assert death.begins <= hours <= death.begins + death.within, name
        assert status(week.channels[name]).state == "ok", name
        gap = found[name]
        assert gap.filled > 0, name
        assert (gap.began - MONDAY) / HOUR <= death.begins + death.within, name
        assert gap.ended is not None, name
        assert death.ends <= (gap.ended - MONDAY) / HOUR <= death.ends + 2, name
    assert len(found) == len(DEATHS)


async def _nothing() -> None:
    return None
