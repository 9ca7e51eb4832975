"""`kanal cases`: the incidents, and what people do with them."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway import categories
from gateway.cases import Status
from gateway.cli import looks, options
from gateway.cli.looking import Look, looking
from gateway.cli.looks import WhyOption
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption
from gateway.cli.printing import (
    Column,
    Row,
    in_one_line,
    print_done,
    print_fields,
    print_json_lines,
    print_rows,
    visible,
    when,
)
from gateway.clock import Step
from gateway.store import full
from gateway.store.images import As
from normalizer.report import Kind

app = typer.Typer(no_args_is_help=True, help="Cases: one incident each, however many reported it.")

CodeArgument = Annotated[str, typer.Argument(help="Tracking code, as in KNL-7F3K-92QX.")]
COLUMNS = (
    Column("CODE", "code"),
    Column("WHEN", "opened_at"),
    Column("WHAT", "what", elastic=True),
    Column("WHERE", "where", elastic=True),
    Column("REPORTS", "reports"),
    Column("REMINDED", "reminders", optional=True),
    Column("NOTE", "note", optional=True),
    Column("STATUS", "status"),
    Column("UNIT", "unit", elastic=True),
    Column("LEFT", "left"),
)
LATE = (
    Column("CODE", "code"),
    Column("LATE", "late"),
    Column("WITH", "late_steps"),
    Column("UNIT", "unit"),
    Column("WHAT", "what", elastic=True),
    Column("WHERE", "where", elastic=True),
    Column("STATUS", "status"),
)


@app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help=f"Only those with this status: {', '.join(Status)}.")] = None,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Only those that may repeat another: a person decides.")
    ] = False,
    category: Annotated[str | None, typer.Option(help="Only those of this category, by its code.")] = None,
    area: Annotated[
        str | None, typer.Option(help="Only those in this area and the areas within it: Kemendagri code, as in 31.74.")
    ] = None,
    unit: Annotated[str | None, typer.Option(help="Only those that this unit has in hand.")] = None,
    late: Annotated[bool, typer.Option("--late", help="Only open ones that are late, the latest first.")] = False,
    step: Annotated[
        str | None, typer.Option(metavar="STEP", help=f"Only those that are late with it: {', '.join(Step)}.")
    ] = None,
    urgent: Annotated[
        bool, typer.Option("--urgent", help="Only open ones that are urgent or an emergency; these come first.")
    ] = False,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List cases, newest first."""
    options.refuse_unknown("status", status, Status)
    options.refuse_unknown("step", step, Step)
    steps = [one for one in Step if one == step or (late and not step)]
    with looking(config, data) as look:
        if category:
            options.refuse_unknown("category", category, categories.load(look.folder).categories)
        most = options.most(limit, everything)
        newest = not everything
        found = look.views.cases(
            status, unsure, most, newest=newest, category=category, area=area, unit=unit, late=steps, urgent=urgent
        )
        if steps:
            print_rows(map(_lateness, found), LATE, as_json, look.zone)
        else:
            print_rows((row | {"left": left(row), "note": _note(row)} for row in found), COLUMNS, as_json, look.zone)


