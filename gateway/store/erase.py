"""What is erased on request: all that tells of one person, or all that was said in one case.

What is destroyed is counted and what remains is told, so that the citizen can be answered. What waits to be filed is
not touched: it is nobody's yet.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import msgspec

from dedupe.fingerprint import Fingerprint
from gateway.casestore.contract import Forget
from gateway.store import copies, destroy, handover, imports, listing, notes, told
from gateway.store.person import Person

REASON = "erased on request"
_AMONG = "IN (SELECT value FROM json_each(?))"


class Erasure(msgspec.Struct, frozen=True, kw_only=True):
    """What is destroyed, by ids; `about` names it in the audit log. `words`: also what stands in clear of reports and
    `emptied` cases. `outside`: where what is erased was passed on, which is told to forget it. `waiting` deliveries
    come in the way of nothing, but hold something that was not filed yet. Of the reports `shown` only the copies of
    their files go."""

    about: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    deliveries: tuple[int, ...] = ()
    reports: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()
    talks: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    words: bool = False
    emptied: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    mentions: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    outside: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()

    def names(self) -> set[str]:
        """As the audit log has them."""
        return {
            *self.contacts,
            *map(str, self.deliveries),
            *self.reports,
            *self.replies,
            *self.talks,
            *self.cases,
        }

    def is_empty(self) -> bool:
        of_people = (self.contacts, self.deliveries, self.reports, self.replies, self.talks, self.answers)
        return not any((*of_people, self.emptied))


def of_person(connection: sqlite3.Connection, person: Person) -> Erasure:
    """The person's own, with all other addresses that were given in nothing else, and what officers noted in the cases
    of it; what others wrote about the person is theirs, and only told (`mentions`)."""
    waiting = _waiting(connection, person.deliveries)
    ids = [one.id for one in person.contacts]
    talks = tuple({*person.talks, *told.talks(connection, person.reports)})
    return Erasure(
        about=(*ids, *person.cases),
        contacts=_known(connection, [*ids, *told.strangers(connection, person.reports, talks)]),
        deliveries=_sealed(connection, person.deliveries, but=waiting),
        reports=person.reports,
        replies=tuple({*person.replies, *told.replies(connection, person.reports, talks)}),
        talks=talks,
        answers=person.answers,
        notes=tuple(notes.within(connection, person.cases)),
        cases=person.cases,
        mentions=person.mentions,
        waiting=waiting,
        outside=handover.passed_on(connection, person.cases, Forget.REPORTERS),
    )


def of_case(connection: sqlite3.Connection, code: str) -> Erasure:
    """A case and those joined into it: all that was said in them, also in clear. Their reporters remain as such where
    they have reported something else."""
    codes = _column(connection, "SELECT code FROM cases WHERE code = ?1 OR joined_into = ?1", code)
    reports = _column(connection, f'SELECT id FROM reports WHERE "case" {_AMONG}', _json(codes))
    deliveries = _column(connection, f"SELECT DISTINCT seq FROM messages WHERE report {_AMONG}", _json(reports))
    waiting = _waiting(connection, deliveries)
    about_it = _column(connection, f'SELECT id FROM talks WHERE "case" {_AMONG}', _json(codes))
    talks = tuple({*about_it, *told.talks(connection, reports)})
    contacts = tuple(told.strangers(connection, reports, talks))
    return Erasure(
        about=(*contacts, *(codes or (code,))),
        contacts=contacts,
        deliveries=_sealed(connection, deliveries, but=waiting),
        reports=reports,
        replies=tuple({*_said_in(connection, codes), *told.replies(connection, reports, talks)}),
        talks=talks,
        notes=tuple(notes.within(connection, codes)),
        words=True,
        emptied=codes,
        cases=codes,
        waiting=waiting,
        outside=handover.passed_on(connection, codes, Forget.EVERYTHING),
    )


def of_delivery(connection: sqlite3.Connection, seq: int) -> Erasure:
    """One delivery's bytes, as a person decided who looked at it."""
    waiting = _waiting(connection, (seq,))
    shown = _column(connection, "SELECT report FROM messages WHERE seq = ? AND report IS NOT NULL", seq)
    return Erasure(about=(str(seq),), deliveries=_sealed(connection, (seq,), but=waiting), waiting=waiting, shown=shown)


def erase(connection: sqlite3.Connection, what: Erasure) -> tuple[list[str], list[Fingerprint]]:
    """Within the writer's transaction; returns the names of files that are not needed any more, and what the reports
    are compared by from now on."""
    files = destroy.deliveries(connection, what.deliveries, REASON)
    files += copies.disown(connection, what.reports or what.shown)
    destroy.replies(connection, what.replies)
    known = destroy.reports(connection, what.reports, what.words)
    destroy.talks(connection, what.talks)
    destroy.answers(connection, what.answers)
    notes.destroy(connection, what.notes)
    imports.forget_tables(connection)
    destroy.contacts(connection, what.contacts)
    for code in what.emptied:
        files += destroy.words_of_case(connection, code)
    if what.words:
        listing.drop_old_words(connection)
    handover.forget(connection, what.cases, Forget.EVERYTHING if what.words else Forget.REPORTERS)
    return files, known


def _waiting(connection: sqlite3.Connection, seqs: Sequence[int]) -> tuple[int, ...]:
    return _column(connection, f"SELECT seq FROM deliveries WHERE state = 'received' AND seq {_AMONG}", _json(seqs))


def _sealed(connection: sqlite3.Connection, seqs: Sequence[int], but: Sequence[int]) -> tuple[int, ...]:
    found = _column(connection, f"SELECT seq FROM deliveries WHERE key IS NOT NULL AND seq {_AMONG}", _json(seqs))
    return tuple(seq for seq in found if seq not in but)


def _known(connection: sqlite3.Connection, ids: Sequence[str]) -> tuple[str, ...]:
    return _column(connection, f"SELECT id FROM contacts WHERE id {_AMONG}", _json(ids))


def _said_in(connection: sqlite3.Connection, codes: Sequence[str]) -> tuple[str, ...]:
    return _column(connection, f'SELECT id FROM replies WHERE "case" {_AMONG}', _json(codes))


def _column(connection: sqlite3.Connection, sql: str, *values: object) -> tuple[Any, ...]:
    return tuple(row[0] for row in connection.execute(sql, values))


def _json(values: Sequence[object]) -> str:
    return msgspec.json.encode(values).decode()
