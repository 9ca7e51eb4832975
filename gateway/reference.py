"""The settings as a page for people, made from the JSON Schema as it is made from the types. Pure."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]

HEAD = """\
# Settings

One TOML file holds all settings; `kanal check FILE` says what is wrong with it. This page is made from the code by
`make docs`.

A secret is never written into the file but named: `{ env = "NAME" }` is an environment variable, `{ file = "PATH" }`
a file that holds it, `{ made = "NAME" }` one that Kanal makes at first start in the data folder's `secrets`.
"""
_TABLES = ("gateway", "web", "notices", "bot", "console", "duplicates")
COLUMNS = ("setting", "what it is", "value", "default")


def page(schema: Schema) -> str:
    """Markdown of `schemas.settings_schema`: a table for each table of the file, for each kind of channel, and for each
    kind of case store."""
    tables: dict[str, Schema] = {}
    for name in _TABLES:
        tables[f"[{name}]"] = _definition(schema, schema["properties"][name])
        tables |= dict(_nested(schema, name, tables[f"[{name}]"]))
    for name in ("channels", "case_stores"):
        for kind in schema["properties"].get(name, {"items": {}})["items"].get("oneOf", ()):
            definition = _definition(schema, kind)
            of_kind = f' with kind = "{definition["properties"]["kind"]["const"]}"'
            tables[f"[[{name}]]{of_kind}"] = definition
            for heading, inner in _nested(schema, name, definition):
                is_other = tables.get(heading, inner) != inner
                tables[heading + of_kind * is_other] = inner
    return HEAD + "".join(_table(heading, definition) for heading, definition in tables.items())


def _definition(schema: Schema, reference: Schema) -> Schema:
    found: Schema = schema["$defs"][reference["$ref"].rpartition("/")[2]]
    return found


def _nested(schema: Schema, name: str, definition: Schema) -> Iterator[tuple[str, Schema]]:
    """The tables within a table, however deep."""
    for key, field in definition["properties"].items():
        for form in field.get("anyOf", (field,)):
            reference, heading = (form["items"], "[[{}]]") if "items" in form else (form, "[{}]")
            if "$ref" in reference:
                inner = _definition(schema, reference)
                yield heading.format(f"{name}.{key}"), inner
                yield from _nested(schema, f"{name}.{key}", inner)


def _table(heading: str, definition: Schema) -> str:
    required = definition.get("required", ())
    rows = (_cells(name, field, name in required) for name, field in definition["properties"].items() if name != "kind")
    about = " ".join(definition.get("description", "").split())
    lines = "\n".join(_row(cells) for cells in (COLUMNS, ["---"] * len(COLUMNS), *rows))
    return f"\n## {heading}\n\n{about}\n\n{lines}\n"


def _cells(name: str, field: Schema, required: bool) -> list[str]:
    return [f"`{name}`", field.get("description", ""), _value(field), "required" if required else _default(field)]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _default(field: Schema) -> str:
    """TOML writes text, numbers and lists as JSON does; what it cannot write, None, is an absent setting."""
    default = field.get("default")
    return "–" if default is None else f"`{json.dumps(default, ensure_ascii=False)}`"


def _value(field: Schema) -> str:
    match field:
        case {"const": value}:
            return f"`{json.dumps(value)}`"
        case {"enum": values}:
            return " or ".join(f"`{json.dumps(value)}`" for value in values)
        case {"anyOf": forms}:
            return " or ".join(_value(form) for form in forms if form.get("type") != "null")
        case {"oneOf": _}:
            return "secret"
        case {"$ref": _}:
            return "table"
        case {"format": "date"}:
            return "date"
        case {"type": "array", "items": items}:
            return f"list of {_value(items)}"
        case {"type": "object", "additionalProperties": values}:
            return f"table of {_value(values)}"
    return ", ".join((_TYPES[field["type"]], *_bounds(field)))


_TYPES = {
    "object": "table",
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}
_BOUNDS = {"minimum": "at least", "exclusiveMinimum": "above", "maximum": "at most", "minLength": "of length at least"}


def _bounds(field: Schema) -> Iterator[str]:
    for key, words in _BOUNDS.items():
        if key in field:
            yield f"{words} {field[key]}"
