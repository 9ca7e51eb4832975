"""HTML mail to text, in time that grows with its size alone.

A tree is not built: nested tags take tree builders quadratic time (measured with selectolax 1.0: 100,000 `<div>` in
13 s), and mail needs only words, line ends and what is quoted. Until the lines are laid out, "\r" is where a block
begins or ends, "\f" where a paragraph does, "\x01" and "\x02" are where a quote does, and after "\x03" no line ends.
"""

import html
import re
from collections.abc import Iterator

from normalizer.mails.unseen import without_hidden, without_unseen

#: HTML beyond this many characters is not read.
LIMIT = 2_000_000

_DEEPEST = 5
_MOST_LISTS = 20
_LONGEST_LINK = 500
_ATTRIBUTES = r"""(?:[^"'<>]|"[^"<]*"|'[^'<]*'|["'])*+"""
_BLOCKS = r"(?:div|tr|table|tbody|section|article|center|h[1-6]|hr|dd|dt|address|header|footer|html|body)"
_PIECE = re.compile(
    rf"(?P<text>[^<]++)|(?P<block>(?:</?{_BLOCKS}\b{_ATTRIBUTES}>\s*+)++)"
    rf"|<(?P<end>/?)(?P<name>blockquote|a|br|p|li|ul|ol|td|th|pre)\b(?P<attributes>{_ATTRIBUTES})>"
    rf"|<[/!?a-z]{_ATTRIBUTES}>|(?P<lone><)",
    re.IGNORECASE,
)
_CONTROLS = dict.fromkeys((*range(9), 11, *range(14, 32)))
_SPACE = re.compile(r"[ \t\r\n\f]+")
_GLUED = re.compile(r"\x03[ \r\n\f]*+")
_BREAKS = re.compile(r" *+[\r\n\f][ \r\n\f]*+")
_CHARSET = re.compile(rb"<meta\b[^<>]{0,200}?\bcharset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});?", re.IGNORECASE)
_HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_TARGET = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
_UNSAID = re.compile(r"^(?:mailto:|https?://)?(?:www\.)?|/?(?:\?subject=.*)?$", re.IGNORECASE)
_INDENTED = re.compile(r"border\s*:\s*(?:none|0)|webkit-indent", re.IGNORECASE)
_CITED = re.compile(r"""\btype\s*=\s*["']?cite|gmail_quote""", re.IGNORECASE)
_WORDS_PARAGRAPH = re.compile(r"""\bclass\s*=\s*["']?Mso""", re.IGNORECASE)
_BULLET = re.compile(r"^[·•§▪][ \xa0]+")


def to_text(source: str) -> str:
    """What a reader sees, with a line for each row or item and an empty one between paragraphs; quotes carry ">" marks,
    links their address if it is not what they show. Scripts, styles, comments and what is hidden are left out."""
    seen = without_unseen(source[:LIMIT].translate(_CONTROLS))
    return _laid_out(_Writer().written(without_hidden(seen))) or _laid_out(_Writer().written(seen))


def charset(page: bytes) -> str | None:
    """The character set that a page says it is in, in its first kilobyte."""
    found = _CHARSET.search(page, 0, 1_024)
    return found[1].decode("ascii") if found else None


