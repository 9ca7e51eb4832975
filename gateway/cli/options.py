"""What the commands share: where the data is, how results are printed, how a change reaches the gateway."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn

import msgspec
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from gateway import control, settings
from gateway.errors import ConfigError
from gateway.operations import OperationRefused, Operations
from gateway.store.contract import StoreUnavailable
from gateway.store.sqlite import FILE
from gateway.store.views import Views

ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", envvar="KANAL_CONFIG", help="Settings file; the default without one.")
]
DataOption = Annotated[
    Path | None, typer.Option("--data", "-d", envvar="KANAL_DATA", help="Data folder instead of the settings'.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")]
AllOption = Annotated[bool, typer.Option("--all", help="All there are, oldest first.")]

EVERYTHING = 1 << 62
WIDTH_OF_PIPES = 200

Row = dict[str, Any]


def fail(message: str, code: int = 1) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


def data_folder(config: Path | None, data: Path | None) -> Path:
    try:
        return data.absolute() if data else settings.data_folder(config)
    except ConfigError as error:
        fail(str(error), 2)


def views(config: Path | None, data: Path | None) -> Views:
    """Read-only views of the store; they work while a gateway runs and while none does."""
    folder = data_folder(config, data)
    if not (folder / FILE).exists():
        fail(f"there is no data in {folder} yet: start the gateway with `kanal run`, or name the folder by --data")
    try:
        return Views(folder)
    except StoreUnavailable as error:
        fail(str(error))


def print_rows(rows: Iterable[Row], columns: Sequence[tuple[str, str]], as_json: bool) -> None:
    """A table of `columns` (heading, key), or every key of every row as JSON lines."""
    if as_json:
        print_json_lines(rows)
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for number, (heading, _) in enumerate(columns):
        table.add_column(heading, no_wrap=number == 0, overflow="fold" if number == 0 else "ellipsis")
    for row in rows:
        table.add_row(*(escape(visible(row[key])) for _, key in columns))
    console = Console(width=None if sys.stdout.isatty() else WIDTH_OF_PIPES, highlight=False)
    console.print(table if table.row_count else "none")


def print_json_lines(rows: Iterable[Row]) -> None:
    for row in rows:
        sys.stdout.write(msgspec.json.encode(row).decode() + "\n")


def print_fields(row: Row, as_json: bool) -> None:
    """One thing with all its fields, a line each."""
    if as_json:
        print_json_lines([row])
        return
    width = max(len(key) for key in row)
    for key, value in row.items():
        typer.echo(f"{key.ljust(width)}  {visible(value)}")


def visible(value: Any) -> str:
    """A value as a terminal may show it: citizens' control and bidi characters become visible escapes."""
    if value is None:
        return "–"
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text.replace("\n", " ⏎ "))


def change(config: Path | None, data: Path | None, verb: str, values: dict[str, Any]) -> Any:
    """Have the running gateway do it; if none runs, do it here under the data folder's lock."""
    folder = data_folder(config, data)
    try:
        return asyncio.run(_change(config, folder, verb, values))
    except OperationRefused as refusal:
        fail(str(refusal))
    except (ConfigError, StoreUnavailable) as error:
        fail(str(error), 2)


async def _change(config: Path | None, folder: Path, verb: str, values: dict[str, Any]) -> Any:
    try:
        return await control.ask(folder, verb, values)
    except OSError:
        async with _alone(config, folder) as operations:
            done: Callable[..., Awaitable[Any]] = getattr(operations, verb)
            return await done(**values)


@asynccontextmanager
async def _alone(config: Path | None, folder: Path) -> Any:
    """The operations on a store that no gateway uses."""
    from gateway import channels  # noqa: PLC0415 loads every channel's adapter: only where it is needed
    from gateway.app import rules_of  # noqa: PLC0415
    from gateway.data import DataDirectory, InUse  # noqa: PLC0415
    from gateway.judging import Judging  # noqa: PLC0415
    from gateway.store.sqlite import SqliteStore  # noqa: PLC0415

    if not (folder / FILE).exists():
        raise OperationRefused(f"there is no data in {folder}")
    loaded = settings.load(config, data=folder, make_secrets=True)
    try:
        directory = DataDirectory(folder)
    except InUse:
        raise OperationRefused("the gateway is running but does not answer: is it just starting?") from None
    with directory:
        store = SqliteStore(folder, _raise)
        try:
            yield Operations(store, Judging(folder), rules_of(loaded, directory), channels.build(loaded))
        finally:
            await store.close()


def _raise(error: BaseException) -> None:
    fail(f"the store cannot be written: {type(error).__name__}")


def actor() -> str:
    """Who is at the keyboard."""
    return getpass.getuser()
