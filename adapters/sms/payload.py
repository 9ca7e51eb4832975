"""What requests hold: forms and JSON."""

from typing import Any
from urllib.parse import parse_qsl

import msgspec

from adapters import WebRequest

MOST_FIELDS = 50


def said(request: WebRequest) -> bytes:
    """The query, or else the body."""
    return request.query.encode("utf-8", "surrogatepass") or request.body


def form(raw: bytes, charset: str = "utf-8") -> dict[str, str]:
    """The fields of a query string or form; of a repeated one the last. Raises ValueError for more than fifty.

    With the charset "latin-1" each character of a value is one byte, for who learns the charset only afterwards.
    """
    return dict(pairs(raw, charset))


def pairs(raw: bytes, charset: str = "utf-8") -> list[tuple[str, str]]:
    """The same with repeated fields."""
    text = raw.decode("latin-1")
    return parse_qsl(text, keep_blank_values=True, encoding=charset, errors="replace", max_num_fields=MOST_FIELDS)


def is_json(request: WebRequest) -> bool:
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == "application/json"


def texts(raw: bytes) -> dict[str, str]:
    """The plain values of a JSON object as a form would write them. Raises ValueError if it is none."""
    told = document(raw)
    if not isinstance(told, dict):
        raise ValueError("no JSON object")
    return {name: _text(value) for name, value in told.items() if isinstance(value, str | int | float)}


def table(raw: bytes) -> dict[str, Any]:
    """A JSON object; an empty one for what is none."""
    try:
        told = document(raw)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def document(raw: bytes) -> Any:
    """JSON as plain values. Raises ValueError, also where it is nested too deeply."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("no JSON") from None


def _text(value: str | float) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
