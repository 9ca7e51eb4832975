"""Figures of several streams or methods side by side."""

from collections.abc import Mapping, Sequence

from rich.table import Table

from tests.normalizer_bench.rows import Row


def drawn(title: str, columns: Mapping[str, Sequence[Row]]) -> Table:
    """One row for each measure that a column has, in the order in which they first occur; with the goal of any."""
    table = Table("", *columns, "goal", title=title, title_justify="left", title_style="bold")
    for column in table.columns:
        column.no_wrap = True
    cells = {name: {row.measure: row for row in rows} for name, rows in columns.items()}
    for measure in dict.fromkeys(row.measure for rows in columns.values() for row in rows):
        found = [cells[name].get(measure) for name in columns]
        table.add_row(measure, *map(_cell, found), next((_goal(row) for row in found if row and row.goal), ""))
    return table


def _cell(row: Row | None) -> str:
    if row is None or not row.count:
        return "-"
    if row.interval is None and not row.unit:
        return _marked(row, f"{row.value:,.3f}" if row.value < 10 else f"{row.value:,.0f}")
    if row.interval is None:
        return _marked(row, f"{row.value:,.0f} {row.unit}")
    return _marked(row, f"{row.value:.3f}") + f" [dim]{row.interval[0]:.3f}-{row.interval[1]:.3f} of {row.count:,}[/]"


def _marked(row: Row, text: str) -> str:
    return {True: f"[green]{text}[/]", False: f"[red]{text}[/]", None: text}[row.met]


def _goal(row: Row) -> str:
    assert row.goal is not None
    return f"{'<' if row.goal.below else '≥'} {row.goal.bound:,g} {row.unit}".strip()
