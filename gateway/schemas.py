"""The JSON Schemas in `config/`, made from the types.

Editors use `gateway.schema.json` to complete and check a settings file: begin it with `#:schema gateway.schema.json`.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from adapters.settings import Secret
from gateway import registry
from gateway.casestore import webhook
from gateway.duplicates import DuplicateSettings
from gateway.tables import BotSettings, ConsoleSettings, GatewaySettings, NoticeSettings, WebSettings
from normalizer.report import Report

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def settings_schema(kinds: Iterable[str] | None = None, case_stores: Iterable[str] | None = None) -> dict[str, Any]:
    """The schema of a settings file with channels and case stores of these kinds; of all installed kinds without any
    named."""
    adapters = {kind: registry.adapter(kind) for kind in (registry.kinds() if kinds is None else kinds)}
    known = registry.case_store_kinds() if case_stores is None else case_stores
    stores = {kind: registry.case_store(kind) for kind in known}
    own = [*(one.Settings for one in adapters.values()), *(one.Settings for one in stores.values())]
    types = [GatewaySettings, WebSettings, NoticeSettings, BotSettings, ConsoleSettings, DuplicateSettings, *own]
    (gateway, web, notices, bot, console, duplicates, *named), definitions = msgspec.json.schema_components(
        types, schema_hook=_hook, ref_template="#/$defs/{name}"
    )
    for kind, reference in zip((*adapters, *stores), named, strict=True):
        definitions[reference["$ref"].rpartition("/")[2]]["properties"]["kind"] = {"const": kind}
    of_channels, of_stores = named[: len(adapters)], named[len(adapters) :]
    return {
        "$schema": _DIALECT,
        "title": "Settings of Kanal",
        "type": "object",
        "properties": {
            "gateway": gateway,
            "web": web,
            "notices": notices,
            "bot": bot,
            "console": console,
            "duplicates": duplicates,
            "channels": {"type": "array", "items": {"oneOf": of_channels}},
            "case_stores": {"type": "array", "items": {"oneOf": of_stores} if of_stores else {"type": "object"}},
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def report_schema() -> dict[str, Any]:
    """The schema of a report as `kanal export` writes it."""
    return {"$schema": _DIALECT, **msgspec.json.schema(Report)}


def webhook_schema() -> dict[str, Any]:
    """The schema of what is said between Kanal and a case store of the kind `http`, under `$defs`."""
    types = [webhook.Sent, webhook.Numbered, webhook.Missing, webhook.Told]
    _, definitions = msgspec.json.schema_components(types, ref_template="#/$defs/{name}")
    return {"$schema": _DIALECT, "title": "What is said by webhook", "$defs": definitions}


def write(folder: Path) -> list[Path]:
    """Write all schemas into a folder; returns their paths."""
    schemas = {
        "gateway.schema.json": settings_schema(),
        "report.schema.json": report_schema(),
        "webhook.schema.json": webhook_schema(),
    }
    paths = [folder / name for name in schemas]
    for path, schema in zip(paths, schemas.values(), strict=True):
        path.write_text(in_text(schema), "utf-8")
    return paths


def in_text(schema: dict[str, Any]) -> str:
    """A schema as it is kept in a file."""
    return json.dumps(_flowing(schema), ensure_ascii=False, indent=2) + "\n"


def _flowing(value: Any) -> Any:
    """Docstrings become descriptions: without their line breaks and indents."""
    if isinstance(value, dict):
        return {key: " ".join(item.split()) if key == "description" else _flowing(item) for key, item in value.items()}
    return [_flowing(item) for item in value] if isinstance(value, list) else value


def _hook(kind: type) -> dict[str, Any]:
    if kind is Secret:
        return {"description": "A secret: never written here itself.", "oneOf": [_form(key) for key in _FORMS]}
    if kind is Path:
        return {"type": "string"}
    raise NotImplementedError(kind)


_FORMS = {
    "env": "Name of an environment variable.",
    "file": "Path of a file that holds it.",
    "made": "Name of one that Kanal makes at first start, in the data folder's secrets.",
}


def _form(key: str) -> dict[str, Any]:
    value = {"type": "string", "description": _FORMS[key], "minLength": 1}
    return {"type": "object", "properties": {key: value}, "required": [key], "additionalProperties": False}
