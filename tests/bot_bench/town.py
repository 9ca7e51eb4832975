"""A gateway's parts in this process: a store, the shipped dialogues, and a terminal whose citizens write."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import msgspec

from adapters import Delivery
from gateway import channels, settings
from gateway.app import rules_of
from gateway.channels import Channel
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.reading import read_all
from gateway.runs import runs
from gateway.step import Step
from gateway.store.contract import Settlement
from gateway.store.sqlite import SqliteStore
from gateway.talking import means_of, talks_of
from gateway.telling import Telling
from gateway.turning import Means

BATCH = 64
BATCH_BYTES = 4 << 20
CHANNEL = "terminal"
SETTINGS = """\
[gateway]
data = "data"
replies_per_person_per_day = 1000

[[channels]]
name = "terminal"
kind = "terminal"
socket = "{folder}/terminal.sock"
"""


class Took(NamedTuple):
    """Seconds of the processor: to make settlements of what was read, and to write them."""

    made: float
    written: float


class Town:
    def __init__(self, store: SqliteStore, rules: Rules, channel: Channel, means: Means) -> None:
        self.store = store
        self._rules = rules
        self._channel = channel
        self._means = means
        self._judging = Judging(Path())
        self._count = 0

    async def say(self, text: str, citizens: int) -> tuple[Took, list[Settlement]]:
        """All of them say this, one after the other."""
        await self.store.append([self._delivery(text, number) for number in range(citizens)])
        took, settlements = Took(0.0, 0.0), []
        while claimed := await self.store.claim(CHANNEL, BATCH, BATCH_BYTES):
            readings = read_all(self._channel.adapter, [one.delivery for one in claimed], self._rules.book)
            for run in runs(list(zip(claimed, readings, strict=True)), lambda piece: talks_of(self._means, piece)):
                began = time.process_time()
                step = Step(self.store, self._judging, self._rules, self._channel, self._means)
                await step.take(run)
                await step.judge()
                made = time.process_time()
                await self.store.settle(step.settlement)
                took = Took(took.made + made - began, took.written + time.process_time() - made)
                settlements.append(step.settlement)
        return took, settlements

    def _delivery(self, text: str, number: int) -> Delivery:
        self._count += 1
        line = {"id": f"m{self._count}", "from": f"warga-{number}", "text": text}
        body, now = msgspec.json.encode(line), datetime.now(UTC)
        return Delivery(id=line["id"], channel=CHANNEL, received_at=now, body=body, content_type="application/json")


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    loaded = settings.load(_written(folder))
    store = SqliteStore(folder / "data", bytes(32), _give_up)
    rules, channel = rules_of(loaded, store.vault.lookup), channels.build(loaded)[CHANNEL]
    telling = Telling(rules, {CHANNEL: channel}, store)
    assert rules.bot is not None
    means = means_of(store, rules, rules.bot, channel, telling, Attempts(), Metrics())
    assert means is not None
    try:
        yield Town(store, rules, channel, means)
    finally:
        await store.close()


def _written(folder: Path) -> Path:
    folder.mkdir(parents=True)
    file = folder / "kanal.toml"
    file.write_text(SETTINGS.format(folder=folder))
    return file


def _give_up(error: BaseException) -> None:
    raise error
