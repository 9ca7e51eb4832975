"""What `kanal learn duplicates` does: it reads pairs, learns from them, and tells what came of it."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import typer

from gateway import duplicates
from gateway.backup.copying import Tell
from gateway.cli import options
from gateway.cli.looking import looking
from gateway.cli.progress import progress
from gateway.sameness.examples import Example, of_officers, of_reports
from gateway.sameness.figures import Figures
from gateway.sameness.file import NotLabelled, compared, read
from gateway.sameness.training import Outcome, TooFew, refuse_few, trained
from gateway.settings import Settings
from gateway.store import labelled
from normalizer.book import Book


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Where pairs are: in files of labelled reports, and in the cases of these data."""

    files: tuple[Path, ...]
    from_cases: bool
    config: Path | None
    data: Path | None


def learnt(given: Given, chosen: Settings, folder: Path) -> Outcome:
    """Ends the command where there is too little to learn from."""
    examples = list(_of_files(given.files, Book(chosen.gateway.areas)))
    if given.from_cases:
        examples += _of_cases(given.config, given.data)
    try:
        refuse_few(examples)
        outcome = _trained(examples, chosen.duplicates, folder)
    except TooFew as few:
        options.fail(str(few))
    _tell(outcome)
    return outcome


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


def _trained(examples: Sequence[Example], chosen: duplicates.DuplicateSettings, folder: Path) -> Outcome:
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


def keep(outcome: Outcome, file: Path, is_kept: bool, then: str) -> None:
    """Say what came of it, and keep it if it is to be."""
    verdict = "no worse than" if outcome.is_no_worse else "worse than"
    typer.echo(f"What was learnt is {verdict} what is in force.")
    if not is_kept:
        typer.echo("Nothing has changed.")
        return
    duplicates.keep(file, msgspec.json.format(msgspec.json.encode(outcome.model), indent=1))
    typer.echo(f"It is kept in {file}: {then}.")
