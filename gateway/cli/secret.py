"""`kanal secret`: the master key."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import master, settings
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption

app = typer.Typer(no_args_is_help=True, help="The master key, which opens all that is sealed.")


@app.command()
def make() -> None:
    """Print a new master key, for a file or an environment variable that the settings name."""
    typer.echo(master.written_out())


@app.command()
def rotate(
    to: Annotated[
        Path | None,
        typer.Option(help="File with the new key, made if it is not there; else that in the data folder."),
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Replace the master key; works while the gateway runs.

    What is kept is not touched: the keys that open it are put under the new master key, and new ones are used from now
    on. The old master key opens nothing any more, but old backups, which need it.
    """
    values = {"actor": options.actor()}
    if to is not None:
        options.change(config, data, "rotate", values | {"key": _in_file(to).hex()})
        typer.echo(f'the data are under the key in {to}: set [gateway] master_key = {{ file = "{to.absolute()}" }}')
        return
    if settings.outline(config).get("gateway", {}).get("master_key") is not None:
        options.fail("the settings name the master key: say by --to FILE where the new one is, and name that then")
    options.change(config, data, "rotate", values)
    path = options.data_folder(config, data) / master.FILE
    typer.echo(f"the data are under a new key, {path}: keep a copy of it apart from the backups")


def _in_file(path: Path) -> bytes:
    try:
        return master.make_file(path)
    except ValueError as error:
        options.fail(f"{path}: {error}")
