"""What people answered in dialogues and is kept to be counted, as in a survey: rows, plain SQL."""

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from gateway.store import rows
from gateway.store.contract import AnswersRow
from gateway.store.writer import insert
from gateway.vault import CannotOpen, Vault

_CLEAR = ("id", "dialogue", "channel", "contact", "at")
_COLUMNS = (*_CLEAR, "key", "sealed")
_encode = msgspec.msgpack.Encoder().encode
_answers = msgspec.msgpack.Decoder(dict[str, Any])


def settle(connection: sqlite3.Connection, vault: Vault, new: Sequence[AnswersRow]) -> None:
    insert(connection, "INSERT INTO answers", _COLUMNS, [_row(vault, one) for one in new])


def since(reader: sqlite3.Connection, vault: Vault, dialogue: str, at: float) -> Iterator[AnswersRow]:
    """Those given in a dialogue since then, oldest first; without what the disk damaged."""
    sql = f"SELECT {', '.join(_COLUMNS)} FROM answers WHERE dialogue = ? AND at >= ? ORDER BY at, seq"
    return filter(None, (_opened(vault, row) for row in reader.execute(sql, (dialogue, at))))


def by_id(reader: sqlite3.Connection, vault: Vault, identity: str) -> AnswersRow | None:
    """None where the disk damaged it."""
    sql = f"SELECT {', '.join(_COLUMNS)} FROM answers WHERE id = ?"
    return _opened(vault, reader.execute(sql, (identity,)).fetchone())


def _row(vault: Vault, new: AnswersRow) -> rows.Row:
    key = vault.new()
    clear = (new.id, rows.text(new.dialogue), new.channel, new.contact, new.at)
    return (*clear, key.wrapped, key.seal(_encode(new.answers), rows.about("answers", new.id)))


def _opened(vault: Vault, row: rows.Row) -> AnswersRow | None:
    *clear, wrapped, sealed = row
    try:
        answers = _answers.decode(vault.key(wrapped).open(sealed, rows.about("answers", row[0])))
    except CannotOpen:
        return None
    return AnswersRow(**dict(zip(_CLEAR, clear, strict=True)), answers=answers)
