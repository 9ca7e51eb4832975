"""`kanal import`: reports of a table, as of another system or of paper, go in by a channel."""

import asyncio
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn
from zoneinfo import ZoneInfo

import msgspec
import typer

from gateway import categories, settings
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Row, print_done, visible
from gateway.cli.progress import progress
from gateway.errors import OperationRefused
from gateway.settings import Settings
from gateway.store.contract import Entry
from gateway.transfer import headings, importing, opening, wording
from gateway.transfer.checking import Checked, Checking
from gateway.transfer.headings import Mapped
from gateway.transfer.importing import Count
from gateway.transfer.table import Table
from gateway.transfer.wording import NotTaken, Wording
from gateway.transfer.writing import new_sheet

SHOWN = 3
SUFFIX = "-ditolak"


def import_(
    file: Annotated[Path, typer.Argument(help="A table: CSV or XLSX.", exists=True, dir_okay=False)],
    channel: Annotated[str, typer.Option("--channel", help="The channel they come in by: one of kind 'table'.")],
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="WHAT=HEADING", help='Which column holds what, as in "what=Isi Laporan".'),
    ] = None,
    sheet: Annotated[str, typer.Option(help="The sheet of an XLSX file; the first one without.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be taken, and why not.")] = False,
    tell: Annotated[
        bool, typer.Option("--tell", help="Answer who reported and tell the units, as if it had come in just now.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before it begins.")] = False,
    refused: Annotated[
        Path | None, typer.Option("--refused", help=f"File for refused rows; FILE{SUFFIX} beside it without.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Import reports from a CSV or XLSX table. Doing it twice changes nothing.

    Columns are known by their headings; --map says so where they are not, and leaves one out by "name=". What may be
    told: what, subject, when, clock, where, rt, rw, village, district, latitude, longitude, pin, category, name, phone,
    email, number, keep. Refused rows come back in a file of the same form with a column 'alasan': mend it, and import
    it. Nobody is answered about what is imported without --tell.
    """
    folder = options.data_folder(config, data)
    loaded = settings.load(config, data=folder)
    known = wording.load(folder)
    try:
        table = opening.opened(file.read_bytes(), known, sheet)
        mapping = headings.mapped(table, known, columns or ())
    except NotTaken as refusal:
        _refuse(file, known, refusal)
    checked = _checked(table, mapping, known, loaded, folder, tell)
    _show(table, mapping, checked, known, loaded.gateway.language)
    count = Count(rows=len(checked))
    place = refused or file.with_name(f"{file.stem}{SUFFIX}{table.form.suffix}")
    if dry_run:
        count.refused = sum(one.row is None for one in checked)
        print_done(
            _told(count, None), f"{count.rows - count.refused} rows would be taken, {count.refused} not", as_json
        )
        return
    if not yes and sys.stdin.isatty():
        typer.confirm(f"import {len(checked)} rows into {channel}?", abort=True, err=True)
    bad = _take(config, folder, channel, checked, count)
    if bad:
        with new_sheet(place, table.form) as back:
            importing.write_refused(back, table, bad, known, loaded.gateway.language)
    print_done(_told(count, place if bad else None), _in_words(count, place), as_json)


def _refuse(file: Path, known: Wording, error: NotTaken) -> NoReturn:
    options.fail(f"{file}: {known.said(error.refusal, 'en')}", 2)


def _checked(
    table: Table, mapping: Mapped, known: Wording, loaded: Settings, folder: Path, told: bool
) -> list[Checked]:
    zone, now = ZoneInfo(loaded.gateway.timezone), datetime.now(UTC)
    checking = Checking(table, mapping, known, categories.load(folder), zone, now, told)
    return [checking.check(line) for line in table.lines]


def _show(table: Table, mapping: Mapped, checked: Sequence[Checked], known: Wording, language: str) -> None:
    """What is understood of the table, on standard error."""
    for name, columns in mapping.items():
        typer.echo(f"{name:>10} = {visible(columns)}", err=True)
    if left := list(headings.unused(table, mapping)):
        typer.echo(f"{'left out':>10} : {visible(left)}", err=True)
    for one in checked[:SHOWN]:
        typer.echo(f"{one.line.number:>10} : {_seen(one, known, language)}", err=True)
    for one in [one for one in checked[SHOWN:] if one.row is None][:SHOWN]:
        typer.echo(f"{one.line.number:>10} : {_seen(one, known, language)}", err=True)


def _seen(one: Checked, known: Wording, language: str) -> str:
    if one.row is None:
        return f"! {visible([known.said(refusal, language) for refusal in one.refusals])}"
    row = one.row
    where = row.place.words or f"{row.place.latitude}, {row.place.longitude}" if row.place else ""
    at = row.sent_at.strftime("%Y-%m-%d %H:%M") if row.sent_at else ""
    return visible(" | ".join(filter(None, (at, row.text[:80], where, row.category, row.name, row.phone, row.email))))


def _take(config: Path | None, folder: Path, channel: str, checked: Sequence[Checked], count: Count) -> list[Checked]:
    async def run() -> list[Checked]:
        with progress() as bar:
            async with options.asking(config, folder) as ask:
                entry = Entry(actor=options.actor(), action=importing.IMPORTED, about=(channel,))
                await ask("record", msgspec.to_builtins(entry))
                return await importing.take(
                    checked, channel, ask, count, lambda now: bar("importing", now.done, now.rows)
                )

    try:
        return asyncio.run(run())
    except OperationRefused as refusal:
        taken = f"{count.taken} rows were taken before; import it again to go on. " if count.taken else ""
        options.fail(f"{taken}{refusal}")


def _told(count: Count, refused: Path | None) -> Row:
    return {
        "rows": count.rows,
        "taken": count.taken,
        "known": count.known,
        "refused": count.refused,
        "refused_file": str(refused) if refused else None,
    }


def _in_words(count: Count, refused: Path) -> str:
    said = f"{count.rows} rows: {count.taken} taken, {count.known} known before, {count.refused} refused"
    return f"{said}: see {refused}" if count.refused else said
