"""The two cities in config/examples: each is right, imports borders, takes a report in and knows whose area it is."""

import asyncio
import json
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway import resources, settings
from gateway.app import rules_of
from gateway.cli.commands import app
from normalizer.places.ground import area_at
from tests.gateway.support import keep, running, sms, until

#: An area of each, where its square lies, and its office.
CITIES = {
    "jakarta": ("31.74.03.1002", (106.81, -6.26), "JKT-", "Kelurahan Bangka"),
    "pati": ("33.18.01.2001", (110.9, -6.9), "PTI-", "Pemerintah Desa/Kelurahan Prawoto"),
}


@pytest.mark.parametrize(
    ("city", "code", "corner", "prefix", "office"), [(c, *v) for c, v in CITIES.items()], ids=CITIES
)
async def test_a_city_runs_with_its_own_areas_and_units(
    tmp_path: Path, city: str, code: str, corner: tuple[float, float], prefix: str, office: str
) -> None:
    folder, example = tmp_path / "data", resources.path("examples", city)
    folder.mkdir(mode=0o700)
    if (example / "units.toml").exists():
        shutil.copy(example / "units.toml", folder)
    file = str(example / "kanal.toml")
    assert CliRunner().invoke(app, ["check", file, "--data", str(folder)]).exit_code == 0
    borders = tmp_path / "borders.geojson"
    borders.write_text(json.dumps(square(code, *corner)))
    command = ["areas", "import", str(borders), "--config", file, "--data", str(folder)]
    done = await asyncio.to_thread(CliRunner().invoke, app, command)
    assert done.exit_code == 0, done.output
    source = tomllib.loads(resources.path("examples", city, "kanal.toml").read_text())
    source["gateway"]["data"], source["web"] = str(folder), {"port": 0}
    source["channels"][0]["smtp"] = "127.0.0.1:0"
    loaded = settings.from_data(source, tmp_path)
    rules = rules_of(loaded, b"")
    found = area_at(rules.book.atlas, corner[1] + 0.005, corner[0] + 0.005).area
    assert found and (found.code, rules.routing.route(None, found.code).unit.name) == (code, office)
    await keep(loaded, [sms("m1", "Jembatan desa rusak")])
    async with running(loaded) as gateway:
        [case] = await until(lambda: gateway.all("cases"), "the case")
    assert case["code"].startswith(prefix)


def square(code: str, west: float, south: float) -> dict[str, object]:
    east, north = west + 0.01, south + 0.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
