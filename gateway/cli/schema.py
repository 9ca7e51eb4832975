"""`kanal schema`: the JSON Schemas of the settings file and of reports."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import schemas


def schema(
    folder: Annotated[Path, typer.Argument(help="Where to write them.", file_okay=False, exists=True)] = Path(),
) -> None:
    """Write gateway.schema.json and report.schema.json, for editors and for programs that read an export."""
    for path in schemas.write(folder):
        typer.echo(path)
