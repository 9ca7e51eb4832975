"""Borders as they come, brought to rings that hold, and what does not fit together of them. Needs shapely."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from shapely import STRtree, get_coordinates, is_valid_reason, make_valid, union_all
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, Point, Polygon, shape
from shapely.geometry.base import BaseGeometry

from normalizer.places.atlas import MICRO
from normalizer.places.ground import METRES_PER_DEGREE

#: Longitudes and latitudes between which Indonesia lies.
WEST, EAST, SOUTH, NORTH = 94.9, 141.1, -11.1, 6.3
MOST_CORNERS = 500_000
#: Square metres: borders that were drawn apart differ by less.
SMALL = 10_000.0

Tell = Callable[[str, int, int], None]


class NotUsable(Exception):
    """A geometry that says no place; the message says why."""


def polygon(geometry: Mapping[str, Any] | None) -> tuple[MultiPolygon, str]:
    """And what had to be mended about it, "" if nothing. Raises `NotUsable`."""
    found = _geometry(geometry)
    fault = "" if found.is_valid else is_valid_reason(found)
    parts = [part for part in _polygons(make_valid(found) if fault else found) if not part.is_empty]
    if not parts:
        raise NotUsable(f"it is no area but a {found.geom_type}" if not found.is_empty else "its geometry is empty")
    return MultiPolygon(parts), fault


def point(geometry: Mapping[str, Any] | None) -> tuple[int, int] | None:
    """A point on it, as latitude and longitude in microdegrees. Raises `NotUsable`."""
    if geometry is None:
        return None
    found = _geometry(geometry).representative_point()
    return (round(found.y * MICRO), round(found.x * MICRO)) if not found.is_empty else None


def rings(found: MultiPolygon) -> tuple[tuple[int, ...], ...]:
    """As in an atlas."""
    lines = [line for part in found.geoms for line in (part.exterior, *part.interiors)]
    corners = ([(round(y * MICRO), round(x * MICRO)) for x, y, *_ in line.coords[:-1]] for line in lines)
    return tuple(tuple(one for corner in line for one in corner) for line in corners)


def of_rings(given: Sequence[tuple[int, ...]]) -> BaseGeometry:
    """The area of an atlas' rings, in which holes are rings too."""
    found: BaseGeometry = MultiPolygon()
    for ring in given:
        line = Polygon([(x / MICRO, y / MICRO) for y, x in zip(ring[::2], ring[1::2], strict=True)])
        found = found.symmetric_difference(make_valid(line))
    return found


def square_metres(found: BaseGeometry) -> float:
    if found.is_empty:
        return 0.0
    return float(found.area) * METRES_PER_DEGREE**2 * math.cos(math.radians(found.centroid.y))


def overlaps(known: Mapping[str, BaseGeometry], tell: Tell) -> Iterator[tuple[str, str, float]]:
    """Pairs of areas of one level that share more than a little, and how many square metres."""
    codes = list(known)
    tree = STRtree([known[code] for code in codes])
    for n, code in enumerate(codes):
        tell("overlaps", n + 1, len(codes))
        for other in tree.query(known[code], predicate="intersects"):
            if other > n and (shared := square_metres(known[code].intersection(known[codes[other]]))) > SMALL:
                yield code, codes[other], shared


def gaps(known: Mapping[str, BaseGeometry]) -> Iterator[tuple[list[str], float, tuple[float, float]]]:
    """Places that areas lie around and none has: whose neighbours, how many square metres, and where."""
    codes = list(known)
    tree = STRtree([known[code] for code in codes])
    for part in _polygons(union_all([known[code] for code in codes])):
        for line in part.interiors:
            hole = Polygon(line)
            if (size := square_metres(hole)) > SMALL:
                around = sorted(codes[n] for n in tree.query(hole, predicate="intersects"))
                middle: Point = hole.representative_point()
                yield around, size, (round(middle.y, 5), round(middle.x, 5))


def _geometry(geometry: Mapping[str, Any] | None) -> BaseGeometry:
    if not geometry or not geometry.get("type"):
        raise NotUsable("it has no geometry")
    try:
        found = shape(dict(geometry))
    except RecursionError:
        raise NotUsable("its geometry is broken: its coordinates are nested too deep") from None
    except OverflowError:
        raise NotUsable("its geometry is broken: its coordinates are no degrees") from None
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise NotUsable(f"its geometry is broken: {error}") from None
    _refuse_elsewhere(found)
    return found


def _refuse_elsewhere(found: BaseGeometry) -> None:
    if found.is_empty:
        raise NotUsable("its geometry is empty")
    corners = get_coordinates(found)
    if len(corners) > MOST_CORNERS:
        raise NotUsable(f"it has {len(corners):,} corners: simplify it (mapshaper -simplify 10% keep-shapes)")
    west, south, east, north = found.bounds
    if not all(map(math.isfinite, (west, south, east, north))):
        raise NotUsable("its coordinates are no numbers")
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 180:
        raise NotUsable("its coordinates are no degrees: bring the file to WGS 84 (ogr2ogr -t_srs EPSG:4326)")
    if not _in_country(west, south, east, north):
        swapped = " (latitude and longitude are swapped)" if _in_country(south, west, north, east) else ""
        raise NotUsable(f"it does not lie in Indonesia{swapped}: {south:.4f}, {west:.4f}")


def _in_country(west: float, south: float, east: float, north: float) -> bool:
    return west >= WEST and east <= EAST and south >= SOUTH and north <= NORTH


def _polygons(found: BaseGeometry) -> Iterable[Polygon]:
    if isinstance(found, Polygon):
        return [found]
    return [part for one in getattr(found, "geoms", ()) for part in _polygons(one)]
