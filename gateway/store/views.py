"""What the commands show of the store: read-only queries, rows as dicts, times in ISO 8601 of UTC.

Who a reporter is stands in no view, of what was said only what may stand in clear, and of replies all but the PIN.
Deliveries are opened one by one, by `body` and `with_body`, reports and replies by `gateway.store.full`.
"""

import re
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

import msgspec

from adapters import Delivery
from gateway.clock import Step
from gateway.master import master_key
from gateway.store import copies, keyring, keys, rows, upgrade
from gateway.store.blobs import Blobs
from gateway.store.connecting import FILE, open_reader
from gateway.store.contract import ReportRow
from gateway.store.filings import alias
from gateway.store.late import IS_OPEN, since
from gateway.store.opening import opened
from gateway.vault import CannotOpen, Vault
from normalizer.persons.masking import mask
from normalizer.report import Report

Row = dict[str, Any]
_report = msgspec.json.Decoder(Report)
_PIN = re.compile(r"(?<!\w)\d{6}(?!\w)")
_REPORTS = (
    'FROM reports r WHERE r."case" = c.code OR r."case" IN (SELECT code FROM cases j WHERE j.joined_into = c.code)'
)
#: What is damaged is not urgent.
_RANK = (
    "CASE iif(json_valid(r.data), r.data ->> '$.urgency.level', '')"
    " WHEN 'emergency' THEN 2 WHEN 'urgent' THEN 1 ELSE 0 END"
)
_CASE = (
    'SELECT code, opened_at, due_at, closed_at, status, category, area, unit, what, "where", joined_into,'
    " first_due_at, estimate_at, estimate_reason, coordinate_by, coordinated_at, act_by, acted_at, last_by,"
    f" (SELECT count(*) {_REPORTS}) AS reports,"
    f" (SELECT CASE max({_RANK}) WHEN 2 THEN 'emergency' WHEN 1 THEN 'urgent' END {_REPORTS}) AS urgency,"
    f" (SELECT iif(json_valid(r.data), r.data ->> '$.kinds[0].code', NULL) {_REPORTS} ORDER BY r.seq LIMIT 1) AS kind"
)
_REPLY = (
    'id, channel, "case", report, about, state, key, sealed, created_at, due_at, settled_at, tries, cost, error,'
    " instead_of, nullif(passed_on, '') AS passed_on"
)
_FILING = '"case", store, state, number, version, filed_version, since, due_at, filed_at, tries, sent, forget, error'
_OF_CASE = ("opened_at", "due_at", "closed_at", "first_due_at", "estimate_at")
_OF_STEPS = ("coordinate_by", "coordinated_at", "act_by", "acted_at", "last_by", "late_since")
_OF_OTHERS = (
    "received_at",
    "at",
    "created_at",
    "settled_at",
    "last_heard",
    "made_at",
    "revoked_at",
    "since",
    "filed_at",
)
TIMES = (*_OF_CASE, *_OF_STEPS, *_OF_OTHERS)


