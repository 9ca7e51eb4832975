"""What is said between Kanal and a case store of the kind `http`, as JSON. Its schema is `config/webhook.schema.json`.

Times are ISO 8601 with their zone, dates YYYY-MM-DD, contents of files in base64.
"""

import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime
from hashlib import sha256
from typing import Annotated, NamedTuple

import msgspec
from msgspec import Meta

from gateway.cases import Status
from gateway.casestore.contract import Amendment, Forget, News, OutgoingCase, OutgoingFile, OutgoingReport
from normalizer.report import ReportPlace


class SentPlace(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where it is: a pin (WGS 84, accuracy in metres) or words, or both."""

    latitude: float | None = None
    longitude: float | None = None
    accuracy_m: float | None = None
    words: str | None = None


class SentFile(msgspec.Struct, frozen=True):
    """A photo, without what its camera noted in it; `sha256` is of `content`, in hex."""

    name: str
    media_type: str
    sha256: str
    content: bytes


class SentAddress(msgspec.Struct, frozen=True):
    """Where somebody is reached: `kind` is "phone" (E.164), "email" or another."""

    kind: str
    value: str


class SentReporter(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who reported; there only where a rule of ours says so."""

    addresses: tuple[SentAddress, ...]
    name: str | None = None


class SentReport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One report. `key` names it in this version; personal data in `text` and `subject` are masked unless a rule of
    ours says otherwise."""

    key: str
    channel: str
    text: str
    received_at: datetime
    anonymous: bool
    confidential: bool
    private: bool
    reported_at: datetime | None = None
    subject: str | None = None
    language: str | None = None
    place: SentPlace | None = None
    files: tuple[SentFile, ...] = ()
    reporter: SentReporter | None = None


class SentCase(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A case as it stands now. `code` is what citizens know it by; `category` and `area` (Kemendagri) are codes."""

    code: str
    version: int
    status: Status
    opened_at: datetime
    due_at: datetime
    reports: tuple[SentReport, ...] = ()
    category: str | None = None
    area: str | None = None
    unit: str | None = None
    place: SentPlace | None = None


class Ping(msgspec.Struct, frozen=True, tag_field="type", tag="ping"):
    """Answer 200: nothing is to be done."""


class Case(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="case", omit_defaults=True):
    """A new case, with all its reports. Where we have no answer it is said again with the same `key`: it is the same
    case, though it may have grown by reports, each known by its own `key`. `token` is what an earlier answer held
    instead of a number."""

    key: str
    case: SentCase
    token: str | None = None


class Change(msgspec.Struct, frozen=True, kw_only=True, tag_field="type", tag="change", omit_defaults=True):
    """What is new of the case `number`. `case` is how it stands now, `new` are the reports that were not told yet, in
    this version. `joined_into` is the number of the case that it was found to be one with. With `forget` another than
    "nothing", whatever was said before is to be destroyed, and what stays is in `case`, its reports included."""

    key: str
    number: str
    case: SentCase
    new: tuple[SentReport, ...] = ()
    joined_into: str | None = None
    forget: Forget = Forget.NOTHING


class Confirm(msgspec.Struct, frozen=True, tag_field="type", tag="confirm"):
    """Which of these numbers do you not know?"""

    numbers: tuple[str, ...]


Sent = Ping | Case | Change | Confirm


class Numbered(msgspec.Struct, frozen=True):
    """The answer to a case or a change: its number; or for the time being a token, with which we ask again after so
    many seconds."""

    number: str | None = None
    token: str | None = None
    after: float = 30.0


class Missing(msgspec.Struct, frozen=True):
    """The answer to `confirm`: those that are not known."""

    missing: tuple[str, ...]


class Piece(msgspec.Struct, frozen=True, kw_only=True):
    """News of one case, named by your `number` or our `code`. `id` is yours: the same news told again has the same.
    What is left out stays as it is; `order` grows with each piece of news on one case, if it is there at all; else the
    newest `at` wins. `note` is told to the reporters, `proof` is a photo that shows the work, as media of at most some
    megabytes."""

    id: Annotated[str, Meta(min_length=1, max_length=200)]
    at: datetime
    number: Annotated[str, Meta(max_length=200)] = ""
    code: Annotated[str, Meta(max_length=200)] = ""
    status: Status | None = None
    unit: Annotated[str, Meta(max_length=200)] | None = None
    estimate: date | None = None
    note: Annotated[str, Meta(max_length=4000)] | None = None
    proof: bytes | None = None
    order: int | None = None


class _Envelope(msgspec.Struct, frozen=True):
    """`Told`, with its pieces unread."""

    news: Annotated[tuple[msgspec.Raw, ...], Meta(max_length=1000)]
    cursor: str | None = None


class Heard(NamedTuple):
    """What is told: the news that fit the schema, and what is wrong with the others, without what stands there."""

    news: list[News]
    wrong: list[str]
    cursor: str | None


class Told(msgspec.Struct, frozen=True):
    """What you tell us, or answer when we ask: `cursor` is said to you the next time."""

    news: Annotated[tuple[Piece, ...], Meta(max_length=1000)]
    cursor: str | None = None


class NotTold(Exception):
    """It is no `Told` at all. The message says where, without what stands there."""


_PLACE = re.compile(r"`\$\.?([^`]{1,100})`")
_envelope = msgspec.json.Decoder(_Envelope)
_piece = msgspec.json.Decoder(Piece)


async def of_case(case: OutgoingCase, photos: bool) -> Case:
    return Case(key=case.key, case=await _case(case, case.reports, photos), token=case.token)


async def of_amendment(one: Amendment, photos: bool) -> Change:
    """All reports are said again only where what was said before is to be destroyed."""
    anew = one.case.reports if one.forget is not Forget.NOTHING else ()
    return Change(
        key=one.key,
        number=one.number,
        case=await _case(one.case, anew, photos),
        new=await _reports(() if anew else one.new, photos),
        joined_into=one.joined_into,
        forget=one.forget,
    )


def heard(body: bytes) -> Heard:
    """Of a `Told`, each piece by itself. Raises `NotTold`."""
    try:
        envelope = _envelope.decode(body)
    except (ValueError, RecursionError) as error:
        raise NotTold(_wrong(error)) from None
    news, wrong = [], []
    for number, raw in enumerate(envelope.news):
        try:
            news.append(_news(raw))
        except (ValueError, RecursionError) as error:
            wrong.append(_wrong(error, f"news[{number}]"))
    return Heard(news, wrong, envelope.cursor)


def _news(raw: msgspec.Raw) -> News:
    one = _piece.decode(raw)
    if not (one.number or one.code) or one.at.tzinfo is None:
        raise ValueError("it names no case, or its time has no zone")
    return News(**{name: getattr(one, name) for name in Piece.__struct_fields__})


def _wrong(error: Exception, piece: str = "") -> str:
    """Where it is not what it should be, without what stands there."""
    place = _PLACE.search(str(error))
    where = ".".join(part for part in (piece, place[1] if place else "") if part)
    return f"it does not fit the schema at `$.{where}`" if where else "it is no JSON of the schema's form"


async def _case(case: OutgoingCase, reports: Sequence[OutgoingReport], photos: bool) -> SentCase:
    return SentCase(
        code=case.code,
        version=case.version,
        status=case.status,
        opened_at=case.opened_at,
        due_at=case.due_at,
        reports=await _reports(reports, photos),
        category=case.category,
        area=case.area,
        unit=case.unit,
        place=_place(case.place),
    )


async def _reports(reports: Sequence[OutgoingReport], photos: bool) -> tuple[SentReport, ...]:
    return tuple([await _report(report, photos) for report in reports])


async def _report(report: OutgoingReport, photos: bool) -> SentReport:
    who = report.reporter
    return SentReport(
        key=report.key,
        channel=report.channel,
        text=report.text,
        received_at=report.received_at,
        anonymous=report.anonymous,
        confidential=report.confidential,
        private=report.private,
        reported_at=report.reported_at,
        subject=report.subject,
        language=report.language,
        place=_place(report.place),
        files=await _files(report.files) if photos else (),
        reporter=SentReporter(tuple(SentAddress(one.kind, one.value) for one in who.addresses), who.name)
        if who
        else None,
    )


def _place(place: ReportPlace | None) -> SentPlace | None:
    return SentPlace(place.latitude, place.longitude, place.accuracy_m, place.words) if place else None


async def _files(files: Sequence[OutgoingFile]) -> tuple[SentFile, ...]:
    contents = [(file, await _content(file.read)) for file in files]
    return tuple(
        SentFile(file.name, file.media_type, sha256(content).hexdigest(), content)
        for file, content in contents
        if content is not None
    )


async def _content(read: Callable[[], Awaitable[bytes]]) -> bytes | None:
    try:
        return await read()
    except LookupError:
        return None
