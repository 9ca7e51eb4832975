"""News of outside case stores within one transaction of the writer thread: plain SQL on the writing connection.

They are sealed until they are taken over; from then on only their names are known, so that they are not taken twice.
"""

import sqlite3
from collections.abc import Sequence

import msgspec

from gateway.casestore.contract import News
from gateway.store import rows
from gateway.store.contract import Conflict, Heard
from gateway.store.filings import NewsRow, alias
from gateway.store.writer import insert
from gateway.vault import Vault

_AMONG = "IN (SELECT value FROM json_each(?))"

_news = msgspec.msgpack.Decoder(News)
_pack = msgspec.msgpack.Encoder().encode


def keep(
    connection: sqlite3.Connection, vault: Vault, store: str, new: Sequence[News], cursor: str | None, now: float
) -> int:
    before = connection.total_changes
    columns = ("store", "id", "alias", "state", "at", "key", "sealed")
    insert(connection, "INSERT OR IGNORE INTO news", columns, [_row(vault, store, one, now) for one in new])
    kept = connection.total_changes - before
    if cursor is not None:
        sql = "INSERT OR REPLACE INTO news_cursors(store, cursor) VALUES (?, ?)"
        connection.execute(sql, (store, rows.text(cursor)))
    return kept


def _row(vault: Vault, store: str, news: News, now: float) -> rows.Row:
    packed, key = _pack(news), vault.new()
    name = vault.pseudonym("news", store, news.id or packed.hex())
    known_as = rows.text(alias(news.number))
    return (store, name, known_as, "new", now, key.wrapped, key.seal(packed, rows.about("news", store, name)))


def opened(vault: Vault, row: rows.Row) -> NewsRow:
    """Raises `CannotOpen`."""
    seq, store, name, at, wrapped, sealed = row
    return NewsRow(seq, at, _news.decode(vault.key(wrapped).open(sealed, rows.about("news", store, name))))


def heard(connection: sqlite3.Connection, new: Sequence[Heard]) -> None:
    """Of one piece of news there may be several, one for each case. Raises `Conflict`."""
    for seq in {one.seq for one in new}:
        sql = "UPDATE news SET state = 'done', key = NULL, sealed = NULL WHERE seq = ? AND state <> 'done'"
        if connection.execute(sql, (seq,)).rowcount != 1:
            raise Conflict("these news were taken over already")
    for one in new:
        connection.execute(
            'UPDATE filings SET stamp = max(coalesce(stamp, :stamp), :stamp) WHERE "case" = :case AND store = :store',
            {"stamp": one.stamp, "case": one.case, "store": one.store},
        )


def set_aside(connection: sqlite3.Connection, seqs: Sequence[int]) -> None:
    connection.execute(f"UPDATE news SET state = 'unknown' WHERE state = 'new' AND seq {_AMONG}", (_json(seqs),))


def drop(connection: sqlite3.Connection, seqs: Sequence[int]) -> None:
    """The disk damaged them."""
    sql = f"UPDATE news SET state = 'done', key = NULL, sealed = NULL WHERE seq {_AMONG}"
    connection.execute(sql, (_json(seqs),))


def forget(connection: sqlite3.Connection, before: float) -> int:
    sql = "UPDATE news SET state = 'done', key = NULL, sealed = NULL WHERE state = 'unknown' AND at < ?"
    return connection.execute(sql, (before,)).rowcount


def _json(seqs: Sequence[int]) -> str:
    return msgspec.json.encode(seqs).decode()
