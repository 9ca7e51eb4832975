"""What X answers in pages, piece by piece: each post or message with what belongs to it is a delivery of its own."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from adapters import Delivery
from adapters.ids import short
from adapters.payload import table, tables, text

JSON = "application/json"
Told = Mapping[str, Any]
#: What there are pages of, and what their deliveries' ids begin with.
POST, MESSAGE = "post", "dm"


def deliveries(channel: str, kind: str, told: Sequence[Told], page: Told, at: datetime) -> list[Delivery]:
    """Those of a page that are `told`, oldest first, as they were written."""
    pieces = {text(one, "id"): _with_its_own(one, page) for one in told}
    return [delivery(channel, kind, known, pieces[known], at) for known in sorted(pieces, key=int)]


def delivery(channel: str, kind: str, known: str, told: Any, at: datetime) -> Delivery:
    """The same by whichever way it came: X tells of it when asked, and by webhook."""
    body = told if isinstance(told, bytes) else msgspec.json.encode(told)
    return Delivery(id=f"{kind}:{short(known)}", channel=channel, received_at=at, body=body, content_type=JSON)


def charged(kind: str, page: Told) -> Iterator[tuple[str, str]]:
    """What X charges for, each by its name and id: what a page tells of, and whom and what else it tells of with it."""
    included = table(page, "includes")
    yield from ((f"{kind}_read", text(one, "id")) for one in tables(page, "data"))
    yield from (("user_read", text(one, "id")) for one in tables(included, "users"))
    yield from (("post_read", text(one, "id")) for one in tables(included, "tweets"))


def added(spendings: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total = Counter[str]()
    for one in spendings:
        total.update(one)
    return dict(total)


def _with_its_own(one: Told, page: Told) -> Told:
    included, wanted = table(page, "includes"), set(_named(one)) - {""}
    own = {
        name: [thing for thing in tables(included, name) if {text(thing, "id"), text(thing, "media_key")} & wanted]
        for name in ("users", "media", "tweets", "places")
    }
    return {"data": one, "includes": {name: things for name, things in own.items() if things}}


def _named(one: Told) -> Iterator[str]:
    """The ids of all that belongs to it."""
    keys = table(one, "attachments").get("media_keys")
    yield from (key for key in keys if isinstance(key, str)) if isinstance(keys, list) else ()
    yield from (text(other, "id") for other in tables(one, "referenced_tweets"))
    yield from (text(one, "author_id"), text(one, "sender_id"), text(table(one, "geo"), "place_id"))
