"""An account of all that is kept about one person, in plain words, for that person to read.

What is others' is left out: their messages, which may have come in one delivery with the person's, and their reports
of the same incident.
"""

import sqlite3
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from gateway.bot.state import Memory, State
from gateway.store import answers, audit, copies, full, imports, notes, rows, talks
from gateway.store.blobs import Blobs
from gateway.store.contract import Contact
from gateway.store.opening import opened
from gateway.store.person import Person, Progress
from gateway.store.views import TIMES, without_pin
from gateway.vault import CannotOpen, Vault

Row = dict[str, Any]
_memory = msgspec.msgpack.Decoder(Memory)
Sections = Mapping[str, Iterator[Row]]

_CASE = (
    "SELECT code, status, opened_at, due_at, first_due_at, estimate_at, estimate_reason, closed_at, category, area,"
    ' unit, what, "where", joined_into FROM cases WHERE code = ?'
)
_HISTORY = 'SELECT at, event, actor, detail FROM history WHERE "case" = ? ORDER BY seq'
_FILINGS = (
    "SELECT store AS case_store, number, sent AS what, filed_at FROM filings"
    " WHERE \"case\" = ? AND sent <> '' ORDER BY seq"
)
_LINKS = "SELECT kind, score, reasons, actor, at FROM links WHERE report = ? ORDER BY seq"
_REPLY = (
    'SELECT id, channel, "case", about, state, created_at, settled_at, tries, cost, error, key, sealed, receipt'
    " FROM replies WHERE id = ?"
)
_DELIVERY = "SELECT seq AS number, channel, received_at, size, state, stage, reason FROM deliveries WHERE seq = ?"
_STOPPED = "SELECT at AS wants_no_news_since FROM stopped WHERE contact = ?"
_GONE = "SELECT channel, at AS since FROM gone WHERE contact = ?"
_PIECE = "SELECT channel, number, of, at FROM parts WHERE channel = ? AND reference = ? AND number = ?"
_OF_TALK = ("id", "channel", "mode", "since", "heard_at", "dialogue", "asked", "case", "report", "why")
#: What a case is about is told by its first report.
_FIRST = 'SELECT id FROM reports WHERE "case" = ? ORDER BY seq LIMIT 1'
_REPORTS = 'SELECT id FROM reports WHERE "case" = ?1 OR "case" IN (SELECT code FROM cases WHERE joined_into = ?1)'
OF_OTHERS = "left out: another person's words"
OTHERS = "it holds messages of other people too"
UNSURE = "it names the person, but nobody knows whose it is"


