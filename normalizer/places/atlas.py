"""What an operator imported of the city: borders of areas, streets, landmarks, other spellings, and what lies around.

Points are pairs of latitude and longitude in integer microdegrees (WGS 84): a tenth of a metre.
"""

import msgspec

Point = tuple[int, int]

MICRO = 1_000_000


class Shape(msgspec.Struct, frozen=True, array_like=True):
    """An area with its official code and name; `kind` is its Indonesian word ("kelurahan"). Each of the `rings`, holes
    among them, is latitude, longitude, latitude, longitude … of its corners, the first not repeated. Without rings it
    is only known as what others lie in."""

    code: str
    name: str
    kind: str
    rings: tuple[tuple[int, ...], ...] = ()


class Street(msgspec.Struct, frozen=True, array_like=True):
    """`areas` are the codes of the areas that it runs through, `at` a point on it."""

    name: str
    areas: tuple[str, ...] = ()
    at: Point | None = None


class Landmark(msgspec.Struct, frozen=True, array_like=True):
    """`kind` is as the import says ("pasar"), `area` the code of the area that it lies in; "" where not known."""

    name: str
    kind: str = ""
    at: Point | None = None
    area: str = ""


class Named(msgspec.Struct, frozen=True, array_like=True):
    """A name, and the code of the area that it stands for."""

    name: str
    code: str


class Atlas(msgspec.Struct, frozen=True):
    """`region` is the code of the province or city; areas, streets and landmarks outside of it may be among the others.
    `aliases` are other spellings of areas, `neighbours` the areas outside that have a name, `placeholders` the points
    that apps send when they know of none. `is_whole` says that the borders leave no part of the region out."""

    region: str = ""
    areas: tuple[Shape, ...] = ()
    streets: tuple[Street, ...] = ()
    landmarks: tuple[Landmark, ...] = ()
    aliases: tuple[Named, ...] = ()
    neighbours: tuple[Named, ...] = ()
    placeholders: tuple[Point, ...] = ()
    is_whole: bool = False

    def __hash__(self) -> int:
        """Cheap, for caches: that of all the content takes as long as reading it."""
        return hash((self.region, len(self.areas), len(self.streets), len(self.landmarks), len(self.aliases)))

    def lies_in(self, code: str) -> bool:
        """Is this the region, or an area within it?"""
        return f"{code}.".startswith(f"{self.region}.")


NO_ATLAS = Atlas()
