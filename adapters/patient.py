"""JSON that is not written strictly: one odd value is read as well as it can be, and loses nothing else."""

import json
import math
from typing import Any

import msgspec

from adapters.contract import Unreadable

_FAILS = (ValueError, RecursionError)  # of JSON that is none, and of text that is none
_MOST_DIGITS = 1000


def read(raw: bytes) -> Any:
    """Plain values that any strict writer of JSON takes. Raises `Unreadable`.

    A text that was cut within an emoji leaves half of it, which becomes "?"; bytes that are no UTF-8 become U+FFFD;
    NaN and numbers beyond all bounds become None."""
    try:
        return msgspec.json.decode(raw)
    except _FAILS:
        return _patiently(raw)


def _patiently(raw: bytes) -> Any:
    try:
        words = raw.decode(json.detect_encoding(raw), "replace")
        told = json.loads(words, strict=False, parse_float=_float, parse_int=_int, parse_constant=_nothing)
        return msgspec.json.decode(json.dumps(told, ensure_ascii=False).encode("utf-8", "replace"))
    except _FAILS:
        raise Unreadable("this is no JSON") from None


def _float(digits: str) -> float | None:
    number = float(digits)
    return number if math.isfinite(number) else None


def _int(digits: str) -> int | None:
    return int(digits) if len(digits) <= _MOST_DIGITS else None


def _nothing(_constant: str) -> None:
    """NaN, Infinity and -Infinity."""
