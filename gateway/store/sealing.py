"""Seals what an older Kanal kept in clear: once, between two migrations, in one transaction."""

import math
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec

from adapters import Delivery
from dedupe.fingerprint import fingerprint
from gateway.store import purge, rows
from gateway.store.blobs import Blobs
from gateway.store.contract import Contact, PartRow, ReplyRow, ReplyState, ReportRow
from gateway.vault import Vault
from normalizer.persons.masking import mask, masked
from normalizer.report import Report

AT_ONCE = 200
IN_CLEAR, TO_BE_FINISHED, SEALED = 0, 1, 2

Old = dict[str, Any]
New = dict[str, Any]

_strings = msgspec.json.Decoder(dict[str, str])
_list = msgspec.json.Decoder(tuple[str, ...])
_report = msgspec.json.Decoder(Report)


def is_needed(connection: sqlite3.Connection) -> bool:
    """Is anything in clear? Asked between the two migrations."""
    return _stage(connection) == IN_CLEAR and connection.execute("SELECT 1 FROM deliveries").fetchone() is not None


def is_to_be_finished(connection: sqlite3.Connection) -> bool:
    return _stage(connection) != SEALED


def finish(connection: sqlite3.Connection, folder: Path) -> None:
    """Leave nothing of what was in clear: in free pages of the database, in its log, in files. Nobody else uses the
    store yet."""
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    for path in purge.orphans(connection, folder, now=math.inf):
        path.unlink(missing_ok=True)
    connection.execute(f"PRAGMA user_version = {SEALED}")


def _stage(connection: sqlite3.Connection) -> int:
    """How far an upgrade came: the number changes in the transaction of what it stands for."""
    stage: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return stage


def seal_all(connection: sqlite3.Connection, vault: Vault, folder: Path) -> None:
    """`folder` is that of the files. Raises OSError."""
    sealer = _Sealer(vault, Blobs(folder))
    connection.execute("BEGIN IMMEDIATE")
    try:
        for table, seal in sealer.tables().items():
            _rewrite(connection, table, seal)
        connection.execute(f"PRAGMA user_version = {TO_BE_FINISHED}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _rewrite(connection: sqlite3.Connection, table: str, seal: Callable[[Old], New]) -> None:
    last = 0
    while found := _some(connection, table, last):
        for row in found:
            new = seal(row)
            setting = ", ".join(f'"{name}" = ?' for name in new)
            connection.execute(f"UPDATE {table} SET {setting} WHERE rowid = ?", (*new.values(), row["rowid"]))
        last = found[-1]["rowid"]


def _some(connection: sqlite3.Connection, table: str, after: int) -> list[Old]:
    cursor = connection.execute(
        f"SELECT rowid AS rowid, * FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?", (after, AT_ONCE)
    )
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


class _Sealer:
    """What each table's rows become."""

    def __init__(self, vault: Vault, blobs: Blobs) -> None:
        self._vault = vault
        self._blobs = blobs

    def tables(self) -> dict[str, Callable[[Old], New]]:
        return {
            "deliveries": self._delivery,
            "messages": self._message,
            "timers": self._timer,
            "parts": self._part,
            "contacts": self._contact,
            "cases": lambda old: {"what": mask(old["what"] or ""), "where": mask(old["where"] or "")},
            "links": lambda old: {"reasons": mask(old["reasons"])},
            "reports": self._report,
            "replies": self._reply,
        }

    def _delivery(self, old: Old) -> New:
        new = Delivery(
            id=old["id"],
            channel=old["channel"],
            received_at=datetime.fromtimestamp(old["received_at"], UTC),
            body=b"" if old["blob"] else old["body"],
            content_type=old["content_type"],
            headers=_strings.decode(old["headers"]),
        )
        key = self._vault.new()
        blob = self._file(key, new, old["blob"]) if old["blob"] else None
        sealed = dict(zip(rows.DELIVERY, rows.delivery(self._vault, new, key, blob), strict=True))
        return {name: sealed[name] for name in ("id", "key", "sealed", "blob")}

    def _file(self, key: Any, new: Delivery, digest: str) -> str:
        about = rows.body_about(new.channel, rows.delivery_name(self._vault, new.channel, new.id))
        sealed = key.seal(self._blobs.get(digest), about)
        name = sha256(sealed).hexdigest()
        self._blobs.put(name, sealed)
        return name

    def _message(self, old: Old) -> New:
        return {"id": rows.message_name(self._vault, old["channel"], old["id"])}

    def _timer(self, old: Old) -> New:
        key, name = self._vault.new(), self._vault.pseudonym("timer", old["id"])
        return {"id": name, "key": key.wrapped, "sealed": key.seal(old["body"], rows.about("timer", name))}

    def _part(self, old: Old) -> New:
        known = PartRow(**{name: old[name] for name in PartRow.__struct_fields__})
        new = dict(zip(rows.PART, rows.part_row(self._vault, known), strict=True))
        return {name: new[name] for name in ("reference", "key", "sealed")}

    def _contact(self, old: Old) -> New:
        known = Contact(old["id"], old["kind"], old["value"], old["name"])
        return dict(zip(rows.CONTACT, rows.contact_row(self._vault, known), strict=True))

    def _report(self, old: Old) -> New:
        full = _report.decode(old["data"])
        in_clear = masked(full)
        compared = msgspec.structs.replace(fingerprint(in_clear), reporter=full.reporter)
        known = ReportRow(
            report=full,
            masked=in_clear,
            case=old["case"],
            fingerprint=msgspec.msgpack.encode(compared),
            pin_hash=old["pin_hash"],
        )
        new = dict(zip(rows.REPORT, rows.report_row(self._vault, known), strict=True))
        return {name: new[name] for name in ("data", "fingerprint", "key", "sealed")}

    def _reply(self, old: Old) -> New:
        values = {name: old[name] for name in ReplyRow.__struct_fields__ if name in old}
        known = ReplyRow(
            **values
            | {
                "references": _list.decode(old["references"] or "[]"),
                "state": ReplyState(old["state"]),
                "public": bool(old["public"]),
            }
        )
        new = dict(zip(rows.REPLY, rows.reply_row(self._vault, known), strict=True))
        return {name: new[name] for name in ("key", "sealed")}
