"""Times as providers write them; None for what is no time, for an SMS without one is as good."""

from datetime import UTC, datetime, tzinfo

_UNIX = frozenset({"seconds", "milliseconds"})


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


def formatted(told: str, form: str, zone: tzinfo) -> datetime | None:
    """By "iso", "seconds" or "milliseconds" of Unix, which are cut to whole seconds, or a pattern of `strptime`."""
    if form == "iso":
        return iso(told, zone)
    if form in _UNIX:
        return seconds(told[:-3] if form == "milliseconds" else told)
    try:
        time = datetime.strptime(told, form)  # noqa: DTZ007 (the zone comes next)
        return (time if time.tzinfo else time.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def written(at: datetime, form: str, zone: tzinfo) -> str:
    """What `formatted` reads as that time."""
    if form in _UNIX:
        return f"{int(at.timestamp())}{'000' if form == 'milliseconds' else ''}"
    local = at.astimezone(zone)
    return local.isoformat(timespec="seconds") if form == "iso" else local.strftime(form)


def is_format(form: str) -> bool:
    """Does it read a day and a time as it writes them?"""
    example = datetime(2026, 11, 22, 15, 38, tzinfo=UTC)
    return form in {"iso", *_UNIX} or formatted(example.strftime(form), form, UTC) == example
