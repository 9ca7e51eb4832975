"""From a file's features to what an atlas holds of them, and what is wrong with them."""

from collections.abc import Iterable, Sequence

from gateway.atlases import borders, official
from gateway.atlases.borders import NotUsable, Tell
from gateway.atlases.fields import Fields, plain
from gateway.atlases.made import Kind, Made
from gateway.atlases.source import Feature
from normalizer.places.areas import area_name, area_of
from normalizer.places.atlas import Landmark, Named, Shape, Street
from normalizer.places.typed import name_words
from normalizer.words.wordlists import EMPTY_WORDS, IN_WORDS, LIKE_WORDS, NOT_STREETS, WAY_WORDS

#: Characters.
LONGEST_NAME = 255
#: Words that name no area, alone or together.
EVERYDAY = EMPTY_WORDS | IN_WORDS | LIKE_WORDS | NOT_STREETS | WAY_WORDS


def guessed_kind(features: Sequence[Feature], fields: Fields) -> Kind:
    """By the geometries; of a table without any, by its fields."""
    kinds = {
        str(feature.geometry["type"]) for feature in features[:1_000] if feature.geometry and "type" in feature.geometry
    }
    known = {plain(name) for name in features[0].values}
    if kinds & {"Polygon", "MultiPolygon"}:
        return "areas"
    if kinds & {"LineString", "MultiLineString"} or "highway" in known:
        return "streets"
    if "alias" in known:
        return "aliases"
    if fields.code and not {"rw", "kind", "jenis", "amenity"} & known:
        return "neighbours"
    return "landmarks" if kinds else "aliases"


def made(kind: Kind, features: Sequence[Feature], fields: Fields, region: str, tell: Tell) -> Made:
    found = Made(kind, {}, {}, {})
    take = {
        "areas": _area,
        "streets": _street,
        "landmarks": _landmark,
        "aliases": _alias,
        "neighbours": _neighbour,
        "pins": _pin,
    }[kind]
    for n, feature in enumerate(features, 1):
        if n % 200 == 0 or n == len(features):
            tell("reading", n, len(features))
        try:
            take(found, feature, fields, region)
        except NotUsable as error:
            what, _, how = str(error).partition(": ")
            found.leave(what, f"{_where(feature, fields)}: {how}" if how else _where(feature, fields))
    return found


def check_together(found: Made, others: Iterable[Shape], region: str, tell: Tell) -> None:
    """What shows only when all areas of a level are looked at, also those that are there already."""
    if found.kind != "areas":
        return
    new = {code: shape for code, shape in found.kept.items() if isinstance(shape, Shape)}
    levels = {code.count(".") for code in new}
    known = {shape.code: shape for shape in others if shape.code.count(".") in levels and shape.rings} | new
    for level in sorted(levels):
        shapes = {code: borders.of_rings(one.rings) for code, one in known.items() if code.count(".") == level}
        for code, other, shared in borders.overlaps(shapes, tell):
            if code in new or other in new:
                found.doubt("areas overlap", f"{_named(code)} and {_named(other)} by {_size(shared)}")
        for around, size, (latitude, longitude) in borders.gaps(shapes):
            names = " and ".join(map(_named, around[:3]))
            found.doubt("a gap that no area has", f"{_size(size)} at {latitude}, {longitude}, beside {names}")
    for code in official.missing(region, known):
        found.doubt("no border of a part of the region", _named(code))


def _area(found: Made, feature: Feature, fields: Fields, region: str) -> None:
    code = _code(found, feature, fields, region)
    if not code:
        return
    polygon, fault = borders.polygon(feature.geometry)
    _compare(found, code, feature, fields)
    where, area = _where(feature, fields), area_of(code)
    if fault:
        found.doubt("its border crosses itself; it was mended", f"{where}: {fault}")
    assert area
    found.keep(code, Shape(code, area_name(code) or "", area.kind, borders.rings(polygon)), where)


def _street(found: Made, feature: Feature, fields: Fields, region: str) -> None:
    name = _name(feature, fields)
    if not name:
        found.leave("it has no name", f"line {feature.number}")
        return
    codes = official.codes_of(feature.values.get(fields.code, ""))
    for code in (code for code in codes if area_of(code) is None):
        found.doubt("there is no area with this code", f"{name}: {code}")
    codes = tuple(code for code in codes if area_of(code))
    found.keep((name, codes), Street(name, codes, borders.point(feature.geometry)), name)


