"""`kanal export`: every report with its case, for a spreadsheet or another program; without the reporters."""

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, TextIO

import msgspec
import typer

from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.store.views import Views

#: What a spreadsheet would take for a formula (OWASP, "CSV injection"), full-width forms included.
FORMULA = tuple("=+-@\t\r\n＝＋－＠")
COLUMNS = (
    "case",
    "status",
    "opened_at",
    "due_at",
    "category",
    "area",
    "unit",
    "report",
    "channel",
    "received_at",
    "subject",
    "text",
    "place",
)


def export(
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="File to write; standard output without.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Export every report with its case as CSV (or JSON lines), oldest first. Who reported is left out."""
    with looking(config, data) as look:
        if output is None:
            _write(sys.stdout, _rows(look.views), as_json)
            return
        with open(output, "w", encoding="utf-8", newline="", opener=_for_its_owner) as file:
            count = _write(file, _rows(look.views), as_json)
    typer.echo(f"{count} reports written to {output}", err=True)


def _for_its_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _rows(views: Views) -> Iterator[dict[str, Any]]:
    cases = {case["code"]: case for case in views.cases(limit=options.EVERYTHING, newest=False, joined=True)}
    for report in views.reports(limit=options.EVERYTHING, newest=False):
        case = cases.get(report["case"]) or views.case(report["case"])  # opened since, while a gateway runs
        assert case is not None
        place = report.get("place") or {}
        yield {
            "case": case["code"],
            "status": case["status"],
            "opened_at": case["opened_at"],
            "due_at": case["due_at"],
            "category": case["category"],
            "area": case["area"],
            "unit": case["unit"],
            "report": report["id"],
            "channel": report["channel"],
            "received_at": report["received_at"],
            "subject": report.get("subject"),
            "text": report["text"],
            "place": place.get("words"),
        }


def _write(file: TextIO, rows: Iterator[dict[str, Any]], as_json: bool) -> int:
    count = 0
    writer = csv.writer(file)
    if not as_json:
        writer.writerow(COLUMNS)
    for row in rows:
        count += 1
        if as_json:
            file.write(msgspec.json.encode(row).decode() + "\n")
        else:
            writer.writerow([harmless(row[column]) for column in COLUMNS])
    return count


def harmless(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text
