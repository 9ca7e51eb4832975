"""One try to fetch one file, or the words of a message: by the channel's adapter, with the guarded client, into a
delivery."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import structlog

from adapters import (
    Attachment,
    ChannelDown,
    ChannelError,
    ChannelSettings,
    Completes,
    Delivery,
    Fetches,
    FetchingSettings,
    Refused,
)
from adapters.settings import LARGEST_FILE
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.describe import describe
from gateway.fetching import media, wanted, words
from gateway.fetching.client import Client, TooLarge
from gateway.store.fetches import Fetch
from gateway.store.filings import WholeStore

#: Bytes. Until it is kept, a file takes several times its size in memory: what is larger waits for its turn.
LARGE = 8 << 20

log = structlog.get_logger()
#: `await turn()` returns once no other large file is under way.
Turn = Callable[[], Awaitable[object]]


class Fetcher:
    """Of one channel. `key` is that of pseudonyms."""

    def __init__(self, store: WholeStore, channel: Channel, key: bytes, channel_log: ChannelLog) -> None:
        assert isinstance(channel.adapter, Fetches | Completes)
        self._store = store
        self._channel = channel
        self._adapter = channel.adapter
        self._key = key
        self._log = channel_log
        self._cap = _largest(channel.settings)

    def find(self, fetch: Fetch) -> Attachment | str | None:
        """Which file it is, or by what reference the words are asked for; None if its report has it, or does not tell
        any more."""
        row = self._store.report(fetch.report)
        if row is None:
            return None
        if wanted.lacks(row.report) and wanted.words_id(self._key, row.report) == fetch.id:
            return wanted.lacks(row.report)
        return wanted.find(self._key, fetch.report, row.report.attachments, fetch.id)

    async def fetch(self, fetch: Fetch, found: Attachment | str, turn: Turn) -> Delivery:
        """Raises a `ChannelError`. What is too large by its provider's word is not asked for."""
        if _told(found) > self._cap:
            raise TooLarge(self._cap)
        with self._log.exchange(self._channel.name, "fetch"):
            content = await self._content(found, turn)
        now = datetime.now(UTC)
        if isinstance(found, str):
            return words.arrived(fetch.id, self._channel.name, content, now)
        return media.arrived(fetch.id, self._channel.name, found, content, now)

    async def _content(self, found: Attachment | str, turn: Turn) -> bytes:
        """What turns out to be large is asked for anew at its turn: where it lies may be told for some minutes only."""
        if _told(found) <= LARGE:
            try:
                return await self._within(found, min(LARGE, self._cap))
            except TooLarge:
                if self._cap <= LARGE:
                    raise
        await turn()
        return await self._within(found, self._cap)

    async def _within(self, found: Attachment | str, cap: int) -> bytes:
        try:
            content = await self._asked(found, Client(self._adapter.hosts(), cap))
        except ChannelError:
            raise
        except Exception as error:
            log.error("an adapter failed while fetching", channel=self._channel.name, error=describe(error))
            raise ChannelDown(f"fetching it failed: {type(error).__name__}") from None
        if len(content) > cap:
            raise TooLarge(cap)
        return content

    async def _asked(self, found: Attachment | str, client: Client) -> bytes:
        if isinstance(found, str) and isinstance(self._adapter, Completes):
            return await self._adapter.complete(found, client.get)
        if isinstance(found, Attachment) and isinstance(self._adapter, Fetches):
            return await self._adapter.fetch(found, client.get)
        raise Refused("the channel cannot ask for it")


def _told(found: Attachment | str) -> int:
    """How large it is by the provider's word, as far as that is told."""
    return found.size if isinstance(found, Attachment) else 0


def _largest(settings: ChannelSettings) -> int:
    return settings.max_file_size if isinstance(settings, FetchingSettings) else LARGEST_FILE
