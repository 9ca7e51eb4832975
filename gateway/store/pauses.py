"""Channels that a person paused: nothing is sent by them until a person goes on, whoever starts the gateway."""

import sqlite3

from gateway.store import audit
from gateway.store.records import Entry, Pause
from gateway.vault import Vault


def every(connection: sqlite3.Connection) -> dict[str, Pause]:
    found = connection.execute("SELECT channel, at, actor FROM pauses")
    return {channel: Pause(at, actor) for channel, at, actor in found}


def pause(connection: sqlite3.Connection, vault: Vault, channel: str, at: float, entry: Entry) -> None:
    """What is paused already stays so since then."""
    audit.append(connection, vault, entry)
    connection.execute("INSERT OR IGNORE INTO pauses(channel, at, actor) VALUES (?, ?, ?)", (channel, at, entry.actor))


def resume(connection: sqlite3.Connection, vault: Vault, channel: str, entry: Entry) -> None:
    audit.append(connection, vault, entry)
    connection.execute("DELETE FROM pauses WHERE channel = ?", (channel,))
