"""Figures as a table for people."""

from collections.abc import Sequence

from rich.table import Table

from tests.bench.figures import Figure

COLUMNS = ("", "", "per second", "p50 ms", "p99 ms", "MB", "Kanal ÷ it", "goal")


def drawn(title: str, figures: Sequence[Figure]) -> Table:
    """One section's figures; a line between its cases."""
    table = Table(title=title, title_justify="left", title_style="bold")
    for number, name in enumerate(COLUMNS):
        table.add_column(name, justify="left" if number < 2 else "right", no_wrap=True)
    last = ""
    for figure in figures:
        if last not in {"", figure.case}:
            table.add_section()
        table.add_row("" if figure.case == last else figure.case, *_cells(figure))
        last = figure.case
    return table


def _cells(figure: Figure) -> tuple[str, ...]:
    return (
        figure.server,
        _number(figure.rate),
        _number(figure.p50_ms),
        _number(figure.p99_ms),
        _number(figure.memory_mb),
        _number(figure.ratio),
        _goal(figure),
    )


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def _goal(figure: Figure) -> str:
    if figure.goal is None:
        return ""
    return f"[green]{figure.goal} met[/]" if figure.met else f"[red]{figure.goal} missed[/]"
