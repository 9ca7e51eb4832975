"""The gaps that outages left, as rows. Plain SQL over a reading connection."""

import sqlite3
from collections.abc import Iterator, Sequence

import msgspec

from gateway.health.gap import Gap, GapState, Lost

COLUMNS = "channel, began, ended, why, filled, state, lost, note"
_lost = msgspec.json.Decoder(tuple[Lost, ...])


def gaps(connection: sqlite3.Connection, where: str, values: Sequence[str | int] = ()) -> Iterator[Gap]:
    for *columns, lost, note in connection.execute(f"SELECT {COLUMNS} FROM gaps WHERE {where}", values):
        channel, began, ended, why, filled, state = columns
        yield Gap(
            channel=channel,
            began=began,
            ended=ended,
            why=why,
            filled=filled,
            state=GapState(state),
            lost=_lost.decode(lost),
            note=note,
        )
