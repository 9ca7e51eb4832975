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

from adapters import Delivery, Message
from gateway.clock import Step
from gateway.health.gap import Gap
from gateway.master import master_key
from gateway.store import (
    answers,
    copies,
    exchanges,
    gaprows,
    images,
    keyring,
    keys,
    notes,
    rows,
    spending,
    traffic,
    upgrade,
    userrows,
)
from gateway.store.blobs import Blobs
from gateway.store.connecting import FILE, open_reader
from gateway.store.contract import NoteRow, ReportRow, Spending, TalkMode
from gateway.store.fetches import Lacking, of_reports
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
    " first_due_at, estimate_at, estimate_reason, coordinate_by, coordinated_at, act_by, acted_at, last_by, assignee,"
    " c.reports, c.reminders,"
    f" (SELECT CASE max({_RANK}) WHEN 2 THEN 'emergency' WHEN 1 THEN 'urgent' END {_REPORTS}) AS urgency,"
    f" (SELECT iif(json_valid(r.data), r.data ->> '$.kinds[0].code', NULL) {_REPORTS} ORDER BY r.seq LIMIT 1) AS kind"
)
_REPLY = (
    'id, channel, "case", report, about, state, key, sealed, created_at, due_at, settled_at, tries, cost, error,'
    " instead_of, nullif(passed_on, '') AS passed_on"
)
_TALK = (
    'id, channel, mode, since, nullif(heard_at, 0) AS heard_at, dialogue, asked, "case", report, why, (SELECT'
    " max(y.created_at) FROM replies y WHERE y.contact = t.contact AND y.talk = t.id AND y.about = 'person')"
    " AS answered_at"
)
_TALKS_OF = f"SELECT {_TALK} FROM talks t"
_FILING = '"case", store, state, number, version, filed_version, since, due_at, filed_at, tries, sent, forget, error'
_OF_CASE = ("opened_at", "due_at", "closed_at", "first_due_at", "estimate_at")
_OF_STEPS = ("coordinate_by", "coordinated_at", "act_by", "acted_at", "last_by", "late_since")
_OF_OTHERS = (
    "received_at",
    "at",
    "created_at",
    "settled_at",
    "last_heard",
    "last_sent",
    "oldest",
    "made_at",
    "revoked_at",
    "disabled_at",
    "since",
    "filed_at",
    "heard_at",
    "answered_at",
    "notice_at",
    "wants_no_news_since",
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
            where += [IS_OPEN, "c.urgency > 0"]
        sql = f"{columns} FROM cases c WHERE {' AND '.join(where)} ORDER BY {order} LIMIT :limit"
        values = {"status": status, "category": category, "area": area, "unit": unit, "limit": limit}
        return self._rows(sql, values | {"now": time.time()})

    def case(self, code: str) -> Row | None:
        return next(self._rows(f"{_CASE} FROM cases c WHERE code = :code", {"code": code}), None)

    def joined_into(self, code: str) -> list[Row]:
        """The cases that were joined into this one."""
        return list(self._rows(f"{_CASE} FROM cases c WHERE joined_into = :code ORDER BY seq", {"code": code}))

    def reporters(self, code: str) -> dict[str, int]:
        """Which reports of a case, and of those joined into it, one person made: numbers by report's id, counted in
        the order in which they reported. What nobody is known for is left out."""
        sql = f"SELECT r.id, r.contact {_REPORTS.replace('c.code', ':code')} ORDER BY r.seq"
        numbers: dict[str, int] = {}
        found = [row for row in self.connection.execute(sql, {"code": code}).fetchall() if row[1]]
        return {report: numbers.setdefault(contact, len(numbers) + 1) for report, contact in found}

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

    def same_photos(self, code: str) -> list[Row]:
        """Where else photos and proofs of a case, and of those joined into it, are: see `gateway.store.images`."""
        joined = [one["code"] for one in self.joined_into(code)]
        return [msgspec.structs.asdict(one) for one in images.of_case(self.connection, code, joined)]

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
        fetches = self.fetches([report["id"]])
        for number, one in enumerate(report.get("attachments", []), 1):
            file = copies.get(self.connection, one.get("digest") or "")
            fetch = fetches.get(one.get("reference") or "")
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
                "fetch": fetch and str(fetch.state),
                "why": fetch and fetch.why,
                "scan": file.scan and str(file.scan) if file else None,
                "signature": file.signature if file else None,
                "with_reports": count,
            }

    def fetches(self, reports: Sequence[str]) -> dict[str, Lacking]:
        """How the files stand that these reports lack, by the name that stands in clear for where they lie."""
        return of_reports(self.connection, reports)

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

    def notes(self, codes: Sequence[str]) -> list[Row]:
        """What officers noted in these cases, oldest first, with personal data masked."""
        return [self._noted(one) for one in notes.of_cases(self.connection, self.vault, codes)]

    def _noted(self, one: NoteRow) -> Row:
        row = {"id": one.id, "case": one.case, "at": one.at, "actor": one.actor, "text": mask(one.text)}
        return _readable(row)

    def drafts(self, code: str, actor: str) -> dict[str, str]:
        """What somebody began to write in a case, by what it is to be; for that person alone."""
        return notes.drafts(self.connection, self.vault, code, actor)

    def case_replies(self, code: str) -> list[Row]:
        """What was said, or is to be, of a case and those joined into it."""
        sql = (
            f'SELECT {_REPLY} FROM replies WHERE "case" = :code'
            ' OR "case" IN (SELECT code FROM cases WHERE joined_into = :code) ORDER BY seq'
        )
        return [self._said(row) for row in self._rows(sql, {"code": code})]

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

    def talks(self, mode: str | None = None, channel: str | None = None, limit: int = 50) -> Iterator[Row]:
        """Talks with the bot, the one that has been so for the shortest time first; those that a person is to go on
        with the other way round."""
        order = "t.since, t.seq" if mode == TalkMode.PERSON else "t.since DESC, t.seq DESC"
        sql = (
            f"SELECT {_TALK} FROM talks t WHERE (:mode IS NULL OR mode = :mode)"
            f" AND (:channel IS NULL OR channel = :channel) ORDER BY {order} LIMIT :limit"
        )
        return self._rows(sql, {"mode": mode, "channel": channel, "limit": limit})

    def talks_about(self, codes: Sequence[str]) -> list[Row]:
        """The talks that are about one of these cases, or about one of their reports."""
        among = "IN (SELECT value FROM json_each(:codes))"
        sql = (
            f'{_TALKS_OF} WHERE t."case" {among} OR t.report IN (SELECT id FROM reports WHERE "case" {among})'
            " ORDER BY t.seq"
        )
        return list(self._rows(sql, {"codes": rows.json(codes)}))

    def talk(self, talk: str) -> Row | None:
        return next(self._rows(f"SELECT {_TALK} FROM talks t WHERE id = :talk", {"talk": talk}), None)

    def answers(self, dialogue: str, since: float = 0.0) -> Iterator[Row]:
        """What was answered in a dialogue, oldest first, opened; by whom is a pseudonym of this dialogue alone."""
        for one in answers.since(self.connection, self.vault, dialogue, since):
            who = self.vault.pseudonym("answers", dialogue, one.contact)[:12]
            yield _readable({"at": one.at, "channel": one.channel, "who": who}) | {"answers": one.answers}

    def said_in(self, talk: str) -> list[Row]:
        """What was said in a talk, in order: rows of deliveries (with `seq`) and of replies, each with its `moment` in
        seconds. The deliveries are to be parsed again to be read, and may hold messages of others, or of another
        conversation with the same person."""
        messages = (
            "SELECT DISTINCT d.seq, d.channel, d.received_at, d.received_at AS moment FROM talks t JOIN messages m"
            " ON m.contact = t.contact AND m.channel = t.channel JOIN deliveries d ON d.seq = m.seq"
            " WHERE t.id = :talk AND d.key IS NOT NULL"
        )
        replies = (
            f"SELECT {_REPLY}, created_at AS moment FROM replies WHERE (contact, channel) ="
            " (SELECT contact, channel FROM talks WHERE id = :talk) AND coalesce(talk, :talk) = :talk"
        )
        said = [*self._rows(messages, {"talk": talk}), *map(self._said, self._rows(replies, {"talk": talk}))]
        return sorted(said, key=lambda row: float(row["moment"]))

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

    def is_talk(self, message: Message, pieces: int) -> bool:
        """Did a known message lead to no report, or to one that more than so many messages made?"""
        name = rows.message_name(self.vault, message.channel, message.id)
        sql = (
            "SELECT (SELECT count(*) FROM messages o WHERE o.report = m.report AND NOT o.is_file) FROM messages m"
            " WHERE m.channel = ? AND m.id = ?"
        )
        found = self.connection.execute(sql, (message.channel, name)).fetchone()
        return found is not None and not 1 <= found[0] <= pieces

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

    def users(self) -> Iterator[Row]:
        """Who may come in to the pages, by name; nothing of what they come in by but whether there is."""
        for user in userrows.users(self.connection, self.vault):
            row = msgspec.structs.asdict(user.account) | {"made_at": user.made_at, "mail": user.mail}
            yield _readable(row | {"password": bool(user.password), "app": bool(user.totp)})

    def knows(self, channel: str) -> bool:
        """Did anything ever come in by a channel of this name?"""
        sql = "SELECT 1 FROM deliveries WHERE channel = ? LIMIT 1"
        return self.connection.execute(sql, (channel,)).fetchone() is not None

    def traffic(self, since: float) -> dict[str, Row]:
        """By channel: when it was last heard, what came in and went out since then, what waits."""
        return {row["channel"]: _readable(row) for row in traffic.traffic(self.connection, since)}

    def exchanges(self, channel: str, since: float = 0.0, failed: bool = False, limit: int = 50) -> Iterator[Row]:
        """What was done with a channel's provider since then, the newest first."""
        return map(_readable, exchanges.of_channel(self.connection, channel, since, failed, limit))

    def exchanges_of_reply(self, reply: str) -> Iterator[Row]:
        """Those by which a reply was sent, or failed to be, oldest first."""
        return map(_readable, exchanges.of_reply(self.connection, reply))

    def exchanges_of_report(self, report: str) -> Iterator[Row]:
        """Those by which the messages of a report came in, oldest first."""
        return map(_readable, exchanges.of_report(self.connection, report))

    def spent(self, month: str) -> list[Spending]:
        """What each channel spent in a month of UTC ("2026-11"), by what its provider charges for."""
        return spending.of_month(self.connection, month)

    def gaps(self, channel: str, limit: int) -> list[Gap]:
        """The reports of a channel's outages, the newest first."""
        return list(gaprows.gaps(self.connection, "channel = ? ORDER BY began DESC LIMIT ?", (channel, limit)))

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
