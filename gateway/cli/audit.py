"""`kanal audit`: who looked at whom and why, and what was done to what is kept."""

from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any

import typer

from gateway.cli import options
from gateway.cli.looking import Look, looking
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption
from gateway.cli.printing import Column, Row, print_json_lines, print_rows
from gateway.cli.progress import progress
from gateway.store import audit as log
from gateway.store import person
from normalizer.persons.masking import mask

COLUMNS = (
    Column("SEQ", "seq"),
    Column("WHEN", "at"),
    Column("WHO", "actor"),
    Column("WHAT", "action"),
    Column("ABOUT", "about", elastic=True),
    Column("WHY", "why", elastic=True),
)
KEEP_IT = (
    "write the newest hash down where this machine cannot reach it: --verify --head tells later whether all is there"
)


def audit(
    about: Annotated[
        str | None, typer.Option(help="Only what is about this case, report, reply, contact (p-…) or delivery.")
    ] = None,
    actor: Annotated[str | None, typer.Option(help="Only what this person did.")] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check that nothing was changed, put in or taken out.")
    ] = False,
    head: Annotated[str | None, typer.Option(help="With --verify: a hash that was written down earlier.")] = None,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List who looked at whom and why, newest first, or check that the list is whole.

    Exit codes: 0 done, and whole; 1 it is not whole, or cannot be read; 2 the settings or the usage are wrong.
    """
    if head is not None and not verify:
        options.fail("--head goes with --verify", 2)
    with looking(config, data) as look:
        if verify:
            _verify(look, head, as_json)
            return
        found = _entries(look, about, actor, newest=not everything)
        print_rows(islice(found, options.most(limit, everything)), COLUMNS, as_json, look.zone)
        if not as_json and (newest := log.head(look.views.connection)):
            typer.echo(f"\nnewest hash {newest}\n{KEEP_IT}", err=True)


def _entries(look: Look, about: str | None, actor: str | None, newest: bool) -> Iterator[Row]:
    """Reasons name people, too; those whom a look is about are told by their ids."""
    names = _names(look, about) if about else None
    for entry in log.entries(look.views.connection, look.views.vault, newest):
        if (names is None or log.concerned(entry["about"], names)) and _is_by(entry["actor"], actor):
            yield entry | {"why": mask(entry["why"] or "")}


def _is_by(actor: str, asked: str | None) -> bool:
    return asked in (None, actor) or actor.startswith(f"{asked} as ")


def _names(look: Look, about: str) -> set[str]:
    """What an entry may be about to be about this: of a contact, all that is kept of the person."""
    if not about.startswith("p-"):
        return {about, look.code(about)}
    views = look.views
    try:
        with progress() as tell:
            return person.find(views.connection, views.vault, views.blobs, about, tell).names()
    except ValueError as error:
        options.fail(str(error), 2)


def _verify(look: Look, head: str | None, as_json: bool) -> None:
    found = _state(look, head)
    if as_json:
        print_json_lines([found])
    else:
        typer.echo(_said(found, head))
    if found["broken_at"] is not None or (head and found["head_at"] is None):
        raise typer.Exit(1)


def _state(look: Look, head: str | None) -> dict[str, Any]:
    connection = look.views.connection
    return {
        "entries": log.count(connection),
        "broken_at": log.verify(connection, look.views.vault),
        "head": log.head(connection),
        "head_at": log.place(connection, head.strip().lower()) if head else None,
    }


def _said(found: dict[str, Any], head: str | None) -> str:
    if found["broken_at"] is not None:
        return f"{found['entries']} entries, broken: number {found['broken_at']} was changed, put in or taken out"
    if head and found["head_at"] is None:
        return f"{found['entries']} entries, but none has that hash: what was there was cut off or replaced"
    since = f"; that hash is of number {found['head_at']}" if head else ""
    return f"{found['entries']} entries, whole{since}; newest hash {found['head'] or 'none'}"
