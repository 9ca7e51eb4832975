"""The channels that need a person, and who knows of it: of a citizen's nothing stands here."""

import sqlite3
from typing import Protocol

import msgspec

from gateway.health.alarm import Alarm
from gateway.store.upkeep import Upkeep

_decode = msgspec.json.Decoder(Alarm).decode
_encode = msgspec.json.Encoder().encode


class AlarmStore(Protocol):
    """What `gateway.health.alarms` needs of a store."""

    async def alarms(self) -> list[Alarm]: ...

    async def keep_alarm(self, alarm: Alarm) -> None:
        """The only one of its channel."""

    async def drop_alarm(self, channel: str) -> None: ...


class Alarms(Upkeep):
    """See `AlarmStore`."""

    async def alarms(self) -> list[Alarm]:
        return await self.read(
            lambda reader: [_decode(alarm) for (alarm,) in reader.execute("SELECT alarm FROM alarms")]
        )

    async def keep_alarm(self, alarm: Alarm) -> None:
        values = alarm.channel, _encode(alarm).decode()
        sql = "INSERT OR REPLACE INTO alarms(channel, alarm) VALUES (?, ?)"
        await self._writer.run(lambda connection: connection.execute(sql, values))

    async def drop_alarm(self, channel: str) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM alarms WHERE channel = ?", (channel,))

        await self._writer.run(work)
