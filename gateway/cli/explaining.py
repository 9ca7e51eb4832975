"""`kanal duplicates explain`: why two reports are taken for one incident, or are not."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from dedupe.fingerprint import Fingerprint
from gateway import duplicates, registry, settings
from gateway.cli import options
from gateway.cli.looking import Look, looking
from gateway.cli.options import ConfigOption, DataOption, JsonOption
from gateway.cli.printing import Column, Row, print_json_lines, print_rows, visible, when
from gateway.store import compared

if TYPE_CHECKING:
    from gateway.explaining import Explanation

COLUMNS = (
    Column("FEATURE", "feature"),
    Column("VALUE", "value"),
    Column("WEIGHT", "weight"),
    Column("ADDS", "adds"),
    Column("MEANING", "meaning", elastic=True),
)
#: Of a case that many reported the first and the last are enough to compare.
MOST_REPORTS = 40

ReportOrCase = Annotated[str, typer.Argument(help="A case's code, as KNL-7F3K-92QX, or a report's id.")]


def explain(
    one: ReportOrCase,
    other: ReportOrCase,
    as_json: JsonOption = False,
    config: ConfigOption = None,
    data: DataOption = None,
) -> None:
    """Explain why two reports are taken for one incident, or are not.

    Prints each feature that adds anything, with its value, its weight and what it adds to the log-odds; what these make
    together, as a probability; the verdict and its reasons. With --json also those that add nothing. Of cases, those
    two reports are compared that are most alike. What was said is shown masked, as `kanal cases show` does.
    """
    from gateway.explaining import explained, likeliest  # noqa: PLC0415 loads what compares
    from gateway.judges import JudgeFailed  # noqa: PLC0415

    with looking(config, data) as look:
        ones, others = _reports(look, one), _reports(look, other)
        if {report.report for report in ones} == {report.report for report in others}:
            options.fail(f"{one} and {other} are the same: name two reports, or two cases")
        by = settings.load(config, data=look.folder).duplicates
        model = duplicates.model(by, look.folder)
        pair = likeliest(ones, others, model)
        window = compared.window(look.views.connection, pair[0].words + pair[1].words)
        try:
            found = explained(*pair, window, model, registry.judge(by.judge) if by.judge else None)
        except JudgeFailed as failure:
            options.fail(str(failure))
        if as_json:
            print_json_lines([msgspec.to_builtins(found)])
            return
        for report in (found.new, found.old):
            _print_report(look, report)
        typer.echo()
        print_rows(_rows(found), COLUMNS, False, look.zone)
    total = found.bias + sum(feature.adds for feature in found.features)
    typer.echo(f"\nlog-odds  {total:+.3f}, a probability of {found.score:.3f} among {found.window} open reports")
    judge = f" ({by.judge})" if by.judge else ""
    typer.echo(f"verdict   {found.verdict.kind}{judge}, {found.verdict.score:.3f}")
    typer.echo(f"reasons   {visible('; '.join(found.verdict.reasons or found.reasons))}")


def _reports(look: Look, named: str) -> list[Fingerprint]:
    """What the reports are compared by that somebody means."""
    connection = look.views.connection
    found = compared.of_report(connection, named.strip().lower()) or compared.of_case(connection, look.code(named))
    if not found:
        options.fail(f"there is no report or case {named}: see `kanal reports list` and `kanal cases list`")
    return found if len(found) <= MOST_REPORTS else found[: MOST_REPORTS // 2] + found[-MOST_REPORTS // 2 :]


def _print_report(look: Look, identity: str) -> None:
    report = look.views.report(identity) or {}
    said = " — ".join(filter(None, (report.get("subject"), report.get("text"))))
    at = when(report["received_at"], look.zone) if report else ""
    typer.echo(f"{identity}  {report.get('case', '')}  {at}  {report.get('channel', '')}  {visible(said)}")


def _rows(found: "Explanation") -> Iterator[Row]:
    """What adds most first; what adds nothing is left out."""
    yield {"feature": "(bias)", "value": "", "weight": "", "adds": _signed(found.bias), "meaning": ""}
    for one in sorted(found.features, key=lambda feature: -abs(feature.adds)):
        if one.value:
            row = {"feature": one.name, "value": f"{one.value:.3f}", "weight": f"{one.weight:+.3f}"}
            yield row | {"adds": _signed(one.adds), "meaning": one.meaning}


def _signed(value: float) -> str:
    return f"{value:+.3f}" if round(value, 3) else "0"
