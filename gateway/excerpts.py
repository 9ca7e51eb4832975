"""What a case is called in lists: an excerpt of what was reported, and where. Pure."""

from normalizer.places.areas import area_name
from normalizer.report import Outcome, Report

EXCERPT = 80
#: A suggested area with less than this is not named.
WORTH_ASKING = 0.4


def what(report: Report) -> str:
    """An excerpt for lists, of a report as it may stand in clear."""
    return excerpt(report.text or report.subject or "")


def where(report: Report, decided: str | None = None) -> str:
    """The words for it and the area, with a question mark if that is only the best suggestion. `decided` is the code
    of the area that its case has already."""
    named, mark = (area_name(decided) or "", "") if decided else _named(report)
    return located(report.place.words or "" if report.place else "", named, mark)


def located(words: str, area: str, mark: str = "") -> str:
    """An excerpt that names the area once."""
    said = excerpt(words, EXCERPT - len(area) - len(mark) - 2)
    if area.lower() in said.lower():
        return f"{said}{mark}"
    return ", ".join(filter(None, (said, f"{area}{mark}" if area else "")))


def _named(report: Report) -> tuple[str, str]:
    place = report.place
    if place is None or place.outcome is Outcome.OUTSIDE:
        return "luar wilayah" if place else "", ""
    if place.area:
        return place.area.name, ""
    best = place.areas[0] if place.areas else None
    return (best.name, "?") if best and best.score >= WORTH_ASKING else ("", "")


def excerpt(text: str, most: int = EXCERPT) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
