"""All verbs of the `kanal` command."""

from importlib.metadata import version
from typing import Annotated

import typer

from gateway.cli import cases, check, demo, export, lists, run, schema

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Kanal takes citizens' reports in over every channel, keeps each one safe, and answers.",
)
app.command("run")(run.run)
app.command("check")(check.check)
app.command("demo")(demo.demo)
app.add_typer(cases.app, name="cases")
app.add_typer(lists.reports, name="reports")
app.add_typer(lists.deliveries, name="deliveries")
app.add_typer(lists.replies, name="replies")
app.add_typer(lists.quarantine, name="quarantine")
app.add_typer(lists.channels, name="channels")
app.command("export")(export.export)
app.command("schema")(schema.schema)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"kanal {version('kanal')}")
        raise typer.Exit


@app.callback()
def root(
    _asked: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Shared by all commands."""
