"""Labelled reports from JSON lines."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

#: Where a line tells no time.
NO_TIME = "2020-01-01T00:00:00"
FURTHEST_NORTH, FURTHEST_EAST = 90, 180


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One labelled report; those with the same `cluster` are of one incident. `closed` is when it left the window of
    open reports, None where it stays. Times are aware; a pin is in degrees (WGS 84)."""

    id: str
    text: str
    cluster: str
    time: datetime
    pin: tuple[float, float] | None = None
    address: str | None = None
    category: str | None = None
    closed: datetime | None = None


class Faulty(msgspec.Struct, frozen=True):
    """A line that was skipped, counted from 1, and why."""

    line: int
    reason: str


class _Line(msgspec.Struct, frozen=True):
    text: str
    id: str | int | None = None
    lat: float | None = None
    lon: float | None = None
    time: str | None = None
    address: str | None = None
    category: str | None = None
    cluster_id: str | int | None = None
    closed: str | None = None


_line = msgspec.json.Decoder(_Line)


def read(file: Path) -> tuple[list[Row], list[Faulty]]:
    """The rows of `file` in the order of time, and the lines that are none; raises OSError."""
    return parsed(file.read_bytes().splitlines())


def parsed(lines: Iterable[bytes]) -> tuple[list[Row], list[Faulty]]:
    """What `read` makes of the lines of a file. Without an id a row is known by its line, and without a label it is an
    incident of its own."""
    rows: dict[str, Row] = {}
    faulty = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = _row(_line.decode(line), number)
        except (msgspec.DecodeError, ValueError) as error:
            faulty.append(Faulty(number, str(error)))
            continue
        if row.id in rows:
            faulty.append(Faulty(number, f"the id {row.id} was there before"))
        else:
            rows[row.id] = row
    return sorted(rows.values(), key=lambda row: row.time), faulty


def _row(line: _Line, number: int) -> Row:
    name = f"line-{number}" if line.id is None else str(line.id)
    return Row(
        id=name,
        text=line.text,
        cluster=f"alone-{name}" if line.cluster_id is None else str(line.cluster_id),
        time=_moment(line.time or NO_TIME),
        pin=_pin(line),
        address=line.address or None,
        category=line.category or None,
        closed=_end(line.closed) if line.closed else None,
    )


def _pin(line: _Line) -> tuple[float, float] | None:
    if line.lat is None or line.lon is None:
        return None
    valid = abs(line.lat) <= FURTHEST_NORTH and abs(line.lon) <= FURTHEST_EAST
    return (line.lat, line.lon) if valid else None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _end(text: str) -> datetime:
    """A bare date says only the day: the report was open until its end."""
    moment = _moment(text)
    return moment + timedelta(days=1) if len(text) == len("2025-01-31") else moment
