"""A text in standard spelling, with the way back to what was written."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from operator import attrgetter

import msgspec

from normalizer.words.colloquial import spelled
from normalizer.words.context import IN_CONTEXT, Reading
from normalizer.words.language import language
from normalizer.words.spellings import ABBREVIATIONS, SPELLINGS
from normalizer.words.text import is_telling
from normalizer.words.wordlists import MASKS


class Change(msgspec.Struct, frozen=True, array_like=True):
    """The characters `start` to `end` of the original stand as `new_start` to `new_end` in the standard text."""

    start: int
    end: int
    new_start: int
    new_end: int


class Standard(msgspec.Struct, frozen=True):
    """`text` is in standard spelling; between `changes`, which are in order, it is as it was written."""

    text: str
    changes: tuple[Change, ...] = ()

    def back(self, start: int, end: int) -> tuple[int, int]:
        """The shortest stretch of the original that holds all of `start` to `end` of the standard text."""
        return _moved(start, end, self.changes, _NEW, _OLD)

    def forth(self, start: int, end: int) -> tuple[int, int]:
        """The shortest stretch of the standard text that holds all of `start` to `end` of the original."""
        return _moved(start, end, self.changes, _OLD, _NEW)


_Side = tuple[Callable[[Change], int], Callable[[Change], int]]
_OLD: _Side = (attrgetter("start"), attrgetter("end"))
_NEW: _Side = (attrgetter("new_start"), attrgetter("new_end"))


def _moved(start: int, end: int, changes: tuple[Change, ...], there: _Side, here: _Side) -> tuple[int, int]:
    first = _place(bisect_right(changes, start, key=there[0]), start, changes, there, here, inside=0)
    last = _place(bisect_left(changes, end, key=there[0]), end, changes, there, here, inside=1)
    return first, max(first, last)


def _place(number: int, at: int, changes: tuple[Change, ...], there: _Side, here: _Side, inside: int) -> int:
    """Where `at` has moved to by the change before `number`; within that change, its start (0) or end (1)."""
    if not number:
        return at
    change = changes[number - 1]
    if at < there[1](change) or (inside and at == there[1](change)):
        return here[inside](change)
    return at + here[1](change) - there[1](change)


class _Edit(msgspec.Struct, frozen=True, array_like=True):
    start: int
    end: int
    new: str


def standard(text: str) -> Standard:
    """`text`, which is clean (see `text.clean`), in standard spelling, without what only fills it.

    Words become standard ones (`colloquial.spelled`), abbreviations of offices are written out, doubled words get their
    hyphen; sentences, phrases and marks that come again and again stand once. Numbers, units, RT/RW, links, accounts
    and masks stay as they are, and so do English texts. Never raises; takes time linear in the text.
    """
    if language(text) == "en":
        return Standard(text)
    dropped = _fillers(text)
    edits = list(_respelled(text))
    if dropped:
        edits = sorted((*dropped, *_outside(edits, dropped)), key=attrgetter("start"))
    return _applied(text, edits) if edits else Standard(text)


def _applied(text: str, edits: Iterable[_Edit]) -> Standard:
    pieces: list[str] = []
    changes: list[Change] = []
    done = length = 0
    for edit in edits:
        begin = length + edit.start - done
        pieces += (text[done : edit.start], edit.new)
        length = begin + len(edit.new)
        changes.append(Change(edit.start, edit.end, begin, length))
        done = edit.end
    return Standard("".join((*pieces, text[done:])), tuple(changes))


def _outside(edits: Iterable[_Edit], dropped: list[_Edit]) -> Iterator[_Edit]:
    """The edits that touch nothing of what is dropped; both are in order."""
    waiting = iter(dropped)
    next_one = next(waiting, None)
    for edit in edits:
        while next_one and next_one.end <= edit.start:
            next_one = next(waiting, None)
        if next_one is None or edit.end <= next_one.start:
            yield edit


_WORD_ALONE = r"([^\W\d_]++(?:-[^\W\d_]++){0,3}+(?:-?[2²](?:nya|an|kan|i)?+)?+)(?!\w|\*\w)|\w+"
_NO_WORD = re.compile(
    r"(?:https?://|www\.|\bt\.co/)\S+|[\w.+-]{1,64}@[\w-][\w.-]*|[@#]\w+|<url>"
    rf"|\[(?:{'|'.join(MASKS)})\]|{_WORD_ALONE}"
)
_TOKEN = re.compile(_WORD_ALONE)


def _respelled(text: str) -> Iterator[_Edit]:
    for found in (_NO_WORD if is_telling(text) else _TOKEN).finditer(text):
        word = found[1]
        meant = (_named if _is_named(text, found.start()) else _meaning)(word.lower()) if word else None
        if callable(meant):
            meant = meant(text, *found.span())
        if meant:
            yield _edit(text, found, meant)


def _edit(text: str, found: re.Match[str], meant: str) -> _Edit:
    """In the original's capitals; the full stop of an abbreviation goes ("Jl.Mawar" is "Jalan Mawar")."""
    start, end = found.span()
    if text[start].isupper():
        meant = meant[0].upper() + meant[1:]
    if found[1].lower() in _STOPPED and text[end : end + 1] == ".":
        return _Edit(start, end + 1, meant if text[end + 1 : end + 2].isspace() else f"{meant} ")
    return _Edit(start, end, meant)


