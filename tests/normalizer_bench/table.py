"""Figures as a table for people."""

from collections.abc import Sequence

from rich.table import Table

from tests.normalizer_bench.rows import Goal, Row

COLUMNS = ("measure", "half", "count", "value", "95 %", "goal", "")


def drawn(title: str, rows: Sequence[Row]) -> Table:
    """One section's rows; a line between its measures."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, name in enumerate(COLUMNS):
        table.add_column(name, justify="left" if number < 2 or not name else "right", no_wrap=number > 0)
    last = ""
    for row in rows:
        if last not in {"", row.measure}:
            table.add_section()
        table.add_row("" if row.measure == last else row.measure, *_cells(row))
        last = row.measure
    return table


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.half,
        f"{row.count:,}",
        _value(row),
        f"{row.interval[0]:.3f} to {row.interval[1]:.3f}" if row.interval and row.count else "",
        _goal(row.goal),
        {True: "[green]met[/]", False: "[red]missed[/]", None: ""}[row.met],
    )


def _value(row: Row) -> str:
    if not row.count:
        return "-"
    return f"{row.value:.3f}" if row.interval else f"{row.value:,.0f} {row.unit}".strip()


def _goal(goal: Goal | None) -> str:
    if goal is None:
        return ""
    return f"{'<' if goal.below else '≥'} {goal.bound:,g}"
