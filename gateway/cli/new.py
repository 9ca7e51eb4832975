"""`kanal new`: the beginning of a package of one's own."""

import re
from pathlib import Path
from typing import Annotated

import typer

from gateway.casestore.scaffold import files_of
from gateway.cli import options

app = typer.Typer(no_args_is_help=True, help="Begin a package of your own, which works and passes its own tests.")

_NAME = re.compile(r"[a-z][a-z0-9]*")


@app.command("case-store")
def case_store(
    name: Annotated[str, typer.Argument(help="What its kind is called: small letters and digits, as in crm.")],
    folder: Annotated[Path, typer.Option("--in", help="Folder in which kanal-NAME is made.")] = Path(),
) -> None:
    """Write the package kanal-NAME: a case store that works, the other side for its tests, and the tests."""
    if not _NAME.fullmatch(name):
        options.fail("a name begins with a small letter and has small letters and digits", 2)
    package = folder / f"kanal-{name}"
    if package.exists():
        options.fail(f"{package} is there already: take another name, or remove it")
    for path, text in files_of(name).items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, "utf-8")
    typer.echo(f"{package} is written. Install it beside Kanal, then run its tests:")
    typer.echo(f"  pip install --editable {package} pytest\n  pytest {package}")
