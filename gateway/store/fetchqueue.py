"""The half of the SQLite store that serves what is fetched; see `gateway.store.fetches.FetchStore`."""

from collections.abc import Mapping, Sequence

from gateway.store import fetches, rows
from gateway.store.fetches import Fetch, FetchState, Waiting
from gateway.store.upkeep import Upkeep


class FetchQueue(Upkeep):
    def fetch(self, identity: str) -> Fetch | None:
        return fetches.fetch(self._reader, identity)

    def due_fetches(self, channel: str, now: float, limit: int) -> list[Fetch]:
        return fetches.due(self._reader, channel, now, limit)

    def next_fetch(self, channel: str) -> float | None:
        return self._time("SELECT min(due_at) FROM fetches WHERE channel = ? AND state = 'due'", channel)

    async def put_off_fetch(self, identity: str, due_at: float, why: str) -> None:
        sql = "UPDATE fetches SET tries = tries + 1, due_at = ?, error = ? WHERE id = ? AND state = 'due'"
        await self._writer.run(lambda connection: connection.execute(sql, (due_at, rows.text(why), identity)))

    async def end_fetch(self, identity: str, state: FetchState | None = None) -> None:
        await self._writer.run(lambda connection: fetches.end(connection, identity, state))

    async def hasten_fetches(self, channel: str, now: float) -> None:
        sql = "UPDATE fetches SET due_at = ? WHERE channel = ? AND state = 'due' AND due_at > ?"
        await self._writer.run(lambda connection: connection.execute(sql, (now, channel, now)))

    async def refetch(self, channels: Sequence[str], reports: Sequence[str] | None, now: float) -> list[str]:
        return await self._writer.run(lambda connection: fetches.again(connection, channels, reports, now))

    async def waiting_fetches(self) -> Mapping[str, Waiting]:
        return await self.read(fetches.waiting)
