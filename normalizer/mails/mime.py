"""The parts of a mail, cut out under limits: work is bounded before anything is parsed.

Python's own parser is not used for the tree, because the whole of a hostile mail is read before anything can be
counted: 100,000 empty parts take it 5 s, a depth of 1,000 raises RecursionError, and `email.policy.default` needs a
gigabyte for a Subject of 16,000 encoded words (CPython issue 136063).
"""

import binascii
import re
from collections.abc import Iterator
from email.message import Message as Described
from email.utils import collapse_rfc2231_value
from typing import NamedTuple

from normalizer.mails.charset import decode

MAX_HEADER_BLOCK = 65_536
MAX_PART_HEADER_BLOCK = 16_384
MAX_HEADER = 16_384
MAX_FIELDS = 1_000
MAX_PARAMETERS = 4_000
#: Of one header; a long file name of RFC 2231 takes a dozen. Each is read again for each question asked of it.
MOST_PARAMETERS = 32
MAX_PARTS = 200
MAX_DEPTH = 10

_MOST_MARKS = 20_000
_HEADERS_END = (b"\n\n", b"\n\r\n", b"\r\r")
_HEADER = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_AFTER_MARK = re.compile(rb"(--)?[ \t]*(?:\r\n|\r|\n|\Z)")
_TRAILING = re.compile(rb"(?<=[=])[ \t]++(?=\r?\n)")
_SHORTEST_LINE = 10
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]+")


class Headers:
    """Header fields in their order, names in lower case, values unfolded and cut to `MAX_HEADER` characters."""

    def __init__(self, fields: list[tuple[str, str]]) -> None:
        self.fields = fields

    def first(self, name: str) -> str:
        """The value of the topmost header of this name, "" if there is none."""
        return next((value for key, value in self.fields if key == name), "")

    def every(self, name: str) -> list[str]:
        """The values of all headers of this name, topmost first."""
        return [value for key, value in self.fields if key == name]


class Leaf(NamedTuple):
    """A part that holds no others: its raw content is `raw[start:end]`.

    `group` numbers the nearest multipart/alternative around it: of one group only one leaf is meant to be read.
    """

    headers: Headers
    described: Described
    start: int
    end: int
    depth: int
    group: int | None

    @property
    def media_type(self) -> str:
        return self.described.get_content_type()


class Tree(NamedTuple):
    """The top headers, the leaves in their order, and whether a limit was reached."""

    headers: Headers
    leaves: list[Leaf]
    cut: bool


def read_headers(raw: bytes) -> Headers:
    """The top headers alone; never raises."""
    return _Walk(raw, 0).head(0, len(raw), MAX_HEADER_BLOCK)[0]


def read_tree(raw: bytes, part_head: int = MAX_PART_HEADER_BLOCK) -> Tree:
    """Cut a mail into its parts; never raises. A message inside (message/rfc822) is one leaf. Of a part's headers
    `part_head` octets are read."""
    walk = _Walk(raw, part_head)
    headers, start = walk.head(0, len(raw), MAX_HEADER_BLOCK)
    walk.part(headers, start if headers.fields else 0, len(raw), 0, None)
    return Tree(headers, walk.leaves, walk.cut)


def content(raw: bytes, leaf: Leaf) -> bytes:
    """A leaf's bytes with the transfer encoding undone; broken base64 gives what can be read of it."""
    data = raw[leaf.start : leaf.end]
    match leaf.headers.first("content-transfer-encoding").strip().lower():
        case "base64":
            return from_base64(data)
        case "quoted-printable":
            return binascii.a2b_qp(_TRAILING.sub(b"", data) if _may_trail(data) else data)
        case _:
            return data


def _may_trail(data: bytes) -> bool:
    """Blanks may have been added behind lines on the way (RFC 2045, 6.7, rule 3), but lines are not this short."""
    return 0 < data.count(b"= ") + data.count(b"=\t") <= len(data) // _SHORTEST_LINE + 1


