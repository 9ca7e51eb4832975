"""How results are printed: tables and fields for people, JSON lines for programs."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

import msgspec
import typer
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from gateway.store.views import TIMES

WIDTH_OF_PIPES = 200

Row = dict[str, Any]


class Column(NamedTuple):
    """A column is as wide as it needs to be; those that are `elastic` share what is left and end in an ellipsis. One
    that is `optional` is left out where no row has anything in it."""

    heading: str
    key: str
    elastic: bool = False
    optional: bool = False


def print_rows(rows: Iterable[Row], columns: Sequence[Column], as_json: bool, zone: tzinfo) -> None:
    """A table with a line for each row; or every key of every row as JSON lines, times in UTC."""
    if as_json:
        print_json_lines(rows)
        return
    rows = list(rows)
    columns = [column for column in columns if not column.optional or any(row[column.key] for row in rows)]
    lines = [[_cell(row, column.key, zone) for column in columns] for row in rows]
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_PIPES, highlight=False)
    console.print(_table(columns, lines) if lines else "none")


def _table(columns: Sequence[Column], lines: Sequence[Sequence[str]]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column, *cells in zip(columns, *lines, strict=True):
        widest = max(map(cell_len, (column.heading, *cells)))
        table.add_column(column.heading, width=None if column.elastic else widest, overflow="ellipsis")
    for line in lines:
        table.add_row(*(Text(cell, no_wrap=True, overflow="ellipsis") for cell in line))
    return table


def _cell(row: Row, key: str, zone: tzinfo) -> str:
    return when(row[key], zone) if key in TIMES and row[key] else visible(row[key])


def print_json_lines(rows: Iterable[Row]) -> None:
    for row in rows:
        sys.stdout.write(msgspec.json.encode(row).decode() + "\n")


def print_fields(row: Row, as_json: bool, zone: tzinfo) -> None:
    """One thing with all its fields, a line each."""
    if as_json:
        print_json_lines([row])
        return
    lines = [(name, *said) for key, value in row.items() for name, *said in _lines(key, value, zone)]
    width = max(len(name) for name, *_ in lines)
    for name, first, *more in lines:
        typer.echo(f"{name.ljust(width)}  {first}")
        for said in more:
            typer.echo(f"{'':{width}}  {said}")


def _lines(key: str, value: Any, zone: tzinfo) -> Iterator[tuple[str, ...]]:
    """A name and one line or more; of what has parts, a name for each part that says anything."""
    if isinstance(value, dict):
        for part, said in value.items():
            if said not in (None, "", [], {}):
                yield from _lines(f"{key}.{part}", said, zone)
    elif isinstance(value, list | tuple) and value and isinstance(value[0], dict):
        yield key, *map(in_one_line, value)
    else:
        yield key, _exactly(value, zone) if key in TIMES and value else visible(value)


def in_one_line(part: Row) -> str:
    """A candidate with its score and reasons, as in "Melati (kelurahan 31.73.07.1002) 0.93: 'kel melati' disebut"."""
    if {"code", "name", "score", "reasons"} <= part.keys():
        kind = f"{part['kind']} " if part.get("kind") else ""
        return visible(f"{part['name']} ({kind}{part['code']}) {part['score']:.2f}: {', '.join(part['reasons'])}")
    return visible(
        [f"{name} {visible(value)}".lstrip() for name, value in part.items() if value not in (None, "", [], {})]
    )


def print_done(done: Row, said: str, as_json: bool) -> None:
    """What a change led to: in words, or as one JSON object."""
    if as_json:
        print_json_lines([done])
    else:
        typer.echo(said)


def when(iso: str, zone: tzinfo) -> str:
    """A time at a glance: "16:09" if it is of today, "22 Nov 16:09" if of this year, else "22 Nov 2025"."""
    at, now = datetime.fromisoformat(iso).astimezone(zone), datetime.now(zone)
    if at.date() == now.date():
        return at.strftime("%H:%M")
    return at.strftime("%d %b %H:%M" if at.year == now.year else "%d %b %Y")


def _exactly(iso: str, zone: tzinfo) -> str:
    return datetime.fromisoformat(iso).astimezone(zone).isoformat(" ", "seconds")


def visible(value: Any) -> str:
    """A value as a terminal may show it: citizens' control and bidi characters become visible escapes."""
    if value is None:
        return "–"
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text.replace("\n", " ⏎ "))
