"""Where asking goes on. X tells of what is new page by page, the newest first, and each page is handed over when it is
there: what ends the next walk is the newest of this one's first page, once its last page is there. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from adapters.payload import table, tables, text
from adapters.times import iso

Told = Mapping[str, Any]


class Walk(msgspec.Struct, frozen=True, omit_defaults=True):
    """`known` is the id at which it ends, or, before there is any, an ISO time; `token` leads to the next page of one
    that is under way, whose first page had `newest`."""

    known: str
    newest: str = ""
    token: str = ""

    @property
    def since_id(self) -> str | None:
        return self.known if self.known.isdecimal() else None

    @property
    def since(self) -> datetime | None:
        return None if self.known.isdecimal() else iso(self.known)


_cursor = msgspec.json.Decoder(dict[str, Walk])


def begun(since: datetime) -> Walk:
    return Walk(since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))


def anew(walk: Walk) -> Walk:
    """From its first page."""
    return Walk(walk.known)


def read(cursor: str) -> dict[str, Walk]:
    """By kind; empty where it is none of ours."""
    try:
        return _cursor.decode(cursor)
    except msgspec.DecodeError:
        return {}


def written(at: Mapping[str, Walk]) -> str:
    return msgspec.json.encode(at).decode()


def new(walk: Walk, page: Told) -> list[Told]:
    """What the page has that is not known yet."""
    return [one for one in _told(page) if not _is_known(walk, one)]


def onward(walk: Walk, page: Told) -> Walk:
    """After a page: to the next one, or, where what is known begins or nothing follows, to what comes from now on."""
    told, token = _told(page), text(table(page, "meta"), "next_token")
    newest = walk.newest or max((text(one, "id") for one in told), key=int, default="")
    if told and token not in {"", walk.token} and not any(_is_known(walk, one) for one in told):
        return replace(walk, newest=newest, token=token)
    return Walk(_later(walk.known, newest))


def _told(page: Told) -> list[Told]:
    return [one for one in tables(page, "data") if text(one, "id").isdecimal() and len(text(one, "id")) < 25]


def _is_known(walk: Walk, one: Told) -> bool:
    if walk.since_id:
        return int(text(one, "id")) <= int(walk.since_id)
    at = iso(text(one, "created_at"))
    return at is not None and walk.since is not None and at < walk.since


def _later(known: str, newest: str) -> str:
    if not newest:
        return known
    return max(known, newest, key=int) if known.isdecimal() else newest
