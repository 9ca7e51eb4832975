"""GeoReport's two formats, written, never read: JSON has null where XML has an empty element, and arrays where XML has
elements in one."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from xml.etree import ElementTree  # nosec B405

import msgspec

from adapters import Response

Value = str | bool | int | float | None | Sequence["Value"] | Mapping[str, "Value"]
Row = Mapping[str, Value]

JSON, XML = "json", "xml"
FORMATS = {JSON: "application/json", XML: "text/xml"}
#: What is told to one application is not another's, nor a cache's.
_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
#: What the elements of a list are called.
_ITEMS = {
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "service_requests": "request",
    "service_request_updates": "request_update",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
}
#: What XML 1.0 cannot hold, however it is written (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Document(NamedTuple):
    """`root` is the name of XML's root element; JSON has only the content."""

    root: str
    content: Value


def answer(document: Document, form: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """In XML with its charset, except for the discovery document, whose type validators compare to the letter."""
    named = "; charset=utf-8" if form == XML and document.root != "discovery" else ""
    body = _xml(document) if form == XML else msgspec.json.encode(_clean(document.content))
    return Response(
        status=status, body=body, content_type=FORMATS[form] + named, headers=_HEADERS | dict(headers or {})
    )


def _xml(document: Document) -> bytes:
    root = ElementTree.Element(document.root)
    _fill(root, document.content)
    body: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _fill(element: ElementTree.Element, value: Value) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _fill(ElementTree.SubElement(element, name), inner)
    elif isinstance(value, str):
        element.text = _NOT_XML.sub("\ufffd", value)
    elif isinstance(value, Sequence):
        for inner in value:
            _fill(ElementTree.SubElement(element, _ITEMS[element.tag]), inner)
    elif value is not None:
        element.text = str(value).lower()


def _clean(value: Value) -> Value:
    """JSON in UTF-8 cannot hold lone surrogates."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, Mapping):
        return {name: _clean(inner) for name, inner in value.items()}
    return [_clean(inner) for inner in value] if isinstance(value, Sequence) else value
