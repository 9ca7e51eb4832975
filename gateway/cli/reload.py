"""`kanal reload`: have the running gateway read its settings again."""

import asyncio
import json
from pathlib import Path

import msgspec
import typer

from gateway import control
from gateway.cli import options
from gateway.cli.check import Findings, report
from gateway.data import DataDirectory
from gateway.errors import ConfigError, OperationRefused
from gateway.reloading import Reload


def reload(
    as_json: options.JsonOption = False,
    config: options.ConfigOption = None,
    data: options.DataOption = None,
) -> None:
    """Have the running gateway read its settings file, secrets, texts and certificates again.

    It takes them whole or not at all, and nothing that is under way is cut off. Environment variables are still those
    that it was started with.

    Exit codes: 0 the new configuration is in force; 1 it is not, or no gateway is running; 2 wrong usage.
    """
    done = _ask(config, data)
    typer.echo(json.dumps(msgspec.to_builtins(done), ensure_ascii=False) if as_json else told(done))
    raise typer.Exit(bool(done.problems))


def _ask(config: Path | None, data: Path | None) -> Reload:
    try:
        folder = options.data_folder(config, data)
    except ConfigError as error:  # where the gateway's data are cannot be told, but it would say the same
        return Reload(file=str(config), problems=error.problems)
    try:
        return msgspec.convert(asyncio.run(control.ask(folder, "reload", {})), Reload)
    except OperationRefused as refusal:
        options.fail(str(refusal))
    except PermissionError:
        raise
    except OSError:
        if folder.is_dir() and DataDirectory.is_in_use(folder):
            options.fail(options.NO_ANSWER)
        options.fail(
            f"no gateway is running on {folder}; one that still runs on another folder is found by --data FOLDER"
        )


def told(done: Reload) -> str:
    """What came of it, in words."""
    findings = report(Findings(file=done.file, problems=done.problems, warnings=done.warnings))
    if done.problems:
        return f"{findings}\nThe running gateway keeps its old configuration."
    named = {
        "added": done.added,
        f"removed ({', '.join(done.removed)})": done.removed,
        "changed": done.changed,
        "as before": done.kept,
    }
    counted = ", ".join(f"{len(names)} {what}" for what, names in named.items() if names) or "none"
    return f"{findings}\nThe new configuration is in force. Channels: {counted}."
