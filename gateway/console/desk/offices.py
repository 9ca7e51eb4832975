"""Which offices have a desk, at which one somebody sits, and what areas they may choose from."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from adapters import Attended, Office
from gateway import listening
from gateway.channels import Channel
from gateway.console.visit import Visit
from gateway.routing import LEVELS, OFFICE, Routing
from normalizer.places.areas import DISTRICT, VILLAGE, area_name, area_of, areas_below

#: More are no list to choose from: whoever stands in then names the office's code.
MOST = 1_000
#: Of a larger region only the areas in the office's own city or kabupaten are offered.
MOST_AREAS = 600


class District(NamedTuple):
    """A kecamatan, and code and name of each kelurahan in it."""

    name: str
    areas: Sequence[tuple[str, str]]


def desks(visit: Visit) -> Sequence[Channel]:
    """Every channel that is one of desks, in its dates."""
    every = visit.means.lineup.channels.values()
    return [one for one in every if isinstance(one.adapter, Attended) and not one.rests]


def desk(visit: Visit) -> tuple[Channel, Attended] | None:
    """The one that the path names; the first one if it names none."""
    found = [one for one in desks(visit) if visit.values.get("channel") in (None, one.name)]
    return next(((one, one.adapter) for one in found if isinstance(one.adapter, Attended)), None)


def office(visit: Visit, adapter: Attended, code: str | None) -> Office | None:
    """The one with this code."""
    listed = adapter.offices()
    if listed or not code:
        return next((one for one in listed if one.code == code), None)
    unit = visit.means.rules.routing.unit(code)
    named = OFFICE.fullmatch(code)
    return Office(unit.code, unit.name, named[2] if named else "") if unit else None


def told(visit: Visit) -> set[str]:
    """The kinds of address that a channel which replies fall back on can write to."""
    channels = (visit.means.lineup.channels[name] for name in visit.means.settings.gateway.fall_back)
    return {kind for one in channels for kind in listening.reached(one.adapter)}


def choices(visit: Visit, adapter: Attended) -> Sequence[Office]:
    """Those that somebody without an office may stand in at."""
    book = visit.means.rules.book
    return adapter.offices() or tuple(islice(of_units(visit.means.rules.routing, book.areas), MOST))


def of_units(routing: Routing, region: str, *, every: bool = False) -> Iterator[Office]:
    """The units of the whole city, and the offices that are over an area; `every` one of those that are in one, too."""
    yield from (Office(unit.code, unit.name) for unit in routing.units.values() if not unit.each)
    over = [unit for unit in routing.units.values() if unit.each and (every or unit.each == unit.kind)]
    for area in areas_below(region):
        for unit in over:
            if area.code.count(".") == LEVELS[unit.each]:
                one = routing.unit(unit.code, area.code)
                yield Office(one.code, one.name, area.code) if one else Office(area.code, area.name, area.code)


def areas(region: str, area: str) -> Sequence[District]:
    """Those that a citizen may choose from at an office in `area`, its own first."""
    whole = _districts(region)
    near = ".".join(area.split(".")[:2]) if area else region
    offered = whole if sum(len(one.areas) for one in whole) <= MOST_AREAS else _districts(near)
    own = f"{'.'.join(area.split('.')[:3])}."
    return sorted(offered, key=lambda one: not any(f"{code}.".startswith(own) for code, _ in one.areas))


@lru_cache(maxsize=64)
def _districts(region: str) -> Sequence[District]:
    """Of a region that is a kecamatan or kelurahan itself, those of its own kecamatan."""
    around = area_of(region)
    if around and around.level >= DISTRICT:
        code = ".".join(region.split(".")[:3])
        return (District(area_name(code) or "", _within(code)),)
    districts = (one for one in areas_below(region, DISTRICT) if one.level == DISTRICT)
    return tuple(District(one.name, _within(one.code)) for one in districts)


def _within(district: str) -> Sequence[tuple[str, str]]:
    return tuple((one.code, one.name) for one in areas_below(district) if one.level == VILLAGE)
