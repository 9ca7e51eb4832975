"""Asks for mentions and replies, and now and then for direct messages, of which X may be asked seldom."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from adapters import Batch, ChannelError, Delivery, Refused, Throttled
from adapters.x import pages, walks
from adapters.x.settings import XSettings
from adapters.x.spending import Spending
from adapters.x.walks import Walk

if TYPE_CHECKING:
    from adapters.x.line import Line

#: At the very first nothing older is asked for: nobody waits any more for an answer to it.
FIRST = timedelta(days=1)
#: Between pages of one walk, in seconds.
SHORTEST = 1.0
Ask = Callable[[Walk], Awaitable[Mapping[str, Any]]]


class Found(NamedTuple):
    """What one page brought, and where the next question goes on."""

    deliveries: Sequence[Delivery]
    walk: Walk
    spent: Mapping[str, int]


class Source:
    """What is asked for posts, or for messages, page by page; `due` is by the clock of the event loop."""

    def __init__(self, channel: str, kind: str, seconds: float, spending: Spending, ask: Ask) -> None:
        self.due = 0.0
        self._spending = spending
        self._channel = channel
        self._kind = kind
        self._seconds = seconds
        self._ask = ask

    async def page(self, walk: Walk) -> Found:
        """Raises a `ChannelError`."""
        try:
            page = await self._ask(walk)
        except Throttled as error:
            self.due = _now() + error.retry_after
            raise
        except Refused:
            if not walk.token:
                raise
            return Found((), walks.anew(walk), {})  # the way to a page is not good for ever
        onward = walks.onward(walk, page)
        self.due = _now() + (SHORTEST if onward.token else self._seconds)
        now = datetime.now(UTC)
        told = pages.deliveries(self._channel, self._kind, walks.new(walk, page), page, now)
        return Found(told, onward, self._spending.spent(pages.charged(self._kind, page), now))


class Harvest:
    """For one account."""

    def __init__(self, line: "Line", settings: XSettings) -> None:
        name, spending = settings.name, Spending()
        posts = Source(
            name,
            pages.POST,
            settings.mentions_seconds,
            spending,
            lambda walk: line.mentions(walk.token, walk.since_id, walk.since),
        )
        messages = Source(
            name, pages.MESSAGE, settings.messages_seconds, spending, lambda walk: line.messages(walk.token)
        )
        self._sources = {pages.POST: posts} | ({pages.MESSAGE: messages} if settings.direct_messages else {})

    async def batch(self, cursor: str | None) -> Batch:
        """Of each source that is due a page. Raises a `ChannelError`, but where another source has brought something:
        what failed is asked for again."""
        at = walks.read(cursor) if cursor else {}
        found, failed = dict[str, Found](), list[ChannelError]()
        for kind, source in self._sources.items():
            if kind in at and source.due > _now():
                continue
            try:
                found[kind] = await source.page(at.get(kind) or walks.begun(datetime.now(UTC) - FIRST))
            except ChannelError as error:
                failed.append(error)
        if failed and not _is_bearable(found, failed):
            raise min(failed, key=_patience)
        return self._together(at, found)

    async def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        """Page by page."""
        for source in self._sources.values():
            walk, is_over = walks.begun(since), False
            while not is_over:
                found = await source.page(walk)
                walk, is_over = found.walk, not found.walk.token
                yield Batch(found.deliveries, None, spent=found.spent)

    def _together(self, at: Mapping[str, Walk], found: Mapping[str, Found]) -> Batch:
        onward = {**at, **{kind: one.walk for kind, one in found.items()}}
        due = min(source.due for source in self._sources.values())
        return Batch(
            [delivery for one in found.values() for delivery in one.deliveries],
            walks.written(onward),
            wait=max(SHORTEST, due - _now()),
            spent=pages.added(one.spent for one in found.values()),
        )


def _is_bearable(found: Mapping[str, Found], failed: Sequence[ChannelError]) -> bool:
    """Patience with one source does not make the others wait; anything else is told, once what was found is kept."""
    is_patience = all(isinstance(error, Throttled) for error in failed)
    return bool(found) and (is_patience or any(one.deliveries for one in found.values()))


def _patience(error: ChannelError) -> float:
    return error.retry_after if isinstance(error, Throttled) else 0.0


def _now() -> float:
    return asyncio.get_running_loop().time()
