"""`kanal duplicates`: what the machine takes for one incident, and why."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer
from msgspec.structs import asdict

from gateway import settings
from gateway.cli import options
from gateway.cli.backfill import time_of
from gateway.cli.looking import Look, looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_done, print_rows
from gateway.cli.progress import progress
from gateway.duplicates import Terms, terms
from gateway.errors import OperationRefused
from gateway.store import standings

app = typer.Typer(no_args_is_help=True, help="Duplicates: what is taken for one incident, and why.")

COLUMNS = (
    Column("REPORT", "report"),
    Column("CASE", "case"),
    Column("NOW", "now"),
    Column("WOULD BE", "would_be"),
    Column("SCORE", "score"),
    Column("WHY", "why", elastic=True),
)
UNDO = "what it joins, `kanal cases part CODE` parts again"


@app.command()
def rejudge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would be judged otherwise.")] = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only reports that came in from then on, as 2026-11-01.")
    ] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Have the reports of all open cases judged again, such as after `kanal learn duplicates`.

    The running gateway does it in the background, beside what comes in: reports that prove to be of one incident are
    joined, or wait for a person who decides; nothing is parted. With --dry-run each is judged as if it had just come
    in, after those before it, and nothing changes.
    """
    with looking(config, data) as look:
        by = terms(settings.load(config, data=look.folder).duplicates, look.folder)
        start = time_of(since, look.zone).timestamp() if since else 0.0
        if dry_run:
            print_rows(_differences(look, by, start), COLUMNS, as_json, look.zone)
            return
        folder, total = look.folder, standings.count(look.views.connection, start)
    try:
        marked = asyncio.run(_mark(config, folder, start, total))
    except OperationRefused as refusal:
        options.fail(str(refusal))
    print_done({"marked": marked}, f"{marked} reports are judged again by the running gateway; {UNDO}", as_json)


def _differences(look: Look, by: Terms, since: float) -> Iterator[Row]:
    """Those before `since` are compared with, but not told of."""
    from gateway.judges import JudgeFailed  # noqa: PLC0415 loads what compares
    from gateway.rejudging import differences  # noqa: PLC0415

    connection = look.views.connection
    told = {report for _, report in standings.some(connection, since, 0, options.EVERYTHING)} if since else None
    total = standings.count(connection, 0.0)
    try:
        with progress() as tell:
            for number, found in enumerate(differences(by, standings.standings(connection)), 1):
                tell("judging", number, total)
                if found and (told is None or found.report in told):
                    yield asdict(found) | {"why": "; ".join(found.reasons)}
    except JudgeFailed as failure:
        options.fail(str(failure))


async def _mark(config: Path | None, folder: Path, since: float, total: int) -> int:
    marked, last = 0, 0
    async with options.asking(config, folder) as ask:
        with progress() as tell:
            while some := (done := await ask("rejudge", {"since": since, "after": last}))["marked"]:
                marked, last = marked + some, done["last"]
                tell("marking", marked, max(total, marked))
    return marked