def _landmark(found: Made, feature: Feature, fields: Fields, region: str) -> None:
    values = {plain(name): value for name, value in feature.values.items()}
    name, sort = _name(feature, fields), feature.values.get(fields.sort, "")[:LONGEST_NAME]
    if rw := values.get("rw"):
        name, sort = f"RW {rw.lstrip('0')}", "rw"
    if not name:
        found.leave("it has no name", f"line {feature.number}")
        return
    area = official.code_of(feature.values.get(fields.code, ""))
    if area and area_of(area) is None:
        found.doubt("there is no area with this code", f"{name}: {area}")
        area = ""
    found.keep((name, sort, area), Landmark(name, sort, borders.point(feature.geometry), area), name)


def _alias(found: Made, feature: Feature, fields: Fields, region: str) -> None:
    code, name = official.code_of(feature.values.get(fields.code, "")), _name(feature, fields)
    if not name or area_of(code) is None:
        found.leave("it names no area by its code", _where(feature, fields))
        return
    if EVERYDAY.issuperset(name_words(name.lower())):
        found.leave("it is a word of every day: half of all reports would name the area", _where(feature, fields))
        return
    if official.named(name, "", region) and not official.same_name(name, area_name(code) or ""):
        found.doubt("the spelling is another area's own name", f"{name}, said to be {_named(code)}")
    found.keep((name, code), Named(name, code), name)


def _neighbour(found: Made, feature: Feature, fields: Fields, region: str) -> None:
    """Areas of the region are only compared with the official table."""
    code = _code(found, feature, fields, region)
    if code:
        _compare(found, code, feature, fields)
    if code and not f"{code}.".startswith(f"{region}.") and not f"{region}.".startswith(f"{code}."):
        found.keep(code, Named(area_name(code) or "", code), code)


def _pin(found: Made, feature: Feature, fields: Fields, region: str) -> None:
    at = borders.point(feature.geometry)
    if at is None:
        raise NotUsable("it has no geometry")
    found.keep(at, at, f"line {feature.number}")


def _code(found: Made, feature: Feature, fields: Fields, region: str) -> str:
    """The official code, "" if there is none; a file without codes is matched by names."""
    if not fields.code:
        return _by_name(found, feature, fields, region)
    code = official.code_of(feature.values.get(fields.code, ""))
    if area_of(code) is None:
        found.leave("there is no area with this code (those of BPS are others)", _where(feature, fields))
        return ""
    return code


def _compare(found: Made, code: str, feature: Feature, fields: Fields) -> None:
    name, officially = _name(feature, fields), area_name(code) or ""
    if fields.code and name and not official.same_name(name, officially):
        found.doubt("its name is not the official one", f"{code}: {name}, officially {officially}")


def _by_name(found: Made, feature: Feature, fields: Fields, region: str) -> str:
    name, parent = _name(feature, fields), feature.values.get(fields.parent, "")
    areas = official.named(name, parent, region)
    if len(areas) == 1:
        return areas[0].code
    if areas:
        found.leave("several areas are called so: give codes", f"{name}: {', '.join(one.code for one in areas)}")
    else:
        found.leave("no area of the region is called so", _where(feature, fields))
    return ""


def _name(feature: Feature, fields: Fields) -> str:
    name = feature.values.get(fields.name, "")
    if len(name) > LONGEST_NAME:
        raise NotUsable(f"its name is longer than {LONGEST_NAME} characters")
    return name


def _where(feature: Feature, fields: Fields) -> str:
    said = " ".join(filter(None, (feature.values.get(fields.code), feature.values.get(fields.name))))[:LONGEST_NAME]
    return f"{feature.number} ({said})" if said else str(feature.number)


def _named(code: str) -> str:
    return f"{code} {area_name(code) or ''}".strip()


def _size(square_metres: float) -> str:
    return f"{square_metres / 10_000:,.1f} ha" if square_metres < 1e6 else f"{square_metres / 1e6:,.2f} km²"
