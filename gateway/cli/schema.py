"""`kanal schema`: the JSON Schemas of the settings file, of reports and of webhooks, and the settings as a page."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import reference, schemas


def schema(
    folder: Annotated[Path, typer.Argument(help="Where to write them.", file_okay=False, exists=True)] = Path(),
    page: Annotated[bool, typer.Option("--page", help="Print the settings as a page in Markdown instead.")] = False,
) -> None:
    """Write the schemas of settings, reports and webhooks, for editors and for programs that read an export or news."""
    if page:
        typer.echo(reference.page(schemas.settings_schema()), nl=False)
        return
    for path in schemas.write(folder):
        typer.echo(path)
