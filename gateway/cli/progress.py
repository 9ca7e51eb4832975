"""How far something long has come."""

from collections.abc import Iterator
from contextlib import contextmanager

from gateway.backup.copying import Tell


@contextmanager
def progress() -> Iterator[Tell]:
    """Bars on standard error, if that is a terminal."""
    from rich.console import Console  # noqa: PLC0415 some tens of milliseconds
    from rich.progress import Progress, TaskID  # noqa: PLC0415

    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:

        def tell(what: str, done: int, total: int) -> None:
            task = tasks.get(what)
            if task is None:
                task = tasks[what] = bars.add_task(what, total=total)
            bars.update(task, completed=done, total=total)

        yield tell