_STOPPED = frozenset({"jl", "jln", "gg", "kel", "kec", "kab", "no"})


#: A mark, a blank and a letter.
_NEAR = 3


def _is_named(text: str, start: int) -> bool:
    """Whether a capital letter stands where no sentence begins, or capitals after small letters: most names have it."""
    if not text[start].isupper():
        return False
    if text[start + 1 : start + 2].isupper():
        return text[max(0, start - _NEAR) : start].islower()
    return start > 1 and text[start - 1] == " " and (text[start - 2].isalpha() or text[start - 2] in ",)")


def _named(word: str) -> str | Reading | None:
    """Of what may be a name only short forms are written out ("Jl", "Kec", "Yg"): no rule fits it."""
    return IN_CONTEXT.get(word) or ABBREVIATIONS.get(word) or SPELLINGS.get(word)


@lru_cache(maxsize=16_384)
def _meaning(word: str) -> str | Reading | None:
    """What stands for `word`, if anything, or what finds that out from the words around it."""
    if word in IN_CONTEXT:
        return IN_CONTEXT[word]
    meant = ABBREVIATIONS.get(word) or spelled(word)
    return meant if meant != word else None


_MARKS = re.compile(r"([^\w\s])(?:\s?\1){2,}")
_SENTENCE = re.compile(r"[^.!?\n]++[.!?\n]*+")
_WORD = re.compile(r"\w+")
_AGAIN = re.compile(r"\b(\w++)(?:\W++\1\b){2,}|\b(\w++(?:\W++\w++){2,7}?)(?:\W++\2\b)+", re.IGNORECASE)


def _fillers(text: str) -> list[_Edit]:
    """What comes again without saying more, in order: marks in a row, sentences said before, phrases on end."""
    found = [_Edit(*row.span(), row[1]) for row in _MARKS.finditer(text)]
    words = text.lower().split()
    if len(words) - len(set(words)) > 1:
        found += _said_before(text)
        found += (_Edit(*row.span(), row[row.lastindex or 0]) for row in _AGAIN.finditer(text))
    return _apart(sorted(found, key=attrgetter("start"))) if found else found


def _said_before(text: str) -> Iterator[_Edit]:
    seen: set[tuple[str, ...]] = set()
    for sentence in _SENTENCE.finditer(text):
        words = tuple(_WORD.findall(sentence[0].lower()))
        if len(words) > 1 and words in seen:
            yield _Edit(*sentence.span(), "")
        seen.add(words)


def _apart(edits: Iterable[_Edit]) -> list[_Edit]:
    """Without those that begin within an earlier one."""
    kept: list[_Edit] = []
    for edit in edits:
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
