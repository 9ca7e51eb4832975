"""`kanal new`: the beginning of a package of one's own."""

import keyword
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from gateway import registry
from gateway.bot import scaffold as dialogues
from gateway.casestore import scaffold as case_stores
from gateway.cli import options
from gateway.kit import scaffold as adapters

app = typer.Typer(no_args_is_help=True, help="Begin a package of your own, which works and passes its own tests.")

_NAME = re.compile(r"[a-z][a-z0-9]*")


FolderOption = Annotated[Path, typer.Option("--in", help="Folder in which kanal-NAME is made.")]


@app.command("adapter")
def adapter(
    name: Annotated[str, typer.Argument(help="What its kind is called: small letters and digits, as in fax.")],
    folder: FolderOption = Path(),
) -> None:
    """Write the package kanal-NAME: a channel that works, what its provider posts, its tests and its page.

    It is a whole package: the adapter in one file, a recorded payload with the messages that it becomes, a test class
    that derives from the suite of all channels, a README for operators, and a pyproject.toml by which Kanal finds it.
    CONTRIBUTING.md goes through it step by step.
    """
    if name in registry.kinds() or keyword.iskeyword(name):
        options.fail(f"'{name}' is taken: give it another name", 2)
    package = _written(name, folder, adapters.files_of)
    typer.echo(f"{package} is written. Install it beside Kanal, then run its tests:")
    typer.echo(f"  pip install --editable {package} pytest\n  pytest {package}")
    typer.echo(f"Then change {package / f'kanal_{name}.py'}, and give it to a gateway:")
    typer.echo(f"  kanal channels add {name}")


@app.command("case-store")
def case_store(
    name: Annotated[str, typer.Argument(help="What its kind is called: small letters and digits, as in crm.")],
    folder: FolderOption = Path(),
) -> None:
    """Write the package kanal-NAME: a case store that works, the other side for its tests, and the tests."""
    package = _written(name, folder, case_stores.files_of)
    typer.echo(f"{package} is written. Install it beside Kanal, then run its tests:")
    typer.echo(f"  pip install --editable {package} pytest\n  pytest {package}")


@app.command("dialogue")
def dialogue(
    name: Annotated[str, typer.Argument(help="What it is called: small letters and digits, as in lampu.")],
    folder: FolderOption = Path(),
) -> None:
    """Write the package kanal-NAME: a dialogue that works, and its tests, which are transcripts."""
    if name in registry.dialogue_names() or keyword.iskeyword(name):
        options.fail(f"'{name}' is taken: give it another name", 2)
    package = _written(name, folder, dialogues.files_of)
    typer.echo(f"{package} is written: change {package / f'kanal_{name}.py'}. To talk to it:")
    typer.echo(f"  {f'cd {folder} && ' if folder != Path() else ''}kanal chat --dialogue {name}")
    typer.echo("To test it, and to give it to a gateway, install it beside Kanal:")
    typer.echo(f"  pip install --editable {package} pytest\n  pytest {package}\n  kanal check")


def _written(name: str, folder: Path, files_of: Callable[[str], Mapping[str, str]]) -> Path:
    """The package's folder."""
    if not _NAME.fullmatch(name):
        options.fail("a name begins with a small letter and has small letters and digits", 2)
    package = folder / f"kanal-{name}"
    if package.exists():
        options.fail(f"{package} is there already: take another name, or remove it")
    for path, text in files_of(name).items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, "utf-8")
    return package
