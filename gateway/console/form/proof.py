"""Who sends one report reckons for a moment; who would send thousands, for days (ALTCHA, https://altcha.org/docs/v2/).

A challenge is for one entry and for an hour. An entry is one report however often it is sent, so each solution counts
once.
"""

from typing import Any

import altcha

SECONDS = 3600
ALGORITHM = "PBKDF2/SHA-256"
#: What a solution begins with, in hex: one try in 256 does.
BEGINNING = "00"
LONGEST = 4_096


def challenge(key: bytes, entry: str, difficulty: int, now: float) -> dict[str, Any]:
    """What the widget solves; `difficulty` is the rounds of each try."""
    made = altcha.create_challenge(
        ALGORITHM,
        difficulty,
        key_prefix=BEGINNING,
        expires_at=int(now) + SECONDS,
        data={"entry": entry},
        hmac_secret=key,
    )
    return made.to_dict()


def is_proven(key: bytes, entry: str, payload: str) -> bool:
    """Is that the solution of a challenge of ours, for this entry, in time? Takes some milliseconds if it may be."""
    if not payload or len(payload) > LONGEST:
        return False
    try:
        given = altcha.Payload.from_base64(payload)
        data = given.challenge.parameters.data
        is_ours = isinstance(data, dict) and data.get("entry") == entry
        return is_ours and altcha.verify_solution(given, key).verified
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
