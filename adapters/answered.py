"""What a provider answers to an HTTP request."""

import time
from email.utils import parsedate_to_datetime

from normalizer.message import Discreet

LONGEST_ANSWER = 65_536  # bytes: of a longer one the rest is left unread


class Answered(Discreet, frozen=True):
    """No more of the body than was asked for; redirects are not followed. `retry_after` is in seconds."""

    status: int
    body: bytes
    retry_after: float | None = None

    shown = ("status",)


def seconds_asked(retry_after: str | None) -> float | None:
    """Of a Retry-After header: seconds, or a date (RFC 9110, 10.2.3); None if it says nothing."""
    if not retry_after:
        return None
    try:
        return _seconds(retry_after)
    except (ValueError, OverflowError):
        return None


def _seconds(told: str) -> float:
    if told.strip().isdecimal():
        return float(told)
    return max(0.0, parsedate_to_datetime(told).timestamp() - time.time())
