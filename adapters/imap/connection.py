"""A session for one folder, in a thread of its own, as the event loop sees it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from contextvars import copy_context
from typing import TypeVar

from adapters.imap.session import Session
from adapters.imap.settings import ImapSettings
from adapters.imap.tokens import Tokens

T = TypeVar("T")


class Connection:
    """Connects when it is needed. A session that failed, or whose use was cancelled, is not used again."""

    def __init__(self, folder: str, settings: ImapSettings, tokens: Tokens) -> None:
        self.folder = folder
        self._settings = settings
        self._tokens = tokens
        self._thread: ThreadPoolExecutor | None = None
        self._session: Session | None = None

    async def run(self, work: Callable[[Session], T]) -> T:
        """Call it with the session, in the thread. Raises a ChannelError."""
        async with self._used() as session:
            return await self._in_thread(lambda: work(session))

    async def idle(self, stirred: asyncio.Event, seconds: float) -> None:
        """Wait until something happens in the folder, which sets the event for the others too, or they set it, or for
        so long. Raises a ChannelError, at the end if the server is gone."""
        async with self._used() as session:
            try:
                descriptor = await self._in_thread(session.begin_idle)
                await _readable(descriptor, stirred, seconds)
            finally:
                stirred.set()
            await self._in_thread(session.end_idle)

    def close(self) -> None:
        """Whatever is under way ends."""
        session, self._session = self._session, None
        thread, self._thread = self._thread, None
        if session:
            session.break_off()
            if thread:
                thread.submit(session.close)
        if thread:
            thread.shutdown(wait=False)

    @asynccontextmanager
    async def _used(self) -> AsyncIterator[Session]:
        try:
            if self._session is None:
                token = await self._tokens.fetch()
                session = self._session = await self._connected()
                await self._in_thread(lambda: session.log_in(token))
            yield self._session
        except BaseException:
            self.close()
            raise

    async def _connected(self) -> Session:
        connecting = self._executor().submit(copy_context().run, Session, self._settings)
        try:
            return await asyncio.wrap_future(connecting)
        except asyncio.CancelledError:
            connecting.add_done_callback(_close_unused)
            raise

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.wrap_future(self._executor().submit(copy_context().run, work))

    def _executor(self) -> ThreadPoolExecutor:
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"imap {self._settings.name}")
        return self._thread


async def _readable(descriptor: int, stirred: asyncio.Event, seconds: float) -> None:
    """Returns when it is, when the event is set, or after so long."""
    loop = asyncio.get_running_loop()
    loop.add_reader(descriptor, stirred.set)
    try:
        with suppress(TimeoutError):
            await asyncio.wait_for(stirred.wait(), seconds)
    finally:
        loop.remove_reader(descriptor)


def _close_unused(connecting: Future[Session]) -> None:
    if not connecting.cancelled() and connecting.exception() is None:
        connecting.result().close()
