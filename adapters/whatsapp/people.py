"""Who somebody on WhatsApp is.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids

Since April 2026 the number of who has a username may be missing; what is always there is an id that the same person has
for all numbers of one business ("ID.13491208655302741918"), until they change their number. So somebody is who has that
id, whether their number is shown today or not, and the number is where they can be reached besides. Nobody is looked
for by `parent_user_id`, which one business may share with others.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from adapters import Address
from adapters.payload import table, tables, text
from normalizer.persons.identity import phone

_USER_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_NUMBER = re.compile(r"[0-9]{5,20}")


class Person(NamedTuple):
    """The id, or the number where no id is told; `also` is the number beside the id."""

    address: Address | None
    also: tuple[Address, ...] = ()


def sender(message: Mapping[str, Any], value: Mapping[str, Any]) -> Person:
    """Who sent a message; `value` is what it came in, which tells the names."""
    told = _contact(message, tables(value, "contacts"))
    profile = table(told, "profile")
    name = text(profile, "name") or text(profile, "username") or None
    ids = [text(message, "from"), text(told, "wa_id"), text(message, "from_user_id"), text(told, "user_id")]
    return person(ids, name)


def person(ids: Sequence[str], name: str | None = None) -> Person:
    """Of several ids, some of them numbers, as Meta tells them in different places."""
    number = next((one for one in ids if _NUMBER.fullmatch(one)), None)
    user_id = next((one for one in ids if _USER_ID.fullmatch(one)), None)
    reached = Address("phone", _international(number), name) if number else None
    if user_id is None:
        return Person(reached)
    return Person(Address("account", user_id, name), (reached,) if reached else ())


def _international(number: str) -> str:
    """Always told with its country and without a "+": read as one of our own country's it might be somebody else's."""
    return phone(f"+{number}") or f"+{number}"


def _contact(message: Mapping[str, Any], contacts: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one that the message is from, among those of all messages that came together."""
    mine = {text(message, "from"), text(message, "from_user_id")} - {""}
    found = [one for one in contacts if mine & {text(one, "wa_id"), text(one, "user_id")}]
    return found[0] if found else contacts[0] if len(contacts) == 1 else {}
