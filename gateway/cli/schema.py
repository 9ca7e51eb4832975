"""`kanal schema`: the JSON Schemas of the settings file and of reports, and the settings as a page."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import reference, schemas


def schema(
    folder: Annotated[Path, typer.Argument(help="Where to write them.", file_okay=False, exists=True)] = Path(),
    page: Annotated[bool, typer.Option("--page", help="Print the settings as a page in Markdown instead.")] = False,
) -> None:
    """Write gateway.schema.json and report.schema.json, for editors and for programs that read an export."""
    if page:
        typer.echo(reference.page(schemas.settings_schema()), nl=False)
        return
    for path in schemas.write(folder):
        typer.echo(path)
