"""Which area a pin lies in, by small borders of our own."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.places.atlas import Atlas, Shape
from normalizer.places.ground import area_at, ground_of
from tests.normalizer.small_city import ATLAS, CITY, EAST, HOLE, ISLAND, NORTH, VILLAGE_A, VILLAGE_B, VILLAGE_C

#: A degree of latitude; at the equator, where the small city lies, of longitude too.
METRES = 111_320

PINS = {
    "in a kelurahan": (0.005, 0.005, None, VILLAGE_A),
    "in its neighbour": (0.005, 0.015, None, VILLAGE_B),
    "in the other kecamatan": (0.015, 0.005, None, VILLAGE_C),
    "on the border: one of the two": (0.005, 0.01, None, VILLAGE_B),
    "a part that lies apart": (0.005, 0.055, None, ISLAND),
    "the circle stays within": (0.005, 0.005, 400, VILLAGE_A),
    "the circle reaches into a neighbour of the same kecamatan": (0.005, 0.009, 300, "99.01.01"),
    "the circle reaches into another kecamatan": (0.009, 0.005, 300, "99.01"),
    "the circle leaves the city": (0.0005, 0.005, 300, None),
    "in a hole": (*HOLE, None, None),
}


@pytest.mark.parametrize(("latitude", "longitude", "accuracy", "area"), PINS.values(), ids=PINS)
def test_a_pin_is_in_the_smallest_area_that_its_circle_lies_in(
    latitude: float, longitude: float, accuracy: float | None, area: str | None
) -> None:
    found = area_at(ATLAS, latitude, longitude, accuracy)
    assert (found.area.code if found.area else None) == area
    assert not found.outside


def test_all_that_the_circle_reaches_is_told_its_middle_first() -> None:
    first, *others = [shape.code for shape in area_at(ATLAS, 0.0095, 0.0095, 300).reaches]
    assert first == VILLAGE_A
    assert set(others) == {VILLAGE_B, VILLAGE_C, NORTH}


def test_outside_of_the_city_it_says_how_far() -> None:
    found = area_at(ATLAS, 0.005, -0.01)
    assert found.outside and found.area is None
    assert found.distance_m == pytest.approx(0.01 * METRES, rel=0.001)


def test_in_a_city_beside_it_the_pin_is_outside_and_that_is_named() -> None:
    found = area_at(ATLAS, 0.005, 0.035)
    assert found.outside and [shape.code for shape in found.reaches] == [EAST]


def test_near_the_border_it_is_not_said_to_be_outside() -> None:
    found = area_at(ATLAS, 0.005, -0.001, 200)
    assert not found.outside and found.area is None and [shape.code for shape in found.reaches] == [VILLAGE_A]


def test_where_borders_are_missing_nothing_is_outside() -> None:
    part = Atlas(CITY, ATLAS.areas)
    assert area_at(part, 0.005, -0.01) == area_at(Atlas(), 0.005, 0.005)


@settings(max_examples=200, deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180), st.one_of(st.none(), st.floats(0, 1e308)))
def test_any_pin_has_an_answer(latitude: float, longitude: float, accuracy: float | None) -> None:
    found = area_at(ATLAS, latitude, longitude, accuracy)
    assert not (found.area and found.outside)
    assert found.distance_m >= 0


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.floats(0, 2 * math.pi), min_size=3, max_size=40, unique=True),
    st.floats(-0.9, 0.9),
    st.floats(-0.9, 0.9),
)
def test_every_point_of_two_halves_is_in_just_one(turns: list[float], north: float, east: float) -> None:
    """A zigzag between two areas: strips and rounding leave no seam."""
    seam = [(round(1e6 * (turn / math.pi - 1)), round(2e5 * math.sin(9 * turn))) for turn in sorted(turns)]
    seam = [(-1_000_000, 0), *(one for one in dict(seam).items() if -1_000_000 < one[0] < 1_000_000), (1_000_000, 0)]
    west = [*seam, (1_000_000, -1_000_000), (-1_000_000, -1_000_000)]
    east_side = [*seam, (1_000_000, 1_000_000), (-1_000_000, 1_000_000)]
    halves = Atlas("99", tuple(Shape(f"99.0{n}", "", "", (flat(ring),)) for n, ring in enumerate((west, east_side))))
    both = ground_of(halves).outlines
    point = (round(north * 1e6), round(east * 1e6))
    assert sum(outline.holds(*point) for outline in both) == 1


def flat(ring: list[tuple[int, int]]) -> tuple[int, ...]:
    return tuple(part for corner in ring for part in corner)
