"""What public pages hand out sealed, so that nobody can make it up: the case that somebody joins, the way back to a
report's code and PIN, and that somebody knew a PIN."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from gateway.vault import CannotOpen, DataKey

#: How long a dated ticket holds.
SECONDS = 3600
_LONGEST = 400


def seal(key: bytes, text: str, about: str) -> str:
    return urlsafe_b64encode(DataKey(key, b"").seal(text.encode(), about.encode())).decode()


def opened(key: bytes, ticket: str, about: str) -> str | None:
    """None for what is none of ours, or about something else."""
    if not ticket or len(ticket) > _LONGEST:
        return None
    try:
        return DataKey(key, b"").open(urlsafe_b64decode(ticket), about.encode()).decode()
    except (CannotOpen, ValueError):
        return None


def dated(key: bytes, text: str, about: str, now: float) -> str:
    """A ticket for an hour."""
    return seal(key, f"{int(now)} {text}", about)


def still(key: bytes, ticket: str, about: str, now: float) -> str | None:
    """What an hour has not passed for."""
    at, _, text = (opened(key, ticket, about) or "").partition(" ")
    return text if at.isdecimal() and now - int(at) < SECONDS else None
