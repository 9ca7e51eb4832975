"""What an adapter is whose reports people enter on pages of the gateway's own: desks, public forms, tables."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from adapters.contract import Delivery
from adapters.forms import Form
from normalizer.message import Discreet, Place


class Office(msgspec.Struct, frozen=True):
    """Where there is a desk. `area` is the official code of what it is for; "" for the whole city."""

    code: str
    name: str
    area: str = ""


@runtime_checkable
class Attended(Protocol):
    """An adapter for desks: officers write down, on a page of the gateway's own, what citizens say.

    `offices` are those of the settings, none where there is one in each area; `faults` says what is wrong with a form,
    by field: the names of texts of the page. `entered` is what is kept of a form as it was posted; its headers "office"
    and "clerk" say whose it is. Raises `Unreadable` where what must not be kept cannot be taken out of it."""

    def offices(self) -> Sequence[Office]: ...

    def faults(self, form: Form) -> Mapping[str, str]: ...

    def entered(self, posted: Delivery) -> Delivery: ...


class FormTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What a public form asks for, and how it is kept from machines: `difficulty` is the cost of a challenge that a
    browser has to solve, the others how many reports one address may send. `title`: "" for the usual one."""

    title: str
    photos: int
    asks_contact: bool
    asks_public: bool
    difficulty: int
    per_minute: int
    unproven_per_hour: int


@runtime_checkable
class Offers(Protocol):
    """An adapter for a public form: citizens write on a page of the gateway's own. `faults` says what is wrong with a
    form, by field: the names of texts of the page."""

    def terms(self) -> FormTerms: ...

    def faults(self, form: Form) -> Mapping[str, str]: ...


class TableRow(Discreet, frozen=True, kw_only=True):
    """A report as a row of a table has it, read and checked. `id` is the same however often the row is read; `number`
    is what it was called where it comes from; `sent_at` is aware; `category` a code or, where none is known, words;
    `phone` and `email` are in canonical spelling; `more` are further columns by their headings. `told`: who reported
    is answered, and the unit is told, as if it had come in just now."""

    id: str
    text: str
    subject: str | None = None
    sent_at: datetime | None = None
    place: Place | None = None
    category: str = ""
    name: str = ""
    phone: str | None = None
    email: str | None = None
    number: str = ""
    more: dict[str, str] = {}
    told: bool = False


@runtime_checkable
class TakesRows(Protocol):
    """An adapter that reports of a table are imported into: `from_row` gives what is put on disk of one."""

    def from_row(self, row: TableRow, received_at: datetime) -> Delivery: ...
