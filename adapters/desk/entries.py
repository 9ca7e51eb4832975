"""From an entry at a desk to a message, and what is wrong with one. Pure."""

from collections.abc import Iterator

from adapters import Address, Delivery, Message, Place
from adapters.desk.settings import DeskSettings
from adapters.forms import Form
from normalizer.message import Desk
from normalizer.persons import identity
from normalizer.words.text import one_line

LONGEST_WORDS = 10_000
LONGEST_LINE = 1_000
LONGEST_NAME = 200
#: How the words begin that say since when, in a report's text.
SINCE = "Sejak"


def message(delivery: Delivery, form: Form, settings: DeskSettings) -> Message:
    """A report; `delivery.headers` say at which desk."""
    is_anonymous = bool(form.one("anonymous"))
    who = None if is_anonymous else sender(form)
    return Message(
        id=delivery.id,
        channel=settings.name,
        sender=who,
        text=text(form),
        place=place(form),
        attachments=tuple(photo.attachment for photo in form.photos),
        fields=_fields(form, settings) | ({} if is_anonymous else _of_person(form, who)),
        anonymous=is_anonymous,
        confidential=not form.one("known"),
        doubts=("charset",) if form.lied else (),
        also=_also(form, who) if who else (),
        desk=Desk(office=delivery.headers.get("office", ""), clerk=delivery.headers.get("clerk", "")),
        joins=form.one("joins")[:40],
        receipt=True,
    )


def text(form: Form) -> str:
    """What happened and, in a line of its own, since when."""
    since = one_line(form.one("since"), LONGEST_LINE)
    starts = since.lower().startswith(SINCE.lower())
    return f"{form.one('what')}\n{since if starts else f'{SINCE} {since}'}" if since else form.one("what")


def place(form: Form) -> Place | None:
    """None where there is neither a point nor words nor an area."""
    point = pin(form)
    words, area = one_line(form.one("where"), LONGEST_LINE) or None, form.one("area")[:20] or None
    if point is None and words is None and area is None:
        return None
    latitude, longitude, accuracy = point or (None, None, None)
    return Place(latitude, longitude, accuracy, words, area)


def pin(form: Form) -> tuple[float, float, float | None] | None:
    """Latitude and longitude in degrees, accuracy in metres."""
    latitude, longitude, accuracy = (_number(form.one(name)) for name in ("lat", "lon", "accuracy"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude, accuracy if accuracy and accuracy > 0 else None


def sender(form: Form) -> Address | None:
    """By phone, or else by mail. A name alone is nobody's: many have the same."""
    name = one_line(form.one("name"), LONGEST_NAME) or None
    if number := phone(form.one("phone")):
        return Address("phone", number, name)
    address = identity.email(form.one("email"))
    return Address("email", address, name) if address else None


def phone(given: str) -> str | None:
    """A person's number; no short code."""
    number = identity.phone(given)
    return number if number and number.startswith("+") else None


def faults(form: Form, settings: DeskSettings) -> Iterator[tuple[str, str]]:
    """By field the name of what is wrong with it."""
    if not (form.one("what") or form.photos or form.one("joins")):
        yield "what", "empty"
    elif len(form.one("what")) > LONGEST_WORDS:
        yield "what", "long"
    if form.one("phone") and not phone(form.one("phone")):
        yield "phone", "phone"
    if form.one("email") and not identity.email(form.one("email")):
        yield "email", "email"
    if form.one("nik") and not identity.nik(form.one("nik")):
        yield "nik", "nik"
    if form.one("anonymous") and any(map(form.one, ("name", "phone", "email", "nik"))):
        yield "anonymous", "anonymous"
    if len(form.photos) > settings.max_photos:
        yield "photo", "photos"


def _fields(form: Form, settings: DeskSettings) -> dict[str, str]:
    nik = identity.nik(form.one("nik")) if settings.nik and not form.one("anonymous") else None
    found = {"category": form.one("category").lower(), "nik": nik or ""}
    return {name: value for name, value in found.items() if value}


def _of_person(form: Form, who: Address | None) -> dict[str, str]:
    """What else tells of who reported: also a number or an address that is none."""
    told = {name: one_line(form.one(name), LONGEST_NAME) for name in ("phone", "email", "name")}
    known = {who.kind, "name", *(address.kind for address in _also(form, who))} if who else set()
    return {name: value for name, value in told.items() if value and name not in known}


def _also(form: Form, who: Address) -> tuple[Address, ...]:
    """The mail address of who is known by a phone number."""
    address = identity.email(form.one("email")) if who.kind == "phone" else None
    return (Address("email", address, who.name),) if address else ()


def _number(given: str) -> float | None:
    try:
        number = float(given)
    except ValueError:
        return None
    return number if abs(number) < 1e7 else None  # infinite and "nan" are none either
