"""What stands in a document, as what a message is made of. Nothing here raises."""

import math
from typing import Any

from normalizer.persons import identity

MOST_PHOTOS = 20
#: Of a list so many are looked at.
MOST_VALUES = 1000
LONGEST_URL = 2000
_YES = frozenset({"1", "true", "t", "yes", "y", "ya", "on"})


def text(value: Any, joint: str = ", ") -> str:
    """A plain value as people write it, those of a list joined; "" for what is none."""
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer():
            return str(int(value))
        case str() | int() | float():
            return _printed(value).strip()
        case list():
            plain = (text(one) for one in value[:MOST_VALUES] if not isinstance(one, list))
            return joint.join(filter(None, plain))
    return ""


def flag(value: Any) -> bool:
    return text(value).lower() in _YES


def degrees(latitude: Any, longitude: Any) -> tuple[float, float] | None:
    """None for what is no place on earth, and for 0, 0, which stands for none."""
    found = _number(latitude), _number(longitude)
    if found[0] is None or found[1] is None or found == (0, 0) or abs(found[0]) > 90 or abs(found[1]) > 180:
        return None
    return found[0], found[1]


def metres(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and 0 < number < 1_000_000 else None


def urls(value: Any) -> list[str]:
    """Those of files: of a text, or of the texts of a list."""
    listed = value[:MOST_VALUES] if isinstance(value, list) else [value]
    found = [one.strip() for one in listed if isinstance(one, str) and len(one) <= LONGEST_URL]
    return [one for one in dict.fromkeys(found) if one.startswith(("https://", "http://"))][:MOST_PHOTOS]


def address(kind: str, value: str) -> str:
    """In its one spelling, or as it is where it has none."""
    if kind == "handle":
        return value.removeprefix("@").lower()
    canonical = {"phone": identity.phone, "email": identity.email}.get(kind)
    return (canonical and canonical(value)) or value


def _number(value: Any) -> float | None:
    try:
        number = float(text(value).replace(",", "."))
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _printed(value: str | float) -> str:
    try:
        return str(value)
    except ValueError:  # a whole number of more than 4300 digits
        return ""
