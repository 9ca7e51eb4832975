"""When reports, and cases that hold together by several people, contradict each other by where they say that it is."""

from typing import Any

import pytest

from dedupe.fingerprint import Fingerprint
from gateway.clusters import LOOKED_AT, agree, conflict, fits, may_unite

NORTH: dict[str, Any] = {"latitude": -6.2, "longitude": 106.8}
FAR: dict[str, Any] = {"latitude": -6.21, "longitude": 106.8}
NEAR: dict[str, Any] = {"latitude": -6.2001, "longitude": 106.8}
MAWAR: dict[str, Any] = {"streets": ("jl mawar",)}
MELATI: dict[str, Any] = {"streets": ("jl melati",)}
LAMP: dict[str, Any] = {"problems": ("lampu",)}
FLOOD: dict[str, Any] = {"problems": ("banjir",)}


def told(report: str = "r-1", reporter: str = "p-1", **values: Any) -> Fingerprint:
    return Fingerprint(report, reporter, 0.0, **values)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(MAWAR, MELATI, (True, False), id="another street"),
        pytest.param(MAWAR, MAWAR, (False, True), id="the same street"),
        pytest.param(MAWAR, {}, (False, False), id="a street, and nothing"),
        pytest.param(LAMP | {"numbers": ("rt 3",)}, LAMP | {"numbers": ("rt 5",)}, (True, False), id="another RT"),
        pytest.param(FLOOD | {"numbers": ("rt 3",)}, FLOOD | {"numbers": ("rt 5",)}, (False, False), id="of a flood"),
        pytest.param({"areas": ("31.74.03.1001",)}, {"areas": ("31.75.03.1001",)}, (True, False), id="another area"),
        pytest.param(NORTH, FAR, (True, False), id="pins a kilometre apart"),
        pytest.param(NORTH, NEAR, (False, True), id="pins close together"),
        pytest.param(MAWAR | NORTH, MAWAR | FAR, (True, False), id="one street, and pins far apart"),
    ],
)
def test_two_reports(one: dict[str, Any], other: dict[str, Any], expected: tuple[bool, bool]) -> None:
    pair = told(**one), told("r-2", "p-2", **other)
    assert (conflict(*pair), agree(*pair)) == expected
    assert (conflict(*reversed(pair)), agree(*reversed(pair))) == expected


def cluster(count: int, people: int, **values: Any) -> list[Fingerprint]:
    name = "-".join(map(str, values.values()))
    return [told(f"r-{name}-{number}", f"p-{name}-{number % people}", **values) for number in range(count)]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        pytest.param(cluster(2, 2, **MAWAR), cluster(2, 2, **MELATI), False, id="two clusters that contradict"),
        pytest.param(cluster(2, 2, **MAWAR), cluster(2, 2), True, id="two that do not"),
        pytest.param(cluster(3, 1, **MAWAR), cluster(2, 2, **MELATI), True, id="one person said it often"),
        pytest.param(cluster(1, 1, **MAWAR), cluster(9, 9, **MELATI), True, id="one report, and a cluster"),
        pytest.param(
            cluster(99, 9), [*cluster(2 * LOOKED_AT, 9), *cluster(1, 1, **MAWAR)], True, id="nothing to contradict"
        ),
        pytest.param(
            [*cluster(99, 9), told(**MAWAR)], [told(**MELATI), *cluster(99, 9)], False, id="the last, and the first"
        ),
    ],
)
def test_two_cases(one: list[Fingerprint], other: list[Fingerprint], expected: bool) -> None:
    assert may_unite(one, other) is may_unite(other, one) is expected


def test_what_contradicts_one_fits_if_it_agrees_with_another() -> None:
    report = told(**MAWAR)
    assert fits(report, [report, told("r-2", "p-2", **MELATI), told("r-3", "p-3", **MAWAR)])
    assert not fits(report, [report, told("r-2", "p-2", **MELATI), told("r-3", "p-3")])
