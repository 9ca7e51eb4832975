"""A whole gateway inside the test, with its real store, worker and judge processes, and messages to give to it."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec
from aiohttp import ClientSession

from adapters import Address, Delivery, Message
from gateway import settings
from gateway.app import App
from gateway.cli import options
from gateway.data import DataDirectory
from gateway.master import made_if_new
from gateway.settings import Settings
from gateway.store import full
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views

T = TypeVar("T")
Row = dict[str, Any]

SECRET = "rahasia-jalur-sms-0123"
BUDI, RINA = "+6281110000001", "+6281110000002"
FLOOD = "Banjir setinggi lutut di Jl. Kemang Raya sejak pagi, mobil tidak bisa lewat"
SAME_FLOOD = "Jl Kemang Raya banjir selutut sejak pagi, mobil tidak bisa lewat"
LAMP = "Lampu jalan padam di Jl. Fatmawati No. 12"
SECONDS = 120.0


def channel(kind: str, name: str = "", **values: Any) -> dict[str, Any]:
    return {"name": name or kind, "kind": kind} | values


def sms_channel(**values: Any) -> dict[str, Any]:
    given: Row = {"number": "1708", "secret": {"file": "secret"}, "quiet_seconds": 0} | values
    return channel("sms", **given)


def settings_in(
    folder: Path,
    *channels: dict[str, Any],
    web: Row | None = None,
    case_stores: Sequence[Row] = (),
    notices: Row | None = None,
    bot: Row | None = None,
    duplicates: Row | None = None,
    **gateway: Any,
) -> Settings:
    """Settings of a gateway whose data are in `folder`; the one channel "sms" if none is named."""
    secret = folder / "secret"
    secret.touch(mode=0o600)
    secret.write_text(SECRET)
    source = {
        "gateway": {"data": "data", "workers": 1, "drain_seconds": 5} | gateway,
        "web": {"port": 0} | (web or {}),
        "channels": list(channels or [sms_channel()]),
        "case_stores": list(case_stores),
        "notices": notices or {},
        "duplicates": duplicates or {},
        "bot": {"news_from": "00:00", "news_until": "00:00"} | (bot or {}),
    }
    return settings.from_data(source, folder)


def query(identity: str, text: str, sender: str = BUDI, **fields: str) -> str:
    return urlencode({"sender": sender, "to": "1708", "message": text, "id": identity, "charset": "UTF-8"} | fields)


def sms(identity: str, text: str, sender: str = BUDI, **fields: str) -> Delivery:
    """An SMS as the SMS channel keeps it."""
    return delivery(identity, query(identity, text, sender, **fields).encode(), "sms", headers={"path": "mo"})


def piece(identity: str, text: str, number: int, of: int, reference: int = 7, sender: str = BUDI) -> Delivery:
    """A part of a long SMS, with its user data header."""
    header = bytes([5, 0, 3, reference, of, number]).decode("latin-1")
    fields = {"sender": sender, "message": text, "id": identity, "charset": "UTF-8", "udh": header}
    return delivery(identity, urlencode(fields, encoding="latin-1").encode(), "sms", headers={"path": "mo"})


def letter(identity: str, text: str = LAMP, sender: str | None = BUDI, **fields: Any) -> Delivery:
    """A message that the channel "poison" reads without harm."""
    address = Address("phone", sender) if sender else None
    message = Message(id=identity, channel="poison", sender=address, text=text, **fields)
    return delivery(identity, msgspec.json.encode(message), "poison")


def delivery(identity: str, body: bytes, channel: str = "poison", **values: Any) -> Delivery:
    return Delivery(id=identity, channel=channel, received_at=datetime.now(UTC), body=body, **values)


async def until(look: Callable[[], T], what: str, seconds: float = SECONDS) -> T:
    """What `look` finds, once it is something."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        await asyncio.sleep(0.02)
    return found


class Answer(NamedTuple):
    """What the web server says."""

    status: int
    headers: dict[str, str]
    text: str