class Views:
    """Closed by `close`, or as a context manager. `master` gives the master key, for what needs it: that beside the
    data if left out. Raises `StoreUnavailable` if it cannot be opened."""

    def __init__(self, folder: Path, master: Callable[[], bytes] | None = None) -> None:
        self.connection: sqlite3.Connection = open_reader((folder / FILE).resolve())
        try:
            upgrade.refuse_other(self.connection)
        except BaseException:
            self.connection.close()
            raise
        self.blobs = Blobs(folder / "blobs")
        self._master = master or (lambda: master_key(folder, None))

    @cached_property
    def vault(self) -> Vault:
        return keyring.opened(self.connection, self._master())

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> "Views":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def cases(
        self,
        status: str | None = None,
        unsure: bool = False,
        limit: int = 50,
        newest: bool = True,
        joined: bool = False,
        category: str | None = None,
        area: str | None = None,
        unit: str | None = None,
        late: Sequence[Step] = (),
        urgent: bool = False,
    ) -> Iterator[Row]:
        """Cases; those that were joined into others only if `joined`. Those of an `area` are also those of the areas
        within it. Of those that are `late` with one of these steps the latest come first, with when that was to be
        taken (`late_since`). Those that are `urgent` are open, and emergencies come first; `urgency` is that of the
        most urgent report, `kind` what the first one is, as far as its words tell."""
        where = ["1" if joined else "joined_into IS NULL"]
        if status:
            where.append("status = :status")
        if unsure:
            where.append(
                "code IN (SELECT r.\"case\" FROM links l JOIN reports r ON r.id = l.report WHERE l.kind = 'unsure')"
            )
        where += [f"{name} = :{name}" for name, wanted in (("category", category), ("unit", unit)) if wanted]
        if area:
            where.append("(area = :area OR area LIKE :area || '.%')")
        columns, order = _CASE, f"c.seq {'DESC' if newest else ''}"
        if late:
            columns, order = f"{_CASE}, {since(late)} AS late_since", "late_since, c.seq"
            where += [IS_OPEN, "late_since IS NOT NULL"]
        elif urgent:
            order = f"urgency, {order}"
            where += [IS_OPEN, "urgency IS NOT NULL"]
        sql = f"{columns} FROM cases c WHERE {' AND '.join(where)} ORDER BY {order} LIMIT :limit"
        values = {"status": status, "category": category, "area": area, "unit": unit, "limit": limit}
        return self._rows(sql, values | {"now": time.time()})

    def case(self, code: str) -> Row | None:
        return next(self._rows(f"{_CASE} FROM cases c WHERE code = :code", {"code": code}), None)

    def case_reports(self, code: str) -> list[Row]:
        """The reports of a case and of those joined into it, each with why it stands there."""
        sql = (
            'SELECT r.id, r.channel, r."case", r.received_at, r.data FROM reports r WHERE r."case" = :code'
            ' OR r."case" IN (SELECT code FROM cases WHERE joined_into = :code) ORDER BY r.seq'
        )
        found = [_opened(row) for row in self._rows(sql, {"code": code})]
        return [row | {"links": self.links(row["id"])} for row in found]

    def links(self, report: str) -> list[Row]:
        sql = "SELECT kind, other, score, reasons, actor, at FROM links WHERE report = :report ORDER BY seq"
        return [row | {"reasons": msgspec.json.decode(row["reasons"])} for row in self._rows(sql, {"report": report})]

    def history(self, code: str) -> list[Row]:
        sql = 'SELECT at, event, actor, detail FROM history WHERE "case" = :code ORDER BY seq'
        return [row | {"detail": msgspec.json.decode(row["detail"])} for row in self._rows(sql, {"code": code})]

    def sorted_by_hand(self) -> Iterator[tuple[str, str, str]]:
        """Masked text, category and reporter's id of each report in a case whose category a person set."""
        last = 'SELECT max(seq) FROM history WHERE "case" = h."case" AND event = \'category\''
        sql = (
            "SELECT r.data, json_extract(h.detail, '$.to') AS category FROM history h"
            f' JOIN reports r ON r."case" = h."case" WHERE h.event = \'category\' AND h.seq = ({last}) ORDER BY r.seq'
        )
        for row in self._rows(sql, {}):
            with suppress(msgspec.DecodeError):  # erased, or damaged
                report = _report.decode(row["data"])
                yield f"{report.subject or ''}\n{report.text}".strip(), row["category"], report.reporter

    def reports(self, channel: str | None = None, limit: int = 50, newest: bool = True) -> Iterator[Row]:
        sql = (
            'SELECT id, channel, "case", received_at, version, data FROM reports'
            f" WHERE :channel IS NULL OR channel = :channel ORDER BY seq {'DESC' if newest else ''} LIMIT :limit"
        )
        return map(_opened, self._rows(sql, {"channel": channel, "limit": limit}))

    def report(self, report: str) -> Row | None:
        sql = 'SELECT id, channel, "case", received_at, version, data FROM reports WHERE id = :report'
        found = next(self._rows(sql, {"report": report}), None)
        return _opened(found) | {"links": self.links(report)} if found else None

    def files(self, report: str, code: str) -> list[Row]:
        """The files of a report, or of all reports of a case, numbered by report; `with_reports` counts those that the
        same file came with."""
        found = [self.report(report)] if report else self.case_reports(code)
        return [row for one in found if one for row in self._files(one)]

    def _files(self, report: Row) -> Iterator[Row]:
        sql = "SELECT count(*) FROM file_owners WHERE file = ?"
        for number, one in enumerate(report.get("attachments", []), 1):
            file = copies.get(self.connection, one.get("digest") or "")
            (count,) = self.connection.execute(sql, (file.name if file else "",)).fetchone()
            yield {
                "report": report["id"],
                "number": number,
                "media_type": one["media_type"],
                "size": one["size"],
                "width": one.get("width"),
                "height": one.get("height"),
                "doubts": one.get("doubts", []),
                "copy": str(file.state) if file else None,
                "scan": file.scan and str(file.scan) if file else None,
                "signature": file.signature if file else None,
                "with_reports": count,
            }

    def deliveries(
        self, channel: str | None = None, state: str | None = None, limit: int = 50, newest: bool = True
    ) -> Iterator[Row]:
        sql = (
            "SELECT seq, channel, received_at, size, state, tries, stage, reason FROM deliveries"
            " WHERE (:channel IS NULL OR channel = :channel) AND (:state IS NULL OR state = :state)"
            f" ORDER BY seq {'DESC' if newest else ''} LIMIT :limit"
        )
        return self._rows(sql, {"channel": channel, "state": state, "limit": limit})

    def delivery(self, seq: int) -> Row | None:
        sql = "SELECT seq, channel, received_at, size, state, tries, stage, reason FROM deliveries WHERE seq = :seq"
        return next(self._rows(sql, {"seq": seq}), None)

    def body(self, seq: int) -> bytes:
        """The bytes of a delivery, as they came in. Raises `CannotOpen` if they are gone."""
        return opened(self.connection, self.vault, self.blobs, seq).body

    def with_body(self, row: Row) -> Row:
        """A delivery with all that is sealed of it: it shows who wrote."""
        try:
            delivery = opened(self.connection, self.vault, self.blobs, row["seq"])
        except CannotOpen as gone:
            return row | {"gone": str(gone)}
        return row | {
            "id": delivery.id,
            "content_type": delivery.content_type,
            "headers": delivery.headers,
            "sha256": sha256(delivery.body).hexdigest(),
            "body": delivery.body.decode("utf-8", "replace"),
        }

    def replies(
        self, channel: str | None = None, state: str | None = None, limit: int = 50, newest: bool = True
    ) -> Iterator[Row]:
        sql = (
            f"SELECT {_REPLY} FROM replies WHERE (:channel IS NULL OR channel = :channel)"
            " AND (:state IS NULL OR state = :state)"
            f" ORDER BY seq {'DESC' if newest else ''} LIMIT :limit"
        )
        return map(self._said, self._rows(sql, {"channel": channel, "state": state, "limit": limit}))

    def reply(self, reply: str) -> Row | None:
        sql = f"SELECT {_REPLY} FROM replies WHERE id = :reply"
        return next(map(self._said, self._rows(sql, {"reply": reply})), None)

    def _said(self, row: Row) -> Row:
        """A reply's row with its text as it may stand in clear: an officer's own words are in it, too."""
        try:
            text = rows.opened_letter(self.vault, row["id"], row.pop("key"), row.pop("sealed")).text
        except CannotOpen:
            return row | {"text": None}
        return row | {"text": mask(without_pin(text))}

    def filings(
        self, store: str | None = None, state: str | None = None, case: str | None = None, limit: int = 50
    ) -> Iterator[Row]:
        """How cases stand with outside case stores, the newest first."""
        sql = (
            f"SELECT {_FILING} FROM filings WHERE (:store IS NULL OR store = :store) AND (:state IS NULL OR"
            ' state = :state) AND (:case IS NULL OR "case" = :case) ORDER BY seq DESC LIMIT :limit'
        )
        return self._rows(sql, {"store": store, "state": state, "case": case, "limit": limit})

    def numbers(self, code: str) -> dict[str, str]:
        """A case's number by case store."""
        sql = 'SELECT store, number FROM filings WHERE "case" = ? AND number IS NOT NULL ORDER BY seq'
        return dict(self.connection.execute(sql, (code,)).fetchall())

    def numbered(self, number: str) -> list[str]:
        """The codes of the cases that have this number outside."""
        sql = 'SELECT DISTINCT "case" FROM numbers WHERE alias = ?'
        return [row[0] for row in self.connection.execute(sql, (alias(number),))]

    def notices(
        self, state: str | None = None, unit: str | None = None, limit: int = 50, newest: bool = True
    ) -> Iterator[Row]:
        """What units were told of cases, or are to be."""
        sql = (
            'SELECT id, created_at, unit, way, about, step, "case", state, due_at, settled_at, tries, error'
            " FROM notices WHERE (:state IS NULL OR state = :state) AND (:unit IS NULL OR unit = :unit)"
            f" ORDER BY seq {'DESC' if newest else ''} LIMIT :limit"
        )
        return self._rows(sql, {"state": state, "unit": unit, "limit": limit})

    def to_replay(self, channel: str, since: float) -> list[tuple[int, bool]]:
        """The numbers of a channel's deliveries that were settled or set aside, in order of arrival, whether they are
        in quarantine."""
        sql = (
            "SELECT seq, state = 'quarantined' FROM deliveries WHERE channel = ? AND received_at >= ?"
            " AND state IN ('done', 'quarantined') AND key IS NOT NULL ORDER BY seq"
        )
        return [(seq, bool(aside)) for seq, aside in self.connection.execute(sql, (channel, since))]

    def opened(self, seq: int) -> Delivery:
        """Raises `CannotOpen` if it is gone."""
        return opened(self.connection, self.vault, self.blobs, seq)

    def reports_of(self, seq: int) -> frozenset[str]:
        """The ids of the reports that a delivery led to."""
        sql = "SELECT report FROM messages WHERE seq = ? AND report IS NOT NULL"
        return frozenset(row[0] for row in self.connection.execute(sql, (seq,)))

    def deliveries_of(self, report: str) -> list[int]:
        """The numbers of the deliveries that a report was made of, as far as they are kept."""
        sql = (
            "SELECT DISTINCT m.seq FROM messages m JOIN deliveries d ON d.seq = m.seq"
            " WHERE m.report = ? AND d.key IS NOT NULL ORDER BY m.seq"
        )
        return [row[0] for row in self.connection.execute(sql, (report,))]

    def report_of(self, channel: str, message: str) -> str | None:
        """The id of the report that a message led to."""
        sql = "SELECT report FROM messages WHERE channel = ? AND id = ?"
        row = self.connection.execute(sql, (channel, rows.message_name(self.vault, channel, message))).fetchone()
        return row[0] if row else None

    def report_row(self, identity: str) -> ReportRow | None:
        """A report with all its words. Raises `CannotOpen` if they were destroyed."""
        sql = f"SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r.id = ?"
        row = self.connection.execute(sql, (identity,)).fetchone()
        if row and row[-1] is None:
            raise CannotOpen("its key was destroyed")
        return rows.report(self.vault, row) if row else None

    def api_keys(self) -> Iterator[Row]:
        """The applications, oldest first, also those that may not report any more; nothing of their keys."""
        for row in keys.every(self.connection):
            yield _readable({name: value for name, value in row.items() if name != "digest"})

    def knows(self, channel: str) -> bool:
        """Did anything ever come in by a channel of this name?"""
        sql = "SELECT 1 FROM deliveries WHERE channel = ? LIMIT 1"
        return self.connection.execute(sql, (channel,)).fetchone() is not None

    def traffic(self, since: float) -> dict[str, Row]:
        """By channel: when it was last heard, what came in and went out since then, what waits."""
        sql = (
            "SELECT channel, max(received_at) AS last_heard, sum(received_at >= :since) AS came_in,"
            " sum(state = 'received') AS waiting, sum(state = 'quarantined') AS quarantined FROM deliveries GROUP BY 1"
        )
        found = {row["channel"]: row | {"went_out": 0, "due": 0} for row in self._rows(sql, {"since": since})}
        sent = (
            "SELECT channel, sum(state IN ('sent', 'delivered', 'read') AND settled_at >= :since) AS went_out,"
            " sum(state = 'due') AS due, sum(state = 'kept') AS kept FROM replies GROUP BY 1"
        )
        for row in self._rows(sent, {"since": since}):
            found.setdefault(row["channel"], {}).update(row)
        return found

    def _rows(self, sql: str, values: dict[str, Any]) -> Iterator[Row]:
        found = self.connection.execute(sql, values)
        names = [column[0] for column in found.description]
        return (_readable(dict(zip(names, row, strict=True))) for row in found)


def without_pin(text: str) -> str:
    """A PIN opens the words of a report to whoever has it. The words around it are the operator's to change."""
    return _PIN.sub("••••••", text)


def _readable(row: Row) -> Row:
    return row | {name: _iso(row[name]) for name in TIMES if isinstance(row.get(name), float)}


def _iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="seconds")


def _opened(row: Row) -> Row:
    """A report's row with the contents of its data, but not who made it; a mail's id names the sender's host."""
    data = msgspec.json.decode(row["data"])
    data.get("fields", {}).pop("message_id", None)
    hidden = {"reporter", "id", "channel", "received_at", "version", "conversation"}
    return {key: value for key, value in row.items() if key != "data"} | {
        key: value for key, value in data.items() if key not in hidden
    }
