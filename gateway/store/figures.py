"""Figures of cases by unit: plain SQL on a reading connection."""

import sqlite3

import msgspec

from gateway.clock import Step
from gateway.store.late import BY, IS_OPEN

_LATE = ", ".join(f"total({by} < :now)" for by in BY.values())
_OPEN = f"SELECT coalesce(c.unit, ''), count(*), {_LATE} FROM cases c WHERE {IS_OPEN} GROUP BY 1"


class UnitFigures(msgspec.Struct, frozen=True):
    """How many cases a unit ("" for nobody) has open, and how many of them are late with each step."""

    unit: str
    open: int
    late: dict[Step, int]


class Took(msgspec.Struct, frozen=True):
    """How long it took a unit to begin to work on a case, or to close it."""

    unit: str
    seconds: float


class CaseFigures(msgspec.Struct, frozen=True):
    """As of now; `acted` and `closed` are those of a span of time."""

    units: tuple[UnitFigures, ...] = ()
    acted: tuple[Took, ...] = ()
    closed: tuple[Took, ...] = ()


def figures(reader: sqlite3.Connection, now: float, since: float, until: float) -> CaseFigures:
    """`acted` and `closed` are those after `since`, up to `until`."""
    units = tuple(
        UnitFigures(unit, count, dict(zip(BY, map(int, late), strict=True)))
        for unit, count, *late in reader.execute(_OPEN, {"now": now})
    )
    return CaseFigures(units, _took(reader, "acted_at", since, until), _took(reader, "closed_at", since, until))


def _took(reader: sqlite3.Connection, column: str, since: float, until: float) -> tuple[Took, ...]:
    sql = (
        f"SELECT coalesce(unit, ''), max(0, {column} - coalesce(counted_from, opened_at)) FROM cases"
        f" WHERE {column} > ? AND {column} <= ? AND joined_into IS NULL"
    )
    return tuple(Took(unit, seconds) for unit, seconds in reader.execute(sql, (since, until)))