class Running:
    """A gateway that runs, and what can be seen of it."""

    def __init__(self, app: App, client: ClientSession, views: Views) -> None:
        self.app = app
        self.folder = app.settings.gateway.data
        self.views = views
        self._client = client

    def all(self, what: str) -> list[Row]:
        """All "cases", "reports", "deliveries" or "replies", oldest first."""
        return list(getattr(self.views, what)(limit=options.EVERYTHING, newest=False))

    def case(self, code: str) -> Row:
        found = self.views.case(code)
        assert found is not None
        return found

    def links(self) -> list[Row]:
        return [link for report in self.all("reports") for link in self.views.links(report["id"])]

    def replies(self) -> list[tuple[str, str]]:
        return [(row["about"], row["state"]) for row in self.all("replies")]

    def told(self) -> list[str]:
        """What citizens are told, in full where a person has to tell them: PINs and all."""
        return [full.reply(self.views.connection, self.views.vault, row["id"])["text"] for row in self.all("replies")]

    def reported(self, count: int) -> list[Row]:
        return found if len(found := self.all("reports")) >= count else []

    async def ask(self, path: str, method: str = "GET", **values: Any) -> Answer:
        async with self._client.request(method, self.app.web.address + path, **values) as response:
            return Answer(response.status, dict(response.headers), await response.text())

    async def send(self, *deliveries: Delivery) -> None:
        """By the channel's own way in, one after the other; returns once they are settled."""
        for one in deliveries:
            response = await self.ask(f"/in/sms/{SECRET}/mo?{one.body.decode()}")
            assert response.status == 200
        await self.settled()

    async def post(self, *letters: Delivery) -> None:
        """To the channel "poison", one after the other; returns once they are settled."""
        for one in letters:
            asked = {"id": one.id, "body": one.body.decode()}
            assert (await self.ask("/in/poison/", "POST", json=asked)).status == 200
        await self.settled()

    def kill(self, module: str) -> None:
        """End the children that run this module, as the kernel would when memory runs out."""
        for pid in self.children(module):
            os.kill(pid, signal.SIGKILL)

    def children(self, module: str) -> list[int]:
        """Those that run this module."""
        found = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        return [int(pid) for pid in found if module.encode() in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")]

    def deliveries(self) -> list[Row]:
        """All deliveries, opened."""
        return [self.views.with_body(row) for row in self.all("deliveries")]

    async def settled(self) -> None:
        await until(lambda: not self.app.store.waiting(), "everything to be settled")

    async def judging(self) -> None:
        await until(lambda: self.app.judging.loaded, "the judge")


@asynccontextmanager
async def running(loaded: Settings, process: bool = True) -> AsyncIterator[Running]:
    """The gateway; without `process` it takes deliveries in and leaves them."""
    with DataDirectory(loaded.gateway.data) as directory:
        app = App(loaded, directory, process)
        try:
            await app.start()
            async with ClientSession() as client:
                with Views(loaded.gateway.data) as views:
                    yield Running(app, client, views)
        finally:
            await app.stop()


def prepare(loaded: Settings, give: Callable[[Running], Awaitable[None]]) -> None:
    """Have a gateway work off what it is given, and stop it; once for a module whose tests begin with a copy."""

    async def worked_off() -> None:
        async with running(loaded) as gateway:
            await gateway.judging()
            await give(gateway)
            await gateway.settled()

    asyncio.run(worked_off())


def copy(prepared: Path, folder: Path) -> None:
    """The data of a gateway that was stopped, for another one's."""
    shutil.copytree(prepared / "data", folder / "data")


async def keep(loaded: Settings, deliveries: Sequence[Delivery]) -> None:
    """Put deliveries on disk as if they had come in just before the gateway was stopped."""
    await with_store(loaded, lambda store: store.append(deliveries))


async def with_store(loaded: Settings, work: Callable[[SqliteStore], Awaitable[T]]) -> T:
    """Do something with the store of a gateway that does not run."""
    with DataDirectory(loaded.gateway.data) as directory:
        master = made_if_new(directory.path, loaded.gateway.master_key)
    deaths: list[BaseException] = []
    store = SqliteStore(loaded.gateway.data, master, deaths.append)
    try:
        return await work(store)
    finally:
        await store.close()
        assert deaths == []


def of(rows: Iterable[Row], key: str) -> list[Any]:
    return [row[key] for row in rows]
