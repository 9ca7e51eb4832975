"""`kanal notices`: what the units were told of their cases, and what became of it."""

from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption
from gateway.cli.printing import Column, print_done, print_rows
from gateway.store.contract import NoticeState

app = typer.Typer(no_args_is_help=True, help="Notices: what units were told of their cases, and what became of it.")

COLUMNS = (
    Column("NOTICE", "id"),
    Column("WHEN", "created_at"),
    Column("UNIT", "unit"),
    Column("WAY", "way"),
    Column("ABOUT", "about"),
    Column("CASE", "case"),
    Column("STATE", "state"),
    Column("ERROR", "error", elastic=True),
)


@app.command("list")
def list_(
    state: Annotated[str | None, typer.Option(help=f"Only those in this state: {', '.join(NoticeState)}.")] = None,
    unit: Annotated[str | None, typer.Option(help="Only those for this unit.")] = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List notices, newest first."""
    options.refuse_unknown("state", state, NoticeState)
    with looking(config, data) as look:
        found = look.views.notices(state, unit, options.most(limit, everything), newest=not everything)
        print_rows(found, COLUMNS, as_json, look.zone)


@app.command()
def retry(
    notice: Annotated[str, typer.Argument(help="Its id, as in t-…")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Send a notice now that waits or has failed, with all that waits for the same unit."""
    done = options.change(config, data, "retry_notice", {"notice": notice})
    print_done(done, f"{notice} is due again", as_json)
