"""Between the contract's structs and SQLite's rows. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import msgspec

from adapters import Delivery
from gateway.store.contract import (
    CaseRow,
    Claimed,
    HistoryRow,
    Link,
    MessageRow,
    PartRow,
    ReplyRow,
    ReplyState,
    ReportRow,
    TimerRow,
)
from normalizer.report import Report

Row = tuple[Any, ...]

#: The content type of the internal deliveries that timers become.
TIMER = "application/vnd.kanal.timer"

DELIVERY = ("channel", "id", "received_at", "content_type", "headers", "size", "body", "blob")
DELIVERY_COLUMNS = "seq, tries, channel, id, received_at, content_type, headers, body, blob"
MESSAGE = ("channel", "id", "seq", "report")
CASE = ("code", "status", "opened_at", "due_at", "what", "where", "unit", "joined_into", "closed_at")
CASE_COLUMNS = ", ".join(f'c."{name}"' for name in CASE)
REPORT = (
    "id",
    "channel",
    "contact",
    "case",
    "received_at",
    "version",
    "judged_version",
    "pin_hash",
    "data",
    "fingerprint",
)
REPORT_COLUMNS = 'r.data, r."case", r.fingerprint, r.pin_hash'
LINK = ("report", "kind", "other", "score", "reasons", "actor", "at")
HISTORY = ("case", "at", "event", "actor", "detail")
PART = ("channel", "reference", "number", "of", "seq", "message", "at")
TIMER_COLUMNS = ("id", "channel", "due_at", "body")
REPLY = tuple(name for name in ReplyRow.__struct_fields__)
REPLY_COLUMNS = ", ".join(f'r."{name}"' for name in REPLY)

_json = msgspec.json.Encoder()
_report = msgspec.json.Decoder(Report)
_strings = msgspec.json.Decoder(dict[str, str])
_list = msgspec.json.Decoder(tuple[str, ...])


def text(value: str) -> str:
    """A string that every store can keep: lone surrogates become escapes."""
    return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()


def identity(value: str) -> str:
    """An id that every store can keep; different ids stay different."""
    kept = text(value)
    return kept if kept == value else f"{kept}#{sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"


def json(value: Mapping[str, str] | Sequence[str]) -> str:
    """JSON without lone surrogates."""
    try:
        return _json.encode(value).decode()
    except ValueError:
        if isinstance(value, Mapping):
            return _json.encode({text(name): text(content) for name, content in value.items()}).decode()
        return _json.encode([text(content) for content in value]).decode()


def delivery(new: Delivery, blob: str | None) -> Row:
    headers = json(new.headers) if new.headers else "{}"
    return (
        new.channel,
        identity(new.id),
        new.received_at.timestamp(),
        text(new.content_type),
        headers,
        len(new.body),
        None if blob else new.body,
        blob,
    )


def fired(timer: str, channel: str, due_at: float, body: bytes, now: float) -> Row:
    return (channel, f"timer:{timer}:{due_at}", now, TIMER, "{}", len(body), body, None)


def claimed(row: Row, bodies: dict[str, bytes | None]) -> Claimed:
    seq, tries, channel, id_, received_at, content_type, headers, body, blob = row
    found = bodies[blob] if blob else body
    return Claimed(
        seq,
        tries,
        Delivery(
            id=id_,
            channel=channel,
            received_at=datetime.fromtimestamp(received_at, UTC),
            body=found or b"",
            content_type=content_type,
            headers=_strings.decode(headers),
        ),
        lost=blob is not None and found is None,
    )


def message(new: MessageRow) -> Row:
    return (new.channel, identity(new.id), new.seq, new.report)


def case_row(new: CaseRow) -> Row:
    return (
        new.code,
        new.status,
        new.opened_at,
        new.due_at,
        new.what,
        new.where,
        new.unit,
        new.joined_into,
        new.closed_at,
    )


def case(row: Row) -> CaseRow:
    return CaseRow(**dict(zip(CASE, row, strict=True)))


def report_row(new: ReportRow) -> Row:
    made = new.report
    return (
        made.id,
        made.channel,
        made.reporter,
        new.case,
        made.received_at.timestamp(),
        made.version,
        made.judged_version,
        new.pin_hash,
        _json.encode(made).decode(),
        new.fingerprint,
    )


def report(row: Row) -> ReportRow:
    return ReportRow(report=_report.decode(row[0]), case=row[1], fingerprint=row[2] or b"", pin_hash=row[3])


def link(new: Link) -> Row:
    return (new.report, new.kind, new.other, new.score, json(new.reasons), new.actor, new.at)


def history(new: HistoryRow) -> Row:
    return (new.case, new.at, new.event, new.actor, json(new.detail))


def part_row(new: PartRow) -> Row:
    return (new.channel, new.reference, new.number, new.of, new.seq, new.message, new.at)


def part(row: Row) -> PartRow:
    return PartRow(**dict(zip(PART, row, strict=True)))


def timer(new: TimerRow) -> Row:
    return (new.id, new.channel, new.due_at, new.body)


def reply_row(new: ReplyRow) -> Row:
    values = [getattr(new, name) for name in REPLY]
    values[REPLY.index("references")] = json(new.references)
    return tuple(values)


def reply(row: Row) -> ReplyRow:
    values = dict(zip(REPLY, row[: len(REPLY)], strict=True))
    values["references"] = _list.decode(values["references"] or "[]")
    values["state"] = ReplyState(values["state"])
    values["public"] = bool(values["public"])
    return ReplyRow(**values)
