"""Puts open reports into a store, through the gateway's own code: adapter, normaliser, filing and store.

None is compared with the others, though all are marked so: a hundred thousand are there in a minute.
"""

import asyncio
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from urllib.parse import quote

from adapters import Adapter, Delivery, Receives, WebRequest
from gateway import channels, settings
from gateway.app import rules_of
from gateway.data import DataDirectory
from gateway.filed import Reading
from gateway.filing import Rules
from gateway.judging import Judging
from gateway.master import made_if_new
from gateway.reading import read_all
from gateway.runs import pieces
from gateway.step import Step
from gateway.store.contract import Judged
from gateway.store.sqlite import SqliteStore
from normalizer.book import Book
from tests.bench import kanal
from tests.bench.texts import identity, reports, sender

SEED = 7
SPREAD = timedelta(days=7)
BATCH = 250
BATCH_BYTES = 64 << 20
READERS = 2


def fill(file: Path, count: int, filed: Callable[[int], None]) -> None:
    """File `count` reports in the data directory of a settings file; they came in over the last days. `filed` is told
    how many are there."""
    asyncio.run(_fill(settings.load(file), count, filed))


async def _fill(loaded: settings.Settings, count: int, filed: Callable[[int], None]) -> None:
    with DataDirectory(loaded.gateway.data) as data, get_context("spawn").Pool(READERS) as readers:
        store = SqliteStore(data.path, made_if_new(data.path, loaded.gateway.master_key), on_death=_give_up)
        rules = rules_of(loaded, store.vault.lookup)
        channel = channels.build(loaded)[kanal.CHANNEL]
        adapter = channel.adapter
        batches = _batches(adapter, count)
        for number, read in enumerate(readers.imap(_read, ((adapter, batch) for batch in batches)), 1):
            await _settle(store, rules, channel, *read)
            filed(min(number * BATCH, count))
        await store.close()


def _read(order: tuple[Adapter, list[Delivery]]) -> tuple[list[Delivery], list[Reading]]:
    adapter, deliveries = order
    return deliveries, read_all(adapter, deliveries, Book("31"))


async def _settle(
    store: SqliteStore, rules: Rules, channel: channels.Channel, deliveries: list[Delivery], readings: list[Reading]
) -> None:
    await store.append(deliveries)
    step = Step(store, Judging(Path()), rules, channel)
    pairs = zip(await store.claim(channel.name, BATCH, BATCH_BYTES), readings, strict=True)
    await step.take(list(pieces(list(pairs))))
    await step.judge()
    step.settlement.judged = [Judged(row.report.id, row.report.version) for row in step.settlement.reports]
    await store.settle(step.settlement)


def _batches(adapter: Adapter, count: int) -> Iterator[list[Delivery]]:
    deliveries = itertools.islice(_deliveries(adapter), count)
    while batch := list(itertools.islice(deliveries, BATCH)):
        yield batch


def _deliveries(adapter: Adapter) -> Iterator[Delivery]:
    assert isinstance(adapter, Receives)
    chance = random.Random(SEED)
    now = datetime.now(UTC)
    for number, text in enumerate(reports(SEED)):
        request = _request(identity(chance), number, text, now - SPREAD * chance.random())
        yield from adapter.receive(request).deliveries


def _request(given: str, number: int, text: str, at: datetime) -> WebRequest:
    """What the load generator would have sent; its own senders count from zero, these from a million."""
    target = kanal.TARGET.format(id=given, sender=quote(sender(1_000_000 + number)), text=quote(text))
    path, _, query = target.removeprefix(f"/in/{kanal.CHANNEL}/").partition("?")
    return WebRequest(
        method="GET",
        path=path,
        public_url=target,
        headers={},
        query=query,
        body=b"",
        peer="127.0.0.1",
        received_at=at,
    )


def _give_up(error: BaseException) -> None:
    raise error
