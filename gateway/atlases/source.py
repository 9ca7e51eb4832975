"""GeoJSON (RFC 7946) and CSV files, as features with the values of their fields and a geometry."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from normalizer.words.text import one_line

MOST_BYTES = 200 << 20
#: Characters of a field: the codes of all areas that a long street runs through are some hundreds.
LONGEST = 5_000

_WGS84 = re.compile(r"CRS:?84|EPSG:{1,2}4326|WGS ?84", re.IGNORECASE)
_LATITUDE = ("rep_lat", "lat", "latitude", "lintang", "y")
_LONGITUDE = ("rep_lng", "lng", "lon", "long", "longitude", "bujur", "x")


class Unusable(Exception):
    """The file cannot be imported at all; the message says why, and what to do."""


class Feature(NamedTuple):
    """`number` counts from 1, as a person would; `values` are by the fields' names as they stand in the file."""

    number: int
    values: dict[str, str]
    geometry: dict[str, Any] | None


class Source(NamedTuple):
    """What a file holds; `notes` say how it had to be read."""

    features: list[Feature]
    notes: list[str]


def read(path: Path) -> Source:
    """Raises `Unusable` or OSError."""
    if (size := path.stat().st_size) > MOST_BYTES:
        raise Unusable(f"{path} has {size >> 20} MB, more than {MOST_BYTES >> 20}: simplify its borders first")
    content = path.read_bytes()
    if content.startswith(b"PK") or content.startswith((b"\xd0\xcf", b"SQLite format")):
        raise Unusable(f"{path} is no text: export it as GeoJSON or CSV (ogr2ogr out.geojson {path.name})")
    text, notes = _text(content)
    is_json = path.suffix.lower() in {".json", ".geojson"} or text.lstrip()[:1] in {"{", "["}
    features = list(_geojson(path, text) if is_json else _csv(path, text))
    if not features:
        raise Unusable(f"{path} has nothing in it")
    return Source(features, notes)


def _text(content: bytes) -> tuple[str, list[str]]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace"), ["it is not in UTF-8 but in UTF-16"]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace"), ["it is not in UTF-8: read as Windows-1252"]


def _geojson(path: Path, text: str) -> Iterator[Feature]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unusable(f"{path} is broken: {error}") from None
    if not isinstance(found, dict) or found.get("type") not in ("FeatureCollection", "Feature"):
        raise Unusable(f"{path} is JSON, but not GeoJSON: it must be a FeatureCollection")
    _refuse_other_crs(path, found.get("crs"))
    features = found.get("features") if found.get("type") == "FeatureCollection" else [found]
    if not isinstance(features, list):
        raise Unusable(f"{path} is no FeatureCollection: it has no list of features")
    for number, feature in enumerate(features, 1):
        if not isinstance(feature, dict):
            raise Unusable(f"{path}: feature {number} is no object")
        properties, geometry = feature.get("properties"), feature.get("geometry")
        values = properties.items() if isinstance(properties, dict) else ()
        written = {_cleaned(str(name)): _written(value) for name, value in values}
        yield Feature(number, written, geometry if isinstance(geometry, dict) else None)


def _refuse_other_crs(path: Path, crs: Any) -> None:
    if crs is not None and not _WGS84.search(said := json.dumps(crs)):
        what = f"its coordinates are not WGS 84 but {said[:80]}"
        raise Unusable(f"{path}: {what}: bring it to WGS 84 (ogr2ogr -t_srs EPSG:4326 out.geojson {path.name})")


def _csv(path: Path, text: str) -> Iterator[Feature]:
    header = text.split("\n", 1)[0]
    delimiter = max(",;\t|", key=header.count)
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        for number, row in enumerate(rows, 2):
            if None in row or None in row.values():
                raise Unusable(f"{path}: line {number} has {'more' if None in row else 'fewer'} cells than the first")
            values = {_cleaned(name): _cleaned(value or "") for name, value in row.items()}
            yield Feature(number, values, _point(values))
    except csv.Error as error:
        raise Unusable(f"{path} is broken: {error}") from None


def _point(values: dict[str, str]) -> dict[str, Any] | None:
    by_name = {name.lower(): value for name, value in values.items()}
    found = [next((by_name[name] for name in names if by_name.get(name)), "") for names in (_LONGITUDE, _LATITUDE)]
    try:
        return {"type": "Point", "coordinates": [float(one.replace(",", ".")) for one in found]}
    except ValueError:
        return None


def _written(value: Any) -> str:
    """Codes that became numbers on the way lose no more."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else _cleaned(str(value))


def _cleaned(value: str) -> str:
    """Names go to terminals and to the public: nothing in them is invisible or moves a cursor."""
    return one_line(value, LONGEST)
