"""The mailbox as a channel that is asked."""

import asyncio
from collections.abc import AsyncIterator, Container, Coroutine, Mapping, Sequence
from datetime import datetime
from functools import partial
from itertools import chain
from typing import Any, ClassVar

import msgspec

from adapters import Batch, ChannelDown, ChannelError, ChannelSettings, Delivery, Event, Unreadable
from adapters.imap import places
from adapters.imap.afterwards import done, put_away
from adapters.imap.connection import Connection
from adapters.imap.harvest import Harvest, Harvester
from adapters.imap.places import Place
from adapters.imap.session import Session
from adapters.imap.settings import ImapSettings
from adapters.imap.tokens import Tokens
from adapters.mails.channel import MailChannel
from adapters.mails.reading import read

IDLE_SECONDS = 60.0  # servers may end a wait of more than 29 minutes (RFC 2177), firewalls a much shorter one
TRIES = 6
PAUSE = 1.0  # seconds


class Imap(MailChannel[ImapSettings]):
    """One mailbox. A delivery is one mail: `body` as the server has it, `headers` where it lies (`folder`,
    `uidvalidity`, `uid`); if we have it in part, `cut` with the size it has there or ""; if not at all, `lost`."""

    kind: ClassVar[str] = "imap"
    Settings: ClassVar[type[ChannelSettings]] = ImapSettings

    def __init__(self, settings: ImapSettings) -> None:
        super().__init__(settings)
        self._tokens = Tokens(settings)
        self._connections = [self._connection(folder) for folder in settings.folders]
        self._harvesters = [Harvester(folder, settings) for folder in settings.folders]
        self._tries = 0  # polls in a row in which a folder failed

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        if "lost" in delivery.headers:
            raise Unreadable(
                "the mail server does not hand the mail over; it lies in the mailbox still, and is asked for again:"
                " if it comes, it is a delivery of its own"
            )
        message = read(delivery, self.settings, vouched=True)
        doubts = tuple(dict.fromkeys((*message.doubts, "cut"))) if "cut" in delivery.headers else message.doubts
        return [msgspec.structs.replace(message, doubts=doubts)]

    def source(self) -> str:
        return self.settings.url()

    def claims(self) -> Sequence[str]:
        """Our own addresses: the same mailbox may be called by several hosts, ports and user names."""
        return [own.lower() for own in self.settings.recipients]

    def first_steps(self, web: str) -> Sequence[str]:
        return [f"swaks --to {self.settings.example()} --body 'Banjir selutut di depan rumah'"]

    async def open(self) -> None:
        """Connections are made when they are needed."""

    async def close(self) -> None:
        for connection in self._connections:
            connection.close()

    async def poll(self, cursor: str | None) -> Batch:
        """All folders at once. One that cannot be read holds up none of the others: its failure is raised only where
        it is that of all, or of the login, and else told as the batch's trouble."""
        known = _decoded(cursor)
        harvests = await asyncio.gather(*self._harvests(known), return_exceptions=True)
        by_folder = dict(zip(self.settings.folders, harvests, strict=True))
        taken = {folder: one for folder, one in by_folder.items() if isinstance(one, Harvest)}
        failures = [one for one in harvests if isinstance(one, BaseException)]
        trouble = "; ".join(dict.fromkeys(str(one) for one in failures if isinstance(one, ChannelError)))
        self._tries = self._tries + 1 if failures else 0
        reached = dict(known) | {folder: one.place for folder, one in taken.items()}
        if reached != known:
            deliveries = list(chain.from_iterable(one.deliveries for one in taken.values()))
            return Batch(deliveries, places.encode(reached), trouble=trouble)
        for failure in failures:
            if not taken or not isinstance(failure, ChannelDown):
                raise failure
        return Batch((), cursor, await self._stirred(taken), trouble=trouble)

    async def committed(self, batch: Batch) -> None:
        if self.settings.after == "keep":
            return
        connections = dict(zip(self.settings.folders, self._connections, strict=True))
        for (folder, validity), uids in done(batch.deliveries).items():
            away = partial(put_away, settings=self.settings, folder=folder, validity=validity, uids=uids)
            await connections[folder].run(away)

    async def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        """What the server got since then (aware), of all folders."""
        for folder in self.settings.folders:
            connection = self._connection(folder)
            try:
                async for batch in _all(connection, Harvester(folder, self.settings, since)):
                    yield batch
            finally:
                connection.close()

    async def check(self) -> bool:
        """The login and each folder, and the relay."""
        connection = self._connection("")
        try:
            await connection.run(self._opened)
        finally:
            connection.close()
        await super().check()
        return True

    def _opened(self, session: Session) -> None:
        for folder in (*self.settings.folders, *filter(None, [self.settings.moved_to])):
            session.open(folder)

    def _connection(self, folder: str) -> Connection:
        return Connection(folder, self.settings, self._tokens)

    def _harvests(self, known: Mapping[str, Place]) -> list[Coroutine[Any, Any, Harvest]]:
        return [
            connection.run(partial(harvester.next, known=known.get(connection.folder)))
            for connection, harvester in zip(self._connections, self._harvesters, strict=True)
        ]

    async def _stirred(self, folders: Container[str]) -> float:
        """Wait until something happens in one of these folders; the seconds to wait where the server does not tell."""
        connections = [one for one in self._connections if one.folder in folders]
        if not await connections[0].run(lambda session: session.offers("IDLE")):
            return self._pause(self.settings.poll_seconds)
        stirred = asyncio.Event()
        waits = [connection.idle(stirred, self._pause(IDLE_SECONDS)) for connection in connections]
        for ended in await asyncio.gather(*waits, return_exceptions=True):
            if isinstance(ended, BaseException):
                raise ended
        return 0.0

    def _pause(self, usual: float) -> float:
        """Seconds until all are asked again: fewer where a folder has begun to fail."""
        return min(usual, PAUSE * 2.0**self._tries) if 0 < self._tries < TRIES else usual


def _decoded(cursor: str | None) -> Mapping[str, Place]:
    try:
        return places.decode(cursor)
    except msgspec.DecodeError:
        raise ChannelDown("what was noted of the mailbox cannot be read") from None


async def _all(connection: Connection, harvester: Harvester) -> AsyncIterator[Batch]:
    """Of one folder. Raises a ChannelError once it failed too often in a row."""
    place, finished, failed = None, False, 0
    while not finished:
        try:
            harvest = await connection.run(partial(harvester.next, known=place))
        except ChannelDown:
            failed += 1
            if failed == TRIES:
                raise
            await asyncio.sleep(PAUSE)
            continue
        place, finished, failed = harvest.place, harvest.finished, 0
        yield Batch(harvest.deliveries, None)
