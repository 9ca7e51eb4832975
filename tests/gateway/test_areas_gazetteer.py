"""A whole city's files of areas, streets and names, where that private set is present."""

import csv
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.atlases import keeping
from gateway.cli.commands import app
from normalizer.places.ground import area_at

FOLDER = Path(__file__).parents[2].parent / "shared" / "data" / "gazetteer"
FILES = ("kelurahan_dki.geojson", "kecamatan_dki.geojson", "kota_dki.geojson", "bodetabek_kota_kab.geojson")
TABLES = ("bodetabek_wilayah.csv", "kelurahan_aliases.csv", "rw_osm2012.csv", "streets_osm2012.csv", "wilayah_dki.csv")
OUTSIDE = (-6.4, 106.8)


@pytest.fixture
def take(tmp_path: Path) -> Callable[[str], None]:
    if not FOLDER.exists():
        pytest.skip("the private set is not present")

    def run(name: str) -> None:
        done = CliRunner().invoke(app, ["areas", "import", str(FOLDER / name), "--data", str(tmp_path)])
        assert done.exit_code == 0 and "left out" not in done.stdout, done.output

    return run


def test_every_kelurahan_has_its_own_point(tmp_path: Path, take: Callable[[str], None]) -> None:
    for name in (*FILES, *TABLES):
        take(name)
    atlas = keeping.load(tmp_path, "31")
    with (FOLDER / "wilayah_dki.csv").open() as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "kelurahan"]
    found = [area_at(atlas, float(row["rep_lat"]), float(row["rep_lng"])).area for row in rows]
    assert [area.code if area else None for area in found] == [row["code"] for row in rows]
    assert atlas.is_whole and len(atlas.streets) > 6_000 and len(atlas.aliases) > 10
    assert area_at(atlas, *OUTSIDE).outside
