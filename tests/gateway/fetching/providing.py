"""A provider that files lie with, and a gateway with a channel of it."""

import asyncio
import json
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import web

from adapters import Address, Attachment, Message
from gateway.settings import Settings
from normalizer.report import Report
from tests.gateway.support import (
    BUDI,
    LAMP,
    Running,
    channel,
    settings_in,
    sms_channel,
    until,
)
from tests.gateway.test_photos import file
from tests.gateway.test_pictures import scene, taken

PHOTO = file("JPEG", scene(), exif=taken({1: "S", 2: (6.0, 10.0, 30.0), 3: "E", 4: (106.0, 49.0, 0.0)}))
VOICE = b"OggS\x00\x02" + bytes(22) + b"\x01\x13OpusHead" + bytes(400)


class Provider:
    """What lies there, by name: bytes, or the status that is answered instead; `asked` counts, and `together` is how
    much at most was being asked for once more."""

    def __init__(self) -> None:
        self.files: dict[str, bytes | int] = {}
        self.asked: Counter[str] = Counter()
        self.held = asyncio.Event()
        self.held.set()
        self.url = ""
        self.together = 0
        self._again = 0

    async def answer(self, request: web.Request) -> web.Response:
        name = request.path.lstrip("/")
        self.asked[name] += 1
        await self.held.wait()
        if self.asked[name] > 1:
            await self._once_more()
        found = self.files.get(name, 404)
        return web.Response(status=found) if isinstance(found, int) else web.Response(body=found)

    async def _once_more(self) -> None:
        self._again += 1
        self.together = max(self.together, self._again)
        await asyncio.sleep(0.05)
        self._again -= 1


def lying(provider: Provider, folder: Path, **more: Any) -> Settings:
    """Settings with one channel whose files lie there; `more` are further ones of it."""
    return settings_in(folder, channel("provider", "chat", url=provider.url, **more), sms_channel())


def photo(reference: str, media_type: str = "image/jpeg", size: int = 0) -> Attachment:
    return Attachment(name=None, media_type=media_type, size=size, reference=reference)


async def say(gateway: Running, identity: str, *files: Attachment, text: str = LAMP, sender: str = BUDI) -> None:
    message = Message(id=identity, channel="chat", sender=Address("phone", sender), text=text, attachments=tuple(files))
    await post(gateway, id=identity, body=msgspec.json.encode(message).decode())


async def post(gateway: Running, **asked: Any) -> None:
    assert (await gateway.ask("/in/chat/", "POST", data=json.dumps(asked))).status == 200


def reports(gateway: Running) -> list[Report]:
    found = [gateway.app.store.report(row["id"]) for row in gateway.all("reports")]
    return [row.report for row in found if row]


def files(gateway: Running) -> list[Attachment]:
    return [one for report in reports(gateway) for one in report.attachments]


async def fetched(gateway: Running, count: int = 1) -> list[Attachment]:
    def look() -> list[Attachment]:
        found = [one for one in files(gateway) if one.digest]
        return found if len(found) == count else []

    return await until(look, "the files")


def waiting(gateway: Running) -> list[tuple[str, str, int, str | None]]:
    rows = gateway.views.connection.execute("SELECT channel, state, tries, error FROM fetches").fetchall()
    return [tuple(row) for row in rows]
