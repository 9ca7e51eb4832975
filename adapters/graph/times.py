"""Times as Meta writes them: in seconds, in milliseconds, as a number or a string of one, or in ISO 8601."""

from datetime import UTC, datetime

from adapters.times import iso

#: Seconds of the year 5138, milliseconds of 1973: what is larger counts milliseconds.
MOST_SECONDS = 10**11


def moment(told: object) -> datetime | None:
    """None for what is no time."""
    if isinstance(told, str) and not (told.isascii() and told.isdecimal()):
        return iso(told)
    if not isinstance(told, str | int | float) or isinstance(told, bool):
        return None
    try:
        counted = float(told)
        return datetime.fromtimestamp(counted / 1000 if counted > MOST_SECONDS else counted, UTC)
    except (ValueError, OverflowError, OSError):
        return None
