"""Times as GeoReport has them: W3C's profile of ISO 8601, with a zone (https://www.w3.org/TR/NOTE-datetime)."""

import re
from datetime import datetime, tzinfo

_LOST_PLUS = re.compile(r" (\d\d:\d\d)\Z")
_FIRST_YEAR, _LAST_YEAR = 1970, 9990


def written(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def written_exactly(at: datetime) -> str:
    """With milliseconds, for what is put in order by its time."""
    return at.isoformat(timespec="milliseconds")


def read(text: str, zone: tzinfo) -> datetime:
    """In `zone` where it names none; its "+" may have become a blank, as where it was not escaped in a query. Raises
    ValueError."""
    at = datetime.fromisoformat(_LOST_PLUS.sub(r"+\1", text.strip()))
    if not _FIRST_YEAR < at.year < _LAST_YEAR:
        raise ValueError("too long ago, or too far ahead")
    return at if at.tzinfo else at.replace(tzinfo=zone)
