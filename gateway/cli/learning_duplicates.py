"""`kanal learn duplicates`: what people said of pairs of reports helps to tell what is one incident."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from gateway import duplicates, settings
from gateway.backup.copying import Tell
from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.options import ConfigOption, DataOption
from gateway.cli.progress import progress
from gateway.sameness.examples import Example, of_officers, of_reports
from gateway.sameness.figures import Figures
from gateway.sameness.file import NotLabelled, compared, read
from gateway.sameness.training import Outcome, TooFew, refuse_few, trained
from gateway.store import labelled
from normalizer.book import Book

RELOAD = "a running gateway takes it up by `kanal reload`, and judges again by `kanal duplicates rejudge`"


def learn_duplicates(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="PAIRS", help="Labelled reports as JSON lines: see docs/duplicates.md.", exists=True, dir_okay=False
        ),
    ] = None,
    from_cases: Annotated[
        bool, typer.Option("--from-cases", help="Learn from what officers joined, parted and decided.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the weights there, instead of putting them in force.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would come of it.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Keep the weights even if they are worse.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Go back to what was in force before.")] = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Learn from labelled pairs how much each sign says that two reports are of one incident.

    One incident in three is held back: what was learnt is kept only if it is no worse on these than the weights in
    force, which stay beside it.
    """
    folder = options.data_folder(config, data)
    if undo:
        _undo(folder)
        return
    if not (files or from_cases):
        options.fail("name files of labelled reports, or --from-cases", 2)
    chosen = settings.load(config, data=folder)
    if chosen.duplicates.model and not (out or dry_run):
        options.fail(f"[duplicates] names {chosen.duplicates.model}: say by --out where to write the weights", 2)
    examples = [*_of_files(files or [], Book(chosen.gateway.areas)), *(_of_cases(config, data) if from_cases else [])]
    try:
        refuse_few(examples)
        outcome = _trained(examples, chosen.duplicates, folder)
    except TooFew as few:
        options.fail(str(few))
    _tell(outcome)
    _keep(outcome, out or folder / duplicates.LEARNT, is_kept=(outcome.is_no_worse or force) and not dry_run)


def _undo(folder: Path) -> None:
    if not duplicates.undo(folder):
        options.fail("nothing was learnt: the weights that Kanal brings are in force")
    typer.echo(f"What was learnt last is gone: {RELOAD}.")


def _of_files(files: Sequence[Path], book: Book) -> Iterator[Example]:
    with progress() as tell:
        for file in files:
            try:
                yield from _of_file(file, book, tell)
            except NotLabelled as fault:
                options.fail(str(fault), 2)


def _of_file(file: Path, book: Book, tell: Tell) -> Iterator[Example]:
    """Incidents of two files are two."""
    reports = read(file)
    for number, found in enumerate(of_reports(compared(reports, book)), 1):
        tell(f"reading {file.name}", number, len(reports))
        yield from (msgspec.structs.replace(one, incident=f"{file.name} {one.incident}") for one in found)


def _of_cases(config: Path | None, data: Path | None) -> list[Example]:
    with looking(config, data) as look:
        return of_officers(list(labelled.labelled_pairs(look.views.connection)))


def _trained(examples: Sequence[Example], chosen: settings.DuplicateSettings, folder: Path) -> Outcome:
    before = duplicates.model(chosen, folder)
    said = f"{before.trained}; {len(examples)} pairs on {datetime.now(UTC).date().isoformat()}"
    with progress() as tell:
        for found in trained(examples, before, said):
            if isinstance(found, Outcome):
                return found
            tell("comparing pairs", found, len(examples))
    raise TooFew("there is nothing to learn from")


def _tell(outcome: Outcome) -> None:
    typer.echo(f"{outcome.learnt.count} pairs were held back:")
    for name, found in (("in force", outcome.in_force), ("learnt", outcome.learnt)):
        typer.echo(f"  {name.ljust(9)} {_said(found)}")
        for one in found.bins:
            typer.echo(f"{'':12}said {one.said:.2f}, true {one.true:.2f} of {one.count}")


def _said(found: Figures) -> str:
    links = f"links from {found.threshold:.2f} on: precision {found.precision:.3f}, recall {found.recall:.3f}"
    return f"{links}; loss {found.loss:.4f}"


def _keep(outcome: Outcome, file: Path, is_kept: bool) -> None:
    verdict = "no worse than" if outcome.is_no_worse else "worse than"
    typer.echo(f"What was learnt is {verdict} what is in force.")
    if not is_kept:
        typer.echo("Nothing has changed.")
        return
    duplicates.keep(file, msgspec.json.format(msgspec.json.encode(outcome.model), indent=1))
    typer.echo(f"It is kept in {file}: {RELOAD}.")
