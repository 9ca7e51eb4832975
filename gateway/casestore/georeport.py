"""What GeoReport v2 looks like on the wire, to who asks: answers in JSON or XML, and the words of a request. Pure.

Sources: wiki.open311.org/GeoReport_v2, and for updates the extension of FixMyStreet
(github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311).
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

# Document types, and so entities, are refused below.
from xml.parsers import expat  # nosec B407

import msgspec

from gateway.cases import Status

LONGEST_DESCRIPTION = 4000
MOST_DEPTH = 20
#: The standard lists no more than a thousand requests at once.
MOST_RECORDS = 10_000
#: A record's own fields are these deep: <service_requests><request><status>.
FIELD_DEPTH = 3

#: What other systems call it; "open" alone says nothing new. Those of FixMyStreet are in capitals on the wire.
STATUSES: Mapping[str, Status] = {
    "closed": Status.SELESAI,
    "fixed": Status.SELESAI,
    "investigating": Status.PROSES,
    "in progress": Status.PROSES,
    "action scheduled": Status.PROSES,
    "planned": Status.PROSES,
    "internal referral": Status.KOORDINASI,
    "duplicate": Status.DITOLAK,
    "no further action": Status.DITOLAK,
    "not councils responsibility": Status.DITOLAK,
    "reopen": Status.MENUNGGU,
}

Record = Mapping[str, str]


class NotGeoReport(Exception):
    """It is something else: a page, half an answer, another interface."""


def records(body: bytes, xml: bool, depth: int = FIELD_DEPTH) -> list[Record]:
    """The flat records of an answer: of each request, service, update or error its fields that say something, numbers
    and truth values as text. `depth` is that of fields in XML. It takes some tenths of a second for a megabyte. Raises
    `NotGeoReport`."""
    return _from_xml(body, depth) if xml else _from_json(body)


def _from_json(body: bytes) -> list[Record]:
    """A list, or what some servers make of it: one record alone, or a list under a name."""
    try:
        read = _decoded(body)
    except (ValueError, RecursionError):
        raise NotGeoReport("no JSON") from None
    if isinstance(read, dict):
        lists = [value for value in read.values() if isinstance(value, list)]
        read = lists[0] if lists else [read]
    if not isinstance(read, list):
        raise NotGeoReport("no list")
    _refuse_too_many(len(read))
    return [_record(item.items()) for item in read if isinstance(item, dict)]


def _decoded(body: bytes) -> Any:
    """A text that was cut within an emoji is no Unicode any more, which only the slower of the two bears."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return json.loads(body)


def _record(fields: Iterable[tuple[str, Any]]) -> Record:
    return {name: text for name, value in fields if (text := _text(value))}


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip() if isinstance(value, str | int | float) else ""


class _Reader:
    """Collects what stands at the depth of fields. Nothing beyond a document's own text is ever read."""

    def __init__(self, depth: int) -> None:
        self.found: list[Record] = []
        self._depth = depth
        self._path: list[str] = []
        self._fields: defaultdict[str, list[str]] = defaultdict(list)

    def start(self, name: str, _attributes: Any) -> None:
        self._path.append(name.rpartition(" ")[2])
        if len(self._path) > MOST_DEPTH:
            raise NotGeoReport("too deep")

    def text(self, data: str) -> None:
        if len(self._path) == self._depth:
            self._fields[self._path[-1]].append(data)

    def end(self, _name: str) -> None:
        self._path.pop()
        if len(self._path) == self._depth - 2:
            self.found.append(_record((name, "".join(pieces)) for name, pieces in self._fields.items()))
            self._fields.clear()
            _refuse_too_many(len(self.found))


def _from_xml(body: bytes, depth: int) -> list[Record]:
    reader, parser = _Reader(depth), expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse_document_type
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError):
        raise NotGeoReport("no XML") from None
    return reader.found


def _refuse_too_many(count: int) -> None:
    if count > MOST_RECORDS:
        raise NotGeoReport("too many records")


def _refuse_document_type(*_: Any) -> None:
    raise NotGeoReport("a document type, which could define entities")


def time_of(said: str) -> datetime | None:
    """None if it is no time; one without a zone is taken as UTC."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def status_of(record: Record, own: Mapping[str, Status]) -> Status | None:
    """What it says in our words; `own` is what this other side means by its words, in small letters. Kanal's own words
    are understood as `external_status_code`, a field of FixMyStreet's."""
    for name in ("external_status_code", "status"):
        word = record.get(name, "").lower().replace("_", " ")
        for known in (own, {str(status): status for status in Status}, STATUSES):
            if word in known:
                return known[word]
    return None


def description(texts: Sequence[str], code: str) -> str:
    """The texts of a case, cut where they are too long, and at the end our code: by it the request is found again."""
    mark = marked(code)
    return f"{joined(texts, LONGEST_DESCRIPTION - len(mark) - 2)}\n\n{mark}".strip()


def joined(texts: Sequence[str], longest: int = LONGEST_DESCRIPTION) -> str:
    said = "\n\n".join(text for text in texts if text)
    return said if len(said) <= longest else said[: longest - 1] + "…"


def marked(code: str) -> str:
    return f"[{code}]"


def is_marked(record: Record, code: str) -> bool:
    """Is it a request that `description` made for this code? One that only quotes it ends otherwise."""
    return record.get("description", "").rstrip().endswith(marked(code))


#: Names that a refusal may mention without giving anybody away.
_FIELDS = re.compile(
    r"\b(service_code|jurisdiction_id|address_string|address_id|lat|long|email|phone|description|media_url|api_key"
    r"|first_name|last_name|account_id|service_request_id|attribute)\b"
)


def complaint(errors: Iterable[Record]) -> str:
    """What an answer of errors complains of, without quoting it: its codes, and the fields that it names."""
    words = dict.fromkeys(_complaints(errors))
    return ", ".join(words)


def _complaints(errors: Iterable[Record]) -> Iterator[str]:
    for error in errors:
        if error.get("code", "").isdigit():
            yield error["code"][:10]
        yield from _FIELDS.findall(error.get("description", ""))
