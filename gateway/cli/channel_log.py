"""`kanal channels log`: every exchange with a provider, and how it ended."""

from collections.abc import Iterable
from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.backfill import time_of
from gateway.cli.looking import Look, looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption, LimitOption
from gateway.cli.printing import Column, Row, print_rows

LOG = (
    Column("WHEN", "at"),
    Column("WHAT", "verb"),
    Column("OUTCOME", "outcome"),
    Column("TIMES", "times"),
    Column("BROUGHT", "count"),
    Column("STATUS", "status"),
    Column("SECONDS", "seconds"),
    Column("ABOUT", "about", elastic=True, optional=True),
    Column("NOTE", "note", elastic=True, optional=True),
    Column("REQUEST", "request", elastic=True, optional=True),
)


def log(
    name: Annotated[str | None, typer.Argument(help="Its name in the settings.", metavar="[NAME]")] = None,
    since: Annotated[str | None, typer.Option(metavar="DATE", help="From this day or time on, as 2026-11-01.")] = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what failed.")] = False,
    reply: Annotated[str | None, typer.Option(help="By which this reply was sent, or failed to be.")] = None,
    report: Annotated[str | None, typer.Option(help="By which the messages of this report came in.")] = None,
    limit: LimitOption = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """What was done with a channel's provider, newest first: asked, brought, sent, fetched; no words of anybody's."""
    if [name, reply, report].count(None) != 2:
        options.fail("name a channel, a reply (--reply) or a report (--report)", 2)
    with looking(config, data) as look:
        look.channel(name)
        start = time_of(since, look.zone).timestamp() if since else 0.0
        if name:
            found: Iterable[Row] = look.views.exchanges(name, start, failed, limit)
        else:
            found = _about(look, reply, report)
        print_rows(found if as_json else map(_shown, found), LOG, as_json, look.zone)


def _about(look: Look, reply: str | None, report: str | None) -> Iterable[Row]:
    return look.views.exchanges_of_reply(reply) if reply else look.views.exchanges_of_report(report or "")


def _shown(row: Row) -> Row:
    return row | {"about": [*row["reports"], *row["replies"]]}
