"""Examples that Kanal ships to be appended to an operator's settings, and what `kanal check` says of them."""

import re
import secrets
from collections.abc import Sequence
from pathlib import Path

import typer
from typer.testing import CliRunner, Result

from gateway import resources
from gateway.cli import check


def text_of(example: str) -> str:
    return resources.path("examples", example).read_text("utf-8")


def appended(example: str, folder: Path) -> Path:
    """The settings that Kanal starts with and the example after them, in a folder without secrets."""
    file = folder / "kanal.toml"
    file.write_text(f"{resources.path('kanal.toml').read_text('utf-8')}\n{text_of(example)}", "utf-8")
    return file


def secrets_of(example: str) -> Sequence[str]:
    """Those that it names in `secrets/`."""
    return sorted(set(re.findall(r'file = "secrets/([\w-]+)"', text_of(example))))


def give_secrets(example: str, folder: Path) -> None:
    (folder / "secrets").mkdir(mode=0o700)
    for name in secrets_of(example):
        (folder / "secrets" / name).write_text(secrets.token_urlsafe())
        (folder / "secrets" / name).chmod(0o600)


def kanal_check(file: Path) -> Result:
    app = typer.Typer(pretty_exceptions_enable=False)
    app.command("check")(check.check)
    return CliRunner().invoke(app, [str(file)])
