"""Each channel fetches from its own provider's hosts alone, wherever a file is said to lie."""

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from adapters import Adapter, Attachment, Fetches, Refused
from adapters.facebook import Facebook
from adapters.instagram import Instagram
from adapters.telegram import Telegram
from adapters.testing.material import settings_of
from adapters.webhook import Webhook
from adapters.whatsapp import WhatsApp
from adapters.x import X
from gateway.fetching.client import Client

CAP = 20_000
META = {"token": "EAAtokenrahasia", "app_secret": "rahasia-aplikasi", "verify_token": "kata-yang-disepakati"}
KEYS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
KINDS: Mapping[type[Adapter], Mapping[str, Any]] = {
    Facebook: {**META, "page_id": "106540352242922"},
    Instagram: {**META, "account_id": "17841400000000001"},
    Telegram: {"token": "123456:AAF-rahasia-rahasia"},
    Webhook: {
        "fields": {"id": "nomor", "text": "isi", "photos": "foto"},
        "photo_hosts": ["cdn.provider.example"],
        "feed": {"url": "https://provider.example/"},
    },
    WhatsApp: {**META, "phone_number_id": "106540352242922"},
    X: {"username": "kanal_kota", **dict.fromkeys(KEYS, "1-rahasia")},
}
#: Of a stranger's, or of another channel's provider.
ELSEWHERE = ("https://evil.example/1.jpg", "https://api.telegram.org.evil.example/1.jpg", "https://169.254.169.254/1")
OTHERS: Mapping[type[Adapter], str] = {
    Facebook: "https://pbs.twimg.com/1.jpg",
    Instagram: "https://pbs.twimg.com/1.jpg",
    Webhook: "https://scontent.fbcdn.net/1.jpg",
    WhatsApp: "https://cdn.provider.example/1.jpg",
    X: "https://scontent.fbcdn.net/1.jpg",
}
LED = [(kind, url) for kind, other in OTHERS.items() for url in (*ELSEWHERE, other)]

pytestmark = [pytest.mark.threat("P0-19"), pytest.mark.usefixtures("no_lookups")]


def made(kind: type[Adapter]) -> Fetches:
    adapter = kind(settings_of(kind, KINDS[kind]))
    assert isinstance(adapter, Fetches)
    return adapter


def file(reference: str) -> Attachment:
    return Attachment(None, "image/jpeg", 0, reference=reference)


@pytest.mark.parametrize(("kind", "url"), LED, ids=lambda one: one if isinstance(one, str) else one.kind)
async def test_a_file_that_lies_elsewhere_is_not_asked_for(kind: type[Adapter], url: str) -> None:
    adapter = made(kind)
    client = Client(adapter.hosts(), CAP)

    async def get(asked: str, headers: Mapping[str, str] | None = None, **more: Any) -> bytes:
        if asked == url:
            return await client.get(asked, headers, **more)
        return msgspec.json.encode({"url": url})  # Meta tells by the id where a file is

    by_address = f"url:{url}"
    reference = {WhatsApp: "media:1", Facebook: by_address, Instagram: by_address}.get(kind, url)
    with pytest.raises(Refused, match="the file lies where the channel fetches none from"):
        await adapter.fetch(file(reference), get)


@pytest.mark.parametrize("path", ["https://evil.example/1", "//evil.example/1", "../../1", "@evil.example/1", "?a#b"])
async def test_a_path_that_telegram_tells_leads_nowhere_else(path: str) -> None:
    asked: list[str] = []

    async def get(url: str, **more: Any) -> bytes:
        asked.append(url)
        return msgspec.json.encode({"ok": True, "result": {"file_path": path}})

    await made(Telegram).fetch(file("f-1"), get)
    assert all(url.startswith("https://api.telegram.org/") for url in asked)
    assert len(asked) == 2
