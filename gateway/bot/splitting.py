"""Splits a text that is too long for one message of a channel, between words. Pure."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate, islice

from adapters import Capabilities
from gateway.bot.measuring import clusters, fits

#: A citizen is sent no more messages at once, each of which may cost.
MOST_PARTS = 9
ENDING = "..."  # in every alphabet, unlike the one character

_WORD = re.compile(r"\S+")
_Fits = Callable[[str], bool]


def split(text: str, capabilities: Capabilities, most: int = MOST_PARTS) -> tuple[str, ...]:
    """The text in as many messages as it takes, each of several marked as "(1/3)"; at most `most`, nine or fewer, the
    last of which ends in a sign that more was to be said. A word is cut only if no message would hold it, and a
    character as its reader sees it only if it alone is too long."""
    text = text.strip()
    if fits(text, capabilities):
        return (text,)
    marker = _marker(most, most)
    parts = list(islice(_parts(text, _room(capabilities, marker)), most + 1))
    if len(parts) > most:
        parts = [*parts[: most - 1], _ended(" ".join(parts[most - 1 :]), _room(capabilities, ENDING + marker))]
    return tuple(part + _marker(number, len(parts)) for number, part in enumerate(parts, 1))


def _marker(number: int, of: int) -> str:
    return f" ({number}/{of})" if of > 1 else ""


def _room(capabilities: Capabilities, ending: str) -> _Fits:
    return lambda part: fits(part + ending, capabilities)


def _parts(text: str, room: _Fits) -> Iterator[str]:
    while text:
        end = _end(text, room)
        yield text[:end]
        text = text[end:].lstrip()


def _ended(part: str, room: _Fits) -> str:
    return part[: _end(part, room)] + ENDING


def _end(text: str, room: _Fits) -> int:
    """How much of a text there is room for: whole words, or else some of the first one."""
    if room(text):
        return len(text)
    words = [word.end() for word in _WORD.finditer(text)]
    return _last(words, text, room) or _cut(text[: words[0]], room)


def _cut(word: str, room: _Fits) -> int:
    """At least a character, so that there is an end to it."""
    characters = [*accumulate(map(len, clusters(word)))]
    return _last(characters, word, room) or _last(range(1, characters[0] + 1), word, room) or 1


def _last(ends: Sequence[int], text: str, room: _Fits) -> int:
    """The last of the ends up to which there is room; 0 if there is none."""
    count = bisect_left(ends, True, key=lambda end: not room(text[:end]))
    return ends[count - 1] if count else 0
