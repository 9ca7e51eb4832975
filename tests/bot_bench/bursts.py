"""From the last message of a burst and the quiet time after it to the answer at an SMS provider: each citizen writes
twice within a moment, and is answered once."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from itertools import count, islice
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer

from tests.bench.load import percentile
from tests.bench.texts import reports
from tests.end_to_end.kanal import SECRET, Gateway, free_port
from tests.normalizer_bench.rows import Goal, Row

TITLE = "from the end of a burst's quiet time to the answer at the provider"
QUIET = 2.0
#: Between the two messages of a citizen.
PAUSE = 0.5
LATEST = 60.0


def measure(folder: Path, seconds: float = 20, rate: int = 50) -> Iterator[Row]:
    folder, port = folder / "bursts", free_port()
    folder.mkdir()
    password = folder / "password"
    password.touch(mode=0o600)
    password.write_text("rahasia-kannel")
    access = {"send_url": f"http://127.0.0.1:{port}/send", "username": "kanal", "password": {"file": "password"}}
    with Gateway(folder, sms={**access, "quiet_seconds": QUIET}) as gateway:
        times = asyncio.run(_measured(gateway, port, int(seconds * rate), rate))
    for percent, goal in ((50, None), (95, Goal(1_000, below=True)), (99, None)):
        value = 1_000 * percentile(times, percent)
        yield Row(measure=f"p{percent}, {rate} reports a second", count=len(times), value=value, unit="ms", goal=goal)


class Provider:
    """When it was first given an answer for whom."""

    def __init__(self) -> None:
        self.answered: dict[str, float] = {}

    async def take(self, request: web.Request) -> web.Response:
        self.answered.setdefault(request.query["to"], time.monotonic())
        return web.Response(status=202, text="0: Accepted for delivery")


@asynccontextmanager
async def _provider(port: int) -> AsyncIterator[Provider]:
    provider, app = Provider(), web.Application()
    app.router.add_get("/send", provider.take)
    async with TestServer(app, port=port):
        yield provider


async def _measured(gateway: Gateway, port: int, citizens: int, rate: int) -> list[float]:
    """The first citizen, who waits for the gateway's processes to be ready, does not count."""
    async with _provider(port) as provider:
        first = await _all_say(gateway, range(1), rate)
        await _answered(provider, len(first))
        said = await _all_say(gateway, range(1, citizens + 1), rate)
        await _answered(provider, len(first | said))
        return sorted(provider.answered[citizen] - last - QUIET for citizen, last in said.items())


async def _answered(provider: Provider, citizens: int) -> None:
    deadline = time.monotonic() + LATEST
    while len(provider.answered) < citizens and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    if missing := citizens - len(provider.answered):
        raise RuntimeError(f"{missing} of {citizens} were not answered within {LATEST:g} seconds")


async def _all_say(gateway: Gateway, citizens: range, rate: int) -> dict[str, float]:
    """When each said their last."""
    said: dict[str, float] = {}
    numbers = count()

    async def say(session: ClientSession, citizen: str, text: str) -> None:
        query = {
            "sender": citizen,
            "to": "1708",
            "message": text,
            "id": f"{citizen}-{next(numbers)}",
            "charset": "UTF-8",
        }
        said[citizen] = time.monotonic()
        async with session.get(f"{gateway.sms_url}/{SECRET}/mo", params=query) as answer:
            answer.raise_for_status()

    async def both(session: ClientSession, number: int, text: str) -> None:
        citizen = f"+62811{number:07}"
        await asyncio.sleep((number - citizens.start) / rate)
        await say(session, citizen, text)
        await asyncio.sleep(PAUSE)
        await say(session, citizen, "Tolong segera, Pak")

    async with ClientSession() as session, asyncio.TaskGroup() as tasks:
        for number, text in zip(citizens, islice(reports(1), citizens.start, citizens.stop), strict=True):
            tasks.create_task(both(session, number, text))
    return said
