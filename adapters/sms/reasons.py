"""Why a reply failed, in words that name nobody."""

import re

_WORDS = re.compile(r"[A-Za-z][A-Za-z ,.'()/_-]{2,79}")
_CODE = re.compile(r"[0-9]{1,6}")


def reason(told: str, code: str = "") -> str:
    """The provider's own words, such as "Absent subscriber" or "EC_ABSENT_SUBSCRIBER". Where they hold digits, which
    may be a number, or there are none, its code."""
    if _WORDS.fullmatch(told):
        return " ".join(dict.fromkeys(told.removeprefix("EC_").replace("_", " ").lower().split()))
    return f"error {code} of the provider" if _CODE.fullmatch(code) else "not delivered"
