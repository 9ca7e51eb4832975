"""What HTML holds and nobody sees: comments, scripts, styles, and elements that are hidden, such as preview texts."""

import re
from functools import cache

_UNSEEN = re.compile(r"<(?:(!--)|(script|style|head|title|template|noscript|svg|object)\b)", re.IGNORECASE)
_ATTRIBUTES = r"""(?:[^"'<>]|"[^"<]*"|'[^'<]*'|["'])*+"""
_MAY_HIDE = re.compile(
    rf"<(div|span|p|td|tr|table|font|a|li|ul|ol|center|section|h[1-6]|strong)\b({_ATTRIBUTES})>", re.IGNORECASE
)
_STYLE = re.compile(r"""\bstyle\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_HIDES = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|max-height\s*:\s*0(?![.\d])", re.IGNORECASE)
_HIDDEN = re.compile(r"""(?<![^\s"'])hidden(?=\s|=|/|$)""", re.IGNORECASE)


def without_unseen(source: str) -> str:
    """Elements and comments that are never shown, cut out; one that never ends hides nothing."""
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


def without_hidden(source: str) -> str:
    """Elements that say of themselves that they are hidden, cut out; one that never ends hides nothing."""
    if not (_HIDES.search(source) or _HIDDEN.search(source)):
        return source
    kept: list[str] = []
    endless: set[str] = set()
    position = done = 0
    while start := _MAY_HIDE.search(source, position):
        position, name = start.end(), start[1].lower()
        if name not in endless and _is_hidden(start[2]):
            end = _close(name, source, position)
            if end is None:
                endless.add(name)
            else:
                kept.append(source[done : start.start()])
                position = done = end
    return "".join((*kept, source[done:]))


def _is_hidden(attributes: str) -> bool:
    style = _STYLE.search(attributes)
    return bool(style and _HIDES.search(style[1] or style[2] or "")) or (
        "hidden" in attributes.lower() and _HIDDEN.search(_STYLE.sub("", attributes)) is not None
    )


def _close(name: str, source: str, position: int) -> int | None:
    """Where the element that was opened before `position` ends, with those of its kind within it."""
    depth = 1
    for tag in _tags_of(name).finditer(source, position):
        depth += -1 if tag[1] else 1
        if depth == 0:
            return tag.end()
    return None


@cache
def _tags_of(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}\b{_ATTRIBUTES}>", re.IGNORECASE)


@cache
def _end_of(kind: str) -> re.Pattern[str]:
    return re.compile("-->" if kind == "!--" else rf"</{kind}\b[^<>]*+>", re.IGNORECASE)