class _Walk:
    def __init__(self, raw: bytes, part_head: int) -> None:
        self.raw = raw
        self._part_head = part_head
        self.leaves: list[Leaf] = []
        self.cut = False
        self._parts = 0
        self._groups = 0
        self._marks = 0

    def head(self, start: int, end: int, limit: int) -> tuple[Headers, int]:
        """The headers that begin at `start`, and where the body begins."""
        if self.raw.startswith((b"\n", b"\r\n"), start, end):
            return Headers([]), self.raw.index(b"\n", start) + 1
        finish, body = self._blank_line(start, end)
        self.cut = self.cut or finish - start > limit
        return Headers(self._fields(self.raw[start : min(finish, start + limit)])), body

    def _blank_line(self, start: int, end: int) -> tuple[int, int]:
        """Where the first one begins and ends. A regular expression for all three kinds takes thirty times as long."""
        finish = body = end
        for mark in _HEADERS_END:
            if (at := self.raw.find(mark, start, min(finish + 2, end))) >= 0 and at < finish:
                finish, body = at, at + len(mark)
        return finish, body

    def _fields(self, block: bytes) -> list[tuple[str, str]]:
        pieces: list[tuple[str, list[bytes]]] = []
        for line in block.splitlines():
            if len(pieces) >= MAX_FIELDS:
                self.cut = True
                break
            if line[:1] in (b" ", b"\t"):
                if pieces:
                    pieces[-1][1].append(line)
            elif header := _HEADER.match(line):
                pieces.append((header[1].decode("ascii").lower(), [header[2]]))
        return [(name, self._value(b"".join(lines))) for name, lines in pieces]

    def _value(self, value: bytes) -> str:
        self.cut = self.cut or len(value) > MAX_HEADER
        return decode(value[:MAX_HEADER].strip(), None)[0]

    def part(self, headers: Headers, start: int, end: int, depth: int, group: int | None) -> None:
        self._parts += 1
        described = _described(headers)
        if described.get_content_maintype() != "multipart" or depth >= MAX_DEPTH:
            self.cut = self.cut or depth >= MAX_DEPTH
            self.leaves.append(Leaf(headers, described, start, end, depth, group))
            return
        spans = self._spans(described.get_boundary("").encode("utf-8", "replace"), start, end)
        if not spans:
            self.leaves.append(Leaf(headers, Described(), start, end, depth, group))
            return
        if described.get_content_subtype() == "alternative":
            self._groups += 1
            group = self._groups
        for begin, finish in spans:
            if self._parts >= MAX_PARTS:
                self.cut = True
                return
            inner, body = self.head(begin, finish, self._part_head)
            self.part(inner, body, finish, depth + 1, group)

    def _spans(self, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
        """Where the parts between the boundary lines are; the last may lack its closing line (RFC 2046, 5.1.1).

        None at all is a multipart without parts: it is read as plain text.
        """
        spans: list[tuple[int, int]] = []
        opened: int | None = None
        for at, after, closing in self._boundary_lines(b"--" + boundary, start, end) if boundary else ():
            if opened is not None:
                spans.append((opened, max(opened, _before_line_end(self.raw, at))))
            opened = None if closing else after
            if closing or len(spans) > MAX_PARTS:
                break
        return spans if opened is None else [*spans, (opened, end)]

    def _boundary_lines(self, mark: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        at = self.raw.find(mark, start, end)
        while at >= 0:
            self._marks += 1
            if self._marks > _MOST_MARKS:
                self.cut = True
                return
            line = _AFTER_MARK.match(self.raw, at + len(mark), end)
            if line and (at == start or self.raw[at - 1] in b"\r\n"):
                yield at, line.end(), line[1] is not None
            at = self.raw.find(mark, at + len(mark), end)


def _described(headers: Headers) -> Described:
    """The two headers with parameters, for the standard library's reading of RFC 2045, 2183 and 2231.

    It raises TypeError on "a*=x; a*0=y" and ValueError over a charset with a NUL in it (Python 3.11 to 3.13): such a
    header is read without its parameters.
    """
    described = Described()
    for name in ("content-type", "content-disposition"):
        if value := ";".join(headers.first(name)[:MAX_PARAMETERS].split(";", MOST_PARAMETERS)[:MOST_PARAMETERS]):
            described[name] = value
            try:
                for _, given in described.get_params([], header=name):
                    collapse_rfc2231_value(given)
            except (TypeError, ValueError, LookupError):
                described.replace_header(name, value.partition(";")[0])
    return described


def _before_line_end(raw: bytes, at: int) -> int:
    return at - 2 if raw[at - 2 : at] == b"\r\n" else at - 1


def from_base64(data: bytes) -> bytes:
    """What can be read of base64 with anything between its digits, and a wrong end."""
    try:
        return binascii.a2b_base64(data)
    except binascii.Error:
        digits = _NOT_BASE64.sub(b"", data)
        whole = digits[: len(digits) - (len(digits) % 4 == 1)]
        return binascii.a2b_base64(whole + b"=" * (-len(whole) % 4))
