"""Names of areas in a text, and how each is said: with "kel.", alone, hastily, on the way to elsewhere."""

from collections.abc import Sequence
from enum import Enum

import msgspec

from normalizer.places.areas import CITY, DISTRICT, PROVINCE, VILLAGE
from normalizer.places.gazetteer import Areas, Gazetteer
from normalizer.places.typed import Words
from normalizer.words.wordlists import IN_WORDS, LIKE_WORDS, NOT_STREETS, ORDINARY_WORDS, WAY_WORDS

_MARKERS = {
    **dict.fromkeys(("kel", "kelurahan", "kelurhan", "klrhn", "lurah", "desa", "ds"), VILLAGE),
    **dict.fromkeys(("kec", "kecamatan", "kcmtn", "camat"), DISTRICT),
    **dict.fromkeys(("kota", "kodya", "kotamadya", "walikota", "kab", "kabupaten", "bupati"), CITY),
    **dict.fromkeys(("prov", "provinsi", "propinsi"), PROVINCE),
}
_LONGEST = 4
_MARKER_GAPS = frozenset((" ", ".", ". ", ":", ": ", " : ", ".:"))
_GAPS = frozenset((" ", "-"))
_SHORT_GAPS = frozenset((".", ". "))
_SHORT = 3
_TO = frozenset(("ke", "menuju"))


class How(Enum):
    """How a name was written: exactly, by its beginning, by another known spelling, or by one that resembles it."""

    __hash__ = object.__hash__  # that of enums is slow

    EXACT = "exact"
    PART = "part"
    ALIAS = "alias"
    HASTY = "hasty"


class Where(Enum):
    """What the words before a name make of it."""

    __hash__ = object.__hash__  # that of enums is slow

    HERE = "here"
    PLAIN = "plain"
    WAY = "way"
    LIKE = "like"


class Mention(msgspec.Struct, frozen=True, gc=False):
    """A name at `start` to `end` of a text, a marker ("kel.") included. `areas` are the region's, `outside` those
    elsewhere that bear the name."""

    start: int
    end: int
    areas: Areas
    outside: Areas
    marked: bool
    how: How
    where: Where


def mentions(text: str, words: Words, book: Gazetteer) -> list[Mention]:
    """All names in the `words` of a text of small letters, the longest at each word, none overlapping."""
    found: list[Mention] = []
    next_free = 0
    for number in [at for at, key in enumerate(words.keys) if key in _MARKERS or book.may_begin(key)]:
        if number >= next_free and (hit := _at(text, words, number, book)):
            mention, next_free = hit
            found.append(mention)
    return found


def _at(text: str, words: Words, number: int, book: Gazetteer) -> tuple[Mention, int] | None:
    marked = _marked(text, words, number, book) if words.keys[number] in _MARKERS else None
    return marked or _bare(text, words, number, book)


def _marked(text: str, words: Words, number: int, book: Gazetteer) -> tuple[Mention, int] | None:
    """The longest name of the marker's level after it, however spelled; else none: it may stand there alone."""
    level = _MARKERS[words.keys[number]]
    start, end = words.spans[number]
    first = number + 1
    if first == len(words.keys) or text[end : words.spans[first][0]] not in _MARKER_GAPS:
        return None
    for last in range(_last(text, words, first), number, -1):
        areas, outside, how = _of_level(tuple(words.keys[first : last + 1]), level, book)
        outside = _of_kind(outside, words.keys[number])
        if areas or outside:
            where = _where(words.keys, number, last + 1)
            return Mention(start, words.spans[last][1], areas, outside, True, how, where), last + 1
    return None


def _of_level(keys: tuple[str, ...], level: int, book: Gazetteer) -> tuple[Areas, Areas, How]:
    key = "".join(keys)
    for names, how in ((book.names, How.EXACT), (book.around, How.EXACT), (book.parts, How.PART)):
        if areas := tuple(area for area in names.get(key, ()) if area.level == level):
            return areas, (), How.ALIAS if key in book.aliases else how
    if areas := _resembling(keys, level, book):
        return areas, (), How.HASTY
    elsewhere = (*book.outside.get(key, ()), *(book.districts.get(key, ()) if level == DISTRICT else ()))
    return (), tuple(area for area in dict.fromkeys(elsewhere) if area.level == level), How.EXACT


def _of_kind(outside: Areas, marker: str) -> Areas:
    """Many a kota and a kabupaten around it have one name."""
    kind = "kabupaten" if marker.startswith("kab") else "kota"
    return tuple(area for area in outside if area.level != CITY or area.kind == kind) or outside


def _resembling(keys: tuple[str, ...], level: int, book: Gazetteer) -> Areas:
    """The areas of that level whose name is meant by hasty words, if it is but one name."""
    if any(key in NOT_STREETS or len(key) > 20 for key in keys):
        return ()
    return book.hasty.meant(keys, level)


def _bare(text: str, words: Words, number: int, book: Gazetteer) -> tuple[Mention, int] | None:
    """The longest name there, as it is written or else with slips mended."""
    keys = words.keys[number : _last(text, words, number) + 1]
    is_mended = False
    count = _longest(keys, book)
    if not count:
        mended = [book.slips.meant(key) or key for key in keys]
        is_mended = mended != keys
        keys, count = mended, _longest(mended, book) if is_mended else 0
    if not count:
        return None
    key, after = "".join(keys[:count]), number + count
    areas = book.names.get(key) or book.parts.get(key) or ()
    how = How.HASTY if is_mended else _how(key, book)
    where = _where(words.keys, number, after)
    start, end = words.spans[number][0], words.spans[after - 1][1]
    return Mention(start, end, areas, book.outside.get(key, ()), False, how, where), after


def _longest(keys: Sequence[str], book: Gazetteer) -> int:
    """How many of the words are a name, the most if several are; 0 if none."""
    names, parts, outside = book.names, book.parts, book.outside
    for count in range(len(keys), 0, -1):
        key = "".join(keys[:count])
        if (key in names or key in parts or key in outside) and key not in ORDINARY_WORDS:
            return count
    return 0


def _how(key: str, book: Gazetteer) -> How:
    if key in book.aliases:
        return How.ALIAS
    return How.EXACT if key in book.names or key in book.outside else How.PART


def _last(text: str, words: Words, first: int) -> int:
    """The last word from there on that can be of one name: a blank, a hyphen or a short form's dot lies between."""
    spans = words.spans
    last = first
    while last + 1 < len(spans) and last - first + 1 < _LONGEST:
        start, end = spans[last]
        gap = text[end : spans[last + 1][0]]
        if not (gap in _GAPS or (gap in _SHORT_GAPS and end - start <= _SHORT)):
            break
        last += 1
    return last


def _where(keys: list[str], number: int, after: int) -> Where:
    before = keys[number - 1] if number else ""
    if before in LIKE_WORDS:
        return Where.LIKE
    if before in WAY_WORDS or (after < len(keys) and keys[after] in _TO):
        return Where.WAY
    if before in IN_WORDS:
        further = keys[number - 2] if number > 1 else ""
        return Where.LIKE if further in LIKE_WORDS else Where.WAY if further in WAY_WORDS else Where.HERE
    return Where.PLAIN
