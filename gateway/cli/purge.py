"""`kanal purge`: forget now what would be forgotten tonight."""

from typing import Annotated

import typer

from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import print_done


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be forgotten.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Forget what was kept for as long as the channels' settings say (keep_raw_days, keep_person_days).

    A running gateway does so each day. Cases, their codes and status, and what stands in clear of reports remain.
    """
    done = options.change(config, data, "purge", {"actor": options.actor(), "dry_run": dry_run})
    verb = "would be" if dry_run else "were"
    said = (
        f"the bytes of {done['deliveries']} deliveries, the full words and reporters of {done['reports']} reports,"
        f" {done['replies']} replies, {done['talks']} talks, answers to {done['answers']} surveys and"
        f" {done['contacts']} people {verb} forgotten;"
        f" {done['files']} files that nothing names {verb} removed"
    )
    print_done(done, said, as_json)
