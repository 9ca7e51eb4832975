"""What single cells say: telephone numbers as spreadsheets leave them, coordinates, nothing at all. Pure."""

import re
from decimal import Decimal

from gateway.transfer.table import Cell, words
from normalizer.persons import identity

#: How people say that there is nothing.
_NOTHING = frozenset(
    {"-", "--", "–", "—", ".", "0", "n/a", "na", "null", "none", "nihil", "tidak ada", "kosong", "anonim", "anonymous"}
)
_SCIENTIFIC = re.compile(r"\+?(\d)(?:[.,](\d+))?e\+?(\d{1,2})", re.IGNORECASE)
_POINT_ZERO = re.compile(r"(\+?\d{7,20})[.,]0{1,2}")
_SEVERAL = re.compile(r"\s*(?:[/;,|&]|\batau\b|\bdan\b)\s*", re.IGNORECASE)
_DEGREES = re.compile(r"[+\-−]?\s*\d{1,3}(?:[.,]\d{1,15})?°?")
_PIN = re.compile(r"([+-]?\d{1,2}\.\d{2,15})\s*[,;\s]\s*([+-]?\d{1,3}\.\d{2,15})")
_PIN_WITH_COMMAS = re.compile(r"([+-]?\d{1,2},\d{2,15})\s*[;\s]\s*([+-]?\d{1,3},\d{2,15})")


class DigitsLost(ValueError):
    """A number of which a spreadsheet has kept only the first digits."""


def said(cell: Cell) -> str:
    """What an optional cell says, in one line; "" where people write that there is nothing."""
    text = " ".join(words(cell).split())
    return "" if text.casefold() in _NOTHING else text


def phone(text: str) -> str | None:
    """E.164 of a number whose leading 0 or + a spreadsheet dropped, or which it made a decimal number; the first of
    several. None if it is none. Raises `DigitsLost` for "6,28123E+12", which stands for any of ten million numbers."""
    for one in (text, *_SEVERAL.split(text)):
        if found := identity.phone(_whole(one)):
            return found
    return None


def _whole(text: str) -> str:
    if found := _SCIENTIFIC.fullmatch(text):
        digits, exponent = found[1] + (found[2] or ""), int(found[3])
        if len(digits) <= exponent:
            raise DigitsLost
        return str(int(Decimal(f"{found[1]}.{found[2] or 0}e{exponent}")))
    whole = _POINT_ZERO.fullmatch(text)
    return whole[1] if whole else text


def degrees(text: str) -> float | None:
    """As in "-1.2345", "-1,2345" or "−1.2345°"."""
    if not _DEGREES.fullmatch(text):
        return None
    return float("".join(text.split()).replace("−", "-").replace(",", ".").replace("°", ""))


def pin(text: str) -> tuple[float, float] | None:
    """Latitude and longitude, also within the address of a map."""
    found = _PIN.search(text) or _PIN_WITH_COMMAS.search(text)
    return (float(found[1].replace(",", ".")), float(found[2].replace(",", "."))) if found else None


def is_on_earth(latitude: float, longitude: float) -> bool:
    return abs(latitude) <= 90 and abs(longitude) <= 180
