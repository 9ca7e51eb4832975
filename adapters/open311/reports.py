"""From the form that an application posts to a message, and what keeps it from being taken. Pure."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

from adapters import Address, Delivery, Message, Place
from adapters.forms import Form
from adapters.open311 import times
from adapters.open311.faults import Fault
from adapters.open311.settings import Open311Settings
from normalizer.persons.identity import email, phone
from normalizer.sorting.categories import ANSWER, Attribute, Categories, Category, Datatype
from normalizer.words.text import one_line

LONGEST_DESCRIPTION = 4_000
LONGEST_FIELD = 1_000
MOST_ATTRIBUTES = 50

_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[\])?")
_NUMBER = re.compile(r"[+-]?\d{1,30}(?:\.\d{1,30})?", re.ASCII)
_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
Flag = Literal["private", "confidential", "anonymous"]


def faults(form: Form, categories: Categories, settings: Open311Settings) -> Iterator[Fault]:
    """What is wrong with a report."""
    code = form.one("service_code")
    category = categories.get(code.lower())
    if not code:
        yield Fault(400, "service_code was not given")
    elif category is None:
        yield Fault(404, "the service_code was not found")
    if not any((form.one("description"), place(form), form.one("address_id"), form.one("media_url"), form.photos)):
        yield Fault(400, "it says neither what nor where: give a description, lat and long, or address_string")
    yield from _faults_of_place(form)
    yield from too_much(form, settings)
    for name in ("private", "confidential", "anonymous"):
        if form.one(name) and form.one(name).lower() not in _FLAGS:
            yield Fault(400, f"{name} is neither true nor false")
    if len(attributes(form)) > MOST_ATTRIBUTES:
        yield Fault(400, f"it has more than {MOST_ATTRIBUTES} attributes")
    elif category:
        yield from _faults_of_attributes(form, category)


def too_much(form: Form, settings: Open311Settings) -> Iterator[Fault]:
    if form.one("media"):
        yield Fault(400, "media is a photo: send it as a part with a file name")
    if len(form.photos) > settings.max_photos:
        yield Fault(400, f"it has more than {settings.max_photos} photos")
    if any(_is_too_long(name, values) for name, values in form.fields.items()):
        most = f"{LONGEST_DESCRIPTION} characters, any other parameter {LONGEST_FIELD}"
        yield Fault(400, f"the description and each attribute may have {most}")


def message(delivery: Delivery, form: Form, settings: Open311Settings) -> Message:
    """A report; `delivery.headers` tells which application it came by."""
    app = delivery.headers.get("app", "")
    is_anonymous = flag(form, "anonymous", settings)
    who = None if is_anonymous else sender(form, app)
    return Message(
        id=delivery.id,
        channel=settings.name,
        sender=who,
        text=form.one("description"),
        sent_at=sent_at(form),
        place=place(form),
        attachments=tuple(photo.attachment for photo in form.photos),
        fields=_fields(form, app) | ({} if is_anonymous else _of_person(form, who)),
        public=not flag(form, "private", settings),
        anonymous=is_anonymous,
        confidential=flag(form, "confidential", settings),
        doubts=("charset",) if form.lied else (),
        also=also(form, who) if who else (),
    )


def attributes(form: Form) -> dict[str, list[str]]:
    """Answers to what a service asks, by its code: "attribute[CODE]=v", and "attribute[CODE][]=v" again and again."""
    found: dict[str, list[str]] = {}
    for name, values in form.fields.items():
        if known := _ATTRIBUTE.fullmatch(name):
            found.setdefault(known[1], []).extend(values)
    return found


def place(form: Form) -> Place | None:
    """None where neither a pin nor words are given; a pin that is none is not taken."""
    pin = _pin(form)
    words = form.one("address_string")[:LONGEST_FIELD] or None
    return Place(latitude=pin[0], longitude=pin[1], words=words) if pin else Place(words=words) if words else None


def sender(form: Form, app: str) -> Address | None:
    """By mail or phone; else by what the application calls the person or the device, which means nothing elsewhere. A
    name alone is nobody's: many have the same."""
    name = _name(form)
    if address := email(form.one("email")):
        return Address("email", address, name)
    if number := phone(form.one("phone")):
        return Address("phone", number, name)
    for kind in ("account", "device"):
        if identity := one_line(form.one(f"{kind}_id"), LONGEST_FIELD):
            return Address(kind, f"{app}/{identity}", name)
    return None


