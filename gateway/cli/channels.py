"""`kanal channels list|show|pause|resume|test`: how each fares, holding what is sent by one, and asking its server."""

import asyncio
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gateway import control
from gateway.channels import ChannelStatus
from gateway.cli import costs, options
from gateway.cli.looking import Look, looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_done, print_fields, print_rows
from gateway.console.wording import Wording
from gateway.data import DataDirectory
from gateway.errors import OperationRefused
from gateway.health.words import Words

app = typer.Typer(no_args_is_help=True, help="Channels: where messages come from.")
DAY = 86_400.0
#: So many of the newest outages are shown.
MOST_GAPS = 10
STOPPED = ChannelStatus("", "stopped", "no gateway is running")
UNKNOWN = ChannelStatus("", "unknown", "the running gateway does not have it: see `kanal reload`")
SILENT = ChannelStatus("", "unknown", options.NO_ANSWER)
GONE = ChannelStatus("", "gone", "it is in the data but no longer in the settings")
FIGURES = ("last_heard", "last_sent", "came_in", "went_out", "waiting", "due", "oldest", "kept", "quarantined")
COLUMNS = (
    Column("CHANNEL", "channel"),
    Column("KIND", "kind"),
    Column("FAMILY", "family", optional=True),
    Column("STATE", "state"),
    Column("LAST HEARD", "last_heard"),
    Column("IN/24H", "came_in"),
    Column("OUT/24H", "went_out"),
    Column("WAITING", "waiting"),
    Column("COST/MONTH", "cost", optional=True),
    Column("FROM", "valid_from", optional=True),
    Column("UNTIL", "valid_until", optional=True),
    Column("NOTE", "note", elastic=True),
)
NameArgument = Annotated[str, typer.Argument(help="Its name in the settings.", metavar="NAME")]


@app.command("list")
def list_channels(as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """List the channels: how each fares, when it was last heard, what came in and went out in 24 hours."""
    with looking(config, data) as look:
        print_rows(_channels(look, config), COLUMNS, as_json, look.zone)


@app.command("show")
def show_channel(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Show one channel: also what to do about it, and the reports of its last outages."""
    with looking(config, data) as look:
        found = next((row for row in _channels(look, config) if row["channel"] == name), None)
        if found is None:
            options.fail(f"there is no channel {name}: see `kanal channels list`")
        print_fields(found | {"outages": _outages(look, name, as_json)}, as_json, look.zone)


def _outages(look: Look, name: str, as_json: bool) -> list[Row]:
    gaps = look.views.gaps(name, MOST_GAPS)
    words = _words(look)
    return [msgspec.to_builtins(gap) if as_json else {"": words.gap(gap)} for gap in gaps]


def _channels(look: Look, config: Path | None) -> list[Row]:
    traffic = look.views.traffic(time.time() - DAY)
    states, otherwise = _states(look.folder)
    words, spent = _words(look), costs.in_short(look, config)
    return [
        _channel(name, look.kinds.get(name), traffic.get(name, {}), states.get(name, otherwise), words)
        | {"cost": spent.get(name, "")}
        | {one: str(look.channels.get(name, {}).get(one, "")) for one in ("family", "valid_from", "valid_until")}
        for name in {**look.kinds, **traffic}
    ]


def _words(look: Look) -> Words:
    return Words(partial(_text, Wording.load()), look.zone)


def _text(wording: Wording, name: str, **values: object) -> str:
    return wording.text(name, "en", **values)


def _channel(name: str, kind: str | None, traffic: Row, known: ChannelStatus, words: Words) -> Row:
    known = GONE if kind is None else known
    figures = {one: traffic.get(one, None if one in {"last_heard", "last_sent", "oldest"} else 0) for one in FIGURES}
    about = {"state": known.state, "note": words.wrong(known), "to_do": words.to_do(known)}
    return {"channel": name, "kind": kind, **about, **figures}


def _states(folder: Path) -> tuple[Mapping[str, ChannelStatus], ChannelStatus]:
    """What a running gateway says of its channels, by name, and what is to be said of any other."""
    try:
        told = msgspec.convert(asyncio.run(control.ask(folder, "channels", {})), list[ChannelStatus])
    except (OSError, OperationRefused):
        return {}, SILENT if DataDirectory.is_in_use(folder) else STOPPED
    return {one.name: one for one in told}, UNKNOWN


@app.command()
def pause(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Send nothing by a channel until it is resumed. What comes in is taken and kept, and what is to be said waits."""
    done = options.change(config, data, "pause_channel", {"channel": name, "actor": options.actor()})
    print_done(done, f"nothing is sent by {name} until `kanal channels resume {name}`", as_json)


@app.command()
def resume(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Send again by a channel that was paused; what waits leaves at once."""
    done = options.change(config, data, "resume_channel", {"channel": name, "actor": options.actor()})
    print_done(done, f"{name} sends again", as_json)


@app.command()
def test(name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Ask the server of a channel whether it can be used; nothing is sent to a citizen."""
    done = options.change(config, data, "test_channel", {"channel": name})
    if fault := done["fault"]:
        options.fail(f"{name}: {fault}")
    print_done(done, f"{name}: {'its server answers' if fault == '' else 'it has no server to ask'}", as_json)


@app.command()
def canary(
    name: NameArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Print a text to be sent to a channel from outside, as a citizen would: it becomes no report, and shows that the
    whole way works. See `canary_minutes`."""
    done = options.change(config, data, "canary", {"channel": name})
    print_done(done, str(done["text"]), as_json)