class _Writer:
    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._lists: list[int | None] = []
        self._quotes: list[bool] = []
        self._link: tuple[int, str] | None = None
        self._edge = "\f"
        self._kept = False

    def written(self, source: str) -> str:
        for piece in _PIECE.finditer(source):
            match piece.lastgroup:
                case "text":
                    self._text(piece[0])
                case "block":
                    self._pieces.append("\r")
                case "attributes":
                    self._tag(piece["name"].lower(), bool(piece["end"]), piece["attributes"])
                case "lone":
                    self._pieces.append("<")
        return "".join(self._pieces)

    def _text(self, text: str) -> None:
        self._pieces.append(text.replace("\r\n", "\n") if self._kept else _SPACE.sub(" ", text))

    def _tag(self, name: str, ends: bool, attributes: str) -> None:
        match name:
            case "br":
                self._pieces.append("\n")
            case "p":
                self._paragraph(ends, attributes)
            case "td" | "th":
                self._pieces.append(" " if ends else "")
            case "a":
                self._linked(ends, attributes)
            case "li":
                self._item(ends)
            case "blockquote":
                self._quote(ends, attributes)
            case "pre":
                self._kept = not ends
                self._pieces.append("\r")
            case _:
                self._list(name, ends)

    def _paragraph(self, ends: bool, attributes: str) -> None:
        """Word's paragraphs have no space between them."""
        if not ends:
            self._edge = "\r" if _WORDS_PARAGRAPH.search(attributes) else "\f"
        self._pieces.append(self._edge)

    def _linked(self, ends: bool, attributes: str) -> None:
        if ends and self._link:
            start, target = self._link
            said = "".join(self._pieces[start:]).strip()
            if said and _unsaid(said) != _unsaid(target):
                self._pieces.append(f" <{target}>")
        href = None if ends else _HREF.search(attributes)
        target = (href[1] or href[2] or href[3] or "").strip() if href else ""
        self._link = (len(self._pieces), target) if _TARGET.match(target) and len(target) <= _LONGEST_LINK else None

    def _item(self, ends: bool) -> None:
        self._pieces.append("\r")
        if not ends:
            number = self._lists[-1] if self._lists else None
            self._pieces.append("- \x03" if number is None else f"{number}. \x03")
            if number is not None:
                self._lists[-1] = number + 1

    def _list(self, name: str, ends: bool) -> None:
        self._pieces.append("\r")
        if ends:
            del self._lists[-1:]
        elif len(self._lists) < _MOST_LISTS:
            self._lists.append(1 if name == "ol" else None)

    def _quote(self, ends: bool, attributes: str) -> None:
        """What is only indented is the writer's own (Gmail and Apple Mail write it so)."""
        if not ends:
            cited = bool(_CITED.search(attributes)) or not _INDENTED.search(attributes)
            self._quotes.append(cited)
            self._pieces.append("\r\x01\r" if cited else "\r")
        else:
            self._pieces.append("\r\x02\r" if self._quotes and self._quotes.pop() else "\r")


def _unsaid(link: str) -> str:
    """A link's address or text, as far as a reader would tell them apart."""
    return _UNSAID.sub("", html.unescape(link)).lower()


def _laid_out(written: str) -> str:
    lines = _BREAKS.sub(_line_ends, _GLUED.sub("", written))
    return "\n".join(_marked(_ENTITY.sub(lambda entity: html.unescape(entity[0]), lines).split("\n"))).strip()


def _line_ends(breaks: re.Match[str]) -> str:
    """One where a block begins or ends, and one more for each `<br>` that no block's end takes in; two at most."""
    before, _, after = breaks[0].replace("\f", "\r").partition("\r")
    count = max(before.count("\n"), 1) + after.count("\n")
    return "\n\n" if count > 1 or "\f" in breaks[0] else "\n"


def _marked(lines: list[str]) -> Iterator[str]:
    """Lines with the marks of quotes before them, deep ones like the fifth; no two empty lines, and at the edge
    of a quote none of its own."""
    depth, blank_at = 0, None
    for line in lines:
        stripped = _BULLET.sub("- ", line.strip(" \t\xa0"))
        if stripped in {"\x01", "\x02"}:
            deeper = max(0, depth + (1 if stripped == "\x01" else -1))
            blank_at = None if blank_at is None else min(depth, deeper)
            depth = deeper
        elif not stripped:
            blank_at = depth if blank_at is None else min(blank_at, depth)
        else:
            if blank_at is not None:
                yield _marks(blank_at)
            yield f"{_marks(depth)} {stripped}" if depth else stripped
            blank_at = None


def _marks(depth: int) -> str:
    return ">" * min(depth, _DEEPEST)
