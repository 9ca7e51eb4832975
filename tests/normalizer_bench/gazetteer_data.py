"""The atlas of the labelled texts' city, and which of its areas a point lies in, from the folder of data."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from normalizer.places.atlas import Atlas, Named, Shape, Street
from normalizer.places.ground import micro

REGION = "31"


def atlas(data: Path) -> Atlas:
    """Raises FileNotFoundError where a file is absent."""
    folder = data / "gazetteer"
    return Atlas(
        region=REGION,
        areas=tuple(_shapes(folder / "kelurahan_dki.geojson")),
        streets=tuple(
            Street(row["name"], tuple(row["kelurahan_codes"].replace(";", " ").split()))
            for row in _rows(folder / "streets_osm2012.csv")
        ),
        aliases=tuple(Named(row["alias"], row["code"]) for row in _rows(folder / "kelurahan_aliases.csv")),
        neighbours=tuple(Named(row["name"], row["code"]) for row in _rows(folder / "bodetabek_wilayah.csv")),
    )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _shapes(path: Path) -> Iterator[Shape]:
    for feature in json.loads(path.read_bytes())["features"]:
        known, geometry = feature["properties"], feature["geometry"]
        polygons = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
        yield Shape(known["code"], known["name"], "kelurahan", tuple(_ring(ring) for part in polygons for ring in part))


def _ring(corners: list[Any]) -> tuple[int, ...]:
    return tuple(micro(value) for longitude, latitude, *_ in corners[:-1] for value in (latitude, longitude))
