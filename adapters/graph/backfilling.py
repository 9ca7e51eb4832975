"""What an account at Meta is asked for that no webhook brought, in the form in which one would have brought it.

https://developers.facebook.com/documentation/business-messaging/messenger-platform/conversations
"""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlencode

import msgspec

from adapters import Batch, Delivery
from adapters.answered import LONGEST_ANSWER
from adapters.graph.times import moment
from adapters.payload import table, tables, text

MOST_PAGES = 200
LARGEST_PAGE = 8_388_608  # bytes
#: What came while it was asked for the last time, by whoever's clock.
OVERLAP = timedelta(minutes=10)
FIRST = timedelta(days=1)
_MESSAGES = "messages.limit(50){id,created_time,from,to,message,attachments}"
Told = dict[str, Any]


class Asks(Protocol):
    """A channel's way to Graph."""

    async def ask(self, method: str, path: str, body: bytes = b"", most: int = LONGEST_ANSWER) -> Mapping[str, Any]: ...

    def told(self, known: str, body: bytes) -> Delivery: ...


async def polled(backfill: Callable[[datetime], AsyncIterator[Batch]], cursor: str | None, seconds: float) -> Batch:
    """What came since it was asked for the last time; the cursor is when that was."""
    now = datetime.now(UTC)
    since = datetime.fromisoformat(cursor) - OVERLAP if cursor else now - FIRST
    found = {one.id: one async for batch in backfill(since) for one in batch.deliveries}
    return Batch(list(found.values()), now.isoformat(), seconds)


async def pages(channel: Asks, path: str, query: Mapping[str, str]) -> AsyncIterator[list[Told]]:
    """Of a list, page by page."""
    after: dict[str, str] = {}
    for _ in range(MOST_PAGES):
        told = await channel.ask("GET", f"{path}?{urlencode({**query, **after})}", most=LARGEST_PAGE)
        yield tables(told, "data")
        paging = table(told, "paging")
        after = {"after": text(table(paging, "cursors"), "after")}
        if not after["after"] or not text(paging, "next"):
            return


async def talks(
    channel: Asks, asked: str, platform: str, since: datetime, account: str
) -> AsyncIterator[list[Delivery]]:
    """What was said in talks with an account, the newest of them first; of each the last fifty messages. `asked` is the
    id that they are asked for by."""
    query = {"platform": platform, "fields": f"updated_time,{_MESSAGES}", "limit": "50"}
    async for page in pages(channel, f"{asked}/conversations", query):
        heard = [one for talk in page for one in tables(table(talk, "messages"), "data") if is_since(one, since)]
        yield [_delivery(channel, account, platform, one) for one in heard if text(one, "id")]
        if page and not any(is_since(talk, since, "updated_time") for talk in page):
            return


def is_since(told: Told, since: datetime, name: str = "created_time") -> bool:
    """What does not say when it was may have been."""
    at = moment(told.get(name))
    return at is None or at >= since


def webhook(kind: str, account: str, **held: object) -> bytes:
    """As Meta would have brought it."""
    return msgspec.json.encode({"object": kind, "entry": [{"id": account, **held}]})


def _delivery(channel: Asks, account: str, platform: str, told: Told) -> Delivery:
    kind = "page" if platform == "messenger" else "instagram"
    return channel.told(text(told, "id"), webhook(kind, account, messaging=[_item(account, told)]))


def _item(account: str, told: Told) -> Told:
    sender = text(table(told, "from"), "id")
    to = [text(one, "id") for one in tables(table(told, "to"), "data")]
    held = [_attachment(one) for one in tables(table(told, "attachments"), "data")]
    message = {"mid": text(told, "id"), "text": text(told, "message"), "attachments": held}
    return {
        "sender": {"id": sender},
        "recipient": {"id": (to or [""])[0]},
        "timestamp": text(told, "created_time"),
        "message": message | ({"is_echo": True} if sender == account else {}),
    }


def _attachment(told: Told) -> Told:
    kinds: Sequence[tuple[str, str]] = (
        ("image", text(table(told, "image_data"), "url")),
        ("video", text(table(told, "video_data"), "url")),
        ("file", text(told, "file_url")),
    )
    kind, url = next(((kind, url) for kind, url in kinds if url), ("unsupported_type", ""))
    return {"type": kind, "payload": {"url": url}}
