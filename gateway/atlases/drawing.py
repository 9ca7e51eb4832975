"""The areas of an atlas drawn as one small SVG: their borders, each once, and their names. No map of others is needed.

Borders are thinned by Visvalingam's method (M. Visvalingam, J. D. Whyatt: Line generalisation by repeated elimination
of points, 1993): what changes the picture least goes first. Points where borders meet stay, so that neighbours keep
touching.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from html import escape
from itertools import pairwise
from typing import NamedTuple

from normalizer.places.atlas import MICRO, Atlas, Shape
from normalizer.places.ground import METRES_PER_DEGREE

#: Octets of the drawing, at most, and how many points that leaves room for in the first try.
LARGEST = 60_000
_MOST_POINTS = 9_000
#: The longer side, in the drawing's units: some metres each for a city.
_UNITS = 10_000
#: Of the names at the margins of the region, so many are not in the first view, such as islands far out.
_FAR = 0.04

Spot = tuple[int, int]
Edge = tuple[Spot, Spot]


class View(NamedTuple):
    """A part of the drawing, in its units."""

    x: float
    y: float
    width: float
    height: float


class Drawing(NamedTuple):
    """`svg` and how its units are counted: from `west` and `north`, in degrees, so many for each degree of longitude
    and latitude. `home` is the view that shows most of the region; `version` changes with what is drawn."""

    svg: bytes
    version: str
    size: Spot
    home: View
    west: float
    north: float
    per_longitude: float
    per_latitude: float

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        return (
            round((longitude - self.west) * self.per_longitude, 1),
            round((self.north - latitude) * self.per_latitude, 1),
        )

    def around(self, points: Sequence[tuple[float, float]], metres: float) -> View:
        """A view of these latitudes and longitudes, with so much around them."""
        margin = metres / METRES_PER_DEGREE * self.per_latitude
        spots = [self.at(*point) for point in points]
        left, top = (min(column) - margin for column in zip(*spots, strict=True))
        right, bottom = (max(column) + margin for column in zip(*spots, strict=True))
        return View(round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))


class _Grid(NamedTuple):
    west: int
    north: int
    per_longitude: float
    per_latitude: float

    def spot(self, latitude: float, longitude: float) -> Spot:
        return round((longitude - self.west) * self.per_longitude), round((self.north - latitude) * self.per_latitude)


@lru_cache(maxsize=2)
def drawing_of(atlas: Atlas) -> Drawing | None:
    """Made once for each atlas, in a fraction of a second for ten thousand corners; None where it has no borders."""
    shapes = [shape for shape in atlas.areas if shape.rings]
    if not shapes:
        return None
    latitudes = [one for shape in shapes for ring in shape.rings for one in ring[::2]]
    longitudes = [one for shape in shapes for ring in shape.rings for one in ring[1::2]]
    scale = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2 / MICRO))
    tall, wide = max(latitudes) - min(latitudes), (max(longitudes) - min(longitudes)) * scale
    unit = _UNITS / max(tall, wide, 1)
    grid = _Grid(min(longitudes), max(latitudes), unit * scale, unit)
    size = (math.ceil(wide * unit), math.ceil(tall * unit))
    lines = {shape.code: _lines(shape, grid) for shape in shapes}
    home = _home([lines[shape.code] for shape in shapes if atlas.lies_in(shape.code)] or list(lines.values()))
    svg = _fitting(_ranked(lines), _names(atlas.areas, lines), size, home)
    version = blake2b(svg, digest_size=8).hexdigest()
    west, north = grid.west / MICRO, grid.north / MICRO
    return Drawing(svg, version, size, home, west, north, grid.per_longitude * MICRO, grid.per_latitude * MICRO)


def _lines(shape: Shape, grid: _Grid) -> list[list[Spot]]:
    """Its rings in the drawing's units, without corners that fall together."""
    rings = ([grid.spot(*corner) for corner in zip(ring[::2], ring[1::2], strict=True)] for ring in shape.rings)
    return [[spot for n, spot in enumerate(ring) if spot != ring[n - 1]] for ring in rings]


