"""`kanal user`: who may come in to the pages of officers."""

from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.accounts.account import Role
from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, print_done, print_rows

COLUMNS = (
    Column("NAME", "name"),
    Column("CALLED", "display_name", elastic=True),
    Column("ROLE", "role"),
    Column("OFFICE", "office", optional=True),
    Column("UNIT", "unit", optional=True),
    Column("MAIL", "mail", optional=True),
    Column("PASSWORD", "password"),
    Column("APP", "app"),
    Column("SINCE", "made_at"),
    Column("DISABLED", "disabled_at", optional=True),
)

app = typer.Typer(no_args_is_help=True, help="Who may come in to the pages of officers.")
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="What they log in by.")]
CalledOption = Annotated[str | None, typer.Option("--called", help="What colleagues call them.")]
OfficeOption = Annotated[str | None, typer.Option(help="Code of an officer's office, as in kelurahan-31.74.03.1002.")]
UnitOption = Annotated[str | None, typer.Option(help="Code of the unit whose cases somebody handles.")]
MailOption = Annotated[
    str | None, typer.Option(help="Mail address by which the provider of OpenID Connect knows them.")
]
LanguageOption = Annotated[str | None, typer.Option(help="Language of the pages: id or en.")]


@app.command()
def add(
    name: NameArgument,
    role: Annotated[Role, typer.Option(help="What they may do.")],
    called: CalledOption = None,
    office: OfficeOption = None,
    unit: UnitOption = None,
    mail: MailOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Give somebody an account, and print the link by which they set their password: once, within a day."""
    values = _given(role=role, display_name=called, office=office, unit=unit, mail=mail, language=language)
    done = _change("add user", name, config, data, values)
    _print_link(done, as_json)


@app.command("list")
def list_(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """List who has an account, and what they may do."""
    with looking(config, data) as look:
        rows = ({**row, "password": _yes(row["password"]), "app": _yes(row["app"])} for row in look.views.users())
        print_rows(look.views.users() if as_json else rows, COLUMNS, as_json, look.zone)


@app.command()
def change(
    name: NameArgument,
    role: Annotated[Role | None, typer.Option(help="What they may do.")] = None,
    called: CalledOption = None,
    office: OfficeOption = None,
    unit: UnitOption = None,
    mail: MailOption = None,
    language: LanguageOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Change what is named, and leave the rest; "" takes it away. Who may do something else then logs in again."""
    values = _given(role=role, display_name=called, office=office, unit=unit, mail=mail, language=language)
    if not values:
        options.fail("nothing is named that is to change: see `kanal user change --help`", 2)
    print_done(_change("change user", name, config, data, values), f"{name} is changed", as_json)


@app.command()
def disable(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Let somebody in no more; where they are logged in they are out at once. `kanal user enable` takes it back."""
    print_done(_change("disable user", name, config, data), f"{name} is let in no more", as_json)


@app.command()
def enable(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Let somebody in again who was disabled, with the same password."""
    print_done(_change("enable user", name, config, data), f"{name} is let in again", as_json)


@app.command()
def reset(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """End somebody's password, authenticator app and sessions, and print the link by which they set a new password."""
    _print_link(_change("reset user", name, config, data), as_json)


def _given(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def _change(
    verb: str, name: str, config: Path | None, data: Path | None, values: dict[str, str] | None = None
) -> dict[str, Any]:
    done: dict[str, Any] = options.change(config, data, verb, {"actor": options.actor(), "name": name} | (values or {}))
    return done


def _print_link(done: dict[str, Any], as_json: bool) -> None:
    print_done(done, done["link"], as_json)
    typer.echo(f"{done['name']} sets a password there: once, within {done['hours']} hours", err=True)


def _yes(value: bool) -> str:
    return "yes" if value else "no"
