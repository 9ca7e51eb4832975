"""`kanal filings`: how cases stand with outside case stores."""

from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption
from gateway.cli.printing import Column, print_done, print_fields, print_json_lines, print_rows
from gateway.store.filings import FilingState

app = typer.Typer(no_args_is_help=True, help="Filings: how each case stands with outside case stores.")

COLUMNS = (
    Column("CASE", "case"),
    Column("CASE STORE", "store"),
    Column("STATE", "state"),
    Column("NUMBER", "number"),
    Column("SINCE", "since"),
    Column("TRIES", "tries"),
    Column("WHY", "error", elastic=True),
)
CodeArgument = Annotated[str, typer.Argument(help="Tracking code, as in KNL-7F3K-92QX, or the number there.")]
StoreOption = Annotated[str | None, typer.Option("--store", help="Only of this case store.")]


@app.command("list")
def list_(
    store: StoreOption = None,
    state: Annotated[str | None, typer.Option(help=f"Only those in this state: {', '.join(FilingState)}.")] = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List filings, newest first."""
    options.refuse_unknown("state", state, FilingState)
    with looking(config, data) as look:
        found = look.views.filings(store, state, limit=options.most(limit, everything))
        print_rows(found, COLUMNS, as_json, look.zone)


@app.command()
def show(code: CodeArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Show how one case stands with each case store."""
    with looking(config, data) as look:
        found = list(look.views.filings(case=look.code(code)))
        if not found:
            options.fail(f"{code} is for no case store: see `kanal filings list`")
        if as_json:
            print_json_lines(found)
            return
        for row in found:
            print_fields(row, as_json, look.zone)


@app.command()
def retry(
    code: Annotated[str | None, typer.Argument(help="Tracking code; all cases of --store if left out.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Try again now what waits, was set aside or cancelled."""
    if code is None and store is None:
        options.fail("name a case, or a case store by --store", 2)
    with looking(config, data) as look:
        case = look.code(code) if code else None
    done = options.change(config, data, "retry filings", {"store": store, "case": case})
    print_done(done, f"{done['retried']} are due now", as_json)


@app.command()
def cancel(
    code: CodeArgument,
    store: Annotated[str, typer.Option("--store", help="The case store.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Leave a case as the case store has it, or do not file it at all; `kanal filings retry` undoes it."""
    with looking(config, data) as look:
        case = look.code(code)
    done = options.change(config, data, "cancel filing", {"store": store, "case": case})
    print_done(done, f"{case} is left as {store} has it", as_json)
