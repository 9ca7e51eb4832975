"""`kanal export`: cases, or reports with their cases, for a spreadsheet or another program; without the reporters."""

import sys
from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TextIO
from zoneinfo import ZoneInfo

import msgspec
import typer

from gateway import categories
from gateway.cases import Status
from gateway.cli import looks, options
from gateway.cli.looking import looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import print_json_lines
from gateway.clock import Step
from gateway.durable import for_its_owner
from gateway.transfer import exporting
from gateway.transfer.exporting import Row, Wanted
from gateway.transfer.table import Form
from gateway.transfer.writing import CsvSheet, new_sheet


class What(StrEnum):
    CASES = "cases"
    REPORTS = "reports"


def export(
    what: Annotated[What, typer.Argument(help="One line for each of them.")] = What.REPORTS,
    file: Annotated[
        Path | None, typer.Argument(help="A file to write, .csv or .xlsx; standard output without.", dir_okay=False)
    ] = None,
    identity: Annotated[
        bool, typer.Option("--identity", help="Also who reported, and in which words; needs --why.")
    ] = False,
    why: WhyOption = None,
    status: Annotated[str | None, typer.Option(help=f"Only with this status: {', '.join(Status)}.")] = None,
    unsure: Annotated[bool, typer.Option("--unsure", help="Only cases that may repeat another.")] = False,
    category: Annotated[str | None, typer.Option(help="Only of this category, by its code.")] = None,
    area: Annotated[str | None, typer.Option(help="Only in this area and those within it: Kemendagri code.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only what this unit has in hand.")] = None,
    late: Annotated[bool, typer.Option("--late", help="Only of open cases that are late.")] = False,
    urgent: Annotated[bool, typer.Option("--urgent", help="Only of open cases that are urgent.")] = False,
    channel: Annotated[str | None, typer.Option(help="Only reports of this channel.")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day on, as in 2026-11-20.")] = None,
    until: Annotated[str | None, typer.Option(metavar="DATE", help="Before this day.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Export cases, or reports with their cases, as CSV or XLSX (or JSON lines), oldest first.

    Who reported is left out, and what they wrote is masked, without --identity. No cell is a formula: what looks like
    one begins with ' in CSV. Times are those of the city; in JSON of UTC.
    """
    said = looks.reason(why) if identity else ""
    options.refuse_unknown("status", status, Status)
    if identity and what is What.CASES:
        options.fail("cases tell nobody's identity: export reports", 2)
    if file and file.suffix.lower() not in {".csv", ".xlsx", ".json", ".jsonl"}:
        options.fail(f"{file}: name it .csv, .xlsx or .jsonl", 2)
    with looking(config, data) as look:
        if category:
            options.refuse_unknown("category", category, categories.load(look.folder).categories)
        wanted = Wanted(
            what=what.value,
            identity=identity,
            status=status,
            unsure=unsure,
            category=category,
            area=area,
            unit=unit,
            late=tuple(Step) if late else (),
            urgent=urgent,
            channel=look.channel(channel),
            since=_day(since, look.zone, 0.0),
            until=_day(until, look.zone, float("inf")),
        )
        found: Iterable[Row] = exporting.rows(look.views, wanted)
        if identity:
            found = list(found)
            looks.record(look, "export who reported", [row["report"] for row in found], said)
            found = exporting.with_identity(look.views, found)
        count = _write(found, wanted, file, as_json, look.zone)
    if file:
        typer.echo(f"{count} {what} written to {file}", err=True)


def _day(typed: str | None, zone: ZoneInfo, otherwise: float) -> float:
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=zone).timestamp() if typed else otherwise
    except ValueError:
        options.fail(f"'{typed}' is no date: write it as 2026-11-20", 2)


def _write(found: Iterable[Row], wanted: Wanted, file: Path | None, as_json: bool, zone: ZoneInfo) -> int:
    if as_json or (file and file.suffix.lower() in {".json", ".jsonl"}):
        return _write_lines(found, file)
    if file is None:
        return exporting.write(CsvSheet(sys.stdout), found, wanted.columns, wanted.columns, zone)
    with new_sheet(file, Form(file.suffix.lower(), ",")) as sheet:
        return exporting.write(sheet, found, wanted.columns, wanted.columns, zone)


def _write_lines(found: Iterable[Row], file: Path | None) -> int:
    if file is None:
        print_json_lines(found)
        return 0
    with open(file, "w", encoding="utf-8", opener=for_its_owner) as opened:
        return _lines(opened, found)


def _lines(file: TextIO, found: Iterable[Row]) -> int:
    return sum(1 for row in found if file.write(msgspec.json.encode(row).decode() + "\n"))
