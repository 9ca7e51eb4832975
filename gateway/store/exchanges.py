"""The log of exchanges with providers: what was done when, how it ended, which messages and replies it was about.

Nothing of a citizen's stands here: of what it was about only our ids, and keyed hashes of providers'. Plain SQL.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from gateway.store import rows
from gateway.store.records import Exchange
from gateway.store.writer import insert
from gateway.vault import Vault

#: Those of one transaction that are forgotten.
AT_ONCE = 2_000
_COLUMNS = ("channel", "at", "verb", "outcome", "seconds", "times", "count", "status", "request", "note")
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)


def add(connection: sqlite3.Connection, vault: Vault, new: Sequence[Exchange]) -> None:
    (last,) = connection.execute("SELECT coalesce(max(seq), 0) FROM exchanges").fetchone()
    numbered = list(enumerate(new, last + 1))
    insert(connection, "INSERT INTO exchanges", ("seq", *_COLUMNS), [_row(seq, one) for seq, one in numbered])
    about = [(name, seq) for seq, one in numbered for name in _about(vault, one)]
    insert(connection, "INSERT OR IGNORE INTO exchanged", ("about", "exchange"), about)


def _row(seq: int, one: Exchange) -> rows.Row:
    request = one.request and rows.text(one.request)
    spent = (one.seconds, one.times, one.count, one.status)
    return (seq, one.channel, one.at, one.verb, one.outcome, *spent, request, rows.text(one.note))


def _about(vault: Vault, one: Exchange) -> Iterator[str]:
    for name in one.deliveries:
        yield rows.delivery_name(vault, one.channel, name)
    if one.reply:
        yield one.reply


def forget(connection: sqlite3.Connection, before: float) -> int:
    """Some of those that are older; how many."""
    found = [row[0] for row in connection.execute("SELECT seq FROM exchanges WHERE at < ? LIMIT ?", (before, AT_ONCE))]
    marks = ",".join("?" * len(found))
    connection.execute(f"DELETE FROM exchanged WHERE exchange IN ({marks})", found)
    connection.execute(f"DELETE FROM exchanges WHERE seq IN ({marks})", found)
    return len(found)


def of_channel(
    connection: sqlite3.Connection, channel: str, since: float, failed: bool, limit: int
) -> Iterator[dict[str, Any]]:
    """The newest first, each with the reports and replies that it was about."""
    wanted = "channel = ? AND at >= ?" + (" AND outcome <> 'ok'" if failed else "")
    yield from _found(connection, f"{wanted} ORDER BY at DESC, seq DESC LIMIT ?", (channel, since, limit))


def of_reply(connection: sqlite3.Connection, reply: str) -> Iterator[dict[str, Any]]:
    """Those by which a reply was sent, or failed to be, oldest first."""
    yield from _found(connection, "seq IN (SELECT exchange FROM exchanged WHERE about = ?) ORDER BY seq", (reply,))


def of_report(connection: sqlite3.Connection, report: str) -> Iterator[dict[str, Any]]:
    """Those by which the messages of a report came in, oldest first."""
    sql = (
        "seq IN (SELECT e.exchange FROM messages m JOIN deliveries d ON d.seq = m.seq"
        " JOIN exchanged e ON e.about = d.id WHERE m.report = ?) ORDER BY seq"
    )
    yield from _found(connection, sql, (report,))


_REPORTS = (
    "SELECT DISTINCT m.report FROM exchanged x JOIN deliveries d ON d.id = x.about AND d.channel = ?1"
    " JOIN messages m ON m.seq = d.seq WHERE x.exchange = ?2 AND m.report IS NOT NULL"
)
_REPLIES = "SELECT r.id FROM exchanged x JOIN replies r ON r.id = x.about WHERE x.exchange = ?2 AND r.channel = ?1"


def _found(connection: sqlite3.Connection, wanted: str, values: Sequence[object]) -> Iterator[dict[str, Any]]:
    for seq, *columns in connection.execute(f"SELECT seq, {_NAMES} FROM exchanges WHERE {wanted}", values).fetchall():
        row = {"seq": seq, **dict(zip(_COLUMNS, columns, strict=True))}
        about = (row["channel"], seq)
        yield row | {
            "reports": [one for (one,) in connection.execute(_REPORTS, about)],
            "replies": [one for (one,) in connection.execute(_REPLIES, about)],
        }
