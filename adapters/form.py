"""Reports that citizens write on the public form. The pages of the gateway take them; a delivery is the form as it was
posted, its id follows from that of the entry, which the page was made with: sent twice, it is one report.

The form's fields: `what`, `where`, `lat`, `lon` and `accuracy` (metres), `contact` (a phone number or mail address),
`name`, `public`, and files called `photo`. The headers say what the page found out: "proven" is "yes" where the browser
has shown that it is no machine that sends thousands, "joins" the code of the open case that was chosen.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, ClassVar

from msgspec import Meta

from adapters import Address, Attachment, ChannelSettings, Delivery, Event, FormTerms, Message, Place, Unreadable, forms
from adapters.forms import Form
from normalizer.persons import identity
from normalizer.words.text import one_line

#: In `Message.doubts`: nothing shows that a person sent it and no machine.
UNPROVEN = "unproven"
LONGEST_WORDS = 4_000
LONGEST_LINE = 1_000
LONGEST_NAME = 200


class FormSettings(ChannelSettings, frozen=True, kw_only=True):
    """A public form, at /lapor/ and the channel's name; /lapor is the first one."""

    title: Annotated[str, Meta(description="Its heading; the usual one if left out.")] = ""
    photos: Annotated[int, Meta(description="Most photos with one report.", ge=0, le=20)] = 5
    ask_contact: Annotated[
        bool, Meta(description="Ask, last and if they like, where those who report want answers.")
    ] = True
    ask_public: Annotated[
        bool, Meta(description="Let who reports allow that everybody may read it; without that a report is private.")
    ] = True
    difficulty: Annotated[
        int,
        Meta(
            description="How much a browser has to reckon to show that it is no machine that sends thousands: rounds of"
            " PBKDF2 for each of some 250 tries. 5000 takes a phone about two seconds.",
            ge=1,
            le=100_000,
        ),
    ] = 5_000
    per_minute: Annotated[
        int, Meta(description="Reports a minute from one address, of which browsers have shown that.", ge=1)
    ] = 20
    unproven_per_hour: Annotated[
        int, Meta(description="Reports an hour from one address, of which none has; triage sees which.", ge=1)
    ] = 12


class PublicForm:
    """What the pages take is read here; nothing goes back by this way."""

    kind: ClassVar[str] = "form"
    Settings: ClassVar[type[ChannelSettings]] = FormSettings

    def __init__(self, settings: FormSettings) -> None:
        self._settings = settings

    def terms(self) -> FormTerms:
        given = self._settings
        return FormTerms(
            title=given.title,
            photos=given.photos,
            asks_contact=given.ask_contact,
            asks_public=given.ask_public,
            difficulty=given.difficulty,
            per_minute=given.per_minute,
            unproven_per_hour=given.unproven_per_hour,
        )

    def faults(self, form: Form) -> Mapping[str, str]:
        return dict(_faults(form, self._settings))

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        form = _form(delivery)
        who = _sender(form) if self._settings.ask_contact else None
        doubts = (("charset", form.lied), (UNPROVEN, delivery.headers.get("proven") != "yes"))
        return [
            Message(
                id=delivery.id,
                channel=self._settings.name,
                sender=who,
                text=form.one("what"),
                place=_place(form),
                attachments=tuple(photo.attachment for photo in form.photos),
                fields=_of_person(form, who),
                public=self._settings.ask_public and bool(form.one("public")),
                anonymous=who is None,
                doubts=tuple(doubt for doubt, holds in doubts if holds),
                joins=delivery.headers.get("joins", ""),
                receipt=True,
            )
        ]

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        content = _form(delivery).file(attachment)
        if content is None:
            raise Unreadable("the form has no such part")
        return content

    def first_steps(self, web: str) -> Sequence[str]:
        return [f"{web}/lapor/{self._settings.name}"]


def _faults(form: Form, settings: FormSettings) -> Iterator[tuple[str, str]]:
    if not (form.one("what") or form.photos):
        yield "what", "empty"
    elif len(form.one("what")) > LONGEST_WORDS:
        yield "what", "long"
    if not (form.one("where") or _pin(form)):
        yield "where", "empty"
    elif len(form.one("where")) > LONGEST_LINE:
        yield "where", "long"
    if form.one("contact") and not _address(form.one("contact"), ""):
        yield "contact", "unknown"
    if len(form.photos) > settings.photos:
        yield "photo", "many"


def _form(delivery: Delivery) -> Form:
    try:
        return forms.read(delivery.body, delivery.content_type)
    except forms.Broken as error:
        raise Unreadable(str(error)) from None


def _sender(form: Form) -> Address | None:
    return _address(form.one("contact"), form.one("name"))


def _address(contact: str, name: str) -> Address | None:
    """By phone number or mail address; None for what is neither, or only a service's short code."""
    who = one_line(name, LONGEST_NAME) or None
    number, mail = identity.phone(contact), identity.email(contact)
    if number and number.startswith("+"):
        return Address("phone", number, who)
    return Address("email", mail, who) if mail else None


def _of_person(form: Form, who: Address | None) -> dict[str, str]:
    """What was said of who reports, where that reaches nobody."""
    said = {} if who else {name: one_line(form.one(name), LONGEST_NAME) for name in ("contact", "name")}
    return {name: value for name, value in said.items() if value}


def _place(form: Form) -> Place | None:
    words, pin = form.one("where")[:LONGEST_LINE] or None, _pin(form)
    return Place(*pin, words) if pin else Place(words=words) if words else None


def _pin(form: Form) -> tuple[float, float, float | None] | None:
    """Latitude, longitude, and within how many metres."""
    latitude, longitude, accuracy = (_number(form.one(name)) for name in ("lat", "lon", "accuracy"))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude, accuracy if accuracy and accuracy > 0 else None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if abs(number) < 1e7 else None  # infinite and "nan" are none either
