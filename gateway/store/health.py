"""What the store keeps of how channels fared: how much each heard by the hour, and the gaps that outages left. Neither
tells of anybody."""

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.health.gap import Gap
from gateway.health.tally import Hour
from gateway.store import rows
from gateway.store.gaprows import COLUMNS, gaps
from gateway.store.upkeep import Upkeep

_HOURS = (
    "INSERT INTO channel_hours(channel, hour, count, last) VALUES (?, ?, ?, ?) ON CONFLICT(channel, hour)"
    " DO UPDATE SET count = count + excluded.count, last = max(last, excluded.last)"
)


class HealthStore(Upkeep):
    async def count_hours(self, hours: Sequence[Hour], before: int) -> None:
        """Add what was heard, and forget the hours `before`."""
        new = [(one.channel, one.hour, one.count, one.last) for one in hours]

        def work(connection: sqlite3.Connection) -> None:
            connection.executemany(_HOURS, new)
            connection.execute("DELETE FROM channel_hours WHERE hour < ?", (before,))

        await self._writer.run(work)

    async def hours(self) -> list[Hour]:
        sql = "SELECT channel, hour, count, last FROM channel_hours"
        return await self.read(lambda reader: [Hour(*row) for row in reader.execute(sql)])

    async def keep_gap(self, gap: Gap) -> None:
        """A new one, or what is known of it by now."""
        lost, note = msgspec.json.encode(gap.lost).decode(), rows.text(gap.note)
        values = (gap.channel, gap.began, gap.ended, gap.why, gap.filled, gap.state, lost, note)
        sql = f"INSERT OR REPLACE INTO gaps({COLUMNS}) VALUES ({','.join('?' * len(values))})"
        await self._writer.run(lambda connection: connection.execute(sql, values))

    async def drop_gap(self, gap: Gap) -> None:
        sql = "DELETE FROM gaps WHERE channel = ? AND began = ?"
        await self._writer.run(lambda connection: connection.execute(sql, (gap.channel, gap.began)))

    async def forget_gaps(self, before: float) -> None:
        """Those that ended before that time."""
        await self._writer.run(lambda connection: connection.execute("DELETE FROM gaps WHERE ended < ?", (before,)))

    async def unfinished_gaps(self) -> list[Gap]:
        return await self.read(lambda reader: list(gaps(reader, "state <> 'over' ORDER BY began")))
