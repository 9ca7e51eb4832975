"""A report of our own that goes through a channel like a citizen's, to see that the whole way works. Pure.

Its text holds a mark, which names the channel and the minute it was made in and which nobody can make without the
store's key. Wherever it comes in, it is known by that and becomes no report. One that is old shows nothing when it
comes again.
"""

import re
from collections.abc import Callable
from hmac import compare_digest

MINUTE = 60
_MARK = re.compile(r"kanal-canary-(\d{1,12})-([0-9a-f]{16})", re.IGNORECASE)

Pseudonym = Callable[..., str]
"""What parts are looked up by, which tells nobody what they are: the store's."""


def text(pseudonym: Pseudonym, channel: str, now: float) -> str:
    """In letters that every channel carries: 40 or so."""
    minute = str(int(now // MINUTE))
    return f"kanal-canary-{minute}-{_proof(pseudonym, channel, minute)}"


def made_at(pseudonym: Pseudonym, channel: str, said: str) -> float | None:
    """When the canary was made that somebody said; None if there is none, or only what looks like one."""
    found = _MARK.search(said)
    if found is None or not compare_digest(found[2].lower(), _proof(pseudonym, channel, found[1])):
        return None
    return float(int(found[1]) * MINUTE)


def _proof(pseudonym: Pseudonym, channel: str, minute: str) -> str:
    return pseudonym("canary", channel, minute)[:16]
