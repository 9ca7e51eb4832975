"""Which parts of a mail are its text, and what that text is; the others are files."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from email.utils import collapse_rfc2231_value
from typing import TypeVar

from normalizer.mails import flowed, markup, uuencoded
from normalizer.mails.charset import decode
from normalizer.mails.headers import decoded
from normalizer.mails.mime import Leaf, Tree, content
from normalizer.words.text import one_line

#: The longest text taken from a mail, in characters.
MAX_TEXT = 100_000

Piece = TypeVar("Piece")

_MAX_TEXT_BYTES = 1_000_000
#: Pictures that were pasted into a page: of no use to its words, and megabytes long.
_PASTED = re.compile(rb"data:[\w.+-]{1,60}/[\w.+-]{1,60};base64,[A-Za-z0-9+/=\s%]++")


def read_body(raw: bytes, tree: Tree, most: int = _MAX_TEXT_BYTES) -> tuple[str, bool, bool]:
    """The readable text of a mail's own parts, whether a charset lied, and whether the text was too long: of it `most`
    octets are read."""
    lied = long = False
    found: list[tuple[Leaf, str]] = []
    for leaf in filter(is_text, tree.leaves):
        data = uuencoded.split(content(raw, leaf))[0]
        is_page = leaf.media_type == "text/html"
        data = _PASTED.sub(b"", data) if is_page else data
        hint = markup.charset(data) if is_page else None
        text, wrong = decode(data[:most], leaf.described.get_content_charset(), hint)
        found.append((leaf, text))
        lied, long, most = lied or wrong, long or len(data) > most, max(0, most - len(data))
    text = "\n\n".join(until_enough(_chosen(found), len))
    return text[:MAX_TEXT], lied, long or len(text) > MAX_TEXT


def until_enough(pieces: Iterable[Piece], length: Callable[[Piece], int]) -> Iterator[Piece]:
    """Those that make a text longer than `MAX_TEXT`: the others would be cut off, and are not even worked out."""
    together = 0
    for piece in pieces:
        yield piece
        together += length(piece)
        if together > MAX_TEXT:
            return


def _whole(leaf: Leaf, text: str) -> str:
    if not _says(leaf, "format", "flowed"):
        return text
    return flowed.joined(text, _says(leaf, "delsp", "yes"))


def _says(leaf: Leaf, parameter: str, value: str) -> bool:
    return str(leaf.described.get_param(parameter)).strip().lower() == value


def is_text(leaf: Leaf) -> bool:
    if leaf.media_type not in {"text/plain", "text/html"}:
        return False
    return leaf.depth == 0 or not (leaf.described.get_content_disposition() == "attachment" or file_name(leaf))


def _chosen(found: Sequence[tuple[Leaf, str]]) -> Iterator[str]:
    """All texts, but of one multipart/alternative the plain one where it says anything: its page is not even read."""
    plain = {leaf.group for leaf, text in found if leaf.group and leaf.media_type == "text/plain" and text.strip()}
    for leaf, text in found:
        is_page = leaf.media_type == "text/html"
        if is_page and leaf.group in plain:
            continue
        if stripped := (markup.to_text(text) if is_page else _whole(leaf, text)).strip():
            yield stripped


def file_name(leaf: Leaf) -> str | None:
    """The file's name without any path, for people to read: never to be opened by."""
    name = one_line(decoded(_extended_name(leaf) or leaf.described.get_filename() or ""), 400)
    return re.split(r"[/\\]", name)[-1][-200:].strip() or None


def _extended_name(leaf: Leaf) -> str | None:
    """That of RFC 2231, which programs send beside one that older ones can read (RFC 6266, 4.3)."""
    given: Sequence[tuple[str, object]] = leaf.described.get_params([], header="content-disposition")
    extended = (value for key, value in given if key.lower() == "filename" and isinstance(value, tuple))
    return next(map(collapse_rfc2231_value, extended), None)
