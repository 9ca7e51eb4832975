"""From TOML values to typed structs, field by field, so that every problem is found and not only the first."""

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from adapters.settings import Problem, Secret
from gateway import secrets
from gateway.fieldtypes import bare
from gateway.standins import Read, read
from gateway.suggest import did_you_mean

S = TypeVar("S", bound=msgspec.Struct)

_WORDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "Path": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "a table",
    "datetime": "a date and time",
    "date": "a date",
    "time": "a time",
    "null": "nothing",
}

_PLAIN = (str, int, float, bool)


class _Wrong(Exception):
    """A value that could not be read; the problem is already noted."""


class Reader:
    """Collects what is wrong in `problems` and what is merely unwise in `warnings` while it reads structs; in
    `absent`, too, which secrets are not there yet."""

    def __init__(self, source: secrets.Source) -> None:
        self.problems: list[Problem] = []
        self.absent: list[Problem] = []
        self.warnings: list[Problem] = []
        self._source = source

    def struct(self, cls: type[S], table: Any, where: str, joint: str = ".") -> Read[S] | None:
        """Read a table into a struct; None if it is no table. Keys are shown as `where + joint + key`."""
        try:
            return read(cls, *self._fields(cls, table, where, joint))
        except _Wrong:
            return None

    def complain(self, where: str, what: str, hint: str = "") -> None:
        problem = Problem(where, what, hint)
        if problem not in self.problems:
            self.problems.append(problem)

    def _fields(
        self, cls: type[msgspec.Struct], table: Any, where: str, joint: str
    ) -> tuple[dict[str, Any], list[FieldInfo]]:
        """The values that are right, by field, and the fields that have none."""
        if not isinstance(table, dict):
            raise self._wrong(where, f"must be a table, not {_name_of(table)}")
        known = _known(cls)
        for key in [key for key in table if key not in known]:
            self.complain(where, f"unknown key '{key}'", did_you_mean(key, known.keys() - table.keys()))
        values: dict[str, Any] = {}
        failed: list[FieldInfo] = []
        for key, field in known.items():
            try:
                if key in table:
                    values[field.name] = self._value(field.type, table[key], where + joint + key)
                elif field.required:
                    raise self._wrong(where + joint + key, "is missing", _how_to_give(field))
            except _Wrong:
                failed.append(field)
        return values, failed

    def _nested(self, cls: type[msgspec.Struct], table: Any, where: str) -> msgspec.Struct:
        values, failed = self._fields(cls, table, where, ".")
        if failed:
            raise _Wrong
        return cls(**values)

    def _value(self, expected: Any, value: Any, where: str) -> Any:
        kind = bare(expected)
        if kind is Secret:
            return self._secret(value, where)
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._nested(kind, value, where)
        if kind is Path and isinstance(value, str):
            return self._path(value, where)
        if get_origin(kind) in (tuple, list) and isinstance(value, list):
            value = self._items(get_args(kind)[0], value, where)
        return self._plain(expected, value, where)

    def _items(self, expected: Any, values: list[Any], where: str) -> list[Any]:
        if bare(expected) in _PLAIN:  # all at once, which is much quicker, unless one of them is wrong
            with suppress(msgspec.ValidationError):
                return list(msgspec.convert(values, GenericAlias(list, (expected,))))
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
        except secrets.NotKept as error:
            raise self._wrong("gateway.data", error.what, error.hint) from None
        except secrets.Unusable as error:
            if isinstance(error, secrets.Absent):
                self.absent.append(Problem(where, error.what, error.hint))
            raise self._wrong(where, error.what, error.hint) from None
        file = self._source.file_of(value)
        if file is not None and secrets.exposed(file):
            self.warnings.append(Problem(where, f"every user of this machine can read {file}", f"chmod 600 {file}"))
        return secret

    def _plain(self, expected: Any, value: Any, where: str) -> Any:
        try:
            return msgspec.convert(value, expected)
        except msgspec.ValidationError as error:
            raise self._wrong(where, _plain_words(str(error), bare(expected))) from None

    def _wrong(self, where: str, what: str, hint: str = "") -> _Wrong:
        self.complain(where, what, hint)
        return _Wrong()


@cache
def _known(cls: type[msgspec.Struct]) -> Mapping[str, FieldInfo]:
    """The fields, by their keys."""
    return {field.encode_name: field for field in fields(cls)}


def _how_to_give(field: FieldInfo) -> str:
    if bare(field.type) is Secret:
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
