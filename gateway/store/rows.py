"""Between the contract's structs and SQLite's rows: what tells who or in which words is sealed. Pure, but for keys."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import msgspec

from adapters import Choice, Delivery
from gateway.store.contract import (
    Also,
    CaseChange,
    CaseRow,
    Claimed,
    Contact,
    HistoryRow,
    Link,
    MessageRow,
    NoticeRow,
    PartRow,
    ReplyRow,
    ReplyState,
    ReportRow,
    TimerRow,
)
from gateway.vault import CannotOpen, DataKey, Vault
from normalizer.persons.masking import masked
from normalizer.report import TAKEN_BACK, Report

Row = tuple[Any, ...]

#: The content type of the internal deliveries that timers become.
TIMER = "application/vnd.kanal.timer"
#: The content type of the internal deliveries that fetched files become.
MEDIA = "application/vnd.kanal.media"
#: The content type of the internal deliveries that words become which a provider had left out.
WORDS = "application/vnd.kanal.words"
#: What the gateway alone may put there: nothing of it comes from outside.
INTERNAL = frozenset({TIMER, MEDIA, WORDS})
#: The stage of deliveries that were settled and are processed again.
REPLAYED = "replay"

#: `own`: the gateway put it there itself, so nobody was heard.
DELIVERY = ("channel", "id", "received_at", "size", "own", "key", "sealed", "blob")
DELIVERY_COLUMNS = "seq, tries, channel, id, received_at, key, sealed, stage, blob"
MESSAGE = ("channel", "id", "seq", "report", "contact", "replaces", "is_file")
CONTACT = ("id", "key", "sealed")
ALSO = ("report", "contact")
CASE = CaseRow.__struct_fields__
#: What a `CaseChange` may change, but for the status.
CHANGEABLE = tuple(name for name in CaseChange.__struct_fields__ if name not in {"code", "expected", "status"})
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
    "app",
    "public",
    "key",
    "sealed",
)
REPORT_COLUMNS = 'r.id, r.data, r."case", r.fingerprint, r.pin_hash, r.public, r.key, r.sealed'
LINK = ("report", "kind", "other", "score", "reasons", "actor", "at")
HISTORY = ("case", "at", "event", "actor", "detail")
NOTICE = NoticeRow.__struct_fields__
PART = ("channel", "reference", "number", "of", "seq", "at", "key", "sealed")
PART_COLUMNS = "channel, reference, number, of, seq, at, key, sealed"
TIMER_COLUMNS = ("id", "channel", "due_at", "key", "sealed")
_SEALED_OF_REPLY = ("text", "conversation", "subject", "in_reply_to", "references", "choices")
_REPLY = tuple(name for name in ReplyRow.__struct_fields__ if name not in _SEALED_OF_REPLY)
REPLY = (*_REPLY, "key", "sealed")
#: A reply `r` that nothing said earlier to the same contact has to go before. What was never tried and is due later,
#: as news at night are, holds nothing back.
FIRST_IN_LINE = (
    "NOT EXISTS (SELECT 1 FROM replies e WHERE e.contact = r.contact AND e.channel = r.channel AND e.seq < r.seq"
    " AND (e.state = 'sending' OR e.state = 'due' AND (e.tries > 0 OR e.due_at <= max(r.due_at, r.created_at))))"
)
REPLY_COLUMNS = ", ".join(f'r."{name}"' for name in REPLY)

_json = msgspec.json.Encoder()
_pack = msgspec.msgpack.Encoder().encode
_report = msgspec.json.Decoder(Report)
_strings = msgspec.json.Decoder(dict[str, str])


class _Inside(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed of a delivery. `body` is None where it is a file, sealed with the same key."""

    id: str
    content_type: str
    headers: dict[str, str]
    body: bytes | None


