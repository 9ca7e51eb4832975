"""`kanal cases`: the incidents, and what people do with them."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from gateway.cli import options
from gateway.cli.options import AllOption, ConfigOption, DataOption, JsonOption, LimitOption

app = typer.Typer(no_args_is_help=True, help="Cases: one incident each, however many reported it.")

CodeArgument = Annotated[str, typer.Argument(help="Tracking code, as in KNL-7F3K-92QX.")]
COLUMNS = (
    ("CODE", "code"),
    ("WHEN", "when"),
    ("WHAT", "what"),
    ("WHERE", "where"),
    ("REPORTS", "reports"),
    ("STATUS", "status"),
    ("LEFT", "left"),
)


@app.command("list")
def list_(
    status: Annotated[str | None, typer.Option(help="Only those with this status.")] = None,
    unsure: Annotated[
        bool, typer.Option("--unsure", help="Only those that may repeat another: a person decides.")
    ] = False,
    limit: LimitOption = 50,
    everything: AllOption = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """List cases, newest first."""
    found = options.views(config, data).cases(
        status, unsure, options.EVERYTHING if everything else limit, newest=not everything
    )
    options.print_rows((row | {"when": _when(row["opened_at"]), "left": left(row)} for row in found), COLUMNS, as_json)


@app.command()
def show(code: CodeArgument, as_json: JsonOption = False, config: ConfigOption = None, data: DataOption = None) -> None:
    """Show one case: its reports with why they belong together, and its history."""
    views = options.views(config, data)
    case = views.case(code.strip().upper())
    if case is None:
        options.fail(f"there is no case {code}: see `kanal cases list`")
    reports = views.case_reports(case["code"])
    history = views.history(case["code"])
    if as_json:
        options.print_json_lines([case | {"case_reports": reports, "history": history}])
        return
    options.print_fields(case | {"left": left(case)}, as_json=False)
    typer.echo("\nreports")
    for report in reports:
        typer.echo(f"  {report['id']}  {report['received_at']}  {report['channel']}  {options.visible(_said(report))}")
        for link in report["links"]:
            typer.echo(
                f"      {link['kind']} as {link['other']} ({link['score']:.2f}): {options.visible(link['reasons'])}"
            )
    typer.echo("\nhistory")
    for line in history:
        detail = ", ".join(f"{key} {value}" for key, value in line["detail"].items())
        typer.echo(f"  {line['at']}  {line['event']}  {line['actor']}  {options.visible(detail)}")


@app.command()
def move(
    code: CodeArgument,
    status: Annotated[
        str, typer.Argument(help="Where to: koordinasi, disposisi, proses, estimasi, selesai-diusulkan …")
    ],
    unit: Annotated[str | None, typer.Option(help="The office that has it now.")] = None,
    note: Annotated[str | None, typer.Option(help="What the reporters are told besides.")] = None,
    proof: Annotated[Path | None, typer.Option(help="A file that proves it.", exists=True, dir_okay=False)] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Move a case to another status; its reporters are told."""
    values: dict[str, Any] = {"code": code, "status": status, "actor": options.actor(), "unit": unit, "note": note}
    if proof:
        values["proof"] = proof.read_bytes()
    done = options.change(config, data, "move", values)
    typer.echo(f"{done['code']} is now '{done['status']}'; {_told(done['told'])}")
    if done["proof_also_in"]:
        typer.echo(f"warning: the same proof was used for {', '.join(done['proof_also_in'])}", err=True)


@app.command()
def join(
    code: CodeArgument,
    into: Annotated[str, typer.Argument(help="The case it is one with.")],
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Make two cases one; both codes go on working. `kanal cases part` undoes it."""
    done = options.change(config, data, "join", {"code": code, "into": into, "actor": options.actor()})
    typer.echo(f"{done['code']} is now part of {done['joined_into']}; {_told(done['told'])}")


@app.command()
def part(
    code: CodeArgument,
    report: Annotated[str | None, typer.Option(help="Give this one report a case of its own.")] = None,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Undo a join, or part one report from a case."""
    done = options.change(config, data, "part", {"code": code, "report": report, "actor": options.actor()})
    typer.echo(f"{done['code']} stands apart from {done['parted_from']} again")


def left(case: dict[str, Any]) -> str:
    """The time to the deadline, as in "6d 23h of 7d"; negative when late."""
    if case["closed_at"]:
        return "–"
    due, opened = datetime.fromisoformat(case["due_at"]), datetime.fromisoformat(case["opened_at"])
    seconds = (due - datetime.now(UTC)).total_seconds()
    sign = "-" if seconds < 0 else ""
    days, rest = divmod(abs(int(seconds)), 86_400)
    return f"{sign}{days}d {rest // 3600}h of {(due - opened).days}d"


def _when(iso: str) -> str:
    at = datetime.fromisoformat(iso).astimezone()
    return at.strftime("%H:%M") if at.date() == datetime.now(UTC).astimezone().date() else at.strftime("%d %b")


def _said(report: dict[str, Any]) -> str:
    return " — ".join(filter(None, (report.get("subject"), report.get("text"))))


def _told(count: int) -> str:
    return f"{count} reporter{' is' if count == 1 else 's are'} told"
