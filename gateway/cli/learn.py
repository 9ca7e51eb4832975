"""`kanal learn`: what operators decided helps with what comes in."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from gateway import categories, learntfile
from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption
from gateway.cli.progress import progress
from gateway.learning import Outcome, TooFew, judged
from normalizer.persons.masking import mask
from normalizer.sorting.categories import Categories
from normalizer.sorting.learnt import Example
from normalizer.words.text import clean

app = typer.Typer(no_args_is_help=True, help="Learn from what operators decided.")

RELOAD = "a running gateway takes it up by `kanal reload`"
_CSV_FIELD = 1 << 20


@app.command("categories")
def categories_(
    from_: Annotated[
        Path | None,
        typer.Option("--from", help="A CSV file with the columns text and category.", exists=True, dir_okay=False),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to what was in force before.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Learn which words speak for which category, from the cases whose category a person set (`kanal cases category`).

    A third of the texts is held back: what was learnt is kept only if it ranks them better than the table alone.
    """
    folder = options.data_folder(config, data)
    if undo:
        _undo(folder)
        return
    known = categories.load(folder)
    examples = list(_of_file(from_, known) if from_ else _of_cases(config, data, known))
    try:
        outcome = _judged(examples, known)
    except TooFew as few:
        options.fail(str(few))
    _tell(outcome, len(examples))
    if not outcome.is_better:
        typer.echo("It is no better than the table alone: nothing has changed.")
    elif dry_run:
        typer.echo("It is better than the table alone; without --dry-run it would be kept.")
    else:
        learntfile.keep(folder, outcome.model)
        typer.echo(f"It is better than the table alone, and kept as version {outcome.model.version}: {RELOAD}.")


def _undo(folder: Path) -> None:
    if not learntfile.undo(folder):
        options.fail("nothing was learnt: the table alone is in force")
    typer.echo(f"What was learnt last is gone: {RELOAD}.")


def _of_cases(config: Path | None, data: Path | None, known: Categories) -> Iterator[Example]:
    with looking(config, data) as look:
        for text, category, reporter in look.views.sorted_by_hand():
            if category in known.categories:
                yield Example(text, category, reporter)


def _of_file(file: Path, known: Categories) -> Iterator[Example]:
    csv.field_size_limit(_CSV_FIELD)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), 2):
                yield _of_row(row, number, known)
    except (UnicodeDecodeError, csv.Error) as error:
        options.fail(f"{file} is no CSV file in UTF-8: {error}", 2)


def _of_row(row: dict[str, str | None], number: int, known: Categories) -> Example:
    text, category = row.get("text"), row.get("category")
    if text is None or category is None:
        options.fail(f"row {number}: the columns text and category are needed", 2)
    options.refuse_unknown(f"category (row {number})", category.strip(), known.categories)
    return Example(mask(clean(text)), category.strip())


def _judged(examples: list[Example], known: Categories) -> Outcome:
    with progress() as tell:
        for found in judged(examples, known, datetime.now(UTC).date().isoformat()):
            if isinstance(found, Outcome):
                return found
            tell("ranking what is held back", found, len(examples))
    raise TooFew("there is nothing to learn from")


def _tell(outcome: Outcome, count: int) -> None:
    typer.echo(f"{count} texts, of which {outcome.table.first.count} were held back:")
    rows = [("the table alone", outcome.table), ("with what was learnt", outcome.learnt)]
    rows += [("as it is in force", outcome.in_force)] if outcome.in_force else []
    for name, figures in rows:
        typer.echo(f"  {name.ljust(20)}  right at once {figures.first}; among three {figures.among_three}")
