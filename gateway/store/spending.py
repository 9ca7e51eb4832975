"""What was spent by channel and day: nothing of a citizen's. Plain SQL."""

import sqlite3
from collections.abc import Sequence

from gateway.store.records import Spending

_ADD = (
    'INSERT INTO spending(channel, day, unit, currency, "count", cost) VALUES (?, ?, ?, ?, ?, ?)'
    ' ON CONFLICT DO UPDATE SET "count" = "count" + excluded."count", cost = cost + excluded.cost'
)
_OF_MONTH = "channel = ? AND day >= ? || '-01' AND day <= ? || '-31'"


def add(connection: sqlite3.Connection, spent: Sequence[Spending]) -> None:
    """To what was spent by then."""
    for one in spent:
        connection.execute(_ADD, (one.channel, one.day, one.unit, one.currency, one.count, one.cost))


def in_month(connection: sqlite3.Connection, channel: str, month: str, currency: str) -> float:
    """What a channel cost in a month ("2026-11")."""
    sql = f"SELECT coalesce(sum(cost), 0) FROM spending WHERE {_OF_MONTH} AND currency = ?"
    (cost,) = connection.execute(sql, (channel, month, month, currency)).fetchone()
    return float(cost)


def of_month(connection: sqlite3.Connection, month: str) -> list[Spending]:
    """What each channel spent in a month, by what was charged for; `day` is the month."""
    found = connection.execute(
        'SELECT channel, unit, currency, sum("count"), sum(cost) FROM spending'
        " WHERE day >= ? || '-01' AND day <= ? || '-31' GROUP BY channel, unit, currency ORDER BY channel, unit",
        (month, month),
    )
    return [
        Spending(channel=channel, day=month, unit=unit, currency=currency, count=count, cost=cost)
        for channel, unit, currency, count, cost in found
    ]
