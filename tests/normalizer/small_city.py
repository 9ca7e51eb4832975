"""A city of our own on the equator: two kecamatan, five kelurahan (one has an island), and a city beside it."""

from normalizer.places.atlas import Atlas, Shape

CITY, EAST = "99.01", "99.02"
VILLAGE_A, VILLAGE_B, ISLAND = "99.01.01.1001", "99.01.01.1002", "99.01.01.1003"
VILLAGE_C, NORTH = "99.01.02.1001", "99.01.02.1002"
#: A point in the hole of `NORTH`.
HOLE = (0.015, 0.015)


def square(south: float, west: float, size: float = 0.01) -> tuple[int, ...]:
    """A ring in microdegrees."""
    low, left, high, right = (round(1e6 * one) for one in (south, west, south + size, west + size))
    return (low, left, low, right, high, right, high, left)


SHAPES = (
    Shape(CITY, "Kota Contoh", "kota"),
    Shape("99.01.01", "Selatan", "kecamatan"),
    Shape("99.01.02", "Utara", "kecamatan"),
    Shape(VILLAGE_A, "Melati", "kelurahan", (square(0, 0),)),
    Shape(VILLAGE_B, "Mawar", "kelurahan", (square(0, 0.01),)),
    Shape(ISLAND, "Pulau", "kelurahan", (square(0, 0.05), square(0, 0.07))),
    Shape(VILLAGE_C, "Kenanga", "kelurahan", (square(0.01, 0),)),
    Shape(NORTH, "Teratai", "kelurahan", (square(0.01, 0.01), square(0.0145, 0.0145, 0.001))),
    Shape(EAST, "Kota Sebelah", "kota", (square(0, 0.03),)),
)
ATLAS = Atlas(CITY, SHAPES, is_whole=True)
