"""What a GeoReport request says of a case and its reports. Pure, but for the photos, which are read."""

from collections.abc import Sequence
from datetime import UTC, datetime

from gateway.casestore.contract import OutgoingCase, OutgoingFile, OutgoingReport
from gateway.casestore.endpoint import Photo

MOST_PHOTOS = 10
LONGEST_ADDRESS = 500


def words(report: OutgoingReport) -> str:
    subject = report.subject or ""
    return report.text if subject in report.text else f"{subject}\n\n{report.text}"


def where(case: OutgoingCase, unknown: str) -> dict[str, str]:
    """A pin, or words; else the area; `unknown` if nobody said anything."""
    place = case.place
    said = ((place.words if place else None) or "")[:LONGEST_ADDRESS]
    if place and place.latitude is not None and place.longitude is not None:
        return {"lat": f"{place.latitude:.6f}", "long": f"{place.longitude:.6f}", "address_string": said}
    return {"address_string": said or case.area or unknown}


def about(reports: Sequence[OutgoingReport]) -> dict[str, str]:
    """Of who reported what may be told. That it is not for the public, or not for officers to know, holds for all if it
    holds for one; GeoReport has no such parameters, but Kanal and others heed them."""
    flags = {
        "private": any(report.private for report in reports),
        "confidential": any(report.confidential for report in reports),
        "anonymous": all(report.anonymous for report in reports),
    }
    return {name: "true" if holds else "false" for name, holds in flags.items()} | _who(reports)


def _who(reports: Sequence[OutgoingReport]) -> dict[str, str]:
    """The first one who may be named."""
    for report in reports:
        if report.reporter:
            reached = {address.kind: address.value for address in report.reporter.addresses}
            first, _, last = (report.reporter.name or "").partition(" ")
            who = {"email": reached.get("email", ""), "phone": reached.get("phone", "")}
            return who | {"first_name": first, "last_name": last}
    return {}


async def photos(reports: Sequence[OutgoingReport]) -> list[Photo]:
    files = [file for report in reports for file in report.files if file.media_type.startswith("image/")]
    found = [await _photo(file) for file in files[:MOST_PHOTOS]]
    return [photo for photo in found if photo]


async def _photo(file: OutgoingFile) -> Photo | None:
    try:
        return Photo(file.name, file.media_type, await file.read())
    except LookupError:
        return None


def is_told(report: OutgoingReport, description: str) -> bool:
    """Are these the words of a report, or among them?"""
    return _plain(words(report)) in _plain(description)


def _plain(text: str) -> str:
    return " ".join(text.split())


def w3c(at: datetime) -> str:
    """A time as GeoReport writes it: to the second, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