class _Person(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed of a contact."""

    kind: str
    value: str
    name: str | None


class _Letter(msgspec.Struct, frozen=True, array_like=True):
    """What is sealed of a reply."""

    text: str
    conversation: str
    subject: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    choices: tuple[Choice, ...] = ()


class _Reference(msgspec.Struct, frozen=True):
    reference: str


class _Piece(msgspec.Struct, frozen=True):
    """What is read of a piece's `Message`."""

    part: _Reference


_inside = msgspec.msgpack.Decoder(_Inside)
_person = msgspec.msgpack.Decoder(_Person)
_letter = msgspec.msgpack.Decoder(_Letter)
_piece = msgspec.json.Decoder(_Piece)


def text(value: str) -> str:
    """A string that every store can keep: lone surrogates become escapes."""
    return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()


def json(value: Mapping[str, str] | Sequence[str]) -> str:
    """JSON without lone surrogates."""
    try:
        return _json.encode(value).decode()
    except ValueError:
        if isinstance(value, Mapping):
            return _json.encode({text(name): text(content) for name, content in value.items()}).decode()
        return _json.encode([text(content) for content in value]).decode()


def about(what: str, *names: str) -> bytes:
    """What a sealed value is bound to: it opens nowhere else."""
    return "\0".join((what, *names)).encode("utf-8", "surrogatepass")


def delivery_name(vault: Vault, channel: str, identity: str) -> str:
    return vault.pseudonym("delivery", channel, identity)


def message_name(vault: Vault, channel: str, identity: str) -> str:
    return vault.pseudonym("message", channel, identity)


def reference_name(vault: Vault, channel: str, reference: str) -> str:
    return vault.pseudonym("part", channel, reference)


def delivery(vault: Vault, new: Delivery, key: DataKey | None = None, blob: str | None = None) -> Row:
    """`key` is given where the body was sealed with it into a file already."""
    key = key or vault.new()
    name = delivery_name(vault, new.channel, new.id)
    inside = _Inside(text(new.id), text(new.content_type), new.headers, None if blob else new.body)
    try:
        packed = _pack(inside)
    except UnicodeEncodeError:
        headers = {text(header): text(value) for header, value in new.headers.items()}
        packed = _pack(msgspec.structs.replace(inside, headers=headers))
    sealed = key.seal(packed, about("delivery", new.channel, name))
    own = new.content_type in INTERNAL
    return (new.channel, name, new.received_at.timestamp(), len(new.body), own, key.wrapped, sealed, blob)


def body_about(channel: str, name: str) -> bytes:
    """What a body that is a file is bound to."""
    return about("body", channel, name)


def opened_delivery(vault: Vault, row: Row, bodies: Mapping[str, bytes | None]) -> Delivery:
    """`bodies` are the sealed contents of the files, by their names."""
    _, _, channel, name, received_at, wrapped, sealed, _, blob = row
    key = vault.key(wrapped)
    inside = _inside.decode(key.open(sealed, about("delivery", channel, name)))
    body = inside.body
    if blob and (found := bodies[blob]) is not None:
        body = key.open(found, body_about(channel, name))
    return Delivery(
        id=inside.id,
        channel=channel,
        received_at=datetime.fromtimestamp(received_at, UTC),
        body=body or b"",
        content_type=inside.content_type,
        headers=inside.headers,
    )


def claimed(vault: Vault, row: Row, bodies: Mapping[str, bytes | None]) -> Claimed:
    """For one more try. What cannot be opened any more, since the disk changed it, is lost like a body that is
    missing."""
    seq, tries, channel, name, received_at, _, _, stage, blob = row
    try:
        opened = opened_delivery(vault, row, bodies)
        lost = bool(blob) and bodies[blob] is None
        return Claimed(seq, tries + 1, opened, lost, replayed=stage == REPLAYED)
    except CannotOpen:
        at = datetime.fromtimestamp(received_at, UTC)
        return Claimed(seq, tries + 1, Delivery(id=name, channel=channel, received_at=at, body=b""), lost=True)


def fired(vault: Vault, timer: str, channel: str, due_at: float, body: bytes, now: float) -> Row:
    """A timer's delivery. A time is fired once, however often it is asked for."""
    at = datetime.fromtimestamp(now, UTC)
    new = Delivery(id=f"timer:{timer}:{due_at}", channel=channel, received_at=at, body=body, content_type=TIMER)
    return delivery(vault, new)


def message(vault: Vault, new: MessageRow) -> Row:
    replaces = new.replaces and message_name(vault, new.channel, new.replaces)
    name = message_name(vault, new.channel, new.id)
    return (new.channel, name, new.seq, new.report, new.contact, replaces, new.is_file)


def contact_row(vault: Vault, new: Contact) -> Row:
    key = vault.new()
    person = _Person(new.kind, text(new.value), text(new.name) if new.name else new.name)
    return (new.id, key.wrapped, key.seal(_pack(person), about("contact", new.id)))


def contact(vault: Vault, row: Row) -> Contact:
    identity, wrapped, sealed = row
    person = _person.decode(vault.key(wrapped).open(sealed, about("contact", identity)))
    return Contact(identity, person.kind, person.value, person.name)


def readable_contact(vault: Vault, row: Row) -> Contact | None:
    """None where nobody is known, or can be opened any more."""
    identity, key, _ = row
    try:
        return contact(vault, row) if identity and key else None
    except CannotOpen:
        return None


def also(new: Also) -> Row:
    return (new.report, new.contact)


def case_row(new: CaseRow) -> Row:
    return msgspec.structs.astuple(new)


def case(row: Row) -> CaseRow:
    return CaseRow(**dict(zip(CASE, row, strict=True)))


def report_row(vault: Vault, new: ReportRow) -> Row:
    made = new.report
    key = vault.new()
    data, sealed = words(key, made, new.masked or masked(made))
    return (
        made.id,
        made.channel,
        made.reporter,
        new.case,
        made.received_at.timestamp(),
        made.version,
        made.judged_version,
        new.pin_hash,
        data,
        new.fingerprint,
        new.app,
        not made.confidentiality.private and TAKEN_BACK.isdisjoint(made.triage),
        key.wrapped,
        sealed,
    )


def words(key: DataKey, full: Report, in_clear: Report) -> tuple[str, bytes]:
    """What a report says, as it stands in clear and sealed."""
    return _json.encode(in_clear).decode(), key.seal(_json.encode(full), about("report", full.id))


def report(vault: Vault, row: Row) -> ReportRow:
    """With all its words, unless their key was destroyed. It is private also where its case was hidden since, and what
    was promised stands in clear, where it may have become more."""
    identity, data, case_code, fingerprint, pin_hash, public, wrapped, sealed = row
    in_clear = _report.decode(data)
    full = _report.decode(vault.key(wrapped).open(sealed, about("report", identity))) if wrapped else in_clear
    full = msgspec.structs.replace(full, confidentiality=in_clear.confidentiality)
    if not public:
        full, in_clear = _private(full), _private(in_clear)
    return ReportRow(report=full, masked=in_clear, case=case_code, fingerprint=fingerprint or b"", pin_hash=pin_hash)


def _private(report: Report) -> Report:
    return msgspec.structs.replace(
        report, confidentiality=msgspec.structs.replace(report.confidentiality, private=True)
    )


def readable_report(vault: Vault, row: Row) -> tuple[ReportRow, bool]:
    """With all its words and True; what the disk damaged with those that stand in clear, and False."""
    try:
        return report(vault, row), True
    except CannotOpen:
        return report(vault, (*row[:-2], None, None)), False


def link(new: Link) -> Row:
    return (new.report, new.kind, new.other, new.score, json(new.reasons), new.actor, new.at)


def history(new: HistoryRow) -> Row:
    return (new.case, new.at, new.event, new.actor, json(new.detail))


def notice(new: NoticeRow) -> Row:
    return msgspec.structs.astuple(new)


def past(row: Row) -> HistoryRow:
    case, at, event, actor, detail = row
    return HistoryRow(case=case, at=at, event=event, actor=actor, detail=_strings.decode(detail))


def part_row(vault: Vault, new: PartRow) -> Row:
    key = vault.new()
    reference = reference_name(vault, new.channel, new.reference)
    sealed = key.seal(new.message, _about_part(new.channel, reference, new.number))
    return (new.channel, reference, new.number, new.of, new.seq, new.at, key.wrapped, sealed)


def parts(vault: Vault, found: Iterable[Row], reference: str = "") -> list[PartRow]:
    """But for those that the disk damaged. Their reference, if it is not given, is the one within them."""
    opened: list[PartRow] = []
    for row in found:
        with suppress(CannotOpen):
            opened.append(_part(vault, row, reference))
    return opened


def _part(vault: Vault, row: Row, reference: str) -> PartRow:
    channel, name, number, of, seq, at, wrapped, sealed = row
    content = vault.key(wrapped).open(sealed, _about_part(channel, name, number))
    told = reference or _piece.decode(content).part.reference
    return PartRow(channel=channel, reference=told, number=number, of=of, seq=seq, message=content, at=at)


def _about_part(channel: str, reference: str, number: int) -> bytes:
    return about("part", channel, reference, str(number))


def timer(vault: Vault, new: TimerRow) -> Row:
    key, name = vault.new(), vault.pseudonym("timer", new.id)
    return (name, new.channel, new.due_at, key.wrapped, key.seal(new.body, about("timer", name)))


def timer_body(vault: Vault, name: str, wrapped: bytes, sealed: bytes) -> bytes:
    return vault.key(wrapped).open(sealed, about("timer", name))


def reply_row(vault: Vault, new: ReplyRow) -> Row:
    key = vault.new()
    letter = _Letter(new.text, new.conversation, new.subject, new.in_reply_to, new.references, new.choices)
    sealed = key.seal(_pack(letter), about("reply", new.id))
    return (*(getattr(new, name) for name in _REPLY), key.wrapped, sealed)


def reply(vault: Vault, row: Row) -> ReplyRow:
    values = dict(zip(REPLY, row, strict=True))
    letter = opened_letter(vault, values["id"], values.pop("key"), values.pop("sealed"))
    return ReplyRow(
        **values
        | msgspec.structs.asdict(letter)
        | {"state": ReplyState(values["state"]), "public": bool(values["public"])}
    )


def receipt_name(vault: Vault, channel: str, external_id: str) -> str:
    """What a channel's own id of a reply is looked up by."""
    return vault.pseudonym("receipt", channel, external_id)


def receipt(vault: Vault, reply_id: str, wrapped: bytes, external_id: str) -> bytes:
    """A channel's own id of a reply, sealed with the reply's key."""
    return vault.key(wrapped).seal(external_id.encode("utf-8", "surrogatepass"), about("receipt", reply_id))


def opened_receipt(vault: Vault, reply_id: str, wrapped: bytes | None, sealed: bytes | None) -> str | None:
    if wrapped is None or sealed is None:
        return None
    return text(vault.key(wrapped).open(sealed, about("receipt", reply_id)).decode("utf-8", "surrogatepass"))


def opened_letter(vault: Vault, reply_id: str, wrapped: bytes | None, sealed: bytes) -> _Letter:
    """What a reply says; nothing, if its key was destroyed."""
    if wrapped is None:
        return _Letter("", "", None, None, ())
    return _letter.decode(vault.key(wrapped).open(sealed, about("reply", reply_id)))