@app.command()
def show(
    code: CodeArgument,
    all_words: Annotated[
        bool, typer.Option("--full", help="Also all words of its reports and who made them; needs --why.")
    ] = False,
    why: WhyOption = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Show one case: its reports with why they belong together, and its history."""
    said = looks.reason(why) if all_words else ""
    with looking(config, data) as look:
        case = look.views.case(look.code(code))
        if case is None:
            options.fail(f"there is no case {code}: see `kanal cases list`")
        reports = look.views.case_reports(case["code"])
        if all_words:
            reports = _opened(look, case["code"], reports, said)
        history = look.views.history(case["code"])
        numbers = look.views.numbers(case["code"])
        photos = look.views.same_photos(case["code"])
    if as_json:
        beside = {"numbers": numbers, "case_reports": reports, "history": history, "same_photos": photos}
        print_json_lines([case | beside])
    else:
        outside = {f"number in {store}": number for store, number in numbers.items()}
        print_fields(case | {"left": left(case)} | outside, as_json, look.zone)
        _print_photos(photos)
        _print_reports(reports, look.zone)
        _print_history(history, look.zone)


def _opened(look: Look, code: str, reports: list[Row], why: str) -> list[Row]:
    connection, vault = look.views.connection, look.views.vault
    ids = [row["id"] for row in reports]
    looks.record(look, "look at a case", [code, *ids, *(full.reporter(connection, one) for one in ids)], why)
    return [row | full.report(connection, vault, row["id"]) for row in reports]


def _print_reports(reports: Iterable[Row], zone: tzinfo) -> None:
    typer.echo("\nreports")
    for report in reports:
        at, said = when(report["received_at"], zone), visible(_said(report))
        typer.echo(f"  {report['id']}  {at}  {report['channel']}  {said}")
        if report.get("reporter"):
            who = (report["reporter_kind"], report["reporter_address"], report["reporter_name"] or "")
            typer.echo(f"      by {' '.join(map(visible, who))}")
        for sort, of_it in _thought(report):
            typer.echo(f"      {sort}: {of_it}")
        for link in report["links"]:
            typer.echo(f"      {link['kind']} as {link['other']} ({link['score']:.2f}): {visible(link['reasons'])}")


def _print_photos(photos: Iterable[Row]) -> None:
    """Codes of cases only: whose photo it is does not matter."""
    for one in photos:
        here = "a photo of this case" if one["here"] == As.PHOTO else "a proof of this case"
        there = "was sent in" if one["there"] == As.PHOTO else "proves"
        typer.echo(f"warning: {here} also {there} {one['code']}")


def _thought(report: Row) -> Iterator[tuple[str, str]]:
    """What the report is taken for, and what of it a person should look at."""
    for candidate in report.get("categories", []):
        yield "category", in_one_line(candidate)
    place = report.get("place") or {}
    for area in [place["area"]] if place.get("area") else place.get("areas", []):
        yield "area", in_one_line(area)
    if (urgency := report.get("urgency", {})).get("reasons"):
        yield urgency["level"], visible(urgency["reasons"])
    if report["triage"]:
        yield "look at", visible(report["triage"])


def _print_history(history: Iterable[Row], zone: tzinfo) -> None:
    typer.echo("\nhistory")
    for line in history:
        detail = ", ".join(f"{key} {value}" for key, value in line["detail"].items() if value)
        typer.echo(f"  {when(line['at'], zone)}  {line['event']}  {line['actor']}  {visible(detail)}")


@app.command()
def move(
    code: CodeArgument,
    status: Annotated[
        str, typer.Argument(help="Where to: koordinasi, disposisi, proses, estimasi, selesai-diusulkan …")
    ],
    unit: Annotated[str | None, typer.Option(help="The unit that has it now: its code.")] = None,
    note: Annotated[str | None, typer.Option(help="What the replies say besides.")] = None,
    proof: Annotated[Path | None, typer.Option(help="A file that proves it.", exists=True, dir_okay=False)] = None,
    estimate: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day by whose end it is expected to be done.")
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why not sooner: the replies say it.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Let the estimate lie beyond the last line.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Move a case to another status, or hand it on within its own, with a reply to each of its reporters."""
    values: dict[str, Any] = {"code": code, "status": status, "actor": options.actor(), "unit": unit, "note": note}
    values |= {"estimate": estimate, "reason": reason, "force": force}
    if proof:
        values["proof"] = proof.read_bytes()
    done = options.change(config, data, "move", values)
    print_done(done, f"{done['code']} is now '{done['status']}'; {_written(done)}", as_json)
    if done["proof_also_in"]:
        typer.echo(f"warning: the same photo proves {', '.join(done['proof_also_in'])}", err=True)
    if done["proof_sent_in"]:
        typer.echo(f"warning: a citizen sent the same photo in {', '.join(done['proof_sent_in'])}", err=True)


@app.command()
def category(
    code: CodeArgument,
    to: Annotated[str, typer.Argument(metavar="CATEGORY", help="What it is about: see `kanal categories list`.")],
    why: Annotated[str, typer.Option(help="Why: its history says so.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Say or confirm what a case is about; its deadlines and, while nobody has begun, its unit follow from it.

    `kanal learn categories` learns from what was said so."""
    values = {"code": code, "category": to, "why": why, "actor": options.actor()}
    done = options.change(config, data, "category", values)
    handed = f"; it goes to {done['unit']}" if done["moved"] else ""
    print_done(done, f"{done['code']} is about '{done['category']}'{handed}", as_json)


@app.command()
def place(
    code: CodeArgument,
    area: Annotated[str, typer.Argument(help="Kemendagri code, as in 31.74.03.1002; see `kanal areas show`.")],
    why: Annotated[str, typer.Option(help="What tells so: the history keeps it.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Give a case its area, where nobody has yet: it goes to the unit of that area, unless a person handed it on."""
    values = {"code": code, "area": area, "actor": options.actor(), "why": why}
    done = options.change(config, data, "place", values)
    unit = f"; it is handed to {done['unit']}" if done["unit"] else ""
    print_done(done, f"{done['code']} is in {done['area']} {done['name']}{unit}", as_json)


@app.command()
def join(
    code: CodeArgument,
    into: Annotated[str, typer.Argument(help="The case it is one with.")],
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make two cases one; both codes go on working. `kanal cases part` undoes it."""
    done = options.change(config, data, "join", {"code": code, "into": into, "actor": options.actor()})
    print_done(done, f"{done['code']} is now part of {done['joined_into']}; {_written(done)}", as_json)


@app.command()
def part(
    code: CodeArgument,
    report: Annotated[str | None, typer.Option(help="Give this one report a case of its own.")] = None,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Undo a join, or part one report from a case."""
    done = options.change(config, data, "part", {"code": code, "report": report, "actor": options.actor()})
    said = f"{done['code']} stands apart from {done['parted_from']} again"
    if report:
        said = f"{report} of {done['parted_from']} is now case {done['code']}; {_written(done)}"
    print_done(done, said, as_json)


def _note(case: Row) -> str:
    """How urgent it is, or what it is if it is no report."""
    return case["urgency"] or (case["kind"] if case["kind"] not in {None, Kind.REPORT} else "")


def left(case: dict[str, Any]) -> str:
    """The time to the deadline, as in "6d 23h of 7d"; negative when late."""
    if case["closed_at"]:
        return "–"
    due, opened = datetime.fromisoformat(case["due_at"]), datetime.fromisoformat(case["opened_at"])
    seconds = (due - datetime.now(UTC)).total_seconds()
    sign = "-" if seconds < 0 else ""
    days, rest = divmod(abs(int(seconds)), 86_400)
    return f"{sign}{days}d {rest // 3600}h of {(due - opened).days}d"


def _lateness(case: Row) -> Row:
    """By how much, and with which steps."""
    seconds = (datetime.now(UTC) - datetime.fromisoformat(case["late_since"])).total_seconds()
    days, rest = divmod(int(seconds), 86_400)
    steps = ", ".join(late_steps(case))
    return case | {"late": f"{days}d {rest // 3600}h", "late_seconds": int(seconds), "late_steps": steps}


def late_steps(case: Row) -> Iterator[Step]:
    """The steps that should have been taken by now."""
    taken = {Step.COORDINATE: case["coordinated_at"], Step.ACT: case["acted_at"]}
    by = dict(zip(Step, (case[name] for name in ("coordinate_by", "act_by", "due_at", "last_by")), strict=True))
    now = datetime.now(UTC)
    yield from (step for step in Step if by[step] and not taken.get(step) and datetime.fromisoformat(by[step]) < now)


def _said(report: dict[str, Any]) -> str:
    return " — ".join(filter(None, (report.get("subject"), report.get("text"))))


def _written(done: Row) -> str:
    """Whether they are on their way or kept for a person depends on the channels."""
    count, withheld = done["told"], done["withheld"]
    but = f" and {withheld} withheld" if withheld else ""
    return f"{count} {'reply' if count == 1 else 'replies'} written{but}, see `kanal replies list`"
