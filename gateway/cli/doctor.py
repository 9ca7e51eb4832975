"""`kanal doctor`: what is well and what is not, and what to do about it."""

import sys
from typing import Annotated

import msgspec
import typer
from rich.console import Console
from rich.text import Text

from gateway import settings
from gateway.cli import options
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import print_json_lines, visible
from gateway.doctor.finding import Finding, Health, Patient

NOT_WELL = 1
STYLES = {Health.OK: "green", Health.WARN: "yellow", Health.FAIL: "bold red"}


def doctor(
    deep: Annotated[
        bool, typer.Option("--deep", help="Look at every page of the database, however long it takes.")
    ] = False,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask the channels' servers.")] = False,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Look at everything that a gateway needs to run well, while one runs or not; changes nothing.

    Exit codes: 0 all is well, or only warned of; 1 something is wrong; 2 the settings or the usage are wrong.
    """
    from gateway.doctor import examining, running  # noqa: PLC0415 half a second that no other command should wait

    folder = options.data_folder(config, data)
    loaded = settings.load(config, data=data, thorough=True)
    patient = Patient(loaded, folder, running.vitals(folder), online=not offline, deep=deep)
    findings = []
    for finding in examining.examine(patient):
        findings.append(finding)
        _tell(finding, as_json)
    if not as_json:
        typer.echo(_summary(findings))
    raise typer.Exit(0 if examining.is_well(findings) else NOT_WELL)


def _tell(finding: Finding, as_json: bool) -> None:
    if as_json:
        print_json_lines([msgspec.to_builtins(finding)])
        sys.stdout.flush()
        return
    console = Console(highlight=False, soft_wrap=True)
    line = Text.assemble(
        (f"{finding.health:<5}", STYLES[finding.health]), f"{finding.check:<13}", visible(finding.said)
    )
    console.print(line)
    if finding.hint:
        console.print(Text.assemble(" " * 18, ("→ ", "bold"), visible(finding.hint)))


def _summary(findings: list[Finding]) -> str:
    counts = {health: sum(one.health is health for one in findings) for health in Health}
    wrong = [f"{counts[Health.FAIL]} wrong"] if counts[Health.FAIL] else []
    warned = [f"{counts[Health.WARN]} to be seen to"] if counts[Health.WARN] else []
    return ", ".join([*wrong, *warned]) or "all is well"