def also(form: Form, who: Address) -> tuple[Address, ...]:
    """The phone number of who is known by a mail address."""
    number = phone(form.one("phone"))
    return (Address("phone", number, who.name),) if number and who.kind != "phone" else ()


def flag(form: Form, name: Flag, settings: Open311Settings) -> bool:
    given = _FLAGS.get(form.one(name).lower())
    default: bool = getattr(settings, name)
    return default if given is None else given


def sent_at(form: Form, name: str = "requested_datetime") -> datetime | None:
    """When the application says that it was written; GeoReport has no such parameter, but some send one."""
    try:
        return times.read(form.one(name), UTC)
    except ValueError:
        return None


def identity(form: Form, app: str, resource: str, given: str) -> str | None:
    """An id that is the same however often the same is sent: where the application marks it (`given`, the header
    Idempotency-Key), or says of which device or account and when, or which update of its own it is. None where it may
    as well be said twice."""
    marks = [given, form.one("update_id"), form.one("requested_datetime") and _who(form)]
    if not any(marks):
        return None
    hashed = sha256()
    for part in _parts(form, app, resource, given):
        hashed.update(len(part).to_bytes(8, "big") + part)
    return hashed.hexdigest()[:32]


def _parts(form: Form, app: str, resource: str, given: str) -> Iterator[bytes]:
    for text in (app, resource, given):
        yield text.encode("utf-8", "surrogatepass")
    for name, values in sorted(form.fields.items()):
        for value in values if name != "api_key" else ():
            yield f"{name}\0{value}".encode("utf-8", "surrogatepass")
    for photo in form.photos:
        yield photo.content


def _who(form: Form) -> str:
    return form.one("device_id") or form.one("account_id")


def _fields(form: Form, app: str) -> dict[str, str]:
    answers = {f"{ANSWER}{code}": ", ".join(values) for code, values in attributes(form).items()}
    kept = {name: form.one(name) for name in ("address_id", "media_url")}
    fields = {"app": app, "category": form.one("service_code").lower()} | kept | answers
    return {name: value for name, value in fields.items() if value}


def _of_person(form: Form, who: Address | None) -> dict[str, str]:
    """What else tells of who reported, also a mail address or number that is none."""
    told = {name: form.one(name) for name in ("email", "phone", "account_id", "device_id")}
    told["name"] = "" if who else _name(form) or ""
    return {name: value for name, value in told.items() if value and not (who and who.kind == name)}


def _name(form: Form) -> str | None:
    return one_line(f"{form.one('first_name')} {form.one('last_name')}", 200) or None


def _pin(form: Form) -> tuple[float, float] | None:
    if not (_is_number(form.one("lat")) and _is_number(form.one("long"))):
        return None
    latitude, longitude = float(form.one("lat")), float(form.one("long"))
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def _faults_of_place(form: Form) -> Iterator[Fault]:
    if (form.one("lat") or form.one("long")) and _pin(form) is None:
        yield Fault(400, "lat and long must both be given, in degrees of WGS 84")


def _is_too_long(name: str, values: Sequence[str]) -> bool:
    longest = LONGEST_DESCRIPTION if name == "description" or name.startswith("attribute[") else LONGEST_FIELD
    return max(map(len, values)) > longest


def _faults_of_attributes(form: Form, category: Category) -> Iterator[Fault]:
    given = attributes(form)
    for attribute in category.attributes:
        values = given.get(attribute.code, [])
        if attribute.required and not values:
            yield Fault(400, f"attribute[{attribute.code}] is required")
        elif wrong := _wrong(attribute, values):
            yield Fault(400, f"attribute[{attribute.code}] {wrong}")


def _wrong(attribute: Attribute, values: Sequence[str]) -> str:
    """What is wrong with the answers to one question; "" if nothing is."""
    if len(values) > 1 and attribute.datatype is not Datatype.SOME_OF:
        return "is given more than once"
    if attribute.datatype.is_list and not all(map(attribute.value, values)):
        return "is none of its values"
    if attribute.datatype is Datatype.NUMBER and not all(map(_is_number, values)):
        return "is no number"
    if attribute.datatype is Datatype.DATETIME and not all(map(_is_time, values)):
        return "is no time in W3C's format"
    return ""


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None


def _is_time(text: str) -> bool:
    try:
        return bool(times.read(text, UTC))
    except ValueError:
        return False
