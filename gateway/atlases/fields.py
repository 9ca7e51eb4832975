"""Which field of a file says what: as the operator says, or by the names that fields of such files usually have."""

import re
from collections.abc import Sequence

import msgspec

from gateway.atlases.source import Feature, Unusable

#: In the order in which they are looked for. NAMOBJ, WADM… and KD… are those of the national mapping agency's files.
CODES = (
    "code", "kode", "kodekemendagri", "kemendagricode", "kdepum", "kdcpum", "kdpkab", "kdppum", "kodewilayah",
    "kodedesa", "kodekelurahan", "kelurahancode", "kelurahancodes", "kodekecamatan", "refidkemendagri", "refkemendagri",
    "adm4pcode",
)  # fmt: skip
NAMES = (
    "name", "nama", "alias", "namobj", "wadmkd", "namakelurahan", "namadesa", "kelurahan", "desa", "wadmkc",
    "namakecamatan", "kecamatan", "wadmkk", "namakota", "shapename", "adm4en", "adm3en",
)  # fmt: skip
PARENTS = ("parent", "parentcode", "wadmkc", "namakecamatan", "kecamatan", "wadmkk", "kabupaten", "kota")
SORTS = ("kind", "jenis", "amenity", "type", "tipe", "highway")


class Fields(msgspec.Struct, frozen=True):
    """The names of the fields; "" where there is none."""

    code: str = ""
    name: str = ""
    parent: str = ""
    sort: str = ""


def guessed(features: Sequence[Feature], code: str | None = None, name: str | None = None) -> Fields:
    """Raises `Unusable` if a field that was named is not there."""
    known = list(dict.fromkeys(field for feature in features[:100] for field in feature.values))
    for given in (code, name):
        if given and given not in known:
            raise Unusable(f"no field is called '{given}'; there are: {', '.join(known)}")
    named = name or _first(known, NAMES, ())
    return Fields(
        code=code or _first(known, CODES, ()),
        name=named,
        parent=_first(known, PARENTS, (named,)),
        sort=_first(known, SORTS, ()),
    )


def plain(field: str) -> str:
    return re.sub(r"[^a-z0-9]", "", field.lower())


def _first(known: Sequence[str], wanted: Sequence[str], taken: Sequence[str]) -> str:
    by_plain = {plain(field): field for field in known if field not in taken}
    return next((by_plain[one] for one in wanted if one in by_plain), "")
