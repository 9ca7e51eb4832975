"""What a fetched file changes of its report: a new version, of which nobody is told. Pure."""

from collections.abc import Iterable

from msgspec.structs import replace

from adapters import Attachment
from gateway.fetching.wanted import LOST, is_wanted
from gateway.filed import LookedAt
from normalizer.report import Report, ReportPlace

#: In a report's triage, of one of its files.
FILE_DOUBTS = ("mislabelled-file", "polyglot-file")


def with_file(old: Report, wanted: Attachment, found: LookedAt) -> Report:
    """With what is known now of a file that it lacked. Where a photo says that it was taken is a hint only."""
    known = replace(found.attachment, reference=wanted.reference)
    place = old.place
    if found.hint and (place is None or place.hint is None):
        place = replace(place or ReportPlace(), hint=found.hint)
    triage = tuple(dict.fromkeys((*old.triage, *found.doubts)))
    return replace(old, attachments=_replaced(old.attachments, wanted, known), place=place, triage=triage)


def without_file(old: Report, wanted: Attachment) -> Report:
    """With a file that nobody will ever have."""
    known = replace(wanted, doubts=tuple(dict.fromkeys((*wanted.doubts, LOST))))
    return replace(old, attachments=_replaced(old.attachments, wanted, known))


def known_files(known: Iterable[Attachment], named: Iterable[Attachment]) -> tuple[Attachment, ...]:
    """Files that a message names, those that are known by now as they are."""
    settled = {one.reference: one for one in known if one.reference and not is_wanted(one)}
    return tuple(
        replace(settled[one.reference], name=one.name) if is_wanted(one) and one.reference in settled else one
        for one in named
    )


def _replaced(attachments: Iterable[Attachment], wanted: Attachment, known: Attachment) -> tuple[Attachment, ...]:
    """What was sent twice lies in one place, but has a name each."""
    return tuple(
        replace(known, name=one.name) if one.digest is None and one.reference == wanted.reference else one
        for one in attachments
    )
