"""docs/areas.md: what it shows of an import is what is seen, of three squares with the names of areas."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.docs.blocks import ROOT, blocks, page

PAGE = page("docs/areas.md")
COMMANDS, SEEN = ([block for block in blocks(PAGE) if block.language == language] for language in ("sh", "text"))
#: Name and code of each, and how far east of the first.
FEATURES = [("Bangka", "31.74.03.1002", 0), ("Pela Mampang", "31.74.03.1003", 1), ("Nowhere", "31.99.01.1001", 5)]


def geojson() -> str:
    features = [
        {
            "type": "Feature",
            "properties": {"name": name, "code": code},
            "geometry": {"type": "Polygon", "coordinates": [_square(106.81 + east / 100)]},
        }
        for name, code, east in FEATURES
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


def _square(west: float) -> list[list[float]]:
    east, south, north = west + 0.01, -6.26, -6.25
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def test_its_commands_say_what_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("kelurahan.geojson").write_text(geojson())
    Path("kanal.toml").write_text('[gateway]\ndata = "data"\nareas = "31"\n')
    Path("data").mkdir(mode=0o700)
    said = [_said(command) for block in COMMANDS for command in block.commands()]
    dry, stored, at = said
    assert dry == stored.replace("2 stored", "2 could be stored")
    assert [stored, at] == [block.text for block in SEEN]


def _said(command: str) -> str:
    program, *arguments = shlex.split(command)
    done = CliRunner().invoke(app, [*arguments, "--config", "kanal.toml"])
    assert (program, done.exit_code) == ("kanal", 0), done.output
    return done.stdout


def test_every_link_within_the_project_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", PAGE) if not link.startswith("https://")]
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
