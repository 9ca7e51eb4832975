"""A file of the operator's, read and judged: what `kanal areas import` stores of it."""

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from gateway.atlases import fields, making, source
from gateway.atlases.borders import Tell
from gateway.atlases.fields import Fields
from gateway.atlases.made import Kind, Made
from normalizer.places.atlas import Shape


class Import(NamedTuple):
    """How many features were read, by which fields, how (`notes`), and what was made of them."""

    read: int
    fields: Fields
    notes: list[str]
    made: Made


def read(
    path: Path, kind: Kind | None, code: str | None, name: str | None, region: str, others: Iterable[Shape], tell: Tell
) -> Import:
    """`code` and `name` are fields, `others` the areas that stay beside those of the file.

    Raises `Unusable` or OSError.
    """
    features, notes = source.read(path)
    chosen = fields.guessed(features, code, name)
    found = making.made(kind or making.guessed_kind(features, chosen), features, chosen, region, tell)
    making.check_together(found, others, region, tell)
    return Import(len(features), chosen, notes, found)
