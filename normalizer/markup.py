"""HTML mail to text, in time that grows with its size alone.

A tree is not built: nested tags take tree builders quadratic time (measured with selectolax 1.0: 100,000 `<div>` in
13 s), and mail needs only words and line ends.
"""

import html
import re
from functools import cache

#: HTML beyond this many characters is not read.
LIMIT = 2_000_000

_UNSEEN = re.compile(r"<(?:(!--)|(script|style|head|title|template|noscript|svg|object)\b)", re.IGNORECASE)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_LINE = re.compile(
    r"<(?:br|/?(?:p|div|tr|li|ul|ol|h[1-6]|table|blockquote|pre|section|article|hr))\b[^<>]*+>", re.IGNORECASE
)
_CELL = re.compile(r"</t[dh]\b[^<>]*+>", re.IGNORECASE)
_TAG = re.compile(r"""<[/!?a-z](?:[^"'<>]|"[^"<]*"|'[^'<]*'|["'])*+>""", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta\b[^<>]{0,200}?\bcharset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});?", re.IGNORECASE)


def to_text(source: str) -> str:
    """What a reader sees, with a line for each paragraph, row or item; scripts, styles and comments are left out."""
    seen = _SPACE.sub(" ", _without_unseen(source[:LIMIT]))
    spaced = _CELL.sub(" ", _LINE.sub("\n", seen))
    words = _ENTITY.sub(lambda entity: html.unescape(entity[0]), _TAG.sub("", spaced))
    return "\n".join(line for line in map(str.strip, words.split("\n")) if line)


def _without_unseen(source: str) -> str:
    """Elements and comments that are not shown, cut out; one that never ends hides nothing."""
    kept: list[str] = []
    endless: set[str] = set()
    position = 0
    while start := _UNSEEN.search(source, position):
        kind = (start[1] or start[2]).lower()
        end = None if kind in endless else _end_of(kind).search(source, start.end())
        if end is None:
            endless.add(kind)
        kept.append(source[position : start.start() if end else start.end()])
        position = end.end() if end else start.end()
    return "".join((*kept, source[position:]))


@cache
def _end_of(kind: str) -> re.Pattern[str]:
    return re.compile("-->" if kind == "!--" else rf"</{kind}\b[^<>]*+>", re.IGNORECASE)


def charset(page: bytes) -> str | None:
    """The character set that a page says it is in, in its first kilobyte."""
    found = _CHARSET.search(page, 0, 1_024)
    return found[1].decode("ascii") if found else None
