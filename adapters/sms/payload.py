"""What requests hold: forms and JSON."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from adapters import Delivery, RequestRefused, Unreadable, WebRequest
from adapters.patient import read
from adapters.sms.dialect import JSON

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
    return request.headers.get("Content-Type", "").partition(";")[0].strip().lower() == JSON


def document(raw: bytes) -> Any:
    """JSON as plain values. Raises ValueError, also where it is nested too deeply."""
    return read(raw)


def fields(raw: bytes, content_type: str) -> dict[str, Any]:
    """A JSON object or a form. Raises ValueError."""
    if content_type != JSON:
        return dict(form(raw))
    told = document(raw)
    if not isinstance(told, dict):
        raise ValueError("no JSON object")
    return told


def taken(raw: bytes, content_type: str) -> dict[str, Any]:
    """The same of a request. Raises `RequestRefused`."""
    try:
        return fields(raw, content_type)
    except ValueError:
        raise RequestRefused("this is neither a form nor a JSON object", 400) from None


def kept(delivery: Delivery) -> dict[str, Any]:
    """The same of what was kept. Raises `Unreadable`."""
    try:
        return fields(delivery.body, delivery.content_type)
    except ValueError:
        raise Unreadable("this is neither a form nor a JSON object") from None


def text(told: Mapping[str, Any], name: str) -> str:
    """A plain value as a form would write it; "" where there is none."""
    value = told.get(name)
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, str | int | float) else ""
