"""Where each channel goes on at what it asks: an account, a mailbox, a feed. Known by a digest, which shows nothing of
an address."""

import sqlite3

from adapters import ids


def read(connection: sqlite3.Connection, channel: str, source: str) -> str | None:
    """One that an older Kanal kept, which noted no source, is of the first that is asked."""
    sql = "SELECT cursor FROM cursors WHERE channel = ? AND source IN (?, '') ORDER BY source DESC LIMIT 1"
    row: tuple[str] | None = connection.execute(sql, (channel, _name(source))).fetchone()
    return row[0] if row else None


def is_another(connection: sqlite3.Connection, channel: str, source: str) -> bool:
    sql = "SELECT 1 FROM cursors WHERE channel = ? AND source NOT IN (?, '') LIMIT 1"
    return connection.execute(sql, (channel, _name(source))).fetchone() is not None


def keep(connection: sqlite3.Connection, channel: str, source: str, cursor: str) -> None:
    """From now on the one without a source is of nobody else."""
    connection.execute("DELETE FROM cursors WHERE channel = ? AND source IN (?, '')", (channel, _name(source)))
    connection.execute("INSERT INTO cursors VALUES (?, ?, ?)", (channel, _name(source), cursor))


def _name(source: str) -> str:
    return ids.digest(source) if source else ""
