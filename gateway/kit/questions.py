"""What the settings of a kind of channel ask of an operator, and what is written of the answers. Pure."""

import tomllib
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
import tomlkit
from msgspec.structs import FieldInfo, fields
from tomlkit.items import InlineTable, Table

from adapters.settings import ChannelSettings, Secret
from gateway.fieldtypes import bare

_COMMON = frozenset(field.encode_name for field in fields(ChannelSettings))


class Question(msgspec.Struct, frozen=True):
    """One setting. `key` is dotted, as in "fields.text"; `default` is as TOML writes it, "" where there is none."""

    key: str
    about: str
    expected: Any
    required: bool = False
    default: str = ""

    @property
    def is_secret(self) -> bool:
        return bare(self.expected) is Secret

    @property
    def choices(self) -> tuple[str, ...]:
        kind = bare(self.expected)
        return tuple(map(str, get_args(kind))) if get_origin(kind) is Literal else ()


def questions(settings: type[msgspec.Struct], prefix: str = "", *, required: bool = True) -> Iterator[Question]:
    """The settings of a kind's own, and of tables within them, in their order."""
    for field in fields(settings):
        if prefix or field.encode_name not in _COMMON:
            yield from _asked(field, f"{prefix}{field.encode_name}", required=required and field.required)


def expected(settings: type[msgspec.Struct], key: str) -> Any:
    """The type of the setting with a dotted key; `str` where there is none, which is told when it is read."""
    kind: Any = settings
    for step in key.split("."):
        kind = bare(kind)
        if get_origin(kind) is dict:
            kind = get_args(kind)[1]
        elif isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            kind = {field.encode_name: field.type for field in fields(kind)}.get(step, str)
        else:
            return str
    return kind


def value_of(expected_type: Any, written: str) -> Any:
    """What was typed, as TOML would hold it. What does not fit is left to the reader of settings to complain of."""
    kind = bare(expected_type)
    if kind in (str, Path) or get_origin(kind) is Literal:
        return written
    if get_origin(kind) in (tuple, list) and not written.startswith("["):
        return [value_of(get_args(kind)[0], one.strip()) for one in written.split(",") if one.strip()]
    try:
        return tomllib.loads(f"value = {written}")["value"]
    except tomllib.TOMLDecodeError:
        return written


def put(values: dict[str, Any], key: str, value: Any) -> None:
    """Into the table that the dotted key names. Raises ValueError where there is something else."""
    *tables, last = key.split(".")
    for name in tables:
        values = values.setdefault(name, {})
        if not isinstance(values, dict):
            raise ValueError(f"{name} is no table")
    values[last] = value


def has(values: Any, key: str) -> bool:
    """Is there something at the dotted key?"""
    for name in key.split("."):
        if not isinstance(values, dict) or name not in values:
            return False
        values = values[name]
    return True


def in_toml(values: Mapping[str, Any]) -> str:
    """One more `[[channels]]` table, to be written at the end of a settings file, where it is always right."""
    channels = tomlkit.aot()
    channels.append(_table(values))
    document = tomlkit.document()
    document.append("channels", channels)
    return tomlkit.dumps(document)


def _asked(field: FieldInfo, key: str, *, required: bool) -> Iterator[Question]:
    kind = bare(field.type)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        yield from questions(kind, f"{key}.", required=required)
        return
    default = "" if field.required else _shown(field.default)
    yield Question(key, _about(field.type), field.type, required, default)


def _about(annotated: Any) -> str:
    notes = get_args(annotated)[1:] if get_origin(annotated) is Annotated else ()
    if get_origin(annotated) in (Union, types.UnionType):
        return next(filter(None, map(_about, get_args(annotated))), "")
    return next((note.description for note in notes if isinstance(note, msgspec.Meta) and note.description), "")


def _shown(default: Any) -> str:
    if default in (None, "", (), msgspec.NODEFAULT):
        return ""
    return ", ".join(map(str, default)) if isinstance(default, tuple) else str(default)


def _table(values: Mapping[str, Any]) -> Table:
    """Plain values first: what follows a table within would be that one's."""
    table = tomlkit.table()
    for key, value in sorted(values.items(), key=lambda item: _is_table(item[1])):
        table.append(key, _table(value) if _is_table(value) else _inline(value))
    return table


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and not is_reference(value)


def is_reference(value: Any) -> bool:
    """Does it name a secret?"""
    return isinstance(value, dict) and len(value) == 1 and next(iter(value)) in {"env", "file", "made"}


def _inline(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    named: InlineTable = tomlkit.inline_table()
    named.update(value)
    return named
