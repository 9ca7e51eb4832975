"""`kanal dialogues`: which dialogues there are, how each goes, and what was answered in them."""

import csv
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from gateway import registry
from gateway.bot.dialogue import Dialogue
from gateway.bot.graph import NotDrawn, drawn
from gateway.cli import looks, options
from gateway.cli.looking import looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_rows, visible
from gateway.errors import ConfigError
from gateway.store.person import answers_to
from gateway.transfer.table import harmless

app = typer.Typer(no_args_is_help=True, help="Dialogues: what the bot asks and says, and what opens it.")

COLUMNS = (
    Column("DIALOGUE", "name"),
    Column("FROM", "package"),
    Column("OPENS BY", "opens", elastic=True),
    Column("WHAT IT IS FOR", "about", elastic=True),
)
ANSWERS = (
    Column("WHEN", "at"),
    Column("CHANNEL", "channel"),
    Column("WHO", "who"),
    Column("ANSWERS", "answers", elastic=True),
)


@app.command("list")
def list_(as_json: JsonOption = False) -> None:
    """List the installed dialogues, ours and those of other packages."""
    rows = list(_rows())
    print_rows(rows, COLUMNS, as_json, UTC)
    if any("cannot be loaded" in str(row["about"]) for row in rows):
        raise typer.Exit(1)


@app.command()
def graph(name: Annotated[str, typer.Argument(help="A dialogue, as `kanal dialogues list` names it.")]) -> None:
    """Print how a dialogue goes, as a flowchart for Mermaid, which GitHub and many editors show."""
    try:
        typer.echo(drawn(registry.dialogue(name)), nl=False)
    except NotDrawn as problem:
        options.fail(str(problem))


@app.command()
def answers(
    name: Annotated[str, typer.Argument(help="A dialogue that keeps answers, as a survey does.")],
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only from this day on, as 2026-11-20.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for spreadsheets.")] = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Export what was answered in a dialogue that keeps it, oldest first. Needs --why.

    WHO answered is a pseudonym: the same for the same person in this dialogue, and of no meaning anywhere else. What
    they wrote freely may name them all the same.
    """
    reason = looks.reason(why)
    with looking(config, data) as look:
        start = _start(since, look.zone)
        looks.record(look, "look at answers", [answers_to(name)], reason)
        found = list(look.views.answers(name, start))
        if not found:
            options.refuse_unknown("dialogue", name, registry.dialogue_names())
        if as_csv:
            _write_table(found)
        else:
            print_rows(found if as_json else map(_in_one_line, found), ANSWERS, as_json, look.zone)


def _start(day: str | None, zone: ZoneInfo) -> float:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=zone).timestamp() if day else 0.0
    except ValueError:
        options.fail(f"'{day}' is no date: write it as 2026-11-20", 2)


def _in_one_line(row: Row) -> Row:
    return row | {"answers": ", ".join(f"{name} {visible(value)}" for name, value in row["answers"].items())}


def _write_table(found: Sequence[Row]) -> None:
    """A column for each answer that anybody gave."""
    names = list(dict.fromkeys(name for row in found for name in row["answers"]))
    writer = csv.writer(sys.stdout)
    writer.writerow(["at", "channel", "who", *names])
    for row in found:
        given = (row["answers"].get(name) for name in names)
        writer.writerow([row["at"], row["channel"], row["who"], *map(harmless, given)])


def _rows() -> Iterator[Row]:
    """One that cannot be loaded is told, and stops no other."""
    for name, entry in sorted(registry.entries(registry.DIALOGUES).items()):
        package = entry.dist.name if entry.dist else ""
        try:
            one = registry.dialogue(name)
        except ConfigError as error:
            yield {"name": name, "package": package, "opens": "", "about": str(error.problems[0].what)}
        else:
            yield {"name": name, "package": package, "opens": _opens(one), "about": one.about}


def _opens(dialogue: Dialogue) -> str:
    return "; ".join(f"{one.how} {', '.join(one.words)}".strip() for one in dialogue.opens)
