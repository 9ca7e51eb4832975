"""A server that stands in for a provider's: what all of them have in common.

It runs in a thread and loop of its own, so tests with and without a loop can use it, and so can another process. What
a subclass keeps is only touched in that loop: a test changes it by `do`.
"""

import asyncio
import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any, Self, TypeVar

import msgspec
from aiohttp import web

from adapters.testing.standins.posting import Posting

T = TypeVar("T")
ANY = "*"


class Call(msgspec.Struct, frozen=True):
    """A request as it came. `name` is what the provider calls it ("sendMessage"); `fields` are the query's, the form's
    or the JSON object's."""

    name: str
    method: str
    path: str
    headers: Mapping[str, str]
    fields: Mapping[str, Any]
    body: bytes


class Fault(msgspec.Struct, kw_only=True):
    """What goes wrong with a call. It is answered after `slow` seconds; with a `status`, by an error in the provider's
    own form, without having done anything; with `cut`, it is done but only half of the answer arrives."""

    status: int | None = None
    retry_after: int | None = None
    slow: float = 0.0
    cut: bool = False
    times: int | None = 1


class StandIn(ABC):
    """`calls` are the requests so far, oldest first, those that failed on demand among them; `noted` is called with
    each."""

    def __init__(self, *, port: int = 0, posting: Posting | None = None) -> None:
        self.port = port
        self.calls: list[Call] = []
        self.posting = Posting() if posting is None else posting
        self.noted: Callable[[Call], None] = lambda _: None
        self._faults: dict[str, list[Fault]] = {}
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Its origin, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def about(self) -> Sequence[str]:
        """What whoever runs it by hand has to know."""
        return [self.url]

    @abstractmethod
    def name_of(self, path: str) -> str:
        """What the provider calls what is asked for at a path."""

    @abstractmethod
    async def answer(self, call: Call) -> web.Response:
        """What the provider does."""

    @abstractmethod
    def failure(self, status: int, retry_after: int | None) -> web.Response:
        """An error as the provider tells it."""

    @abstractmethod
    def hears(self, line: str) -> None:
        """A citizen writes this, as somebody typed it at a terminal."""

    def fault(
        self,
        name: str = ANY,
        *,
        status: int | None = None,
        retry_after: int | None = None,
        slow: float = 0.0,
        cut: bool = False,
        times: int | None = 1,
    ) -> None:
        """The next `times` calls of this name ("*": of any) go wrong; None: all until `mend`."""
        fault = Fault(status=status, retry_after=retry_after, slow=slow, cut=cut, times=times)
        self.do(lambda: self._faults.setdefault(name, []).append(fault))

    def mend(self) -> None:
        """Nothing goes wrong any more."""
        self.do(self._faults.clear)

    def called(self, name: str) -> list[Call]:
        return [call for call in list(self.calls) if call.name == name]

    def do(self, change: Callable[[], T]) -> T:
        """Call it in the server's own thread and wait for what it returns."""

        async def changed() -> T:
            return change()

        return self._run(changed()) if self._loop is not None else change()

    def start(self) -> None:
        """Also again after `stop`: at the same port, with all it knew. Raises OSError if the port is taken."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=type(self).__name__, daemon=True)
        self._thread.start()
        try:
            self._run(self._open())
        except OSError:
            self._end()
            raise

    def stop(self) -> None:
        if self._loop is not None:
            self._run(self._close())
            self._end()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def _open(self) -> None:
        app = web.Application(client_max_size=64 << 20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        except OSError:
            await self._runner.cleanup()
            raise
        self.port = self._runner.addresses[0][1]
        self.posting.open()

    async def _close(self) -> None:
        await self.posting.close()
        await self._runner.cleanup()
        await asyncio.sleep(0.01)  # what was closed is gone a turn of the loop later

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def _end(self) -> None:
        assert self._loop is not None
        assert self._thread is not None
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()
        self._loop = None

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        call = await _heard(request, self.name_of(request.path))
        self.calls.append(call)
        self.noted(call)
        fault = self._due(call.name)
        if fault is None:
            return await self.answer(call)
        await asyncio.sleep(fault.slow)
        if fault.status is not None:
            return self.failure(fault.status, fault.retry_after)
        response = await self.answer(call)
        return await _cut(request, response) if fault.cut else response

    def _due(self, name: str) -> Fault | None:
        """The first fault that is left for such a call, used once."""
        for faults in (self._faults.get(name, []), self._faults.get(ANY, [])):
            if faults:
                return _used(faults)
        return None


def _used(faults: list[Fault]) -> Fault:
    fault = faults[0]
    if fault.times is not None:
        fault.times -= 1
        if fault.times <= 0:
            faults.pop(0)
    return fault


async def _heard(request: web.Request, name: str) -> Call:
    body = await request.read()
    fields: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        told = json.loads(body or b"{}")
        fields |= told if isinstance(told, dict) else {}
    elif request.content_type == "application/x-www-form-urlencoded":
        fields |= await request.post()
    return Call(name, request.method, request.path, request.headers.copy(), fields, body)


async def _cut(request: web.Request, response: web.Response) -> web.StreamResponse:
    """Half of what was promised, then nothing."""
    whole = response.body if isinstance(response.body, bytes) else b""
    half = web.StreamResponse(status=response.status, headers={"Content-Type": response.content_type})
    half.content_length = len(whole) + 1
    await half.prepare(request)
    await half.write(whole[: len(whole) // 2])
    if request.transport is not None:
        request.transport.close()
    return half
