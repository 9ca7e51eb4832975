"""Times as providers write them; None for what is no time, for an SMS without one is as good."""

from datetime import UTC, datetime, tzinfo


def seconds(told: str) -> datetime | None:
    """Unix seconds."""
    try:
        return datetime.fromtimestamp(int(told), UTC) if told.isdigit() else None
    except (ValueError, OverflowError, OSError):
        return None


def iso(told: str, zone: tzinfo = UTC) -> datetime | None:
    """ISO 8601 as Python reads it, with "T" or a blank between; in `zone` where it names none."""
    try:
        time = datetime.fromisoformat(told)
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
