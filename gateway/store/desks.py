"""What was entered at desks, for who comes back to one."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

import msgspec

from gateway.store import rows
from gateway.store.contract import Contact, ReportRow
from gateway.vault import CannotOpen, Vault

#: Of so many of the newest reports of an office the names are looked at: some months of a busy one, in a tenth of a
#: second. An index of names, even of hashes, would let whoever has the database try out names.
NEWEST = 2_000
MOST = 50
OFFICE = "iif(json_valid(r.data), r.data ->> '$.desk.office', NULL)"
_REPORTS = (
    f"SELECT {rows.REPORT_COLUMNS}, c.id, c.key, c.sealed FROM reports r LEFT JOIN contacts c ON c.id = r.contact"
)


class Entered(NamedTuple):
    """A report with all its words that can be opened, and who made it."""

    row: ReportRow
    contact: Contact | None

    @property
    def name(self) -> str:
        """As they gave it; "" if they did not."""
        return (self.contact and self.contact.name) or self.row.report.fields.get("name", "")


def by_code(connection: sqlite3.Connection, vault: Vault, office: str | None, code: str) -> Sequence[Entered]:
    """The reports of a case and of those joined into it. `office` None: of all offices, here and below."""
    joined = 'r."case" = :code OR r."case" IN (SELECT code FROM cases WHERE joined_into = :code)'
    return _at(office, _found(connection, vault, joined, {"code": code}))


def by_contact(connection: sqlite3.Connection, vault: Vault, office: str | None, contact: str) -> Sequence[Entered]:
    theirs = "r.id IN (SELECT report FROM people WHERE contact = :contact)"
    return _at(office, _found(connection, vault, theirs, {"contact": contact}))


def by_name(connection: sqlite3.Connection, vault: Vault, office: str | None, name: str) -> Sequence[Entered]:
    """Those whose name has all these words, or words that begin so."""
    wanted = name.casefold().split()
    entered = f"{OFFICE} = :office" if office is not None else f"{OFFICE} IS NOT NULL"
    found = _found(connection, vault, entered, {"office": office}) if wanted else iter(())
    return list(islice((one for one in found if _is_called(one.name, wanted)), MOST))


def _is_called(name: str, wanted: Sequence[str]) -> bool:
    words = name.casefold().split()
    return bool(words) and all(any(word.startswith(one) for word in words) for one in wanted)


def _at(office: str | None, found: Iterable[Entered]) -> Sequence[Entered]:
    taken_down = ((one, one.row.report.desk) for one in found)
    return [one for one, desk in taken_down if desk and office in (None, desk.office)][:MOST]


def _found(
    connection: sqlite3.Connection, vault: Vault, where: str, values: Mapping[str, str | None]
) -> Iterator[Entered]:
    """Newest first; what is damaged is left out."""
    sql = f"{_REPORTS} WHERE {where} ORDER BY r.seq DESC LIMIT {NEWEST}"
    for found in connection.execute(sql, values).fetchall():
        try:
            row, _ = rows.readable_report(vault, found[:-3])
            yield Entered(row, rows.readable_contact(vault, found[-3:]))
        except (CannotOpen, msgspec.DecodeError):
            continue
