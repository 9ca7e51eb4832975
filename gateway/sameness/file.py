"""Labelled reports from a file: JSON lines of `{"id", "text", "cluster_id"}` and whatever else is known of each."""

from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import msgspec

from dedupe.fingerprint import Fingerprint, fingerprint, hashes
from normalizer.book import Book
from normalizer.message import Address, Message, Place
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.places.typed import around
from normalizer.report import Candidate
from normalizer.sorting.categories import NAMED

CHANNEL = "labelled"


class Labelled(msgspec.Struct, frozen=True, kw_only=True):
    """Those with the same `cluster_id` are of one incident. `time` is ISO 8601, in UTC if it names no offset;
    `accuracy` is in metres; `reporter` is any name for one person."""

    id: str | int
    text: str
    cluster_id: str | int
    time: str
    lat: float | None = None
    lon: float | None = None
    accuracy: float | None = None
    category: str | None = None
    reporter: str | None = None


class NotLabelled(ValueError):
    """A file is none of labelled reports; the message names the line, and nothing that stands in it."""


_line = msgspec.json.Decoder(Labelled)


def read(file: Path) -> list[Labelled]:
    """In the order of time. Raises OSError or `NotLabelled`."""
    found: dict[str, Labelled] = {}
    for number, line in enumerate(file.read_bytes().splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = _line.decode(line)
            at(one)
        except ValueError as error:
            raise NotLabelled(f"{file}, line {number}: {_said(error)}") from None
        if str(one.id) in found:
            raise NotLabelled(f"{file}, line {number}: its id was there before")
        found[str(one.id)] = one
    return sorted(found.values(), key=at)


def at(one: Labelled) -> datetime:
    """Raises ValueError."""
    found = datetime.fromisoformat(one.time)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def compared(reports: list[Labelled], book: Book) -> Iterator[tuple[Fingerprint, str]]:
    """What each is compared by, and the name of its incident."""
    common = around(book.areas)
    for one in reports:
        sender = Address("account", one.reporter) if one.reporter else None
        message = Message(id=str(one.id), channel=CHANNEL, sender=sender, text=one.text, place=_place(one))
        named = (Candidate(code=one.category, name=one.category, score=1.0, reasons=(NAMED,)),) if one.category else ()
        made = normalize(message, at(one), book)
        reporter = sha256(one.reporter.encode()).hexdigest()[:16] if one.reporter else ""
        report = msgspec.structs.replace(made, id=str(one.id), categories=named, reporter=reporter)
        yield fingerprint(masked(report, book.areas), common, hashes(report)), str(one.cluster_id)


def _place(one: Labelled) -> Place | None:
    if one.lat is None or one.lon is None:
        return None
    return Place(latitude=one.lat, longitude=one.lon, accuracy_m=one.accuracy)


def _said(error: ValueError) -> str:
    """What msgspec says names types and fields, never values; what others say may quote the line."""
    if isinstance(error, msgspec.ValidationError):
        return str(error)
    return "is no JSON" if isinstance(error, msgspec.DecodeError) else "its time is no ISO 8601"
