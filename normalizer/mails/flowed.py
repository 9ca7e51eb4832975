"""Plain text whose sender's program broke its lines for narrow screens (RFC 3676, format=flowed), made whole again."""

import re
from collections.abc import Iterator

_LINE = re.compile(r"(>*)( ?)(.*)", re.DOTALL)
_DELIMITER = "-- "


def joined(text: str, drops_blank: bool = False) -> str:
    """`text` with each line that ends in a blank joined with the next one of the same depth of quotes; the blank that
    was put before ">", "From " and a blank is taken away again. `drops_blank` (DelSp=yes): the last blank is no part of
    the words. Never raises; linear in the text, which does not grow but for a blank after each mark of quotes."""
    return "\n".join(_paragraphs(text, drops_blank))


def _paragraphs(text: str, drops_blank: bool) -> Iterator[str]:
    depth = ""
    pieces: list[str] = []
    for marks, words in _lines(text):
        if pieces and (marks != depth or words == _DELIMITER):
            yield _quoted(depth, pieces)
            pieces = []
        depth = marks
        flows = words.endswith(" ") and words != _DELIMITER
        pieces.append(words[:-1] if flows and drops_blank else words)
        if not flows:
            yield _quoted(depth, pieces)
            pieces = []
    if pieces:
        yield _quoted(depth, pieces)


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Each line's marks of quotes, and its words without what was stuffed in front of them (RFC 3676, 4.4)."""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if found := _LINE.match(line):
            yield found[1], found[3]


def _quoted(depth: str, pieces: list[str]) -> str:
    words = "".join(pieces)
    return f"{depth} {words}" if depth else words
