"""The running gateway is killed again and again while citizens write by SMS, mail and an application, and keeps what it
acknowledged.

Citizens number their messages, send each until it is acknowledged, and some once more, as providers do. Afterwards
every message that was acknowledged must be there exactly once, with the bytes that were sent, have become one report,
and be once in an outside case store that fails and hangs up now and then; nothing may be there that nobody sent.
"""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import aiosmtplib
import pytest

from tests.end_to_end.citizens import answered, app, mail, numbered, sms
from tests.end_to_end.kanal import OWN, SECRET, Gateway, fetch, free_port, until

KILLS = 6
SEED = 20261101
SMS_CITIZENS, MAIL_CITIZENS, APP_CITIZENS = 6, 3, 3
APPS = {"name": "apps", "kind": "open311", "open": True, "per_minute": 1_000_000}
SENT_AGAIN = 0.05
#: Every so many mails one is so large, in characters, that it is kept as a file.
LARGE_EVERY, LARGE = 25, 300_000
FILED_SECONDS = 240
UNANSWERED = (aiohttp.ClientError, aiosmtplib.SMTPException, OSError, asyncio.TimeoutError)

Send = Callable[[bytes], Awaitable[None]]


class City:
    """What all citizens together have sent, by number, and which of it was acknowledged."""

    def __init__(self, gateway: Gateway) -> None:
        self.sent: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        self.under_way = 0
        self.over = False
        self._gateway = gateway
        self._random = random.Random(SEED)

    async def sms_citizen(self, name: str) -> None:
        url = f"{self._gateway.sms_url}/{SECRET}/mo"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:

            async def send(body: bytes) -> None:
                async with session.post(url, data=body, headers=form, raise_for_status=True):
                    pass

            await self._write(name, sms, send)

    async def app_citizen(self, name: str) -> None:
        """What is sent again is marked as the same."""
        url = f"http://127.0.0.1:{self._gateway.web}/in/apps/requests.json"
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(5)) as session:

            async def send(body: bytes) -> None:
                headers = form | {"Idempotency-Key": sha256(body).hexdigest()}
                async with session.post(url, data=body, headers=headers, raise_for_status=True):
                    pass

            await self._write(name, app, send)

    async def mail_citizen(self, name: str) -> None:
        host, _, port = self._gateway.smtp.partition(":")

        async def send(body: bytes) -> None:
            async with aiosmtplib.SMTP(hostname=host, port=int(port), timeout=5, start_tls=False) as client:
                await client.sendmail(f"{name}@example.org", [OWN], body)

        await self._write(name, mail, send)

    async def _write(self, name: str, made: Callable[[str, str], bytes], send: Send) -> None:
        number = 0
        while not self.over:
            number += 1
            message = f"{name}-{number:05}"
            body = made(message, "x" * (LARGE if number % LARGE_EVERY == 0 else self._random.randrange(2_000)))
            self.sent[message] = sha256(body).hexdigest()
            await self._until_acknowledged(send, body)
            self.acknowledged.add(message)
            if self._random.random() < SENT_AGAIN:
                await self._until_acknowledged(send, body)

    async def _until_acknowledged(self, send: Send, body: bytes) -> None:
        while True:
            self.under_way += 1
            try:
                return await send(body)
            except UNANSWERED:
                await asyncio.sleep(0.05)
            finally:
                self.under_way -= 1

    async def kill_again_and_again(self) -> list[int]:
        """How many messages were under way at each kill. The last kill comes when all is acknowledged."""
        under_way = []
        for _ in range(KILLS - 1):
            await asyncio.sleep(self._random.uniform(0.2, 2.0))
            under_way.append(self.under_way)
            await self._kill()
        self.over = True
        return under_way

    async def _kill(self) -> None:
        self._gateway.kill()
        await asyncio.to_thread(self._gateway.start)


@asynccontextmanager
async def writing(city: City) -> AsyncIterator[None]:
    """All citizens at once; each ends with a message that was acknowledged."""
    async with asyncio.TaskGroup() as citizens:
        for number in range(SMS_CITIZENS):
            citizens.create_task(city.sms_citizen(f"s{number}"))
        for number in range(MAIL_CITIZENS):
            citizens.create_task(city.mail_citizen(f"m{number}"))
        for number in range(APP_CITIZENS):
            citizens.create_task(city.app_citizen(f"a{number}"))
        yield


class CaseStore(NamedTuple):
    """One outside the gateway, and the file that it writes its reports into."""

    settings: dict[str, Any]
    held: Path

    def reports(self) -> Counter[str]:
        """How often it has which."""
        return Counter(numbered({"row": line}, "row") for line in self.held.read_text().splitlines())


@contextmanager
def case_store(folder: Path) -> Iterator[CaseStore]:
    """It is killed with nobody; `folder` is also the gateway's."""
    port, secret, held = free_port(), folder / "crm", folder / "held"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    command = [sys.executable, "-m", "tests.crash.receiver", str(port), str(secret), str(held)]
    url, soon = f"http://127.0.0.1:{port}/kanal", {"retry_seconds": 0.2}
    with subprocess.Popen(command) as process:
        try:
            yield CaseStore({"name": "crm", "kind": "http", "url": url, "secret": {"file": "crm"}} | soon, held)
        finally:
            process.terminate()


@pytest.mark.threat("P0-1", "P0-6")
async def test_what_was_acknowledged_is_kept_once_through_kills_and_becomes_one_report_reply_and_filing(
    tmp_path: Path,
) -> None:
    settings = {"workers": 2, "replies_per_person_per_day": 1_000_000}
    with (
        case_store(tmp_path) as store,
        Gateway(tmp_path, settings=settings, more=[APPS], stores=[store.settings]) as gateway,
    ):
        city = City(gateway)
        async with writing(city):
            under_way = await city.kill_again_and_again()
        gateway.kill()
        gateway.start()
        gateway.settled()
        deliveries, reports = gateway.bodies(), gateway.all("reports")
        replies = gateway.all("replies")
        until(lambda: store.reports().total() >= len(reports), "every report to be filed", FILED_SECONDS)

    held = {numbered(row, "body"): row["sha256"] for row in deliveries}
    assert len(city.acknowledged) > 100
    assert sum(map(bool, under_way)) > KILLS / 2, "a kill that interrupts nothing proves nothing"
    assert city.acknowledged <= held.keys(), "lost"
    assert held.items() <= city.sent.items(), "never sent, or not as it was sent"
    assert len(deliveries) == len(held), "doubled"
    assert {(row["state"], row["reason"]) for row in deliveries} == {("done", None)}
    assert Counter(numbered(row, "subject", "text") for row in reports) == Counter(held.keys())
    assert answered(replies) == Counter(row["id"] for row in reports)
    assert store.reports() == Counter(held.keys())


@pytest.mark.threat("P0-1")
def test_a_gateway_that_is_killed_at_every_start_condemns_no_message(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        for number in range(20):
            assert fetch(f"{gateway.sms_url}/{SECRET}/mo", sms(f"s0-{number:05}", "")) == (200, "")
        for _ in range(4):
            gateway.kill()
            gateway.start()
        gateway.settled()
        assert gateway.all("quarantine") == []
        assert len(gateway.all("reports")) == 20
