"""`kanal erase`: destroy the keys of all that tells of one person, or of all that was said in one case."""

from typing import Annotated, Any

import typer

from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import print_done, visible
from gateway.store import upgrade


def erase(
    target: Annotated[
        str,
        typer.Argument(
            help="Phone number, mail address, kind:value or id of a person; or a tracking code; or a delivery's number;"
            " - to be asked for it."
        ),
    ],
    why: Annotated[
        str, typer.Option("--why", help="The reason, for the audit log; name the request, not the person.")
    ] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be destroyed.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Erase a person, a case or a delivery. It cannot be undone.

    Of a person: who it is, what came in, full words and replies. Reports remain in their cases, without their reporter
    and with personal data masked. Of a case: all that was said in it, and its reporters where they reported nothing
    else; its code, status and times remain. Backups made before still hold it: remove them, or let them grow old.
    """
    if not why.strip():
        options.fail("say why it is looked for or erased, for the audit log: --why TEXT", 2)
    target = options.named(target)
    values = {"target": target, "why": why, "actor": options.actor()}
    if dry_run or not yes:
        found = _found(target, options.change(config, data, "erase", values | {"dry_run": True}))
        if dry_run:
            print_done(found, f"would be destroyed:\n{_in_words(found)}", as_json)
            return
        typer.echo(f"will be destroyed for ever:\n{_in_words(found)}", err=True)
        typer.confirm("Erase it?", abort=True, err=True)
    done = _found(target, options.change(config, data, "erase", values))
    print_done(done, f"destroyed:\n{_in_words(done)}", as_json)
    for copy in upgrade.copies(options.data_folder(config, data)):
        typer.echo(f"{copy} is of before an upgrade and still holds it: remove it", err=True)
    if not done["log_emptied"]:
        typer.echo("somebody is reading the database: run `kanal purge` later, which empties its log", err=True)


def _found(target: str, told: dict[str, Any]) -> dict[str, Any]:
    if not any(told["destroyed"].values()):
        options.fail(f"nothing is kept of {target} that could be erased{_waiting(told)}")
    return told


def _in_words(done: dict[str, Any]) -> str:
    gone, left = done["destroyed"], done["remains"]
    lines = [
        f"  {gone['contacts']} people, the bytes of {gone['deliveries']} deliveries, the full words and reporters of"
        f" {gone['reports']} reports, the texts of {gone['replies']} replies,"
        f" what the bot remembers of {gone['talks']} talks,"
        f" what was answered in {gone['answers']} surveys, {gone['notes']} notes and drafts of officers"
    ]
    if gone["words_of_cases"]:
        lines.append(f"  all that was said in {', '.join(gone['words_of_cases'])}")
    lines += ["remains:", f"  cases: {', '.join(left['cases']) or 'none'}: code, status, times, places"]
    if left["masked_words_of_reports"]:
        lines.append(
            f"  the masked words of {left['masked_words_of_reports']} reports: `kanal erase CODE` destroys them too"
        )
    if left["deliveries_of_others_that_mention_the_person"]:
        numbers = ", ".join(map(str, left["deliveries_of_others_that_mention_the_person"]))
        lines.append(
            f"  deliveries that mention the person, of unknown senders: {numbers}: look at each, then erase it"
        )
    if left["deliveries_waiting"]:
        lines.append(f"  deliveries that are not filed yet: {', '.join(map(str, left['deliveries_waiting']))}")
    if left["passed_on_to"]:
        lines.append(f"  what was passed on to {visible(left['passed_on_to'])}: they are told to forget it")
    return "\n".join([*lines, "  the audit log, without why somebody looked; and backups made before"])


def _waiting(found: dict[str, Any]) -> str:
    waiting = found["remains"]["deliveries_waiting"]
    return f"; {len(waiting)} deliveries wait to be filed: erase again then" if waiting else ""
