"""`kanal keys`: the applications that may report."""

import re
from collections.abc import Iterable
from typing import Annotated

import typer

from gateway import settings
from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_done, print_rows

COLUMNS = (
    Column("APPLICATION", "app"),
    Column("CHANNEL", "channel"),
    Column("A MINUTE", "per_minute"),
    Column("A DAY", "per_day"),
    Column("SINCE", "made_at"),
    Column("REVOKED", "revoked_at"),
)
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 40
PER_MINUTE, PER_DAY = 600, 20_000

app = typer.Typer(no_args_is_help=True, help="The applications that may report, and their keys.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What the application is called here.")]


@app.command()
def add(
    name: NameArgument,
    channel: Annotated[
        str | None, typer.Option(help="The one channel that the key is for; all of them if left out.")
    ] = None,
    per_minute: Annotated[int, typer.Option(min=0, help="Requests a minute; 0: no limit.")] = PER_MINUTE,
    per_day: Annotated[int, typer.Option(min=0, help="Reports a day; 0: no limit.")] = PER_DAY,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make an application's key and print it, this once: only a hash of it is kept. It is in force at once.

    It goes with each report as api_key. Reports that came by it are the application's own: it may ask how they stand.
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST:
        options.fail(f"a name has small letters and digits with single '-' between them, at most {_LONGEST}", 2)
    options.refuse_unknown("channel", channel, _channels(settings.outline(config)))
    values = {"app": name, "channel": channel, "per_minute": per_minute, "per_day": per_day}
    done = options.change(config, data, "add key", values | {"actor": options.actor()})
    print_done(done, done["key"], as_json)
    typer.echo(f"this is {name}'s key; it is not shown again", err=True)


@app.command("list")
def list_(
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List the applications, also those whose keys were revoked."""
    with looking(config, data) as look:
        print_rows(look.views.api_keys(), COLUMNS, as_json, look.zone)


@app.command()
def revoke(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Take an application's key out of force, at once. What it reported stays."""
    done = options.change(config, data, "revoke key", {"app": name, "actor": options.actor()})
    print_done(done, f"the key of {name} is in force no more", as_json)


def _channels(written: Row) -> Iterable[str]:
    tables = written.get("channels")
    return [str(table.get("name")) for table in tables if isinstance(table, dict)] if isinstance(tables, list) else []
