"""What an application or a browser posts: a form, urlencoded or in parts, read under limits. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from email.message import Message as Described
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl

from normalizer.mails import mime
from normalizer.mails.charset import decode
from normalizer.message import Attachment
from normalizer.words.text import one_line

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
#: Octets of a form without photos: a description of 4000 characters, each of four octets, as %XX, and all else.
LONGEST_FORM = 131_072
LONGEST_VALUE = 32_768
LONGEST_NAME = 200
#: Octets of a part's head; a browser's has some hundreds.
LONGEST_HEAD = 2_048
MOST_FIELDS = mime.MAX_PARTS

_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,49}/[a-z0-9][a-z0-9.+-]{0,79}")


class Broken(ValueError):
    """It is no form, or beyond the limits; the message quotes nothing of it."""


class Photo(NamedTuple):
    """A file in a form: part `number` of it, counted from 0."""

    number: int
    name: str | None
    media_type: str
    content: bytes

    @property
    def reference(self) -> str:
        return f"part:{self.number}"

    @property
    def attachment(self) -> Attachment:
        digest = sha256(self.content).hexdigest()
        return Attachment(self.name, self.media_type, len(self.content), digest, self.reference)


class Form(NamedTuple):
    """Values by name, in their order; what is empty or blank is not there. `lied`: a value is not in its charset."""

    fields: Mapping[str, Sequence[str]]
    photos: Sequence[Photo] = ()
    lied: bool = False

    def one(self, name: str) -> str:
        """The first value, "" if there is none."""
        return next(iter(self.fields.get(name, ())), "")

    def file(self, attachment: Attachment) -> bytes | None:
        """The bytes of what one of the photos is known as; None if there is no such part."""
        found = (photo.content for photo in self.photos if photo.reference == attachment.reference)
        return next(found, None)


class _Value(NamedTuple):
    name: str
    text: str
    lied: bool


def read(body: bytes, content_type: str) -> Form:
    """Raises `Broken`."""
    described = _described(content_type)
    match described.get_content_type():
        case "multipart/form-data":
            return _in_parts(body, content_type, _boundary(described))
        case "application/x-www-form-urlencoded":
            return _form(_urlencoded(body))
    raise Broken(f"the content type must be {URLENCODED} or {MULTIPART}")


def query(text: str) -> Mapping[str, Sequence[str]]:
    """The values of a query string. Raises `Broken`."""
    return _form(_urlencoded(text.encode("utf-8", "replace"))).fields


def _form(values: Iterator[_Value], photos: Sequence[Photo] = ()) -> Form:
    fields: dict[str, list[str]] = {}
    lied = False
    for value in values:
        if text := value.text.strip():
            fields.setdefault(value.name, []).append(text)
            lied = lied or value.lied
    return Form(fields, photos, lied)


def _urlencoded(body: bytes) -> Iterator[_Value]:
    if len(body) > LONGEST_FORM:
        raise Broken(f"it has more than {LONGEST_FORM} octets: send photos as {MULTIPART}")
    try:
        pairs = parse_qsl(body.decode("latin-1"), True, encoding="latin-1", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Broken(f"it has more than {MOST_FIELDS} parameters") from None
    for name, value in pairs:
        yield _value(name.encode("latin-1"), value.encode("latin-1"), None)


def _in_parts(body: bytes, content_type: str, boundary: bytes) -> Form:
    """A part that is cut off, or holds others, makes all of it worthless: nothing is taken by halves."""
    head = b"Content-Type: " + content_type.translate({13: None, 10: None}).encode("utf-8", "replace") + b"\r\n\r\n"
    whole = head + body
    tree = mime.read_tree(whole, LONGEST_HEAD)
    if tree.cut:
        raise Broken(f"it has more than {mime.MAX_PARTS} parts, or a part with too long a head")
    if b"--" + boundary + b"--" not in body[-(len(boundary) + 1024) :] or any(leaf.depth != 1 for leaf in tree.leaves):
        raise Broken("its parts are broken off or not well formed")
    values, photos = [], []
    for number, leaf in enumerate(tree.leaves):
        content = mime.content(whole, leaf)
        if _is_file(leaf):
            photos.append(_photo(number, leaf, content))
        else:
            values.append(_value(_name(leaf), content, leaf.described.get_content_charset()))
    return _form(iter(values), [photo for photo in photos if photo.content])


def _is_file(leaf: mime.Leaf) -> bool:
    named = leaf.described.get_param("filename", header="content-disposition") is not None
    return named or leaf.described.get_content_maintype() == "image"


def _photo(number: int, leaf: mime.Leaf, content: bytes) -> Photo:
    """The name is for people to read, never to be opened by."""
    name = one_line(leaf.described.get_filename("").replace("\\", "/").rpartition("/")[2])[:400]
    known = _MEDIA_TYPE.fullmatch(leaf.media_type)
    return Photo(number, name or None, known[0] if known else "application/octet-stream", content)


def _name(leaf: mime.Leaf) -> bytes:
    name = leaf.described.get_param("name", header="content-disposition")
    if not isinstance(name, str) or not name:
        raise Broken("a part has no name")
    return name.encode("utf-8", "replace")


def _value(name: bytes, value: bytes, charset: str | None) -> _Value:
    if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
        raise Broken(f"a parameter has more than {LONGEST_VALUE} octets, or its name more than {LONGEST_NAME}")
    text, lied = decode(value, charset or "utf-8")
    return _Value(decode(name, "utf-8")[0], text, lied)


def _described(content_type: str) -> Described:
    described = Described()
    described["content-type"] = content_type[: mime.MAX_PARAMETERS].translate({13: None, 10: None})
    return described


def _boundary(described: Described) -> bytes:
    """The standard library raises TypeError on "a*=x; a*0=y"."""
    try:
        boundary = described.get_boundary("")
    except (TypeError, ValueError, LookupError):
        boundary = ""
    if not boundary or len(boundary) > 200:
        raise Broken("its boundary is missing")
    return boundary.encode("utf-8", "replace")
