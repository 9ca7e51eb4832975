"""What X means by an answer that is not a good one. Of its own words only those that are known are told: they may quote
what was sent.

    https://docs.x.com/x-api/fundamentals/response-codes-and-errors
    https://docs.x.com/x-api/fundamentals/rate-limits
"""

import time
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from adapters import ChannelDown, ChannelError, RecipientGone, Refused, Throttled, Unauthorized
from adapters.payload import tables, text

NOT_NAMED = "its author did not mention this account, so X lets it not answer in public"
#: By what X says in small letters. A public answer is for those alone who named the account that answers.
_REFUSED: Mapping[str, str] = {
    "have not been mentioned": NOT_NAMED,
    "where you are mentioned": NOT_NAMED,
    "not permitted to reply": "its author lets not everybody answer",
    "restricted who can reply": "its author lets not everybody answer",
    "deleted or not visible": "the post is gone, or hidden from this account",
    "duplicate content": "this account has said the same just now",
    "too long": "it is longer than X takes",
    "looks like it might be automated": "X takes it for spam",
}
_GONE: Mapping[str, str] = {
    "permission to dm": "they take no direct messages from this account",
    "cannot send messages to": "they take no direct messages from this account",
    "have been blocked": "they have blocked this account",
    "could not find user": "there is no such account any more",
    "has been suspended": "the account is suspended",
}
_OURS: Mapping[str, str] = {
    "oauth1 app permissions": "the app may not do this: set its permissions to Read, Write and Direct Messages, then"
    " make new access tokens",
    "client-not-enrolled": "the app has no project, or no credits: see console.x.com",
    "credits": "the credits are used up: buy more at console.x.com",
    "usage-capped": "the month's reads are used up: raise the cap at console.x.com",
    "spend cap": "the month's spending is used up: raise the cap at console.x.com",
    "your account is temporarily locked": "the account is locked: sign in at x.com",
    "your account is suspended": "the account is suspended: sign in at x.com",
}
#: By the beginning of their headers: the longest first, each with how many seconds it lasts.
_LIMITS: Mapping[str, float] = {
    "x-user-limit-24hour": 86_400.0,
    "x-app-limit-24hour": 86_400.0,
    "x-rate-limit": 900.0,
}


def refusal(status: int, told: Mapping[str, Any], headers: Mapping[str, str]) -> ChannelError:
    """What an answer means that gives nothing; `told` is empty where it is no JSON."""
    said = " ".join(_words(told)).lower().strip()
    if why := _known(_OURS, said):
        return Unauthorized(why)
    if status == 429:
        return Throttled("X asks for patience", patience(headers))
    if status == 401:
        return Unauthorized("X does not take the keys and tokens: make new ones at console.x.com")
    if status >= 500 or not said:
        return ChannelDown(f"X is ill: it answers with status {status}")
    if why := _known(_GONE, said):
        return RecipientGone(why)
    return Refused(_known(_REFUSED, said) or f"X refuses it with status {status}")


def patience(headers: Mapping[str, str]) -> float:
    """Seconds until the limit that was reached is no more, by X's own clock."""
    for limit, longest in _LIMITS.items():
        reset = headers.get(f"{limit}-reset", "")
        if headers.get(f"{limit}-remaining", "0") == "0" and reset.isascii() and reset.isdecimal() and len(reset) < 13:
            return min(longest, max(1.0, int(reset) - _now(headers)))
    return 60.0


def _now(headers: Mapping[str, str]) -> float:
    try:
        return parsedate_to_datetime(headers.get("Date", "")).timestamp()
    except (ValueError, OverflowError):
        return time.time()


def _words(told: Mapping[str, Any]) -> Iterator[str]:
    for one in (told, *tables(told, "errors")):
        yield from (text(one, name) for name in ("title", "detail", "type", "reason", "message"))


def _known(table: Mapping[str, str], said: str) -> str:
    return next((why for words, why in table.items() if words in said), "")
