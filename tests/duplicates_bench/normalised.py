"""Labelled rows as the normaliser makes reports of them."""

from collections.abc import Iterable, Iterator, Set
from datetime import datetime
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from normalizer.book import Book
from normalizer.message import Message, Place
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.places.typed import around
from normalizer.report import Candidate, Report
from normalizer.sorting.categories import NAMED
from tests.duplicates_bench.rows import Row


class Signals(StrEnum):
    """What of a row is used: everything, or its text and time only."""

    ALL = "all"
    TEXT = "text"


class Arrival(msgspec.Struct, frozen=True):
    """A report as it comes in, its label, and when it leaves the window (None: it stays)."""

    report: Report
    cluster: str
    closed: datetime | None = None


class Stream(msgspec.Struct, frozen=True):
    """Arrivals in the order of time; `common` are words that say nothing in the whole city."""

    name: str
    arrivals: list[Arrival]
    common: Set[str]

    @property
    def labels(self) -> dict[str, str]:
        return {arrival.report.id: arrival.cluster for arrival in self.arrivals}


def normalised(name: str, rows: Iterable[Row], province: str, signals: Signals = Signals.ALL) -> Stream:
    """`rows`, which are in the order of time, as reports of a city in `province` (its official code)."""
    return Stream(name, list(_arrivals(rows, province, signals)), around(province))


def _arrivals(rows: Iterable[Row], province: str, signals: Signals) -> Iterator[Arrival]:
    book = Book(province)
    for row in rows:
        told = row if signals is Signals.ALL else replace(row, pin=None, address=None, category=None)
        message = Message(id=row.id, channel="bench", sender=None, text=row.text, place=_place(told))
        made = replace(normalize(message, row.time, book), id=row.id, categories=_named(told.category))
        yield Arrival(masked(made, province), row.cluster, row.closed)


def _place(row: Row) -> Place | None:
    if row.pin is None and row.address is None:
        return None
    north, east = row.pin or (None, None)
    return Place(latitude=north, longitude=east, words=row.address)


def _named(category: str | None) -> tuple[Candidate, ...]:
    return (Candidate(code=category, name=category, score=1.0, reasons=(NAMED,)),) if category else ()
