"""docs/settings.md is what the code makes, and leaves no setting out."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from gateway import reference, registry, schemas
from gateway.tables import GatewaySettings, WebSettings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
TABLES = {"gateway": GatewaySettings, "web": WebSettings} | {
    kind: registry.adapter(kind).Settings for kind in registry.kinds()
}


def test_the_page_is_up_to_date() -> None:
    made = subprocess.run(
        [sys.executable, "-m", "gateway", "schema", "--page"], capture_output=True, text=True, check=True
    ).stdout
    assert PAGE.read_text("utf-8") == made, "run `make docs`"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_every_setting_is_told_of(table: type[msgspec.Struct]) -> None:
    rows = [line.split(" | ") for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| `")]
    told = {row[0].strip("| `"): row[1] for row in rows}
    names = {field.name for field in msgspec.structs.fields(table)} - {"kind"}
    assert names <= told.keys()
    assert all(told[name] for name in names)


VALUES = {
    "text": ({"type": "string"}, "text"),
    "text of some length": ({"type": "string", "minLength": 1}, "text, of length at least 1"),
    "a number between": ({"type": "integer", "minimum": 0, "maximum": 9}, "whole number, at least 0, at most 9"),
    "a number above": ({"type": "number", "exclusiveMinimum": 0}, "number, above 0"),
    "yes or no": ({"type": "boolean"}, "true or false"),
    "one of some": ({"enum": ["id", "en"]}, '`"id"` or `"en"`'),
    "a list": ({"type": "array", "items": {"type": "string"}}, "list of text"),
    "a secret": ({"oneOf": [{"type": "object"}]}, "secret"),
    "perhaps a secret": ({"anyOf": [{"oneOf": []}, {"type": "null"}]}, "secret"),
}


@pytest.mark.parametrize(("field", "value"), VALUES.values(), ids=VALUES)
def test_what_a_value_may_be(field: dict[str, object], value: str) -> None:
    assert f"| `x` | A \\| b. | {value} | required |" in page({**field, "description": "A | b."}, required=["x"])


DEFAULTS = {
    "a word": ("id", '`"id"`'),
    "a number": (7, "`7`"),
    "no": (False, "`false`"),
    "a list": (["127.0.0.1/32"], '`["127.0.0.1/32"]`'),
    "nothing": (None, "–"),
}


@pytest.mark.parametrize(("default", "shown"), DEFAULTS.values(), ids=DEFAULTS)
def test_a_default_stands_as_it_would_in_the_file(default: object, shown: str) -> None:
    assert f"| `x` |  | text | {shown} |" in page({"type": "string", "default": default}, required=[])


def page(field: dict[str, object], required: list[str]) -> str:
    empty = {"$ref": "#/$defs/Empty"}
    table = {"description": "T.", "properties": {"x": field, "kind": {"const": "fax"}}, "required": required}
    properties = {
        "gateway": empty,
        "web": empty,
        "notices": empty,
        "bot": empty,
        "console": empty,
        "duplicates": empty,
        "channels": {"items": {"oneOf": [{"$ref": "#/$defs/Fax"}]}},
    }
    made = reference.page({"properties": properties, "$defs": {"Empty": {"properties": {}}, "Fax": table}})
    assert '## [[channels]] with kind = "fax"\n\nT.\n' in made
    return made


def test_a_third_partys_settings_come_by_the_same_way() -> None:
    assert '## [[channels]] with kind = "sms"' in reference.page(schemas.settings_schema(["sms"]))
    assert 'kind = "smtp"' not in reference.page(schemas.settings_schema(["sms"]))