def _ranked(lines: Mapping[str, list[list[Spot]]]) -> dict[Edge, int]:
    """Every edge once, with how many steps of their codes the areas beside it share; 0 for those at the outside."""
    beside: dict[Edge, set[str]] = defaultdict(set)
    for code, rings in lines.items():
        for ring in rings:
            for n, spot in enumerate(ring):
                beside[min(spot, ring[n - 1]), max(spot, ring[n - 1])].add(code)
    return {edge: _shared(codes) for edge, codes in beside.items()}


def _shared(codes: set[str]) -> int:
    inner = [code for code in codes if not any(other.startswith(f"{code}.") for other in codes)]
    if len(inner) < 2:
        return 0
    steps = zip(*(code.split(".") for code in inner), strict=False)
    return next((n for n, step in enumerate(steps) if len(set(step)) > 1), len(inner[0].split("."))) or 1


def _fitting(edges: Mapping[Edge, int], names: Sequence["_Name"], size: Spot, home: View) -> bytes:
    """With fewer points, and then without the smallest areas, until it is small enough."""
    points = _MOST_POINTS
    deepest = max(edges.values(), default=0)
    while len(svg := _svg(_thinned(edges, points), names, size, home)) > LARGEST:
        if points > _MOST_POINTS / 3:
            points = int(points * 0.8)
        elif deepest:
            edges = {edge: rank for edge, rank in edges.items() if rank < deepest}
            names = [name for name in names if name.depth <= deepest]
            points, deepest = _MOST_POINTS, deepest - 1
        else:
            break
    return svg


def _thinned(edges: Mapping[Edge, int], most: int) -> dict[Edge, int]:
    """With so many points at most, if as many can go."""
    beside: dict[Spot, dict[Spot, int]] = defaultdict(dict)
    for (one, other), rank in edges.items():
        beside[one][other] = beside[other][one] = rank
    heap = [(size, spot) for spot in beside if (size := _weight(beside, spot)) is not None]
    heapq.heapify(heap)
    while heap and len(beside) > most:
        size, spot = heapq.heappop(heap)
        if spot not in beside or size != _weight(beside, spot):
            continue
        (one, rank), (other, _) = beside.pop(spot).items()
        del beside[one][spot], beside[other][spot]
        beside[one][other] = beside[other][one] = rank
        for near in (one, other):
            if (again := _weight(beside, near)) is not None:
                heapq.heappush(heap, (max(again, size), near) if again >= size else (again, near))
    return {(one, other): rank for one, near in beside.items() for other, rank in near.items() if one < other}


def _weight(beside: Mapping[Spot, Mapping[Spot, int]], spot: Spot) -> int | None:
    """The area of the triangle with the points beside it, twice; None for what must stay."""
    if len(beside[spot]) != 2:
        return None
    (one, rank), (other, its) = beside[spot].items()
    if rank != its or other in beside[one]:
        return None
    return abs((one[0] - spot[0]) * (other[1] - spot[1]) - (other[0] - spot[0]) * (one[1] - spot[1]))


class _Name(NamedTuple):
    """`depth` is how many steps its code has."""

    depth: int
    text: str
    at: Spot


def _names(areas: Iterable[Shape], lines: Mapping[str, list[list[Spot]]]) -> list[_Name]:
    """Of areas with borders and of those that hold them, in the middle."""
    middles = {code: _middle(max(rings, key=len)) for code, rings in lines.items() if any(rings)}
    within: dict[str, list[Spot]] = defaultdict(list)
    for code, middle in middles.items():
        steps = code.split(".")
        for n in range(1, len(steps)):
            within[".".join(steps[:n])].append(middle)
    known = {code: _mean(spots) for code, spots in within.items()} | middles
    return [_Name(len(shape.code.split(".")), shape.name, known[shape.code]) for shape in areas if shape.code in known]


