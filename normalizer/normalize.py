"""From a channel's message to the one report: cleaned words, where, and what a person should look at."""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

from normalizer.book import Book
from normalizer.mails.subjects import is_reply, without_prefixes
from normalizer.message import Aside, Attachment, Message, Place
from normalizer.persons.masking import marks, mask
from normalizer.places.pins import chosen, differs, placed
from normalizer.places.place import find_place
from normalizer.report import IMPORTED, Candidate, Confidentiality, Report, ReportPlace
from normalizer.sorting.candidates import candidates
from normalizer.sorting.categories import ANSWER, Categories
from normalizer.sorting.kinds import Said, kinds
from normalizer.sorting.urgency import urgency
from normalizer.titles import is_left_over
from normalizer.words.language import language
from normalizer.words.phrases import words_of
from normalizer.words.text import LIMIT, clean, one_line

_AHEAD = timedelta(days=1)
_BEHIND = timedelta(days=366)
_FIELD_LIMIT = 4_000
_MOST_ASIDES = 20

#: The field that holds the code of the category its sender chose.
CATEGORY = "category"
#: In `triage`: it tells of somebody who breaks a rule, from whom its sender must be safe.
VIOLATION = "violation"


def report_id(channel: str, message_id: str) -> str:
    """ "r-" and 80 bits of SHA-256 in base32: the same message makes the same report on every run."""
    digest = hashlib.sha256(f"{channel}\0{message_id}".encode("utf-8", "surrogatepass")).digest()
    number = int.from_bytes(digest[:10], "big")
    return "r-" + "".join([_PAIRS[number >> shift & 1023] for shift in _SHIFTS])


_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
#: By ten bits of a number its two letters in base32 (RFC 4648): the standard library takes twice as long.
_PAIRS = tuple(first + second for first in _LETTERS for second in _LETTERS)
_SHIFTS = tuple(range(70, -1, -10))


def normalize(message: Message, received_at: datetime, book: Book) -> Report:
    """The report that `message` makes; never raises. `received_at` is aware.

    `reporter` is "" for the gateway to fill in.
    Places and categories are looked for among words that identify nobody: a phone number is no house number. A category
    whose code the message gives comes before those of its words. What accuses an official is private, whatever was
    asked.

    `triage` holds the message's doubts and of "automatic", "no-sender", "empty", "cut", "odd-date",
    "violation", "unknown-category", "odd-pin" (none on Earth, or one that apps send by themselves) and "pin-differs"
    (the words name another area) those that hold. What tells of a violation is confidential, whatever was asked.
    """
    text = clean(message.text)
    harmless = mask(text, book.areas)
    subject, left_over = _subjects(message.subject, harmless, book)
    asides = tuple(_asides([*left_over, *message.asides]))
    reported_at = _aware(message.sent_at)
    category = _category(message, book.categories)
    if subject:
        harmless = f"{mask(subject, book.areas)}\n{harmless}"
    ranked = candidates(book.categories, category, harmless)
    accuses = _accuses(message, (subject, text, *[aside.text for aside in asides]), category, book.categories)
    violation = accuses or (bool(ranked) and book.categories.violates(ranked[0].code))
    personal = marks(text, book.areas)
    said = _said(message, subject, text, any(mark.kind == "telepon" for mark in personal))
    urgent = urgency(said.text, said.words, book.signs)
    place = placed(find_place(harmless, message.place, book.areas, book.atlas), book.atlas)
    if message.place:
        place = chosen(place, message.place.area, book.areas)
    return Report(
        id=report_id(message.channel, message.id),
        channel=message.channel,
        reporter="",
        conversation="" if message.public and accuses else message.conversation,
        received_at=received_at,
        reported_at=reported_at,
        subject=subject,
        text=text,
        language=language(text),
        categories=ranked,
        place=place,
        attachments=message.attachments,
        confidentiality=Confidentiality(
            anonymous=message.anonymous,
            confidential=message.confidential or violation,
            private=not message.public or accuses,
        ),
        desk=message.desk,
        fields={one_line(name): clean(value)[:_FIELD_LIMIT] for name, value in message.fields.items()},
        triage=_triage(message, bool(text or subject), reported_at, received_at, category, violation, place),
        urgency=urgent,
        kinds=kinds(said, urgent, book.signs),
        personal=personal,
        asides=asides,
    )


def _subjects(given: str | None, harmless: str, book: Book) -> tuple[str | None, list[Aside]]:
    """The subject, or what stands beside the report: that of a reply which tells of another matter by now."""
    line = one_line(given) if given else ""
    subject = without_prefixes(line)
    if subject and is_reply(line) and is_left_over(mask(subject, book.areas), harmless, book):
        return None, [Aside(kind="quote", text=subject)]
    return subject or None, []


def _asides(asides: Sequence[Aside]) -> Iterator[Aside]:
    """Cleaned, and together no longer than a text."""
    left = LIMIT
    for aside in asides[:_MOST_ASIDES]:
        if text := clean(aside.text[:left]):
            left -= len(text)
            yield Aside(kind=aside.kind, text=text)


def _said(message: Message, subject: str | None, text: str, phone: bool) -> Said:
    words = "\n".join(filter(None, (subject, text, _answers(message))))
    return Said(
        words,
        words_of(words),
        phone=phone,
        chosen=bool(message.fields.get(CATEGORY)),
        shown=any(map(_shows, message.attachments)) or bool(message.place and message.place.latitude is not None),
        enclosed=bool(message.attachments),
        replies=message.in_reply_to is not None,
    )


def _shows(file: Attachment) -> bool:
    return file.media_type.startswith(("image/", "audio/", "video/"))


def _answers(message: Message) -> str:
    """What was answered to the questions of a category ("warga-terjebak")."""
    values = (value for name, value in message.fields.items() if name.startswith(ANSWER))
    return "\n".join(values)[:_FIELD_LIMIT]


def _aware(sent_at: datetime | None) -> datetime | None:
    return sent_at.replace(tzinfo=UTC) if sent_at and sent_at.tzinfo is None else sent_at


def _category(message: Message, categories: Categories) -> Candidate | None:
    return categories.named(message.fields.get(CATEGORY, ""))


def _accuses(message: Message, said: Sequence[str | None], category: Candidate | None, categories: Categories) -> bool:
    where = clean(message.place.words or "") if message.place else ""
    words = "\n".join(filter(None, (*said, where)))
    return categories.accuses(category.code if category else None) or categories.accused_in(words)


def _triage(
    message: Message,
    said: bool,
    reported_at: datetime | None,
    received_at: datetime,
    category: Candidate | None,
    violation: bool,
    place: ReportPlace | None,
) -> tuple[str, ...]:
    earliest = timedelta.min if IMPORTED in message.doubts else -_BEHIND
    held = {
        "automatic": message.automatic,
        "no-sender": message.sender is None,
        "empty": not (said or message.attachments or message.place or message.fields),
        "cut": len(message.text) > LIMIT,
        "odd-date": reported_at is not None and not earliest <= reported_at - received_at <= _AHEAD,
        VIOLATION: violation,
        "unknown-category": category is None and bool(message.fields.get(CATEGORY, "").strip()),
        "odd-pin": _has_pin(message.place) and not _has_pin(place),
        "pin-differs": differs(place),
    }
    return tuple(dict.fromkeys((*message.doubts, *(name for name, holds in held.items() if holds))))


def _has_pin(place: Place | ReportPlace | None) -> bool:
    return place is not None and place.latitude is not None and place.longitude is not None
