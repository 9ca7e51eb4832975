"""What is kept of one person, by ids: `kanal access` writes it out, `kanal erase` destroys it.

What a person sent is found by who sent it, or gave the address as one more of theirs. What no message tells the sender
of (it waits, is in quarantine, or said nothing that was filed) is opened, one by one, and searched for the person's
addresses.
"""

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import unquote_plus

import msgspec

from adapters import Address
from gateway.contacts import contact_of
from gateway.store import rows
from gateway.store.blobs import Blobs
from gateway.store.contract import Contact
from gateway.store.opening import opened
from gateway.vault import CannotOpen, Vault
from normalizer.persons import identity
from normalizer.persons.mention import mention

FORM = "application/x-www-form-urlencoded"
_ID = re.compile(r"p-[0-9a-f]{20}\Z")
_NAMED = re.compile(r"([a-z][a-z0-9_-]*):(.+)\Z", re.DOTALL)
_AMONG = "IN (SELECT value FROM json_each(?))"

Progress = Callable[[str, int, int], None]
"""`progress(what, done, of)` is called after each step of something long."""


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """`deliveries` are the numbers of those that the person's messages came in by, of which `shared` hold messages of
    others too; `mentions` those of which no message tells the sender, but which hold an address of the person's.
    `cases` are those that the reports stand in; `answers` what the dialogues `surveys` kept to be counted; `parts`
    (channel, reference, number) are pieces that wait for others.
    """

    contacts: tuple[Contact, ...]
    deliveries: tuple[int, ...]
    shared: tuple[int, ...]
    mentions: tuple[int, ...]
    reports: tuple[str, ...]
    cases: tuple[str, ...]
    replies: tuple[str, ...]
    talks: tuple[str, ...]
    answers: tuple[str, ...]
    surveys: tuple[str, ...]
    parts: tuple[tuple[str, str, int], ...]

    @property
    def is_known(self) -> bool:
        """Is anything kept of this person?"""
        return any((self.deliveries, self.mentions, self.reports, self.replies, self.talks, self.answers, self.parts))

    def names(self) -> set[str]:
        """All that the audit log may have named when somebody looked at what is the person's."""
        numbers = map(str, (*self.deliveries, *self.mentions))
        ids = {*self.reports, *self.cases, *self.replies, *self.talks, *map(answers_to, self.surveys)}
        return {*(one.id for one in self.contacts), *ids, *numbers}


def answers_to(dialogue: str) -> str:
    """As the audit log names all that was answered in a dialogue."""
    return f"answers:{dialogue}"


def find(connection: sqlite3.Connection, vault: Vault, blobs: Blobs, typed: str, progress: Progress) -> Person:
    """What is kept of the person. `typed` is a phone number in any spelling, a mail address, "kind:value" for others,
    or the id of a contact. Raises ValueError if it is none of them."""
    return held_of(connection, vault, blobs, contacts_of(connection, vault, typed, progress), progress)


def held_of(
    connection: sqlite3.Connection, vault: Vault, blobs: Blobs, contacts: Sequence[Contact], progress: Progress
) -> Person:
    """What is kept of who these contacts are."""
    mentions = tuple(_mentions(connection, vault, blobs, contacts, progress))
    return sent_by(connection, contacts, mentions)


def sent_by(connection: sqlite3.Connection, contacts: Sequence[Contact], mentions: Sequence[int]) -> Person:
    """What is kept now of these contacts, of whom was searched already what no message tells the sender of."""
    ids = _json([one.id for one in contacts])
    reports = connection.execute(
        f'SELECT id, "case" FROM reports WHERE id IN (SELECT report FROM people WHERE contact {_AMONG}) ORDER BY seq',
        (ids,),
    ).fetchall()
    deliveries = _column(
        connection,
        f"SELECT seq FROM messages WHERE contact {_AMONG} UNION SELECT m.seq FROM people p JOIN messages m"
        f" ON m.report = p.report WHERE p.contact {_AMONG} ORDER BY 1",
        ids,
        ids,
    )
    return Person(
        contacts=tuple(contacts),
        deliveries=deliveries,
        shared=_shared(connection, ids, deliveries),
        mentions=tuple(seq for seq in mentions if seq not in deliveries),
        reports=tuple(report for report, _ in reports),
        cases=tuple(dict.fromkeys(case for _, case in reports)),
        replies=_column(connection, f"SELECT id FROM replies WHERE contact {_AMONG} ORDER BY seq", ids),
        talks=_column(connection, f"SELECT id FROM talks WHERE contact {_AMONG} ORDER BY seq", ids),
        answers=_column(connection, f"SELECT id FROM answers WHERE contact {_AMONG} ORDER BY seq", ids),
        surveys=_column(connection, f"SELECT DISTINCT dialogue FROM answers WHERE contact {_AMONG}", ids),
        parts=_parts(connection, deliveries),
    )


