"""Values in the place of settings that could not be read, so that the rest of a table can be checked all the same.

Nobody knows what such a setting was meant to be. So there are two structs, one as if it had been left out and one as
if it had been given, and a problem counts only if both have it.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Generic, Literal, Protocol, TypeVar, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

from adapters.settings import Problem, Secret
from gateway.fieldtypes import bare

_PLAIN: Mapping[Any, Any] = {str: "x", int: 1, float: 1.0, bool: True}


class Checked(Protocol):
    """A table that knows what is wrong with it beyond types."""

    def problems(self) -> Iterable[Problem]: ...


S = TypeVar("S")
C = TypeVar("C", bound=Checked)


class Read(msgspec.Struct, Generic[S], frozen=True):
    """A table that was read; where no key `failed`, `left_out` and `given` are one struct."""

    left_out: S
    given: S
    failed: frozenset[str]


def read(cls: Callable[..., S], values: Mapping[str, Any], failed: Sequence[FieldInfo]) -> Read[S]:
    """The structs made of the `values` that are right, with stand-ins for the fields that `failed`."""
    left_out = cls(**values, **{field.name: _left_out(field) for field in failed})
    given = cls(**values, **{field.name: _given(field.type) for field in failed}) if failed else left_out
    return Read(left_out, given, frozenset(field.encode_name for field in failed))


def problems(table: Read[C]) -> list[Problem]:
    """What is wrong beyond types with the settings that could be read."""
    if not table.failed:
        return list(table.left_out.problems())
    found = agreed(_asked(table.left_out), _asked(table.given))
    return [problem for problem in found if _key(problem) not in table.failed]


def agreed(one: Iterable[Problem], other: Sequence[Problem]) -> list[Problem]:
    """The problems that there are whatever stands in."""
    return [problem for problem in one if problem in other]


def _asked(settings: Checked) -> list[Problem]:
    try:
        return list(settings.problems())
    except Exception:  # an adapter need not be ready for what stands in
        return []


def _key(problem: Problem) -> str:
    return problem.where.partition(".")[0].partition("[")[0]


def _left_out(field: FieldInfo) -> Any:
    if field.required:
        return _given(field.type)
    return field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()


def _given(expected: Any) -> Any:
    """Some value of a type; None for types that settings seldom have."""
    kind, origin = bare(expected), get_origin(bare(expected))
    if kind is Secret:
        return Secret(secrets.token_hex(16))
    if kind is Path:
        return Path()
    if origin is Literal:
        return get_args(kind)[0]
    if origin in (tuple, list):
        return origin([_given(get_args(kind)[0])])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return kind(**{field.name: _left_out(field) for field in fields(kind)})
    return _PLAIN.get(kind)
