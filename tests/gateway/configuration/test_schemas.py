"""The committed JSON Schemas are those that the code makes."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from gateway import resources, schemas
from gateway.cli import schema as command

WRITTEN = ["gateway.schema.json", "report.schema.json", "webhook.schema.json"]


@pytest.mark.parametrize("name", WRITTEN)
def test_the_committed_schemas_are_up_to_date(tmp_path: Path, name: str) -> None:
    written = {path.name: path for path in schemas.write(tmp_path)}
    assert resources.path(name).read_text("utf-8") == written[name].read_text("utf-8"), "run `kanal schema config`"


@pytest.mark.usefixtures("fax")
def test_a_third_partys_settings_are_described_too() -> None:
    schema = schemas.settings_schema(["fax"])
    (reference,) = schema["properties"]["channels"]["items"]["oneOf"]
    fax = schema["$defs"][reference["$ref"].removeprefix("#/$defs/")]
    assert fax["properties"]["kind"] == {"const": "fax"}
    assert fax["required"] == ["name", "kind", "number", "token"]
    assert fax["additionalProperties"] is False
    assert [next(iter(form["properties"])) for form in fax["properties"]["token"]["oneOf"]] == ["env", "file", "made"]
    assert fax["properties"]["number"]["description"] == "The number that is dialled."
    assert json.loads(schemas.in_text(schema))["title"] == "Settings of Kanal"


def test_the_command_writes_both_and_says_where(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command("schema")(command.schema)
    result = CliRunner().invoke(app, [str(tmp_path)])
    assert result.output.split() == [str(tmp_path / name) for name in WRITTEN]
    assert sorted(path.name for path in tmp_path.iterdir()) == WRITTEN
