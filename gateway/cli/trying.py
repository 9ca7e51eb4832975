"""`kanal channels try`: what a channel would make of a file."""

import json
import mimetypes
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from adapters import Delivery, Unreadable
from gateway import listening, settings
from gateway.cli import options
from gateway.cli.options import ConfigOption
from gateway.describe import describe

_UNKNOWN = "application/octet-stream"


def try_(
    name: Annotated[str, typer.Argument(help="Its name in the settings.", metavar="NAME")],
    file: Annotated[
        Path, typer.Argument(help="The body of one delivery, such as a recording.", exists=True, dir_okay=False)
    ],
    content_type: Annotated[
        str | None, typer.Option("--type", help="Its content type; by the file's name if left out.")
    ] = None,
    headers: Annotated[
        list[str] | None, typer.Option("--header", help="NAME=VALUE that the channel keeps beside it, as in path=mo.")
    ] = None,
    config: ConfigOption = None,
) -> None:
    """Print what a channel would make of a body, as JSON. Nothing is kept, and nobody is asked for a proof.

    It is a body as the other side sends it, or, where the channel takes a request apart, one of the pieces, as
    `kanal deliveries show --raw` prints them.
    """
    channels = {channel.name: channel for channel in settings.load(config).channels}
    options.refuse_unknown("channel", name, channels)
    delivery = Delivery(
        id=file.name,
        channel=name,
        received_at=datetime.now(UTC),
        body=file.read_bytes(),
        content_type=content_type or mimetypes.guess_type(file.name)[0] or _UNKNOWN,
        headers=dict(map(_header, headers or ())),
    )
    try:
        events = listening.built(channels[name]).parse(delivery)
    except Unreadable as error:
        options.fail(f"{name} cannot read it: {error}")
    except Exception as error:
        options.fail(f"{name} failed with it, which is a fault of its adapter: {describe(error)}")
    for event in events:
        typer.echo(json.dumps(msgspec.to_builtins(event), ensure_ascii=False, indent=2))
    if not events:
        typer.echo("nothing is reported", err=True)


def _header(written: str) -> tuple[str, str]:
    name, equals, value = written.partition("=")
    if not equals:
        options.fail(f"--header takes NAME=VALUE, not {written!r}", 2)
    return name.strip().lower(), value
