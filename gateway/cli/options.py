"""What the commands share: their options, where the data is, and how a change reaches the gateway."""

import asyncio
import os
import pwd
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from gateway import control, listening, secrets, settings
from gateway.data import DataDirectory, InUse
from gateway.errors import OperationRefused
from gateway.master import master_key
from gateway.store.connecting import FILE
from gateway.suggest import did_you_mean

if TYPE_CHECKING:
    from gateway.settings import Settings

USUAL = Path("kanal.toml")


def _usual(named: Path | None) -> Path | None:
    """The settings file where none is named: the one that is in this folder, such as `kanal channels add` makes."""
    return named or (USUAL if USUAL.is_file() else None)


_WITHOUT_ONE = "Settings file; without one ./kanal.toml, or the built-in settings if there is none."

ConfigOption = Annotated[
    Path | None, typer.Option("--config", "-c", envvar="KANAL_CONFIG", help=_WITHOUT_ONE, callback=_usual)
]
ConfigArgument = Annotated[Path | None, typer.Argument(envvar="KANAL_CONFIG", help=_WITHOUT_ONE, callback=_usual)]
DataOption = Annotated[
    Path | None,
    typer.Option("--data", "-d", envvar="KANAL_DATA", readable=False, help="Data folder instead of the settings'."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
LimitOption = Annotated[int, typer.Option("--limit", "-n", min=1, help="At most so many, the newest.")]
AllOption = Annotated[bool, typer.Option("--all", help="All there are, oldest first.")]

EVERYTHING = 1 << 62
NOBODY_LOGGED_IN = (1 << 32) - 1
AS_THE_OWNER = "run this as the gateway's own user, or as root"
NO_ANSWER = "a gateway is running but does not answer: it is just starting, or control.sock is gone (restart it)"


def fail(message: str, code: int = 1) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(code)


def data_folder(config: Path | None, data: Path | None) -> Path:
    """Ends the command where this user may not look into it. Raises `ConfigError`."""
    folder = data.absolute() if data else settings.data_folder(config)
    if folder.is_dir() and not os.access(folder, os.R_OK | os.X_OK):
        owner = _name(folder.stat().st_uid)
        fail(f"{folder} is {owner}'s, and closed to {_name(os.getuid())}: {AS_THE_OWNER} (sudo -u {owner} kanal …)")
    return folder


def named(typed: str) -> str:
    """Whom or what a command is about; "-" is read from standard input, for what is typed as an argument is seen by
    every user of this machine and stays in the shell's history."""
    if typed != "-":
        return typed
    if sys.stdin.isatty():
        typer.echo("whom or what? ", nl=False, err=True)
    return sys.stdin.readline().strip()


def most(limit: int, everything: bool) -> int:
    return EVERYTHING if everything else limit


def refuse_unknown(what: str, value: str | None, known: Iterable[str]) -> None:
    """A name that is none of the known ones is a slip: an empty list would hide it."""
    if value is not None and value not in (names := tuple(known)):
        fail(f"there is no {what} '{value}': {did_you_mean(value, names)}".rstrip(": "), 2)


def change(config: Path | None, data: Path | None, verb: str, values: dict[str, Any]) -> Any:
    """Have the running gateway do it; if none runs, do it here under the data folder's lock."""
    try:
        return asyncio.run(_change(config, data_folder(config, data), verb, values))
    except OperationRefused as refusal:
        fail(str(refusal))


async def _change(config: Path | None, folder: Path, verb: str, values: dict[str, Any]) -> Any:
    try:
        return await control.ask(folder, verb, values)
    except OSError:
        async with _alone(config, folder) as operations:
            done: Callable[..., Awaitable[Any]] = operations[verb]
            return await done(**values)


@asynccontextmanager
async def asking(config: Path | None, folder: Path) -> AsyncIterator[Callable[[str, dict[str, Any]], Awaitable[Any]]]:
    """For many changes one after the other: `await ask(verb, values)`, of the running gateway, or here."""
    if _is_in_use(folder):
        yield partial(_asked, folder)
        return
    async with _alone(config, folder) as operations:

        async def ask(verb: str, values: dict[str, Any]) -> Any:
            return await operations[verb](**values)

        yield ask


def _is_in_use(folder: Path) -> bool:
    return folder.is_dir() and DataDirectory.is_in_use(folder)


async def _asked(folder: Path, verb: str, values: dict[str, Any]) -> Any:
    try:
        return await control.ask(folder, verb, values)
    except OSError:
        raise OperationRefused(NO_ANSWER) from None


@asynccontextmanager
async def _alone(config: Path | None, folder: Path) -> Any:
    """What can be done with a store that no gateway uses, by name."""
    from gateway import channels, logs  # noqa: PLC0415 loads every channel's adapter: only where it is needed
    from gateway.accounts.people import People  # noqa: PLC0415
    from gateway.app import rules_of  # noqa: PLC0415
    from gateway.applications import Applications  # noqa: PLC0415
    from gateway.channelorders import ChannelOrders  # noqa: PLC0415
    from gateway.custody import Custody  # noqa: PLC0415
    from gateway.erasure import Erasing  # noqa: PLC0415
    from gateway.fetching.orders import FetchOrders  # noqa: PLC0415
    from gateway.filings import FilingOrders  # noqa: PLC0415
    from gateway.judging import Judging  # noqa: PLC0415
    from gateway.lookup import Attempts  # noqa: PLC0415
    from gateway.metrics import Metrics  # noqa: PLC0415
    from gateway.noticeorders import NoticeOrders  # noqa: PLC0415
    from gateway.operations import Operations  # noqa: PLC0415
    from gateway.rejudging import Rejudging  # noqa: PLC0415
    from gateway.replaying import Replaying  # noqa: PLC0415
    from gateway.retention import Forgetting  # noqa: PLC0415
    from gateway.store import upgrade  # noqa: PLC0415
    from gateway.store.connecting import open_reader  # noqa: PLC0415
    from gateway.store.sqlite import SqliteStore  # noqa: PLC0415
    from gateway.transfer.orders import RowOrders  # noqa: PLC0415

    if not (folder / FILE).exists():
        raise OperationRefused(f"there is no data in {folder}")
    logs.configure(json=False)
    loaded = settings.load(config, data=folder, make_secrets=True)
    try:
        directory = DataDirectory(folder)
    except InUse:
        raise OperationRefused(NO_ANSWER) from None
    with directory:
        with closing(open_reader((folder / FILE).resolve())) as reader:
            upgrade.refuse_other(reader)  # to bring data up to date is the gateway's, when somebody starts it
        store = SqliteStore(folder, _master(loaded), store_died)
        try:
            rules = rules_of(loaded, store.vault.lookup)
            built = channels.build(loaded)
            operations = Operations(store, Judging(folder), rules, built, Attempts(), Metrics())
            parts = (
                operations,
                Custody(store, folder),
                Applications(store, lambda: None),
                FilingOrders(store, lambda stores: None),
                NoticeOrders(store, lambda: None),
                ChannelOrders(store, lambda: built, lambda names: None),
                FetchOrders(store, lambda: built, lambda names: None),
                Erasing(store, Judging(folder), lambda: loaded.gateway.code_prefix),
                Forgetting(store, lambda: loaded.channels, lambda: loaded.gateway.keep_channel_log_days),
                Replaying(store, Judging(folder), lambda channels: None, processes=False),
                Rejudging(store),
                RowOrders(store, lambda: built, store.append, processed=False),
                People(store, lambda: rules.routing, lambda: _base(loaded)),
            )
            yield {name: verb for part in parts for name, verb in part.verbs().items()}
        finally:
            await store.close()


def _base(loaded: "Settings") -> str:
    """Where people will reach the pages of a gateway that does not run yet."""
    return loaded.gateway.public_url or listening.web_address(loaded.web.host, loaded.web.port)


def _master(loaded: "Settings") -> bytes:
    try:
        return master_key(loaded.gateway.data, loaded.gateway.master_key)
    except ValueError as error:
        raise OperationRefused(str(error)) from None


def master(config: Path | None, folder: Path, written: dict[str, Any]) -> bytes:
    """The master key, however wrong the other settings are; else the command ends."""
    table = written.get("gateway")
    named = table.get("master_key") if isinstance(table, dict) else None
    base = config.absolute().parent if config else Path.cwd()
    try:
        return master_key(folder, secrets.Source(base, folder).read(named) if named is not None else None)
    except ValueError as error:
        fail(str(error))


def store_died(error: BaseException) -> None:
    fail(f"the store cannot be written: {type(error).__name__}")


def actor() -> str:
    """Who is at the keyboard, as in "budi", or "budi as kanal" for who became another by sudo or su. The environment
    has no say in it."""
    user, login = os.getuid(), _login()
    return _name(user) if login in (None, user) else f"{_name(login)} as {_name(user)}"


def _login() -> int | None:
    """The user that logged in, which no sudo changes (pam_loginuid(8)); None where nobody did, as in a container."""
    try:
        found = int(Path("/proc/self/loginuid").read_text())
    except (OSError, ValueError):
        return None
    return found if found != NOBODY_LOGGED_IN else None


def _name(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return str(user)
