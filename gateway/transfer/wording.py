"""How columns are called, and what is said of what is not taken: `config/import.toml`, with operators' own on top."""

from collections.abc import Mapping
from pathlib import Path
from string import Formatter
from typing import NamedTuple

import msgspec

from gateway.overlay import Overlay
from gateway.suggest import did_you_mean
from normalizer.sorting.categories import Names

FILE = "import.toml"


class Known(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A kind of column: headings that mean it, and how its cells are said among the words for a place."""

    code: str
    headings: tuple[str, ...]
    says: str = "{}"


class Reason(Names, frozen=True, kw_only=True, forbid_unknown_fields=True):
    code: str


class Refusal(NamedTuple):
    """Why a file or a row is not taken: the name of a reason and what it tells of."""

    name: str
    values: Mapping[str, object] = {}


class Wording(msgspec.Struct, frozen=True):
    """Columns in the order in which headings are tried, and reasons, by their names."""

    columns: Mapping[str, Known]
    reasons: Mapping[str, Reason]

    def said(self, refusal: Refusal, language: str) -> str:
        return self.reasons[refusal.name].in_(language).format(**refusal.values)


class NotTaken(Exception):
    """A file of which nothing can be made; `refusal` says why."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.refusal = Refusal(name, values)


def load(folder: Path | None = None) -> Wording:
    """Raises `ConfigError` with all that is wrong."""
    overlay = Overlay(FILE, folder, ("columns", "reasons"))
    found = Wording(overlay.structs("columns", Known), overlay.structs("reasons", Reason))
    if folder:
        _compare(overlay, found, load())
    overlay.finish()
    return found


def _compare(overlay: Overlay, found: Wording, shipped: Wording) -> None:
    """Neither more nor fewer than Kanal knows of, and texts that tell the same."""
    for section in ("columns", "reasons"):
        own, known = getattr(found, section), getattr(shipped, section)
        for name in own.keys() - known.keys():
            overlay.complain(f"{section}.{name}", "there is no such", did_you_mean(name, known))
        for name in known.keys() - own.keys():
            overlay.complain(f"{section}.{name}", "is missing")
    for name in found.reasons.keys() & shipped.reasons.keys():
        for language in ("id", "en"):
            told, meant = _values(found.reasons[name], language), _values(shipped.reasons[name], language)
            if told != meant:
                overlay.complain(f"reasons.{name}.{language}", f"must show the values {sorted(meant)}")


def _values(reason: Reason, language: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(reason.in_(language)) if name is not None}
    except ValueError:
        return {"{"}
