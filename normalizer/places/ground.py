"""Which area a point lies in, by the borders of an atlas: a look-up takes microseconds, without any library.

A grid says which areas may have the point; of each only the edges at the point's own latitude are looked at.
"""

import math
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from normalizer.places.atlas import MICRO, Atlas, Point, Shape

METRES_PER_DEGREE = 111_320.0

_CELLS = 64
_EDGES_PER_STRIP = 4
_MOST_STRIPS = 1_024
#: Metres: between borders that were drawn apart, there are seams that no area has.
_SEAM = 200.0
#: Metres: what is wider than a country says nothing.
_WIDEST = 1_000_000.0
#: Where a circle is looked at, besides its middle: eight points half way out, sixteen on its rim.
_ROSE = (
    *((math.cos(n * math.pi / 4) / 2, math.sin(n * math.pi / 4) / 2) for n in range(8)),
    *((math.cos(n * math.pi / 8), math.sin(n * math.pi / 8)) for n in range(16)),
)

Edge = tuple[int, int, int, int]


class Box(NamedTuple):
    """In microdegrees, its edges included."""

    south: int
    west: int
    north: int
    east: int


class Outline:
    """An area's edges by strips of latitude; each edge is given from south to north."""

    def __init__(self, code: str, box: Box, strips: tuple[tuple[Edge, ...], ...]) -> None:
        self.code, self.box, self.strips = code, box, strips

    def holds(self, latitude: int, longitude: int) -> bool:
        """A point on a border belongs to one of the two areas."""
        south, west, north, east = self.box
        if latitude < south or latitude > north or longitude < west or longitude > east:
            return False
        odd = False
        for low, left, high, right in self.strips[(latitude - south) * len(self.strips) // (north - south + 1)]:
            if low <= latitude < high and longitude < left + (right - left) * (latitude - low) / (high - low):
                odd = not odd
        return odd

    def is_clear_of(self, box: Box) -> bool:
        """Has no border within the box, which begins inside of the area's own."""
        south, north = self.box.south, self.box.north
        if box.south < south or box.north > north:
            return False
        first, last = ((one - south) * len(self.strips) // (north - south + 1) for one in (box.south, box.north))
        edges = (edge for strip in self.strips[first : last + 1] for edge in strip)
        return not any(_meet(edge, box) for edge in edges)


class Ground(NamedTuple):
    """`cells` are the outlines that may have a point of that cell, the smallest areas first; `areas` are the shapes by
    their codes, with rings or without."""

    box: Box
    cells: dict[int, tuple[Outline, ...]]
    outlines: tuple[Outline, ...]
    areas: dict[str, Shape]

    def at(self, latitude: int, longitude: int) -> Outline | None:
        """The smallest area that has the point."""
        for outline in self.cells.get(_cell(self.box, latitude, longitude), ()):
            if outline.holds(latitude, longitude):
                return outline
        return None


class Fix(NamedTuple):
    """What a pin says: the smallest `area` that all of the circle around it lies in; the smallest areas that the circle
    `reaches`, its middle's first; whether it lies `outside` of the region, and how many metres from its border."""

    area: Shape | None = None
    reaches: tuple[Shape, ...] = ()
    outside: bool = False
    distance_m: float = 0.0


def area_at(atlas: Atlas, latitude: float, longitude: float, accuracy_m: float | None = None) -> Fix:
    """Where a pin lies, in degrees, whose true place is within `accuracy_m` metres of it. An empty `Fix` where no
    border says."""
    ground = ground_of(atlas)
    if not ground.outlines:
        return Fix()
    middle, reach = (micro(latitude), micro(longitude)), _reach(latitude, accuracy_m or 0.0)
    found = [ground.at(*middle)]
    if reach[0] and not (found[0] and found[0].is_clear_of(_box(middle, reach))):
        found += [ground.at(*point) for point in _around(middle, reach)]
    codes = [outline.code for outline in dict.fromkeys(found) if outline]
    return _fix(atlas, ground, codes, all(found), middle)


def _fix(atlas: Atlas, ground: Ground, codes: Sequence[str], everywhere: bool, middle: Point) -> Fix:
    """`codes` are of the areas found; there was one `everywhere`, or not."""
    reaches = tuple(ground.areas[code] for code in codes)
    inside = [code for code in codes if atlas.lies_in(code)]
    if not inside:
        distance = _distance(atlas, ground, middle)
        is_outside = everywhere or (atlas.is_whole and distance > _SEAM)
        return Fix(reaches=reaches, outside=is_outside, distance_m=distance if is_outside else 0.0)
    return Fix(area=_common(ground, codes) if everywhere and len(inside) == len(codes) else None, reaches=reaches)


@lru_cache(maxsize=2)
def ground_of(atlas: Atlas) -> Ground:
    """Made once for each atlas: some tens of milliseconds for ten thousand corners."""
    outlines = tuple(_outline(shape) for shape in atlas.areas if shape.rings)
    boxes = [outline.box for outline in outlines] or [Box(0, 0, 0, 0)]
    box = Box(*(most(column) for most, column in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)))
    cells: dict[int, tuple[Outline, ...]] = {}
    for outline in sorted(outlines, key=lambda one: -one.code.count(".")):
        for cell in _cells(box, outline.box):
            cells[cell] = (*cells.get(cell, ()), outline)
    return Ground(box, cells, outlines, {shape.code: shape for shape in atlas.areas})


def micro(degrees: float) -> int:
    return round(degrees * MICRO)


def _outline(shape: Shape) -> Outline:
    edges = [edge for ring in shape.rings for edge in _edges(ring)]
    latitudes = [latitude for ring in shape.rings for latitude in ring[::2]]
    longitudes = [longitude for ring in shape.rings for longitude in ring[1::2]]
    box = Box(min(latitudes), min(longitudes), max(latitudes), max(longitudes))
    count = min(_MOST_STRIPS, len(edges) // _EDGES_PER_STRIP + 1)
    height = box.north - box.south + 1
    strips: list[list[Edge]] = [[] for _ in range(count)]
    for edge in edges:
        for strip in range((edge[0] - box.south) * count // height, (edge[2] - box.south) * count // height + 1):
            strips[strip].append(edge)
    return Outline(shape.code, box, tuple(map(tuple, strips)))


def _edges(ring: tuple[int, ...]) -> Iterator[Edge]:
    """From south to north, so that neighbours reckon their common border alike."""
    corners = list(zip(ring[::2], ring[1::2], strict=True))
    for corner, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        if corner != other:
            yield (*min(corner, other), *max(corner, other))


def _cell(box: Box, latitude: int, longitude: int) -> int:
    """-1 outside of the box."""
    south, west, north, east = box
    if not (south <= latitude <= north and west <= longitude <= east):
        return -1
    row = (latitude - south) * _CELLS // (north - south + 1)
    return row * _CELLS + (longitude - west) * _CELLS // (east - west + 1)


def _cells(box: Box, inner: Box) -> Iterator[int]:
    first, last = _cell(box, inner.south, inner.west), _cell(box, inner.north, inner.east)
    for row in range(first // _CELLS, last // _CELLS + 1):
        yield from range(row * _CELLS + first % _CELLS, row * _CELLS + last % _CELLS + 1)


def _reach(latitude: float, radius: float) -> Point:
    """How far a circle reaches to the north and to the east."""
    if radius < 1:
        return (0, 0)
    up = min(radius, _WIDEST) / METRES_PER_DEGREE
    return (micro(up), micro(up / max(0.01, math.cos(math.radians(latitude)))))


def _box(middle: Point, reach: Point) -> Box:
    return Box(middle[0] - reach[0], middle[1] - reach[1], middle[0] + reach[0], middle[1] + reach[1])


def _around(middle: Point, reach: Point) -> Iterator[Point]:
    for north, east in _ROSE:
        yield (middle[0] + round(north * reach[0]), middle[1] + round(east * reach[1]))


def _meet(edge: Edge, box: Box) -> bool:
    """Do their boxes?"""
    low, left, high, right = edge
    if high < box.south or low > box.north:
        return False
    return left <= box.east and right >= box.west if left <= right else right <= box.east and left >= box.west


def _common(ground: Ground, codes: Sequence[str]) -> Shape | None:
    """The smallest area that has all of these."""
    area = codes[0]
    while area and not all(f"{code}.".startswith(f"{area}.") for code in codes):
        area = area.rpartition(".")[0]
    return ground.areas.get(area)


def _distance(atlas: Atlas, ground: Ground, point: Point) -> float:
    """In metres, to the nearest border of an area of the region: boxes first, to look at few edges."""
    scale = math.cos(math.radians(point[0] / MICRO))
    inside = (one for one in ground.outlines if atlas.lies_in(one.code))
    near = sorted(((_from_box(point, one.box, scale), one) for one in inside), key=lambda pair: pair[0])
    best = math.inf
    for distance, outline in near:
        if distance < best:
            best = min(best, *(_from_edge(point, edge, scale) for strip in outline.strips for edge in strip))
    return best / MICRO * METRES_PER_DEGREE


def _from_box(point: Point, box: Box, scale: float) -> float:
    north = max(box.south - point[0], 0, point[0] - box.north)
    east = max(box.west - point[1], 0, point[1] - box.east)
    return math.hypot(north, east * scale)


def _from_edge(point: Point, edge: Edge, scale: float) -> float:
    low, left, high, right = edge
    up, aside = high - low, (right - left) * scale
    north, east = point[0] - low, (point[1] - left) * scale
    along = min(1.0, max(0.0, (north * up + east * aside) / (up * up + aside * aside)))
    return math.hypot(north - along * up, east - along * aside)
