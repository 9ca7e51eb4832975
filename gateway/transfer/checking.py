"""From rows to reports, or to why there is none. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from hashlib import sha256
from typing import NamedTuple

from adapters import Place, TableRow
from gateway.transfer import cells, headings, times
from gateway.transfer.headings import KEEP, WHAT, Mapped
from gateway.transfer.table import REASON, Cell, Line, Table, words
from gateway.transfer.wording import Refusal, Wording
from normalizer.persons import identity
from normalizer.sorting.categories import Categories

_PARTS_OF_PLACES = ("where", "rt", "rw", "village", "district")
_LONGEST_VALUE = 60


class Checked(NamedTuple):
    """A row and what it is: a report, or why it is none."""

    line: Line
    row: TableRow | None
    refusals: Sequence[Refusal] = ()


class Checking:
    """The rows of one table, in order. An id is made of the row's own number or, where it has none, of its cells and of
    how many like it came before: so it is the same whenever the table is read, and wherever the row has moved."""

    def __init__(
        self,
        table: Table,
        mapping: Mapped,
        wording: Wording,
        categories: Categories,
        zone: tzinfo,
        now: datetime,
        told: bool = False,
    ) -> None:
        self._table = table
        self._columns = headings.columns(table, mapping)
        self._wording = wording
        self._codes = _codes(categories)
        self._zone = zone
        self._now = now
        self._told = told
        self._american = times.month_first(self._cell(line, "when") for line in table.lines)
        self._alike: Counter[str] = Counter()
        self._numbers: dict[str, tuple[int, str]] = {}

    def check(self, line: Line) -> Checked:
        refusals: list[Refusal] = []
        if len(line.cells) > len(self._table.headings):
            refusals.append(Refusal("too-wide"))
        identity_ = self._identity(line, refusals)
        subject, text = self._said(line, "subject"), self._words(line)
        if not text and not subject:
            refusals.append(Refusal("no-words"))
        row = TableRow(
            id=identity_,
            text=text or subject,
            subject=subject if text and subject else None,
            sent_at=self._sent_at(line, refusals),
            place=self._place(line, refusals),
            category=self._category(line),
            name=self._said(line, "name"),
            phone=self._phone(line, refusals),
            email=self._email(line, refusals),
            number=self._said(line, "number"),
            more=self._more(line),
            told=self._told,
        )
        return Checked(line, None if refusals else row, refusals)

    def _identity(self, line: Line, refusals: list[Refusal]) -> str:
        digest, number = self._digest(line), self._said(line, "number")
        if not number:
            self._alike[digest] += 1
            return f"r-{digest}-{self._alike[digest]}"
        at, other = self._numbers.setdefault(number.casefold(), (line.number, digest))
        if other != digest:
            refusals.append(Refusal("number-twice", {"value": _short(number), "line": at}))
        return f"n-{number.casefold()}"

    def _digest(self, line: Line) -> str:
        """Of what stands in the row, in whatever order its columns come."""
        pairs = sorted(
            (heading, said)
            for heading, cell in zip(self._table.headings, line.cells, strict=False)
            if heading.casefold() != REASON and (said := words(cell))
        )
        return sha256(
            "\0".join(f"{heading}\0{said}" for heading, said in pairs).encode("utf-8", "replace")
        ).hexdigest()[:32]

    def _words(self, line: Line) -> str:
        text = words(self._cell(line, WHAT))
        return text if any(map(str.isalnum, text)) else ""

    def _sent_at(self, line: Line, refusals: list[Refusal]) -> datetime | None:
        told, of_day = self._said(line, "when"), self._said(line, "clock")
        if not told:
            return None
        at = times.day(self._cell(line, "when"), self._zone, self._american)
        if at is None:
            refusals.append(Refusal("no-date", {"value": _short(told)}))
        elif of_day and (clock := times.clock(self._cell(line, "clock"))) is None:
            refusals.append(Refusal("no-clock", {"value": _short(of_day)}))
        elif of_day and clock:
            at = datetime.combine(at.date(), clock, at.tzinfo)
        if at and not times.is_likely(at, self._now):
            refusals.append(Refusal("odd-date", {"value": _short(told)}))
        return at

    def _place(self, line: Line, refusals: list[Refusal]) -> Place | None:
        said = {name: self._said(line, name) for name in _PARTS_OF_PLACES}
        words_ = ", ".join(self._part(name, value) for name, value in said.items() if value)
        pin = self._pin(line, refusals)
        if pin:
            return Place(latitude=pin[0], longitude=pin[1], words=words_ or None)
        return Place(words=words_) if words_ else None

    def _part(self, name: str, value: str) -> str:
        """ "RT 3", also where the cell says so itself."""
        says = self._wording.columns[name].says
        return value if value.casefold().startswith(says.partition(" ")[0].casefold()[:3]) else says.format(value)

    def _pin(self, line: Line, refusals: list[Refusal]) -> tuple[float, float] | None:
        both, latitude, longitude = (self._said(line, name) for name in ("pin", "latitude", "longitude"))
        if not (both or latitude or longitude):
            return None
        found = cells.pin(both) if both else None
        if found is None and (latitude or longitude):
            found = _degrees(latitude, longitude)
        if found is None or not cells.is_on_earth(*found):
            refusals.append(Refusal("no-pin", {"value": _short(both or f"{latitude} {longitude}")}))
            return None
        return found

    def _phone(self, line: Line, refusals: list[Refusal]) -> str | None:
        told = self._said(line, "phone")
        try:
            found = cells.phone(told) if told else None
        except cells.DigitsLost:
            refusals.append(Refusal("phone-cut", {"value": _short(told)}))
            return None
        if told and found is None:
            refusals.append(Refusal("no-phone", {"value": _short(told)}))
        return found

    def _email(self, line: Line, refusals: list[Refusal]) -> str | None:
        told = self._said(line, "email")
        found = identity.email(told) if told else None
        if told and found is None:
            refusals.append(Refusal("no-email", {"value": _short(told)}))
        return found

    def _category(self, line: Line) -> str:
        """Its code, if the cell says a code or a name; else the words, which a person will look at."""
        said = self._said(line, "category")
        return self._codes.get(said.casefold(), said)

    def _more(self, line: Line) -> dict[str, str]:
        kept = {self._table.headings[place]: _at(line, place) for place in self._columns.get(KEEP, ())}
        return {heading: said for heading, cell in kept.items() if (said := words(cell))}

    def _said(self, line: Line, name: str) -> str:
        return cells.said(self._cell(line, name))

    def _cell(self, line: Line, name: str) -> Cell:
        places = self._columns.get(name)
        return _at(line, places[0]) if places else None


def _codes(categories: Categories) -> Mapping[str, str]:
    """Codes of categories by what people call them."""
    names = {name.casefold(): one.code for one in categories.offered() for name in (one.name.id, one.name.en)}
    return names | {one.code: one.code for one in categories.categories.values()}


def _degrees(latitude: str, longitude: str) -> tuple[float, float] | None:
    found = cells.degrees(latitude), cells.degrees(longitude)
    return (found[0], found[1]) if found[0] is not None and found[1] is not None else None


def _at(line: Line, place: int) -> Cell:
    return line.cells[place] if place < len(line.cells) else None


def _short(value: str) -> str:
    return value if len(value) <= _LONGEST_VALUE else value[: _LONGEST_VALUE - 1] + "…"
