"""From TOML values to typed structs, field by field, so that every problem is found and not only the first."""

import re
import types
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from adapters.contract import Problem, Secret
from gateway import secrets
from gateway.suggest import did_you_mean

S = TypeVar("S", bound=msgspec.Struct)

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date and time",
    "date": "a date",
    "time": "a time",
    "null": "nothing",
}


class _Wrong(Exception):
    """A value that could not be read; the problem is already noted."""


class Reader:
    """Collects what is wrong in `problems` and what is merely unwise in `warnings` while it reads structs."""

    def __init__(self, source: secrets.Source) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._source = source

    def struct(self, cls: type[S], table: Any, where: str, joint: str = ".") -> S | None:
        """Read a table into a struct; None if anything in it is wrong. Keys are shown as `where + joint + key`."""
        try:
            return self._struct(cls, table, where, joint)
        except _Wrong:
            return None

    def complain(self, where: str, what: str, hint: str = "") -> None:
        self.problems.append(Problem(where, what, hint))

    def _struct(self, cls: type[S], table: Any, where: str, joint: str = ".") -> S:
        if not isinstance(table, dict):
            raise self._wrong(where, f"must be a table, not {_name_of(table)}")
        known = {field.encode_name: field for field in fields(cls)}
        unknown = [key for key in table if key not in known]
        for key in unknown:
            self.complain(where, f"unknown key '{key}'", did_you_mean(key, known.keys() - table.keys()))
        values, complete = self._fields(known, table, where + joint)
        if unknown or not complete:
            raise _Wrong
        return cls(**values)

    def _fields(
        self, known: Mapping[str, FieldInfo], table: Mapping[str, Any], prefix: str
    ) -> tuple[dict[str, Any], bool]:
        values: dict[str, Any] = {}
        complete = True
        for key, field in known.items():
            try:
                if key in table:
                    values[field.name] = self._value(field.type, table[key], prefix + key)
                elif field.required:
                    raise self._wrong(prefix + key, "is missing", _how_to_give(field))
            except _Wrong:
                complete = False
        return values, complete

    def _value(self, expected: Any, value: Any, where: str) -> Any:
        bare = _bare(expected)
        if bare is Secret:
            return self._secret(value, where)
        if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            return self._struct(bare, value, where)
        if bare is Path and isinstance(value, str):
            return self._path(value, where)
        if get_origin(bare) in (tuple, list) and isinstance(value, list):
            value = self._items(get_args(bare)[0], value, where)
        return self._plain(expected, value, where)

    def _items(self, expected: Any, values: list[Any], where: str) -> list[Any]:
        items = []
        for number, value in enumerate(values):
            try:
                items.append(self._value(expected, value, f"{where}[{number}]"))
            except _Wrong:
                continue
        if len(items) < len(values):
            raise _Wrong
        return items

    def _path(self, text: str, where: str) -> Path:
        try:
            return self._source.path(text)
        except secrets.Unusable as error:
            raise self._wrong(where, error.what, error.hint) from None

    def _secret(self, value: Any, where: str) -> Secret:
        try:
            secret = self._source.read(value)
        except secrets.Unusable as error:
            raise self._wrong(where, error.what, error.hint) from None
        file = self._source.file_of(value)
        if file is not None and secrets.exposed(file):
            self.warnings.append(Problem(where, f"every user of this machine can read {file}", f"chmod 600 {file}"))
        return secret

    def _plain(self, expected: Any, value: Any, where: str) -> Any:
        try:
            return msgspec.convert(value, expected)
        except msgspec.ValidationError as error:
            raise self._wrong(where, _plain_words(str(error), _bare(expected))) from None

    def _wrong(self, where: str, what: str, hint: str = "") -> _Wrong:
        self.complain(where, what, hint)
        return _Wrong()


def _bare(expected: Any) -> Any:
    """A type without its annotations and without "or None", which TOML cannot say."""
    if get_origin(expected) is Annotated:
        return _bare(get_args(expected)[0])
    if get_origin(expected) in (Union, types.UnionType):
        others = [choice for choice in get_args(expected) if choice is not type(None)]
        return _bare(others[0]) if len(others) == 1 else expected
    return expected


def _how_to_give(field: FieldInfo) -> str:
    if _bare(field.type) is Secret:
        return f'add {field.encode_name} = {{ env = "NAME" }}'
    notes = get_args(field.type)[1:] if get_origin(field.type) is Annotated else ()
    return next((note.description for note in notes if isinstance(note, msgspec.Meta) and note.description), "")


def _plain_words(complaint: str, expected: Any) -> str:
    """msgspec's complaint in a person's words: "must be a whole number, not text"."""
    if get_origin(expected) is Literal:
        return "must be " + " or ".join(repr(choice) for choice in get_args(expected))
    complaint = complaint.partition(" - at `$")[0].replace(" | null", "")
    complaint = complaint.replace("Expected ", "must be ").replace(", got ", ", not ")
    return re.sub(r"`([^`]*)`", lambda quoted: _word(quoted[1]), complaint)


def _word(names: str) -> str:
    return " or ".join(_WORDS.get(name, name) for name in names.split(" | "))


def _name_of(value: Any) -> str:
    kinds = {bool: "bool", int: "int", float: "float", str: "str", list: "array", dict: "object"}
    return _WORDS[kinds.get(type(value), "datetime")]
