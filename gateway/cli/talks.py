"""`kanal talks`: the bot's talks with citizens, and how a person goes on with one."""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway import settings, transcript
from gateway.cli import looks, options
from gateway.cli.looking import Look, looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_done, print_fields, print_json_lines, print_rows, visible, when
from gateway.filed import Reading
from gateway.store import full
from gateway.store.contract import TalkMode
from gateway.store.rows import INTERNAL
from gateway.vault import CannotOpen
from gateway.workers import ChildLost, NoWorker, Workers
from gateway.workorders import Setup
from normalizer.book import Book

app = typer.Typer(no_args_is_help=True, help="Talks: what the bot and citizens say, and how a person goes on with one.")

READ_SECONDS = 20.0
COLUMNS = (
    Column("TALK", "id"),
    Column("MODE", "mode"),
    Column("CHANNEL", "channel"),
    Column("SINCE", "since"),
    Column("HEARD", "heard_at"),
    Column("ANSWERED", "answered_at"),
    Column("DIALOGUE", "dialogue"),
    Column("ASKED", "asked"),
    Column("CASE", "case"),
    Column("WHY", "why", elastic=True),
)
MARKS = {"citizen": ">", "bot": "<", "person": "<"}

TalkArgument = Annotated[str, typer.Argument(help="Its id, as in t-…")]


@app.command("list")
def list_(
    mode: Annotated[str | None, typer.Option(help=f"Only those in this mode: {', '.join(TalkMode)}.")] = None,
    channel: Annotated[str | None, typer.Option("--channel", help="Only of this channel.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many.")] = 50,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List talks: those that a person is to go on with, oldest first, then the others, newest first.

    ANSWERED is when a person last said something in it, HEARD when the citizen did."""
    options.refuse_unknown("mode", mode, TalkMode)
    with looking(config, data) as look:
        found = islice(_talks(look, mode, look.channel(channel), limit), limit)
        print_rows(found, COLUMNS, as_json, look.zone)


def _talks(look: Look, mode: str | None, channel: str | None, limit: int) -> Iterator[Row]:
    if mode:
        yield from look.views.talks(mode, channel, limit)
        return
    yield from look.views.talks(TalkMode.PERSON, channel, limit)
    yield from (row for row in look.views.talks(None, channel, limit) if row["mode"] != TalkMode.PERSON)


@app.command()
def show(
    talk: TalkArgument,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one: with whom, and all that was said in it. Needs --why."""
    reason = looks.reason(why)
    with looking(config, data) as look:
        row = look.views.talk(talk)
        if row is None:
            options.fail(f"there is no talk {talk}: see `kanal talks list`")
        said = look.views.said_in(talk)
        person = full.talk(look.views.connection, look.views.vault, talk)
        seqs = (one["seq"] for one in said if "seq" in one)
        looks.record(look, "look at a talk", [talk, str(person["with"] or ""), *looks.numbers(seqs)], reason)
        lines = asyncio.run(_transcript(look, config, row, said))
        if as_json:
            print_json_lines([row | person | {"said": lines}])
        else:
            print_fields(row | person, as_json, look.zone)
            _print_transcript(look, lines)


async def _transcript(look: Look, config: Path | None, talk: Row, said: Iterable[Row]) -> list[Row]:
    """What came in is read again by a worker process, since strangers made it."""
    loaded = settings.load(config, data=look.folder)
    setup = Setup(loaded.source, str(loaded.base), str(look.folder), Book(loaded.gateway.areas))
    is_readable = talk["channel"] in {one.name for one in loaded.channels}
    workers = Workers(setup, 1)
    lines: list[Row] = []
    try:
        for one in said:
            if "seq" not in one:
                text = full.reply(look.views.connection, look.views.vault, one["id"])["text"]
                lines.append(transcript.said(one, text))
            else:
                reading = await _read(look, workers, one) if is_readable else Reading(error="its channel is gone")
                lines += transcript.heard(look.views.vault.lookup, talk["id"], one, reading)
    finally:
        await workers.close()
    return lines


async def _read(look: Look, workers: Workers, row: Row) -> Reading:
    try:
        delivery = look.views.opened(row["seq"])
        if delivery.content_type in INTERNAL:
            return Reading()
        (reading,) = await workers.read(row["channel"], [delivery], READ_SECONDS, look=False)
    except (CannotOpen, ChildLost, NoWorker) as error:
        return Reading(error=str(error))
    return reading


def _print_transcript(look: Look, lines: Iterable[Row]) -> None:
    typer.echo()
    for line in lines:
        first, *more = line["text"].split("\n")
        typer.echo(f"{when(line['at'], look.zone)}  {MARKS[line['from']]} {visible(first)}{_beside(line)}")
        for rest in more:
            typer.echo(f"{'':{len(when(line['at'], look.zone))}}    {visible(rest)}")


def _beside(line: Row) -> str:
    """What is to be known of a line besides its words."""
    marks = [
        "a person" if line["from"] == "person" else "",
        f"{line['files']} files" if line.get("files") else "",
        "in public" if line.get("public") else "",
        line.get("state", ""),
        visible(line["error"]) if line.get("error") else "",
    ]
    said = ", ".join(filter(None, marks))
    return f"  ({said})" if said else ""


@app.command()
def take(talk: TalkArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Take a talk over from the bot, which is silent in it until it is given back."""
    _change(config, data, "take_over", talk, "{talk} is yours: the bot is silent in it", as_json)


@app.command()
def answer(
    talk: TalkArgument,
    text: Annotated[str, typer.Argument(help="What to say; - reads it from standard input.")],
    anyway: Annotated[bool, typer.Option("--anyway", help="Also in a talk that the bot goes on with.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say something to the citizen, over their channel, in a talk that a person goes on with."""
    words = sys.stdin.read() if text == "-" else text
    said = "{talk}: answered, in so many messages: {count}; see `kanal replies list`"
    _change(config, data, "answer_talk", talk, said, as_json, text=words, anyway=anyway)


@app.command("give-back")
def give_back(
    talk: TalkArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None
) -> None:
    """Give a talk back to the bot: it answers what the citizen writes next, and says nothing by itself."""
    _change(config, data, "give_back", talk, "{talk} is the bot's again", as_json)


def _change(
    config: Path | None, data: Path | None, verb: str, talk: str, said: str, as_json: bool, **values: Any
) -> None:
    done = options.change(config, data, verb, {"talk": talk, "actor": options.actor()} | values)
    count = len(done.get("replies", ()))
    print_done(done, said.format(talk=talk, count=count), as_json)
