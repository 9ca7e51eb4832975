"""How much memory the bodies of all requests under way may take together, and whose go when others have none."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from adapters.hosts import source_of
from gateway.connections import Connection
from gateway.metrics import Metrics

#: Bodies up to this many bytes are not counted: nobody has to wait with one for those who send large ones.
SMALL = 65_536
#: So many large bodies are opened and sealed at once.
AT_ONCE = 2


class NoRoom(Exception):
    """Other bodies take all the memory there is; there is room again when some of them are kept."""


class _Body:
    """One that is being read or kept."""

    def __init__(self, connection: Connection, source: str, size: int) -> None:
        self.connection = connection
        self.source = source
        self.size = size


class Bodies:
    """Room for so many bytes, half of them from one source (see `source_of`), or one body however large.

    When it is full, a source that would not have half as much as another gets the room of such of the other's bodies
    as are still being waited for, longest first. To open and seal a body takes copies of it, so that it has to wait for
    one of the few `turns`.
    """

    def __init__(self, metrics: Metrics) -> None:
        self._turned_away = metrics.turned_away
        self._under_way = metrics.body_bytes
        self._bodies: set[_Body] = set()
        self._by_source: Counter[str] = Counter()
        self._most = 0
        self.turns = asyncio.Semaphore(AT_ONCE)

    def use(self, most: int) -> None:
        """Another limit, from now on. Nobody who is in has to go."""
        self._most = most

    @contextmanager
    def room(self, connection: Connection, address: str, size: int) -> Iterator[None]:
        """For a body of that size, at most, that comes from this IP address. Raises `NoRoom`."""
        body = self._enter(_Body(connection, source_of(address), size))
        try:
            yield
        finally:
            self._leave(body)

    def _enter(self, body: _Body) -> _Body:
        own = self._by_source[body.source]
        if own and own + body.size > self._most // 2:
            self._refuse("memory of one address")
        if self._taken() + body.size > self._most and not self._make_room(body, own + body.size):
            self._refuse("memory")
        self._bodies.add(body)
        self._count(body.source, body.size)
        return body

    def _refuse(self, limit: str) -> None:
        self._turned_away.labels(limit).inc()
        raise NoRoom

    def _make_room(self, body: _Body, wanted: int) -> bool:
        while self._taken() + body.size > self._most:
            largest, size = self._by_source.most_common(1)[0]
            awaited = [one for one in self._bodies if one.source == largest and one.connection.is_awaited()]
            if size < 2 * wanted or not awaited:
                return False
            longest = min(awaited, key=lambda one: one.connection.since)
            longest.connection.turn_away()
            self._turned_away.labels("share of memory").inc()
            self._leave(longest)
        return True

    def _taken(self) -> int:
        return self._by_source.total()

    def _leave(self, body: _Body) -> None:
        """Once only, whoever is first to see that it is over."""
        if body in self._bodies:
            self._bodies.remove(body)
            self._count(body.source, -body.size)

    def _count(self, source: str, size: int) -> None:
        self._by_source[source] += size
        if not self._by_source[source]:
            del self._by_source[source]
        self._under_way.set(self._taken())
