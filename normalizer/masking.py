"""Personal data in citizens' words, masked, so that the rest may stand in clear and be searched.

Masked are telephone numbers, mail addresses, accounts and pages on networks (also the city's own, of which no list
would stay complete), NIK and KK, NPWP, bank accounts, other long numbers, IP addresses, what is in base64 and the names
of persons. Streets, places, house and neighbourhood numbers, dates, money and tracking codes stay, and so do number
plates: they are what complaints of parking are about.
"""

from functools import lru_cache
from mimetypes import MimeTypes

from msgspec.structs import replace

from normalizer.identifiers import replaced, without_identifiers
from normalizer.message import Attachment
from normalizer.persons import persons
from normalizer.report import Report, ReportPlace

UNKNOWN_TYPE = "application/octet-stream"
_MEDIA_TYPES = frozenset(
    {*MimeTypes().types_map[True].values(), *MimeTypes().types_map[False].values()}
    | {"image/heic", "image/heif", "audio/amr", "audio/ogg", "text/calendar", "message/delivery-status"}
)


@lru_cache(maxsize=16)  # a report's words are masked to find its place and again for its fingerprint
def mask(text: str) -> str:
    """`text` with each recognised piece replaced by its kind in brackets, one of `normalizer.wordlists.MASKS`.

    Never raises; takes time linear in the text; masking again changes nothing. `text` is clean (`normalizer.text`).
    """
    text = without_identifiers(text)
    return replaced(text, ((start, end, "nama") for start, end in persons(text)))


def masked(report: Report) -> Report:
    """The report as it may stand in clear: its words masked, without names of files, fields and conversation."""
    return replace(
        report,
        text=mask(report.text),
        subject=mask(report.subject) if report.subject else report.subject,
        place=_masked_place(report.place) if report.place else None,
        attachments=tuple(map(_masked_attachment, report.attachments)),
        conversation="",
        fields={},
    )


def _masked_attachment(attachment: Attachment) -> Attachment:
    """The sender is free to call its type anything."""
    known = attachment.media_type in _MEDIA_TYPES
    return replace(attachment, name=None, media_type=attachment.media_type if known else UNKNOWN_TYPE)


def _masked_place(place: ReportPlace) -> ReportPlace:
    return replace(place, words=mask(place.words) if place.words else None)
