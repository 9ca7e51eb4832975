"""The channel log: every exchange with a provider, and how it ended.

It holds up nothing: what is noted waits in memory for a second and goes to the disk with whatever else is written. What
was noted in the last second before a crash is lost; what it was about is not, for that has rows of its own.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from msgspec.structs import replace

from adapters import (
    Accept,
    ChannelDown,
    ChannelError,
    Delivery,
    NotAccepted,
    RecipientGone,
    Refused,
    RequestRefused,
    Throttled,
    Unauthorized,
    exchange,
)
from gateway.describe import describe
from gateway.store.contract import Exchange, Outcome, StoreUnavailable, Verb

WRITE_SECONDS = 1.0
#: Of more in a second is only counted what they were.
MOST_WAITING = 5_000
#: So many are written in one go, so that what comes in is not held up.
AT_ONCE = 250
LONGEST_NOTE = 200


class LogStore(Protocol):
    async def log_exchanges(self, new: Sequence[Exchange]) -> None: ...


class Talk:
    """One exchange that goes on. One that was told to have brought nothing need not be known of, if it went well."""

    def __init__(self) -> None:
        self.deliveries: list[str] | None = None

    def brought(self, deliveries: Sequence[Delivery]) -> None:
        self.deliveries = [*(self.deliveries or ()), *(one.id for one in deliveries)]


class ChannelLog:
    def __init__(self, store: LogStore) -> None:
        self._store = store
        self._waiting: list[Exchange] = []
        self._counted: dict[tuple[object, ...], Exchange] = {}

    @contextmanager
    def exchange(self, channel: str, verb: Verb, reply: str | None = None) -> Iterator[Talk]:
        """Notes what is done within, and whatever is raised there."""
        talk, error = Talk(), None
        notes, token = exchange.begin()
        at, began = time.time(), time.monotonic()
        try:
            yield talk
        except BaseException as raised:
            error = raised
            raise
        finally:
            exchange.end(token)
            if not (talk.deliveries == [] and error is None) and not _is_our_end(error):
                self.add(
                    Exchange(
                        channel=channel,
                        at=at,
                        verb=verb,
                        outcome=_outcome(error),
                        seconds=round(time.monotonic() - began, 3),
                        count=len(talk.deliveries or ()),
                        status=notes.status,
                        request=notes.request,
                        note=_note(error),
                        deliveries=tuple(talk.deliveries or ()),
                        reply=reply,
                    )
                )

    def accepting(self, channel: str, accept: Accept) -> Accept:
        """For a channel that listens by itself: what it brings is an exchange each time."""

        async def noted(deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
            with self.exchange(channel, "listen") as talk:
                talk.brought(deliveries)
                well, ill = exchange.answers() or (None, None)
                try:
                    await accept(deliveries, cursor)
                except NotAccepted:
                    exchange.noted(ill)
                    raise
                exchange.noted(well)

        return noted

    def add(self, new: Exchange) -> None:
        """What is about nothing that is kept, such as a request without proof, is one line with all its like."""
        if (new.deliveries or new.reply) and len(self._waiting) < MOST_WAITING:
            self._waiting.append(new)
            return
        key = (new.channel, new.verb, new.outcome, new.status, new.note)
        if known := self._counted.get(key):
            new = replace(known, times=known.times + 1, count=known.count + new.count)
        self._counted[key] = replace(new, deliveries=(), reply=None)

    async def run(self) -> None:
        while True:
            await asyncio.sleep(WRITE_SECONDS)
            await self.write()

    async def write(self) -> None:
        """Put on disk what waits; what cannot be written waits on."""
        new = sorted([*self._waiting, *self._counted.values()], key=lambda one: one.at)
        if not new:
            return
        self._waiting, self._counted = [], {}
        for start in range(0, len(new), AT_ONCE):
            await self._keep(new[start : start + AT_ONCE])

    async def _keep(self, some: Sequence[Exchange]) -> None:
        try:
            await self._store.log_exchanges(some)
        except StoreUnavailable:
            for one in some:
                self.add(one)


def _is_our_end(error: BaseException | None) -> bool:
    """We broke it off, as on stopping."""
    return isinstance(error, asyncio.CancelledError | GeneratorExit | KeyboardInterrupt)


_OUTCOMES: tuple[tuple[type[BaseException], Outcome], ...] = (
    (Throttled, "throttled"),
    (ChannelDown, "down"),
    (TimeoutError, "down"),
    (Unauthorized, "unauthorized"),
    (RecipientGone, "gone"),
    (Refused, "refused"),
    (RequestRefused, "refused"),
)


def _outcome(error: BaseException | None) -> Outcome:
    if error is None:
        return "ok"
    return next((outcome for kind, outcome in _OUTCOMES if isinstance(error, kind)), "failed")


def _note(error: BaseException | None) -> str:
    """Adapters' own words give nobody away; those of libraries might."""
    if error is None:
        return ""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return (str(error) if isinstance(error, ChannelError) else describe(error))[:LONGEST_NOTE]
