"""How far long work is, where a person sees it."""

from collections.abc import Iterable
from typing import TypeVar

from rich.console import Console
from rich.progress import track

T = TypeVar("T")


def shown(values: Iterable[T], title: str, total: int) -> Iterable[T]:
    """`values` with a bar, which vanishes once all are taken."""
    console = Console(stderr=True)
    return track(values, title, total, console=console, transient=True, disable=not console.is_terminal)
