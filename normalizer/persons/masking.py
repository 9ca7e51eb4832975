"""Personal data in citizens' words, masked, so that the rest may stand in clear and be searched.

Masked are telephone numbers, mail addresses, accounts and pages on networks (also the city's own, of which no list
would stay complete), NIK and KK, NPWP, bank accounts, other long numbers, IP addresses, what is in base64 and the names
of persons. Streets, places, house and neighbourhood numbers, dates, money and tracking codes stay, and so do number
plates: they are what complaints of parking are about.
"""

from collections.abc import Sequence
from functools import lru_cache, partial
from mimetypes import MimeTypes

from msgspec.structs import replace

from normalizer import filetype
from normalizer.message import Attachment
from normalizer.persons import marking
from normalizer.persons.identifiers import NUMBERS, WORDED, may_identify
from normalizer.persons.named import may_name, persons, presents
from normalizer.report import Mark, Report, ReportPlace
from normalizer.words.memo import remembered

_MEDIA_TYPES = frozenset(
    {*MimeTypes().types_map[True].values(), *MimeTypes().types_map[False].values()}
    | {*filetype.KNOWN, "message/delivery-status"}
)


def mask(text: str, region: str = "") -> str:
    """`text` with each recognised piece replaced by its kind in brackets, one of `normalizer.words.wordlists.MASKS`.

    Never raises; takes time linear in the text; masking again changes nothing. `text` is clean
    (`normalizer.words.text`). `region` is the code of the province or city whose areas are no persons: without it
    rather more is masked.
    """
    return found(text, region)[0]


def marks(text: str, region: str = "") -> tuple[Mark, ...]:
    """Where in `text` the pieces stand that `mask` replaces, in order and apart from one another."""
    return tuple(Mark(start=start, end=end, kind=kind) for start, end, kind in found(text, region)[1])


@lru_cache(maxsize=16)  # a report's words are masked to find its place, to mark them, and for its fingerprint
def found(text: str, region: str = "") -> tuple[str, tuple[marking.Stretch, ...]]:
    """The masked text, and where in `text` stood what was masked."""
    return marking.found(text, _passes(text, region))


def _passes(text: str, region: str) -> Sequence[marking.Pass]:
    """Most texts hold nothing but numbers, if anything."""
    if any(map(_may_be_personal, text.split())) or presents(text):
        return (*WORDED, NUMBERS, partial(persons, region=region))
    return (NUMBERS,)


@remembered
def _may_be_personal(piece: str) -> bool:
    return may_identify(piece) or may_name(piece)


def masked(report: Report, region: str = "") -> Report:
    """The report as it may stand in clear: its words masked, without names of files, fields, conversation and
    what stood beside its words. Marks would be of words that are not in it."""
    text = mask(report.text, region)
    return replace(
        report,
        text=text,
        subject=mask(report.subject, region) if report.subject else report.subject,
        place=_masked_place(report.place, text, region) if report.place else None,
        attachments=tuple(map(_masked_attachment, report.attachments)),
        conversation="",
        fields={},
        personal=(),
        asides=(),
    )


def _masked_attachment(attachment: Attachment) -> Attachment:
    """The sender is free to call its type anything."""
    known = attachment.media_type in _MEDIA_TYPES
    return Attachment(
        name=None,
        media_type=attachment.media_type if known else filetype.UNKNOWN,
        size=attachment.size,
        digest=attachment.digest,
        reference=attachment.reference,
        width=attachment.width,
        height=attachment.height,
        doubts=attachment.doubts,
    )


def without_hint(place: ReportPlace | None) -> ReportPlace | None:
    """The place without what a photo says of where its owner was; None if nothing else is known of it."""
    said = replace(place, hint=None) if place and place.hint else place
    return None if said == ReportPlace() else said


def _masked_place(place: ReportPlace, text: str, region: str) -> ReportPlace | None:
    """Words that stand in the masked `text` are masked already."""
    said = without_hint(place)
    if said is None or not said.words or said.words in text:
        return said
    return replace(said, words=mask(said.words, region))
