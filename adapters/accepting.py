"""Takes connections from sockets that listen: as many as there is room for, whatever becomes of the machine.

asyncio's own way makes a protocol and a transport even for whom it then turns away, and when file handles are used up
it tries, and logs, a thousand times a second, faster each second (CPython issue 151615).
"""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial

from adapters.hosts import source_of

AT_ONCE = 32  # so many connections are taken before others have their turn
PAUSE = 0.5  # seconds, when the machine has no room for another connection

_log = logging.getLogger(__name__)


class Room:
    """Room for `most` connections, `most_of_one` of them from one source (see `source_of`) unless it is `exempt`.

    When it is full, a source that has not half as many as another gets one of the other's places: `end_one` ends a
    connection of a source, if there is one that may be ended. `full` is told which limit was reached: "all" or
    "address" where nobody could enter, "share" where a place was taken away.
    """

    def __init__(
        self,
        most: int,
        most_of_one: int,
        end_one: Callable[[str], bool],
        exempt: Callable[[str], bool] = lambda _address: False,
        full: Callable[[str], None] = lambda _limit: None,
    ) -> None:
        self._most = most
        self._most_of_one = most_of_one
        self._end_one = end_one
        self._exempt = exempt
        self._full = full
        self._taken = 0
        self._by_source: Counter[str] = Counter()

    def resize(self, most: int, most_of_one: int) -> None:
        """Nobody who is in has to go."""
        self._most = most
        self._most_of_one = most_of_one

    def enter(self, address: str) -> bool:
        """Whether there is room; who enters has to leave."""
        source = source_of(address)
        if limit := self._limit(address, source):
            self._full(limit)
            return False
        self._taken += 1
        self._by_source[source] += 1
        return True

    def _limit(self, address: str, source: str) -> str:
        if self._by_source[source] >= self._most_of_one and not self._exempt(address):
            return "address"
        return "all" if self._taken >= self._most and not self._make_room(source) else ""

    def _make_room(self, source: str) -> bool:
        ((largest, count),) = self._by_source.most_common(1)
        made = count > 2 * self._by_source[source] + 1 and self._end_one(largest)
        if made:
            self._full("share")
        return made

    def leave(self, address: str) -> None:
        source = source_of(address)
        self._taken -= 1
        self._by_source[source] -= 1
        if not self._by_source[source]:
            del self._by_source[source]


class Accepting:
    """Gives each connection to a new protocol, made of the peer's IP address ("" on a Unix socket), which has to leave
    the room at its end. To others it says `refusal` and hangs up."""

    def __init__(self, protocol: Callable[[str], asyncio.Protocol], room: Room, refusal: bytes) -> None:
        self._protocol = protocol
        self._room = room
        self._refusal = refusal
        self._loop = asyncio.get_running_loop()
        self._sockets: list[socket.socket] = []
        self._resting = False
        self._starting: set[asyncio.Task[object]] = set()

    def serve(self, sockets: Iterable[socket.socket]) -> None:
        """Closes them in the end."""
        for sock in sockets:
            sock.setblocking(False)
            self._sockets.append(sock)
            self._watch(sock)

    async def close(self) -> None:
        """Take no more connections; those that were taken live on, and their protocols know of them on return."""
        for sock in self._sockets:
            self._loop.remove_reader(sock)
            sock.close()
        self._sockets.clear()
        await asyncio.gather(*self._starting, return_exceptions=True)

    def _watch(self, sock: socket.socket) -> None:
        if sock in self._sockets:
            self._loop.add_reader(sock, self._take, sock)

    def _take(self, sock: socket.socket) -> None:
        for _ in range(AT_ONCE):
            try:
                connection, address = sock.accept()
            except (BlockingIOError, InterruptedError):
                return
            except ConnectionAbortedError:
                continue
            except OSError as error:
                self._rest(sock, error)
                return
            self._resting = False
            self._let_in(connection, address[0] if isinstance(address, tuple) else "")

    def _rest(self, sock: socket.socket, error: OSError) -> None:
        """Out of file handles or memory: the connection waits in the queue of the kernel."""
        if not self._resting:
            _log.error("no more connections can be taken for now: %s", error.strerror)
        self._resting = True
        self._loop.remove_reader(sock)
        self._loop.call_later(PAUSE, self._watch, sock)

    def _let_in(self, connection: socket.socket, address: str) -> None:
        connection.setblocking(False)
        if _has_gone(connection):  # as scanners and those who flood the queue do
            connection.close()
        elif self._room.enter(address):
            serving = self._loop.connect_accepted_socket(partial(self._protocol, address), connection)
            task = self._loop.create_task(serving)
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)
        else:
            _turn_away(connection, self._refusal)


def _has_gone(connection: socket.socket) -> bool:
    try:
        return not connection.recv(1, socket.MSG_PEEK)
    except BlockingIOError:
        return False
    except OSError:
        return True


def _turn_away(connection: socket.socket, refusal: bytes) -> None:
    with connection:
        try:
            connection.send(refusal)
        except OSError:  # it has gone already
            return
