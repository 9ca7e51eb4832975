"""Areas drawn as a small picture: each border once, names where they belong, and small whatever was imported."""

import re
from collections.abc import Iterator

import pytest

from gateway.atlases.drawing import LARGEST, drawing_of
from normalizer.places.atlas import NO_ATLAS, Atlas, Shape
from tests.normalizer.small_city import ATLAS, square


def test_without_borders_there_is_no_drawing() -> None:
    assert drawing_of(NO_ATLAS) is None


def test_borders_are_drawn_once_and_by_what_they_part() -> None:
    drawing = drawing_of(ATLAS)
    assert drawing is not None
    paths = dict(re.findall(r'<path class="b(\d)".*? d="([^"]+)"', drawing.svg.decode()))
    assert set(paths) == {"0", "2", "3"}  # outside; kecamatan; kelurahan
    assert paths["3"].count("M") == 1  # all the way between Melati and Mawar, Kenanga and Teratai


def test_names_stand_in_the_middle() -> None:
    drawing = drawing_of(ATLAS)
    assert drawing is not None
    found = re.search(r'<text x="(\d+)" y="(\d+)">Melati</text>', drawing.svg.decode())
    assert found is not None
    assert (float(found[1]), float(found[2])) == pytest.approx(drawing.at(0.005, 0.005), abs=2)


def test_the_same_areas_are_the_same_drawing_and_others_another() -> None:
    one, other = drawing_of(ATLAS), drawing_of(Atlas("99.01", ATLAS.areas[:-1]))
    assert one is not None
    assert other is not None
    assert one.version != other.version
    drawing_of.cache_clear()
    assert drawing_of(ATLAS) == one


def test_islands_far_out_are_not_in_the_first_view() -> None:
    rows = [Shape(f"99.01.01.1{n:03}", f"Desa {n}", "desa", (square(0, n / 100),)) for n in range(60)]
    drawing = drawing_of(Atlas("99", (*rows, Shape("99.02.01.1001", "Pulau Jauh", "desa", (square(0, 5),)))))
    assert drawing is not None
    assert drawing.home.width < drawing.size[0] / 4


def test_many_areas_are_still_a_small_picture() -> None:
    drawing = drawing_of(Atlas("99", tuple(_many(60))))
    assert drawing is not None
    assert len(drawing.svg) <= LARGEST
    assert b"Kecamatan" in drawing.svg
    assert b"Desa" not in drawing.svg


def test_a_view_lies_around_its_points() -> None:
    drawing = drawing_of(ATLAS)
    assert drawing is not None
    view = drawing.around([(0.005, 0.005)], 500)
    x, y = drawing.at(0.005, 0.005)
    assert (view.x + view.width / 2, view.y + view.height / 2) == pytest.approx((x, y), abs=0.2)


def _many(side: int) -> Iterator[Shape]:
    """A province of so many times so many villages, ten rows of them a kecamatan."""
    for row in range(side):
        yield Shape(f"99.01.{row // 10:02}", f"Kecamatan {row}", "kecamatan")
        for column in range(side):
            number = row % 10 * side + column
            code = f"99.01.{row // 10:02}.{1000 + number}"
            yield Shape(code, f"Desa {row} {column}", "desa", (square(row / 100, column / 100),))