def contacts_of(connection: sqlite3.Connection, vault: Vault, typed: str, progress: Progress) -> list[Contact]:
    """The contacts that `typed` stands for, whether they are kept or not: several where one mail address is spelt with
    other capitals. Raises ValueError."""
    if _ID.match(typed):
        return [_kept(connection, vault, typed) or Contact(typed, "", "")]
    address = address_of(typed)
    asked = contact_of(vault.lookup, address)
    if address.kind == "email":
        return list(_alike(connection, vault, address, progress)) or [asked]
    return [_kept(connection, vault, asked.id) or asked]


def address_of(typed: str) -> Address:
    """Raises ValueError."""
    if named := _NAMED.match(typed):
        kind, value = named.groups()
        canonical = {"phone": identity.phone, "email": identity.email}.get(kind, str.strip)(value)
        return Address(kind, canonical or value.strip())
    if mail := identity.email(typed):
        return Address("email", mail)
    if number := identity.phone(typed):
        return Address("phone", number)
    raise ValueError(
        f"'{typed}' is neither a phone number nor a mail address: give others as kind:value, or the id of a contact"
    )


def _kept(connection: sqlite3.Connection, vault: Vault, identity_: str) -> Contact | None:
    found = connection.execute("SELECT id, key, sealed FROM contacts WHERE id = ? AND key IS NOT NULL", (identity_,))
    return next((rows.readable_contact(vault, row) for row in found), None)


def _alike(connection: sqlite3.Connection, vault: Vault, address: Address, progress: Progress) -> Iterator[Contact]:
    """Mail reaches the same box however its name is capitalised, but a look-up by hash does not: all are opened."""
    wanted = address.value.lower()
    found = connection.execute("SELECT id, key, sealed FROM contacts WHERE key IS NOT NULL").fetchall()
    for done, row in enumerate(found, 1):
        one = rows.readable_contact(vault, row)
        progress("contacts", done, len(found))
        if one and one.kind == address.kind and one.value.lower() == wanted:
            yield one


def _shared(connection: sqlite3.Connection, ids: str, deliveries: Sequence[int]) -> tuple[int, ...]:
    return _column(
        connection,
        "SELECT DISTINCT m.seq FROM messages m LEFT JOIN reports r ON r.id = m.report"
        f" WHERE m.seq {_AMONG} AND NOT coalesce(m.contact, r.contact, '') {_AMONG}"
        f" AND NOT EXISTS (SELECT 1 FROM also a WHERE a.report = m.report AND a.contact {_AMONG}) ORDER BY 1",
        _json(deliveries),
        ids,
        ids,
    )


def _mentions(
    connection: sqlite3.Connection, vault: Vault, blobs: Blobs, contacts: Iterable[Contact], progress: Progress
) -> Iterator[int]:
    patterns = [mention(one.kind, one.value) for one in contacts if one.value]
    unknown = _column(
        connection,
        "SELECT seq FROM deliveries WHERE key IS NOT NULL AND seq NOT IN (SELECT m.seq FROM messages m LEFT JOIN"
        " reports r ON r.id = m.report WHERE coalesce(m.contact, nullif(r.contact, '')) IS NOT NULL) ORDER BY seq",
    )
    for done, seq in enumerate(unknown if patterns else (), 1):
        if _holds(connection, vault, blobs, seq, patterns):
            yield seq
        progress("deliveries of unknown senders", done, len(unknown))


def _holds(
    connection: sqlite3.Connection, vault: Vault, blobs: Blobs, seq: int, patterns: Iterable[re.Pattern[str]]
) -> bool:
    try:
        delivery = opened(connection, vault, blobs, seq)
    except CannotOpen:
        return False
    text = "\n".join((delivery.id, *delivery.headers.values(), delivery.body.decode("utf-8", "replace")))
    text = unquote_plus(text) if delivery.content_type == FORM else text
    return any(pattern.search(text) for pattern in patterns)


def _parts(connection: sqlite3.Connection, deliveries: Sequence[int]) -> tuple[tuple[str, str, int], ...]:
    sql = f"SELECT channel, reference, number FROM parts WHERE seq {_AMONG}"
    return tuple(connection.execute(sql, (_json(deliveries),)).fetchall())


def _column(connection: sqlite3.Connection, sql: str, *values: str) -> tuple[Any, ...]:
    return tuple(row[0] for row in connection.execute(sql, values))


def _json(values: Sequence[Any]) -> str:
    return msgspec.json.encode(values).decode()