class Account:
    """Reads one thing after the other, as it is asked for. `progress` is told of each delivery."""

    def __init__(self, connection: sqlite3.Connection, vault: Vault, blobs: Blobs, progress: Progress) -> None:
        self._connection = connection
        self._vault = vault
        self._blobs = blobs
        self._progress = progress

    def of(self, person: Person) -> Sections:
        """By what it is: who the person is, what came in and went out, what became of it, and who looked at it."""
        return {
            "person": map(self._person, person.contacts),
            "reports": map(self._report, person.reports),
            "cases": (self._case(code, person) for code in person.cases),
            "replies": map(self._reply, person.replies),
            "talks": map(self._talk, person.talks),
            "answers": map(self._answered, person.answers),
            "notes": (note for code in person.cases for note in self._notes(code, person)),
            "rows_of_tables": self._rows_of_tables(person),
            "deliveries": self._deliveries(person),
            "deliveries_that_name_the_person": (self._named(seq) for seq in person.mentions),
            "pieces_that_wait_for_others": (row for part in person.parts for row in self._rows(_PIECE, *part)),
            "looks": self._looks(person.names()),
        }

    def _person(self, contact: Contact) -> Row:
        stopped = self._rows(_STOPPED, contact.id)
        gone = self._rows(_GONE, contact.id)
        return _who(contact) | (stopped[0] if stopped else {}) | ({"not_reached_by": gone} if gone else {})

    def _report(self, identity: str) -> Row:
        sql = f"SELECT {rows.REPORT_COLUMNS} FROM reports r WHERE r.id = ?"
        found = self._connection.execute(sql, (identity,)).fetchone()
        try:
            kept = rows.report(self._vault, found)
        except CannotOpen:
            return {"id": identity, "gone": "it is damaged on the disk"}
        links = [row | {"reasons": msgspec.json.decode(row["reasons"])} for row in self._rows(_LINKS, identity)]
        words: Row = msgspec.to_builtins(kept.report)
        also = [_who(one) for one in full.also(self._connection, self._vault, identity)]
        shown = list(self._copies(identity))
        return {"case": kept.case} | words | {"also_reached_at": also, "compared_with_others": links, "copies": shown}

    def _copies(self, report: str) -> Iterator[Row]:
        """Of the photos that came with it, as others may see them."""
        for file in copies.owned_by(self._connection, report):
            if content := copies.opened(self._vault, self._blobs, file):
                yield {"media_type": "image/jpeg", "base64": b64encode(content).decode()}

    def _case(self, code: str, person: Person) -> Row:
        (case,) = self._rows(_CASE, code)
        first = self._connection.execute(_FIRST, (code,)).fetchone()
        if first and first[0] not in person.reports:
            case |= {"what": OF_OTHERS, "where": OF_OTHERS}
        history = [row | {"detail": msgspec.json.decode(row["detail"])} for row in self._rows(_HISTORY, code)]
        own = [row for row in history if row["detail"].get("report", person.reports[0]) in person.reports]
        outside = self._rows(_FILINGS, code)
        return case | {"history": own} | ({"passed_on_to": outside} if outside else {})

    def _reply(self, identity: str) -> Row:
        (reply,) = self._rows(_REPLY, identity)
        key, sealed, receipt = (reply.pop(name) for name in ("key", "sealed", "receipt"))
        try:
            letter = rows.opened_letter(self._vault, identity, key, sealed)
            external_id = rows.opened_receipt(self._vault, identity, key, receipt)
        except CannotOpen:
            return reply | {"gone": "it is damaged on the disk"}
        return reply | {"external_id": external_id, "subject": letter.subject, "text": without_pin(letter.text)}

    def _talk(self, identity: str) -> Row:
        talk = talks.by_id(self._connection, self._vault, [identity])[identity]
        clear = msgspec.to_builtins(talk)
        row = _timed({name: clear[name] for name in _OF_TALK})
        return row | (_remembered(talk.memory) if talk.memory else {"gone": "it is damaged on the disk"})

    def _answered(self, identity: str) -> Row:
        """In a dialogue that keeps answers to count them."""
        found = answers.by_id(self._connection, self._vault, identity)
        if found is None:
            return {"id": identity, "gone": "it is damaged on the disk"}
        return _timed({name: getattr(found, name) for name in ("id", "dialogue", "channel", "at", "answers")})

    def _notes(self, code: str, person: Person) -> Iterator[Row]:
        """What officers noted, unless it may be about others who reported the same."""
        whose = self._connection.execute(_REPORTS, (code,)).fetchall()
        is_shared = any(report not in person.reports for (report,) in whose)
        for one in notes.of_cases(self._connection, self._vault, [code]):
            row = _timed({"id": one.id, "case": code, "at": one.at, "by": one.actor})
            yield row | ({"left_out": OF_OTHERS} if is_shared else {"text": one.text})

    def _rows_of_tables(self, person: Person) -> Iterator[Row]:
        """Of those that are being imported."""
        addresses = [one.value for one in person.contacts if one.kind in {"phone", "email"}]
        return map(_timed, imports.rows_of(self._connection, self._vault, addresses))

    def _deliveries(self, person: Person) -> Iterator[Row]:
        shared = set(person.shared)
        for done, seq in enumerate(person.deliveries, 1):
            yield self._delivery(seq, left_out=OTHERS if seq in shared else "")
            self._progress("deliveries", done, len(person.deliveries))

    def _named(self, seq: int) -> Row:
        return self._delivery(seq, left_out=UNSURE)

    def _delivery(self, seq: int, left_out: str) -> Row:
        (row,) = self._rows(_DELIVERY, seq)
        if left_out:
            return row | {"left_out": left_out}
        try:
            delivery = opened(self._connection, self._vault, self._blobs, seq)
        except CannotOpen as gone:
            return row | {"gone": str(gone)}
        inside = {"id": delivery.id, "content_type": delivery.content_type, "headers": delivery.headers}
        return row | inside | _readable(delivery.body)

    def _looks(self, names: set[str]) -> Iterator[Row]:
        for entry in audit.entries(self._connection, self._vault, newest=False):
            if about := audit.concerned(entry["about"], names):
                yield {name: entry[name] for name in ("at", "actor", "action", "why")} | {"about": about}

    def _rows(self, sql: str, *values: Any) -> list[Row]:
        found = self._connection.execute(sql, values)
        names = [column[0] for column in found.description]
        return [_timed(dict(zip(names, row, strict=True))) for row in found]


def _who(contact: Contact) -> Row:
    return {"id": contact.id, "kind": contact.kind, "address": contact.value, "name": contact.name}


def _remembered(memory: bytes) -> Row:
    """What the bot remembers of a talk."""
    known = _memory.decode(memory)
    under_way = [_answers(state) for state in (known.last, known.state) if state]
    return {"language": known.language, "dialogues": under_way}


def _answers(state: State) -> Row:
    written = {answer.name: answer.written for answer in state.answers if answer.written}
    notice = {} if state.notice_at is None else {"notice_at": state.notice_at}
    return {"dialogue": state.dialogue, "words": state.talk.words, "answers": written} | _timed(notice)


def _readable(body: bytes) -> Row:
    try:
        return {"text": body.decode()}
    except UnicodeDecodeError:
        return {"base64": b64encode(body).decode()}


def _timed(row: Row) -> Row:
    return row | {
        name: datetime.fromtimestamp(row[name], UTC).isoformat(timespec="seconds")
        for name in TIMES
        if isinstance(row.get(name), float)
    }
