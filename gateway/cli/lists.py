"""`kanal reports|deliveries|replies|quarantine|channels`: looking at what is kept."""

import asyncio
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway import control, settings
from gateway.cli import options
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption
from gateway.errors import ConfigError
from gateway.operations import OperationRefused

reports = typer.Typer(no_args_is_help=True, help="Reports: what citizens said, in one schema.")
deliveries = typer.Typer(no_args_is_help=True, help="Deliveries: what came in, byte for byte.")
replies = typer.Typer(no_args_is_help=True, help="Replies: what citizens were told, and what became of it.")
quarantine = typer.Typer(no_args_is_help=True, help="Deliveries that could not be processed, and why.")
channels = typer.Typer(no_args_is_help=True, help="Channels: where messages come from.")

ChannelOption = Annotated[str | None, typer.Option("--channel", help="Only of this channel.")]
StateOption = Annotated[str | None, typer.Option("--state", help="Only those in this state.")]
BodyOption = Annotated[bool, typer.Option("--body", help="With --json: the body as text, and its SHA-256.")]
DAY = 86_400.0


@reports.command("list")
def list_reports(
    channel: ChannelOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List reports, newest first."""
    found = options.views(config, data).reports(channel, _most(limit, everything), newest=not everything)
    columns = (("REPORT", "id"), ("WHEN", "received_at"), ("CHANNEL", "channel"), ("CASE", "case"), ("TEXT", "text"))
    options.print_rows(found, columns, as_json)


@reports.command("show")
def show_report(
    report: Annotated[str, typer.Argument(help="Its id, as in r-…")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one report, with what it was linked to and why."""
    _show(options.views(config, data).report(report), f"there is no report {report}", as_json)


@deliveries.command("list")
def list_deliveries(
    channel: ChannelOption = None,
    state: StateOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    body: BodyOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List deliveries, newest first."""
    views = options.views(config, data)
    found = views.deliveries(channel, state, _most(limit, everything), newest=not everything)
    columns = (
        ("SEQ", "seq"),
        ("WHEN", "received_at"),
        ("CHANNEL", "channel"),
        ("STATE", "state"),
        ("SIZE", "size"),
        ("TRIES", "tries"),
        ("ID", "id"),
    )
    options.print_rows(map(views.with_body, list(found)) if body else found, columns, as_json)


@deliveries.command("show")
def show_delivery(
    seq: Annotated[int, typer.Argument(help="Its number in the list.")],
    raw: Annotated[bool, typer.Option("--raw", help="Only the body, byte for byte.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one delivery."""
    views = options.views(config, data)
    row = views.delivery(seq)
    if row is not None and raw:
        sys.stdout.buffer.write(views.body(seq))
        return
    _show(row and views.with_body(row), f"there is no delivery {seq}", as_json)


@quarantine.command("list")
def list_quarantine(
    channel: ChannelOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List deliveries that could not be processed, newest first."""
    found = options.views(config, data).deliveries(
        channel, "quarantined", _most(limit, everything), newest=not everything
    )
    columns = (
        ("SEQ", "seq"),
        ("CHANNEL", "channel"),
        ("WHEN", "received_at"),
        ("STAGE", "stage"),
        ("REASON", "reason"),
    )
    options.print_rows(found, columns, as_json)


quarantine.command("show")(show_delivery)


@replies.command("list")
def list_replies(
    channel: ChannelOption = None,
    state: StateOption = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List replies, newest first."""
    found = options.views(config, data).replies(channel, state, _most(limit, everything), newest=not everything)
    columns = (("REPLY", "id"), ("WHEN", "created_at"), ("CHANNEL", "channel"), ("STATE", "state"), ("TEXT", "text"))
    options.print_rows(found, columns, as_json)


@replies.command("show")
def show_reply(
    reply: Annotated[str, typer.Argument(help="Its id, as in a-…")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one reply."""
    _show(options.views(config, data).reply(reply), f"there is no reply {reply}", as_json)


@replies.command("resend")
def resend(
    reply: Annotated[str, typer.Argument(help="Its id, as in a-…")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Send a reply again that failed, was kept, or may not have been sent."""
    options.change(config, data, "resend", {"reply": reply})
    typer.echo(f"{reply} is due again")


@channels.command("list")
def list_channels(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """List the channels: how each fares, when it was last heard, what came in and went out in 24 hours."""
    columns = (
        ("CHANNEL", "channel"),
        ("KIND", "kind"),
        ("STATE", "state"),
        ("LAST HEARD", "last_heard"),
        ("IN/24H", "came_in"),
        ("OUT/24H", "went_out"),
        ("WAITING", "waiting"),
        ("NOTE", "note"),
    )
    options.print_rows(_channels(config, data), columns, as_json)


@channels.command("show")
def show_channel(
    name: Annotated[str, typer.Argument(help="Its name in the settings.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one channel."""
    found = next((row for row in _channels(config, data) if row["channel"] == name), None)
    _show(found, f"there is no channel {name}: see `kanal channels list`", as_json)


def _channels(config: Path | None, data: Path | None) -> list[options.Row]:
    folder = options.data_folder(config, data)
    try:
        kinds = {channel.name: channel.kind for channel in settings.load(config, data=folder).channels}
    except ConfigError as error:
        options.fail(str(error), 2)
    traffic = options.views(config, data).traffic(time.time() - DAY)
    states = _states(folder)
    return [_channel(name, kinds.get(name), traffic.get(name, {}), states) for name in {**kinds, **traffic}]


def _channel(name: str, kind: str | None, traffic: options.Row, states: dict[str, Any]) -> options.Row:
    known = states.get(name, {"state": "stopped", "note": "no gateway is running"})
    if kind is None:
        known = {"state": "gone", "note": "it is in the data but no longer in the settings"}
    figures = ("last_heard", "came_in", "went_out", "waiting", "due", "kept", "quarantined")
    return {
        "channel": name,
        "kind": kind,
        "state": known["state"],
        "note": known["note"],
    } | {figure: traffic.get(figure, None if figure == "last_heard" else 0) for figure in figures}


def _states(folder: Path) -> dict[str, Any]:
    try:
        return {row["name"]: row for row in asyncio.run(control.ask(folder, "channels", {}))}
    except (OSError, OperationRefused):
        return {}


def _most(limit: int, everything: bool) -> int:
    return options.EVERYTHING if everything else limit


def _show(row: options.Row | None, missing: str, as_json: bool) -> None:
    if row is None:
        options.fail(missing)
    options.print_fields(row, as_json)