def _middle(ring: Sequence[Spot]) -> Spot:
    """The centroid of a ring; the mean of its corners where it is a line."""
    edges = [(*ring[n - 1], *spot) for n, spot in enumerate(ring)]
    if not (twice := sum(x * v - u * y for x, y, u, v in edges)):
        return _mean(ring)
    return (
        round(sum((x + u) * (x * v - u * y) for x, y, u, v in edges) / 3 / twice),
        round(sum((y + v) * (x * v - u * y) for x, y, u, v in edges) / 3 / twice),
    )


def _mean(spots: Sequence[Spot]) -> Spot:
    return round(sum(x for x, _ in spots) / len(spots)), round(sum(y for _, y in spots) / len(spots))


def _home(areas: Sequence[list[list[Spot]]]) -> View:
    """Around all areas but those few that lie farthest out."""
    middles = [(_middle(max(rings, key=len)), rings) for rings in areas if any(rings)]
    spare = int(len(middles) * _FAR)
    for axis in (0, 1):
        middles.sort(key=lambda pair: pair[0][axis])
        middle = middles[len(middles) // 2][0][axis]
        middles.sort(key=lambda pair: abs(pair[0][axis] - middle))
        middles = middles[: len(middles) - spare]
    spots = [spot for _, rings in middles for ring in rings for spot in ring]
    (left, right), (top, bottom) = ((min(column), max(column)) for column in zip(*spots, strict=True))
    margin = max(right - left, bottom - top) // 50 + 1
    return View(left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin)


def _svg(edges: Mapping[Edge, int], names: Sequence[_Name], size: Spot, home: View) -> bytes:
    ranks = sorted(set(edges.values()))
    paths = "".join(_path(rank, [edge for edge, its in edges.items() if its == rank]) for rank in reversed(ranks))
    depths = sorted({name.depth for name in names})
    groups = "".join(_group(depth, [name for name in names if name.depth == depth], depths, home) for depth in depths)
    box = f'viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}" height="{size[1]}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{paths}{groups}</svg>'.encode()


def _path(rank: int, edges: Sequence[Edge]) -> str:
    lines = "".join(map(_line, _chains(edges)))
    look = 'fill="#8882" fill-rule="evenodd" stroke-opacity=".9"' if rank == 0 else 'fill="none" stroke-opacity=".6"'
    width = {0: 1, 1: 2, 2: 1.5}.get(rank, 0.8)  # borders that were drawn apart are no outside, and not to stand out
    line = f'stroke="#888" stroke-width="{width}" vector-effect="non-scaling-stroke"'
    return f'<path class="b{rank}" {look} {line} d="{lines}"/>'


def _line(chain: Sequence[Spot]) -> str:
    (left, top), *_ = chain
    steps = (f"{x - u} {y - v}" for (u, v), (x, y) in pairwise(chain))
    return f"M{left} {top}l{' '.join(steps)}".replace(" -", "-")


def _chains(edges: Iterable[Edge]) -> Iterator[list[Spot]]:
    """The edges as lines that are as long as can be, ends first, then rings."""
    beside: dict[Spot, list[Spot]] = defaultdict(list)
    for one, other in edges:
        beside[one].append(other)
        beside[other].append(one)
    for start in sorted(beside, key=lambda spot: len(beside[spot]) % 2 == 0):
        while beside[start]:
            chain = [start]
            while nexts := beside[chain[-1]]:
                following = nexts.pop()
                beside[following].remove(chain[-1])
                chain.append(following)
            yield chain


def _group(depth: int, names: Sequence[_Name], depths: Sequence[int], home: View) -> str:
    """Names of one depth; only the largest areas' are shown where no script does."""
    texts = "".join(f'<text x="{name.at[0]}" y="{name.at[1]}">{escape(name.text)}</text>' for name in names)
    shown = "" if depth == next((one for one in depths if one > 1), 1) else ' display="none"'
    font = f'font-family="system-ui,sans-serif" font-size="{home.width / 28:.0f}" text-anchor="middle" fill="#777"'
    return f'<g class="n{depth}" {font}{shown}>{texts}</g>'
