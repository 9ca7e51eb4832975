"""Names of areas in a text, and how each is said: with "kel.", alone, hastily, on the way to elsewhere."""

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple

from normalizer.areas import CITY, DISTRICT, PROVINCE, VILLAGE
from normalizer.gazetteer import Areas, Gazetteer
from normalizer.spelling import Word
from normalizer.wordlists import IN_WORDS, LIKE_WORDS, NOT_STREETS, ORDINARY_WORDS, WAY_WORDS

_MARKERS = {
    **dict.fromkeys(("kel", "kelurahan", "kelurhan", "klrhn", "lurah", "desa", "ds"), VILLAGE),
    **dict.fromkeys(("kec", "kecamatan", "kcmtn", "camat"), DISTRICT),
    **dict.fromkeys(("kota", "kodya", "kotamadya", "walikota", "kab", "kabupaten", "bupati"), CITY),
    **dict.fromkeys(("prov", "provinsi", "propinsi"), PROVINCE),
}
_LONGEST = 4
_MARKER_GAPS = frozenset((" ", ".", ". ", ":", ": ", " : ", ".:"))
_SHORT_GAPS = frozenset((".", ". "))


class How(Enum):
    """How a name was written: exactly, by its beginning, by another known spelling, or by one that resembles it."""

    EXACT = "exact"
    PART = "part"
    ALIAS = "alias"
    HASTY = "hasty"


class Where(Enum):
    """What the words before a name make of it."""

    HERE = "here"
    PLAIN = "plain"
    WAY = "way"
    LIKE = "like"


class Mention(NamedTuple):
    """A name at `start` to `end` of a text, a marker ("kel.") included. `areas` are the region's, `outside` those
    elsewhere that bear the name."""

    start: int
    end: int
    areas: Areas
    outside: Areas
    marked: bool
    how: How
    where: Where


def mentions(text: str, words: Sequence[Word], book: Gazetteer) -> list[Mention]:
    """All names in the `words` of a text of small letters, the longest at each word, none overlapping."""
    found: list[Mention] = []
    next_free = 0
    for number in range(len(words)):
        if number >= next_free and (hit := _at(text, words, number, book)):
            mention, next_free = hit
            found.append(mention)
    return found


def _at(text: str, words: Sequence[Word], number: int, book: Gazetteer) -> tuple[Mention, int] | None:
    key = words[number].key
    if key in _MARKERS and (hit := _marked(text, words, number, book)):
        return hit
    return _bare(text, words, number, book) if key in book.heads or book.slips.meant(key) else None


def _marked(text: str, words: Sequence[Word], number: int, book: Gazetteer) -> tuple[Mention, int] | None:
    """The longest name of the marker's level after it, however spelled; else none: it may stand there alone."""
    level = _MARKERS[words[number].key]
    first = number + 1
    if first == len(words) or text[words[number].end : words[first].start] not in _MARKER_GAPS:
        return None
    keys = [word.key for word in _run(text, words, first)]
    for count in range(len(keys), 0, -1):
        areas, outside, how = _of_level(tuple(keys[:count]), level, book)
        if areas or outside:
            end = words[number + count].end
            where = _where(words, number)
            return Mention(words[number].start, end, areas, outside, True, how, where), first + count
    return None


def _of_level(keys: tuple[str, ...], level: int, book: Gazetteer) -> tuple[Areas, Areas, How]:
    key = "".join(keys)
    for names, how in ((book.names, How.EXACT), (book.parts, How.PART)):
        if areas := tuple(area for area in names.get(key, ()) if area.level == level):
            return areas, (), How.ALIAS if key in book.aliases else how
    if areas := _resembling(keys, level, book):
        return areas, (), How.HASTY
    elsewhere = (*book.outside.get(key, ()), *(book.districts.get(key, ()) if level == DISTRICT else ()))
    return (), tuple(area for area in dict.fromkeys(elsewhere) if area.level == level), How.EXACT


def _resembling(keys: tuple[str, ...], level: int, book: Gazetteer) -> Areas:
    """The areas of that level whose name is meant by hasty words, if it is but one name."""
    if any(key in NOT_STREETS or len(key) > 20 for key in keys):
        return ()
    return book.hasty.meant(keys, level)


def _bare(text: str, words: Sequence[Word], number: int, book: Gazetteer) -> tuple[Mention, int] | None:
    run = _run(text, words, number)
    plain = [word.key for word in run]
    for keys, exact in ((plain, True), ([book.slips.meant(key) or key for key in plain], False)):
        if not exact and keys == plain:
            break
        for count in range(len(keys), 0, -1):
            key = "".join(keys[:count])
            areas = book.names.get(key) or book.parts.get(key) or ()
            outside = book.outside.get(key, ())
            if (areas or outside) and key not in ORDINARY_WORDS:
                how = _how(key, book) if exact else How.HASTY
                where = _where(words, number)
                mention = Mention(run[0].start, run[count - 1].end, areas, outside, False, how, where)
                return mention, number + count
    return None


def _how(key: str, book: Gazetteer) -> How:
    if key in book.aliases:
        return How.ALIAS
    return How.EXACT if key in book.names or key in book.outside else How.PART


def _run(text: str, words: Sequence[Word], first: int) -> Sequence[Word]:
    """The words from there on that can be one name: nothing but a blank, a hyphen or a short form's dot between."""
    last = first
    while last + 1 < len(words) and last - first + 1 < _LONGEST:
        word = words[last]
        gap = text[word.end : words[last + 1].start]
        if not (gap in (" ", "-") or (gap in _SHORT_GAPS and word.end - word.start <= 3)):
            break
        last += 1
    return words[first : last + 1]


def _where(words: Sequence[Word], number: int) -> Where:
    before = words[number - 1].key if number else ""
    if before in LIKE_WORDS:
        return Where.LIKE
    if before in WAY_WORDS:
        return Where.WAY
    if before in IN_WORDS:
        further = words[number - 2].key if number > 1 else ""
        return Where.LIKE if further in LIKE_WORDS else Where.WAY if further in WAY_WORDS else Where.HERE
    return Where.PLAIN
