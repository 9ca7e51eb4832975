"""Borders of our own, imported into a gateway's data folder, and pins within them."""

from pathlib import Path

from gateway.atlases import keeping
from normalizer.message import Place
from normalizer.places.atlas import Atlas, Shape

#: Names, codes, and how far east of the first: squares in a row, by no means where they really are.
ROW = {
    "Bangka": "31.74.03.1002",
    "Pela Mampang": "31.74.03.1003",
    "Kuningan Barat": "31.74.03.1005",
    "Tegal Parang": "31.74.03.1004",
    "Mampang Prapatan": "31.74.03.1001",
}
#: Where two of the same kecamatan meet.
BETWEEN = Place(-6.255, 106.82, 100)


def pin(name: str) -> Place:
    """A point in the middle of an area."""
    return Place(-6.255, 106.815 + list(ROW).index(name) / 100)


def imported(data: Path) -> None:
    """Have the borders of all of them in this data folder."""
    data.mkdir(mode=0o700, exist_ok=True)
    shapes = [Shape(code, name, "kelurahan", (_square(n),)) for n, (name, code) in enumerate(ROW.items())]
    keeping.write(data, Atlas("31", tuple(shapes)))


def _square(n: int) -> tuple[int, ...]:
    low, high, left = -6_260_000, -6_250_000, 106_810_000 + n * 10_000
    return (low, left, low, left + 10_000, high, left + 10_000, high, left)
