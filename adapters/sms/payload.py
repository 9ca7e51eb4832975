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
    text = raw.decode("latin-1")
    pairs = parse_qsl(text, keep_blank_values=True, encoding=charset, errors="replace", max_num_fields=MOST_FIELDS)
    return dict(pairs)


def document(raw: bytes) -> Any:
    """JSON as plain values. Raises ValueError, also where it is nested too deeply."""
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        raise ValueError("no JSON") from None
