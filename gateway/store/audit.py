"""The audit log: who looked at whom and why, and what was done to what is kept. It only grows.

Each entry has a keyed hash over the one before it and over itself. Who can write the database but lacks the master key
cannot change, put in or take out an entry unnoticed; the newest ones could be cut off, which a hash that was written
down elsewhere tells. Triggers refuse changes by mistake. An entry names people by their ids alone; the reason, in an
officer's own words, is sealed by a key that stands beside the log: it can be destroyed, and the log is still whole.
"""

import hmac
import sqlite3
import time
from collections.abc import Iterable, Iterator, Set
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

import msgspec

from gateway.store.contract import Entry
from gateway.vault import CannotOpen, Vault

Row = tuple[Any, ...]

#: What is hashed is bytes, for a text that was tampered with need not be one.
_HASHED = "seq, at, CAST(actor AS BLOB), CAST(action AS BLOB), CAST(about AS BLOB), why"
_NEWEST_EVER = (
    "SELECT max(coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit'), 0),"
    " coalesce((SELECT max(seq) FROM audit), 0))"
)
_pack = msgspec.msgpack.Encoder().encode


def append(connection: sqlite3.Connection, vault: Vault, entry: Entry) -> str:
    """Write an entry, within the caller's transaction; returns its hash. Numbers are never given twice."""
    seq, before = newest_ever(connection) + 1, head(connection)
    key = vault.new()
    why = key.seal(entry.why.encode(), _bound_to(seq))
    row = (seq, time.time(), entry.actor.encode(), entry.action.encode(), " ".join(entry.about).encode(), why)
    chain = _Chain(vault).after(before, row)
    connection.execute(
        "INSERT INTO audit(seq, at, actor, action, about, why, chain)"
        " VALUES (?, ?, CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), ?, ?)",
        (*row, chain),
    )
    connection.execute("INSERT OR REPLACE INTO audit_keys(seq, key) VALUES (?, ?)", (seq, key.wrapped))
    return chain


def forget_reasons(connection: sqlite3.Connection, names: Set[str]) -> None:
    """Destroy why officers looked at these and at nothing else. Who looked at what and when remains, and why something
    was erased."""
    found = connection.execute("SELECT seq, about FROM audit WHERE action <> 'erase' AND about <> ''").fetchall()
    theirs = [(seq,) for seq, about in found if all(one in names for one in _spelt_out(about.split()))]
    connection.executemany("UPDATE audit_keys SET key = NULL WHERE seq = ?", theirs)


def verify(connection: sqlite3.Connection, vault: Vault) -> int | None:
    """The number of the first entry that was changed, put in or taken out; None if the log is whole."""
    chain, before, expected = _Chain(vault), "", 1
    for *row, told in connection.execute(f"SELECT {_HASHED}, CAST(chain AS BLOB) FROM audit ORDER BY seq"):
        before = chain.after(before, tuple(row))
        if row[0] != expected or not hmac.compare_digest(before.encode(), told):
            return expected
        expected += 1
    return expected if expected <= newest_ever(connection) else None


def head(connection: sqlite3.Connection) -> str:
    """The hash of the newest entry, which stands for all of them; "" if there is none."""
    row = connection.execute("SELECT chain FROM audit ORDER BY seq DESC LIMIT 1").fetchone()
    return str(row[0]) if row else ""


def count(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT count(*) FROM audit").fetchone()[0])


def place(connection: sqlite3.Connection, chain: str) -> int | None:
    """The number of the entry with this hash."""
    row = connection.execute("SELECT seq FROM audit WHERE chain = ?", (chain,)).fetchone()
    return int(row[0]) if row else None


def concerned(about: Iterable[str], names: Set[str]) -> list[str]:
    """Which of these an entry is about."""
    return [one for one in _spelt_out(about) if one in names]


def _spelt_out(about: Iterable[str]) -> Iterator[str]:
    """ "20-25" is about the deliveries "20" to "25"."""
    for token in about:
        first, dash, last = token.partition("-")
        if dash and first.isdigit() and last.isdigit():
            yield from map(str, range(int(first), int(last) + 1))
        else:
            yield token


def newest_ever(connection: sqlite3.Connection) -> int:
    """The highest number that was ever given to an entry; 0 if there was none."""
    row: tuple[int] = connection.execute(_NEWEST_EVER).fetchone()
    return row[0]


def entries(connection: sqlite3.Connection, vault: Vault, newest: bool = True) -> Iterator[dict[str, Any]]:
    """The log for people and programs. `why` is None where its key was destroyed."""
    found = connection.execute(
        "SELECT a.seq, a.at, a.actor, a.action, a.about, a.why, a.chain, k.key FROM audit a LEFT JOIN audit_keys k"
        f" ON k.seq = a.seq ORDER BY a.seq {'DESC' if newest else ''}"
    )
    for seq, at, actor, action, about, why, chain, key in found:
        yield {
            "seq": seq,
            "at": datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds"),
            "actor": actor,
            "action": action,
            "about": about.split(),
            "why": _opened(vault, seq, key, why),
            "chain": chain,
        }


def _opened(vault: Vault, seq: int, key: bytes | None, why: bytes) -> str | None:
    try:
        return vault.key(key).open(why, _bound_to(seq)).decode() if key else None
    except CannotOpen:
        return None


def _bound_to(seq: int) -> bytes:
    return f"audit\0{seq}".encode()


class _Chain:
    """Keyed BLAKE2b (RFC 7693), 128 bits in hex: short enough to be written down."""

    def __init__(self, vault: Vault) -> None:
        self._key = vault.derived("audit")

    def after(self, before: str, row: Row) -> str:
        return blake2b(_pack((before, *row)), digest_size=16, key=self._key).hexdigest()
