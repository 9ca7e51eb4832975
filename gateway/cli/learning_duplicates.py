"""`kanal learn duplicates`: what people said of pairs of reports helps to tell what is one incident."""

from pathlib import Path
from typing import Annotated

import typer

from gateway import duplicates, settings
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption

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
    from gateway.cli import learning_pairs  # noqa: PLC0415 loads what compares

    given = learning_pairs.Given(files=tuple(files or ()), from_cases=from_cases, config=config, data=data)
    outcome = learning_pairs.learnt(given, chosen, folder)
    is_kept = (outcome.is_no_worse or force) and not dry_run
    learning_pairs.keep(outcome, out or folder / duplicates.LEARNT, is_kept, RELOAD)


def _undo(folder: Path) -> None:
    if not duplicates.undo(folder):
        options.fail("nothing was learnt: the weights that Kanal brings are in force")
    typer.echo(f"What was learnt last is gone: {RELOAD}.")
