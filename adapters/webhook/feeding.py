"""What a feed is asked, and where to go on after what it answered. Pure."""

from typing import Any
from urllib.parse import quote, urlencode

from yarl import URL

from adapters import ChannelDown
from adapters.answered import Answered
from adapters.refusals import heed
from adapters.webhook import expressions, values
from adapters.webhook.mapping import Feed

PROVIDER = "the source"


def question(feed: Feed, token: str, cursor: str | None) -> tuple[str, dict[str, str]]:
    """The address and the headers that ask for what there is after a cursor, None for the first time."""
    url = feed.url.replace("{token}", quote(token, safe=""))
    value = str(_page(cursor)) if feed.pages else cursor or feed.begin
    if feed.parameter and value:
        url += f"{'&' if '?' in url else '?'}{urlencode({feed.parameter: value})}"
    headers = {name: told.replace("{token}", token) for name, told in feed.headers.items()}
    return str(URL(url)), {"Accept": "application/json", **headers}


def heard(answered: Answered, most: int) -> bytes:
    """What the feed says, of at most so many bytes. Raises the `ChannelError` that any other answer means."""
    heed(PROVIDER, answered)
    if answered.status != 200:
        raise ChannelDown(f"the source answers with status {answered.status}")
    if len(answered.body) > most:
        raise ChannelDown(f"the source answers with more than max_size, {most} bytes")
    return answered.body


def onward(feed: Feed, told: Any, count: int, cursor: str | None) -> tuple[str | None, bool]:
    """The next cursor after an answer with so many reports, and whether there is more at once."""
    if feed.pages:
        page = _page(cursor)
        is_last = not count or page >= feed.pages
        return ("1", False) if is_last else (str(page + 1), True)
    following = values.text(expressions.value(feed.cursor, told)) or cursor
    return following, following != cursor and values.flag(expressions.value(feed.more, told))


def _page(cursor: str | None) -> int:
    """The first where the cursor is that of a feed which had no pages."""
    return int(cursor) if cursor and cursor.isascii() and cursor.isdecimal() and len(cursor) < 10 else 1
