"""`kanal access`: all that is kept about one person, for that person to read."""

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TextIO

import typer

from gateway.cli import looks, options
from gateway.cli.looking import Look, looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import ConfigOption, DataOption
from gateway.cli.progress import progress
from gateway.store import person
from gateway.store.account import Account, Sections
from gateway.store.person import Person, Progress


def access(
    who: Annotated[
        str,
        typer.Argument(
            help="Phone number, mail address, kind:value for others, or id (p-…); - to be asked for it.",
            metavar="PERSON",
        ),
    ],
    why: WhyOption = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="New file to write, for its owner alone; standard output without."),
    ] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Write all that is kept about a person as JSON: who they are, what they sent and were told, their reports and
    cases, and who looked at it."""
    said = looks.reason(why)
    if output and output.exists():
        options.fail(f"{output} is there already: name a new file")
    named = options.named(who)
    with looking(config, data) as look, progress() as tell:
        found = _found(look, named, said, tell)
        account = Account(look.views.connection, look.views.vault, look.views.blobs, tell).of(found)
        with _new(output) if output else _standard_output() as file:
            counts = _write(file, account)
    where = f" to {output}" if output else ""
    typer.echo(f"{', '.join(f'{count} {_words(what)}' for what, count in counts.items())} written{where}", err=True)


def _found(look: Look, who: str, why: str, tell: Progress) -> Person:
    """That nothing is kept of somebody is known only by looking, too."""
    connection, vault = look.views.connection, look.views.vault
    try:
        contacts = person.contacts_of(connection, vault, who, tell)
    except ValueError as error:
        options.fail(str(error), 2)
    looks.record(look, "write out what is kept of a person", [one.id for one in contacts], why)
    found = person.held_of(connection, vault, look.views.blobs, contacts, tell)
    if not found.is_known and looks.recorded(look, found.names()) == 1:
        options.fail("nothing is kept of this person")
    return found


def _write(file: TextIO, sections: Sections) -> Counter[str]:
    """One thing after the other, since there may be much of it."""
    counts: Counter[str] = Counter()
    file.write(f'{{\n"written_at": "{datetime.now(UTC).isoformat(timespec="seconds")}"')
    for what, things in sections.items():
        file.write(f',\n"{what}": [')
        for thing in things:
            file.write(",\n" if counts[what] else "\n")
            file.write(json.dumps(thing, indent=2, ensure_ascii=False))
            counts[what] += 1
        file.write("]")
    file.write("\n}\n")
    return counts


def _words(what: str) -> str:
    return what.replace("_", " ")


@contextmanager
def _new(path: Path) -> Iterator[TextIO]:
    """A file that is not there yet, for its owner alone; gone again if it cannot be finished."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _standard_output() -> Iterator[Any]:
    yield sys.stdout
