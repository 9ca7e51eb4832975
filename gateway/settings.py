"""One TOML file becomes typed settings; every problem in it is found before any is complained of.

    [gateway]      GatewaySettings
    [web]          WebSettings
    [[channels]]   name, kind and whatever the `Settings` of that kind's adapter declare
    [notices]      NoticeSettings
    [bot]          BotSettings
    [console]      ConsoleSettings
    [duplicates]   DuplicateSettings
    [[case_stores]] likewise, of that kind of case store

Relative paths start from the file's folder; those of the embedded default from the working directory.
"""

import re
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from adapters.hosts import is_this_machine
from adapters.settings import ChannelSettings, Problem
from gateway import (
    bots,
    catalogue,
    categories,
    clockfile,
    duplicates,
    registry,
    resources,
    secrets,
    spending,
    standins,
    triage,
    units,
    validity,
)
from gateway.atlases import keeping
from gateway.bot import words
from gateway.casestore import rules
from gateway.casestore.contract import CaseStoreSettings
from gateway.duplicates import DuplicateSettings
from gateway.errors import ConfigError, ConfigUnreadable
from gateway.listening import clashes, has_way_in, reaches, web_address
from gateway.reader import Reader
from gateway.standins import Read
from gateway.suggest import did_you_mean
from gateway.tables import BotSettings, ConsoleSettings, GatewaySettings, NoticeSettings, WebSettings, is_safe
from gateway.transfer import wording
from normalizer.places import areas

__all__ = [
    "BotSettings",
    "ConsoleSettings",
    "DuplicateSettings",
    "GatewaySettings",
    "NoticeSettings",
    "Settings",
    "WebSettings",
    "again",
    "data_folder",
    "from_data",
    "load",
    "outline",
    "with_secrets",
]

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_TABLES = ("gateway", "web", "channels", "case_stores", "notices", "bot", "console", "duplicates")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings. `file` is None for the embedded default; `source` and `base` are what `from_data` made them of."""

    gateway: GatewaySettings
    web: WebSettings
    channels: tuple[ChannelSettings, ...]
    case_stores: tuple[CaseStoreSettings, ...] = ()
    notices: NoticeSettings = NoticeSettings()
    bot: BotSettings = BotSettings()
    console: ConsoleSettings = ConsoleSettings()
    duplicates: DuplicateSettings = DuplicateSettings()
    warnings: tuple[Problem, ...]
    file: Path | None
    source: dict[str, Any]
    base: Path


T = TypeVar(
    "T",
    GatewaySettings,
    WebSettings,
    NoticeSettings,
    BotSettings,
    ConsoleSettings,
    DuplicateSettings,
    ChannelSettings,
    CaseStoreSettings,
)


def load(
    file: Path | None = None, *, data: Path | None = None, make_secrets: bool = False, thorough: bool = False
) -> Settings:
    """Read a settings file, or the embedded default; `data` overrules the file's data folder.

    Secrets that are to be made are only made, in `<data>/secrets`, if `make_secrets`. `thorough` looks at what
    operators changed in the data folder as well (texts, categories, units, the clock), and for the areas among all
    there are, which takes a fifth of a second. Raises `ConfigUnreadable` when there is no such file, else `ConfigError`
    with all problems.
    """
    base = Path.cwd() if file is None else file.absolute().parent
    source = outline(file)
    return from_data(source, base, file=file, data=data, make_secrets=make_secrets, thorough=thorough)


def again(before: Settings) -> Settings:
    """Read the same file again, or the embedded default; no secret is made yet. Raises like `load`."""
    folder = before.gateway.data
    chosen = None if folder == _data_folder(before.source, before.base, None) else folder
    return load(before.file, data=chosen, thorough=True)


def with_secrets(found: Settings) -> Settings:
    """The same, with the secrets made that were still to be made. Raises `ConfigError`."""
    return from_data(found.source, found.base, file=found.file, data=found.gateway.data, make_secrets=True)


def from_data(
    source: dict[str, Any],
    base: Path,
    *,
    file: Path | None = None,
    data: Path | None = None,
    make_secrets: bool = False,
    thorough: bool = False,
) -> Settings:
    """Settings from what a file held: lets a worker process rebuild them. Raises `ConfigError`."""
    folder = _data_folder(source, base, data)
    reader = Reader(secrets.Source(base, folder, make_secrets))
    for key in (key for key in source if key not in _TABLES):
        reader.complain(key, "unknown table or key", did_you_mean(key, _TABLES))
    gateway = _checked(reader, GatewaySettings, source.get("gateway", {}), "gateway", ".")
    web = _checked(reader, WebSettings, source.get("web", {}), "web", ".")
    notices = _checked(reader, NoticeSettings, source.get("notices", {}), "notices", ".")
    bot = _checked(reader, BotSettings, source.get("bot", {}), "bot", ".")
    console = _checked(reader, ConsoleSettings, source.get("console", {}), "console", ".")
    alike = _checked(reader, DuplicateSettings, source.get("duplicates", {}), "duplicates", ".")
    language = gateway.left_out.language if gateway else "id"
    channels = _channels(reader, source.get("channels", []), language)
    case_stores = _case_stores(reader, source.get("case_stores", []))
    reader.problems += _clashes(web, channels)
    reader.problems += _fall_back_problems(gateway, source.get("channels", []), channels.values())
    reader.problems += _cap_problems(channels)
    reader.problems += _duplicate_problems(alike, folder)
    reader.problems += _notice_problems(notices, {one.left_out.name: one.left_out for one in channels.values()})
    if thorough:
        reader.problems += [
            *_area_problems(gateway),
            *_problems_with(catalogue.load, folder),
            *_problems_with(triage.load, folder),
            *_problems_with(words.load, folder),
            *_problems_with(wording.load, folder),
            *(_problems_with(categories.load, folder) or _problems_by_category(reader, gateway, case_stores, folder)),
        ]
    if reader.problems or not (gateway and web and notices and bot and console and alike):
        raise ConfigError(reader.problems, reader.absent)
    if thorough:
        talking = bots.load(folder, bot.left_out)
        reader.warnings += [*talking.texts.warnings, *talking.faults]
        routing = units.load(folder, categories.load(folder), gateway.left_out.areas)
        reader.warnings += units.without_means(routing, notices.left_out)
        reader.warnings += units.looking_after(routing, notices.left_out)
        reader.warnings += _in_clear(gateway.left_out, web.left_out)
    return Settings(
        gateway=msgspec.structs.replace(gateway.left_out, data=folder),
        web=web.left_out,
        channels=tuple(channel.left_out for channel in channels.values()),
        case_stores=tuple(case_stores),
        notices=notices.left_out,
        bot=bot.left_out,
        console=console.left_out,
        duplicates=alike.left_out,
        warnings=tuple(reader.warnings),
        file=file,
        source=source,
        base=base,
    )


def data_folder(file: Path | None) -> Path:
    """Where a settings file keeps its data; looks at nothing else in it. Raises `ConfigError`."""
    base = Path.cwd() if file is None else file.absolute().parent
    return _data_folder(outline(file), base, None)


def outline(file: Path | None) -> dict[str, Any]:
    """What a settings file or the embedded default says, checked only to be TOML. Raises `ConfigError`."""
    return _parse(resources.path("kanal.toml") if file is None else file)


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigUnreadable([Problem(str(path), f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        raise ConfigError([Problem(str(path), f"is not text in UTF-8 (at byte {error.start})")]) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([Problem(str(path), f"is not TOML: {error}")]) from None


def _data_folder(source: dict[str, Any], base: Path, chosen: Path | None) -> Path:
    """Where secrets that are made are kept must be known before anything else is read, and complained of."""
    if chosen is not None:
        return chosen.absolute()
    table = source.get("gateway")
    named = table.get("data") if isinstance(table, dict) else None
    try:
        return secrets.Source(base, base).path(named if isinstance(named, str) else str(GatewaySettings().data))
    except secrets.Unusable:
        return base


def _checked(reader: Reader, cls: type[T], table: Any, where: str, joint: str) -> Read[T] | None:
    """Read one table and ask it what is wrong, beyond types, with what could be read."""
    read = reader.struct(cls, table, where, joint)
    for problem in standins.problems(read) if read else ():
        reader.complain(f"{where}{joint}{problem.where}", problem.what, problem.hint)
    return read


def _clashes(web: Read[WebSettings] | None, channels: dict[str, Read[ChannelSettings]]) -> list[Problem]:
    left_out = {where: channel.left_out for where, channel in channels.items()}
    given = {where: channel.given for where, channel in channels.items()}
    return standins.agreed(
        clashes(web_address(web.left_out.host, web.left_out.port) if web else None, left_out),
        clashes(web_address(web.given.host, web.given.port) if web else None, given),
    )


def _fall_back_problems(
    gateway: Read[GatewaySettings] | None, tables: Any, channels: Iterable[Read[ChannelSettings]]
) -> Iterator[Problem]:
    """Of a channel that could not be read as a whole nobody knows what it can do."""
    names = {_name(table) for table in tables} if _is_list_of_tables(tables) else set()
    known = {one.left_out.name: one.left_out for one in channels if not one.failed}
    for number, name in enumerate(gateway.left_out.fall_back if gateway else ()):
        where = f"gateway.fall_back[{number}]"
        if name not in names:
            yield Problem(where, f"no channel is called '{name}'", did_you_mean(name, names))
        elif name in known and not reaches(known[name]):
            what = f"the channel '{name}' cannot write to somebody who has not written to it"
            yield Problem(where, what, "name one that sends SMS or mail, and give it a way out")


def _cap_problems(channels: Mapping[str, Read[ChannelSettings]]) -> Iterator[Problem]:
    """A cap that nothing counts towards would be none."""
    for where, channel in channels.items():
        costs = spending.costs(channel.left_out)
        if costs.monthly_cap and not any(costs.rates().values()):
            prices = " or ".join(f"costs.{name}" for name in costs.rates())
            yield Problem(f"{where}: costs.monthly_cap", "is never reached: no price is known", f"set {prices}")


def _notice_problems(notices: Read[NoticeSettings] | None, channels: dict[str, ChannelSettings]) -> Iterator[Problem]:
    name = notices.left_out.mail_channel if notices else ""
    if name and name not in channels:
        yield Problem("notices.mail_channel", f"no channel is called '{name}'", did_you_mean(name, channels))
    elif name and "email" not in reaches(channels[name]):
        yield Problem("notices.mail_channel", f"the channel '{name}' sends no mail", "give it a relay, or name another")


def _duplicate_problems(read: Read[DuplicateSettings] | None, folder: Path) -> Iterator[Problem]:
    yield from _problems_with(lambda _: duplicates.check(read.left_out, folder), folder) if read else ()


def _area_problems(gateway: Read[GatewaySettings] | None) -> list[Problem]:
    if gateway is None or "areas" in gateway.failed or areas.is_region(gateway.left_out.areas):
        return []
    what = f"no province or city has the code '{gateway.left_out.areas}'"
    return [Problem("gateway.areas", what, "Kemendagri's codes are meant, as 31 or 33.18")]


def _in_clear(gateway: GatewaySettings, web: WebSettings) -> Iterator[Problem]:
    """A warning if officers' passwords and cookies can be read on their way."""
    hint = "put a proxy with https before it, and name its address by public_url: see docs/deployment.md"
    if gateway.public_url and not is_safe(gateway.public_url):
        yield Problem("gateway.public_url", "is not https: passwords of officers can be read on their way", hint)
    elif not gateway.public_url and not is_this_machine(web.host):
        yield Problem("web.host", "is reached without https: passwords of officers can be read on their way", hint)


def _problems_with(load: Callable[[Path], object], folder: Path) -> tuple[Problem, ...]:
    """What is wrong with what operators changed in a folder."""
    try:
        load(folder)
    except ConfigError as error:
        return error.problems
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        return (Problem(str(folder), what, "Kanal's user must be able to read it"),)
    return ()


def _problems_by_category(
    reader: Reader, gateway: Read[GatewaySettings] | None, case_stores: Sequence[CaseStoreSettings], folder: Path
) -> tuple[Problem, ...]:
    """What is wrong with all that names categories, if those are right."""
    return (*rules.problems(case_stores, categories.load(folder)), *_table_problems(reader, gateway, folder))


def _table_problems(reader: Reader, gateway: Read[GatewaySettings] | None, folder: Path) -> tuple[Problem, ...]:
    areas = "" if gateway is None or "areas" in gateway.failed else gateway.left_out.areas
    found = _problems_with(lambda folder: units.load(folder, categories.load(folder), areas), folder) if areas else ()
    found += _problems_with(keeping.read, folder)
    return found or (_clock_problems(reader, gateway.left_out, folder) if gateway and areas else ())


def _clock_problems(reader: Reader, gateway: GatewaySettings, folder: Path) -> tuple[Problem, ...]:
    if any(problem.where == "timezone" for problem in gateway.problems()):
        return ()
    routing = units.load(folder, categories.load(folder), gateway.areas)

    def load(folder: Path) -> None:
        clock = clockfile.load(folder, ZoneInfo(gateway.timezone), routing, gateway.deadline_days)
        for year in clock.unknown_years(time.time()):
            what = f"no holidays of {year} are known: of its working days only weekends are left out"
            reader.warnings.append(Problem(f"{clockfile.FILE}: holidays", what, "update Kanal, or list them there"))

    return _problems_with(load, folder)


def _channels(reader: Reader, tables: Any, language: str) -> dict[str, Read[ChannelSettings]]:
    """The channels that could be read, by their place in the file."""
    if tables == []:
        reader.warnings.append(
            Problem("channels", "there are none: nothing will come in", "begin one with [[channels]]")
        )
    read = {
        where: _channel(reader, {"language": language} | table, where)
        for where, table in _named(reader, tables, "channels", "channel")
    }
    return {where: channel for where, channel in read.items() if channel}


def _case_stores(reader: Reader, tables: Any) -> list[CaseStoreSettings]:
    """The case stores that could be read."""
    read = [_case_store(reader, table, where) for where, table in _named(reader, tables, "case_stores", "case store")]
    return [store.left_out for store in read if store]


def _case_store(reader: Reader, table: dict[str, Any], where: str) -> Read[CaseStoreSettings] | None:
    kind = table.get("kind")
    known = registry.case_store_kinds()
    if not isinstance(kind, str):
        reader.complain(f"{where}: kind", "is missing or not text", f"one of: {', '.join(known)}")
        return None
    try:
        store = registry.case_store(kind)
    except ConfigError as error:
        for problem in error.problems:
            reader.complain(f"{where}: {problem.where}", problem.what, problem.hint)
        return None
    return _checked(reader, store.Settings, table, where, ": ")


def _named(reader: Reader, tables: Any, key: str, what: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each table of a list, with its place in the file; its name is checked."""
    if not _is_list_of_tables(tables):
        reader.complain(key, "must be a list of tables", f"begin each with [[{key}]]")
        return
    names = Counter(_name(table) for table in tables)
    for number, table in enumerate(tables):
        where = f"{key}[{number}]" + (f" '{_name(table)}'" if _name(table) else "")
        _check_name(reader, table, names, where, what)
        yield where, table


def _channel(reader: Reader, table: dict[str, Any], where: str) -> Read[ChannelSettings] | None:
    kind = table.get("kind")
    if not isinstance(kind, str):
        reader.complain(f"{where}: kind", "is missing or not text", f"one of: {', '.join(registry.kinds())}")
        return None
    try:
        adapter = registry.adapter(kind)
    except ConfigError as error:
        for problem in error.problems:
            reader.complain(f"{where}: {problem.where}", problem.what, problem.hint)
        return None
    if not has_way_in(adapter):
        what = f"nothing would come in: the adapter '{kind}' neither polls nor listens nor takes web requests"
        reader.complain(f"{where}: kind", what)
    read = _checked(reader, adapter.Settings, table, where, ": ")
    for problem in validity.problems(read.left_out) if read else ():
        reader.complain(f"{where}: {problem.where}", problem.what, problem.hint)
    if read and _outlives_its_reports(read.left_out):
        what = "0 or more than keep_person_days: what no report was made of is kept after its sender is forgotten"
        reader.warnings.append(Problem(f"{where}: keep_raw_days", what, "keep it for fewer days"))
    if read and not read.failed:
        unwise = read.left_out.warnings()
        reader.warnings += [Problem(f"{where}: {one.where}", one.what, one.hint) for one in unwise]
    return read


def _outlives_its_reports(channel: ChannelSettings) -> bool:
    raw, person = channel.keep_raw_days, channel.keep_person_days
    return bool(person) and (raw == 0 or raw > person)


def _check_name(reader: Reader, table: dict[str, Any], names: Counter[str], where: str, what: str) -> None:
    """A name is in addresses and in every row kept, so it is plain, unique and permanent."""
    name = _name(table)
    if isinstance(table.get("name"), str) and not (_SLUG.fullmatch(name) and len(name) <= _LONGEST_NAME):
        hint = f"at most {_LONGEST_NAME} small letters and digits, with single '-' between them"
        reader.complain(f"{where}: name", f"cannot be a {what}'s name", hint)
    if name and names[name] > 1:
        reader.complain(f"{where}: name", f"{names[name]} {what}s are called '{name}'", "give each its own name")


def _name(table: dict[str, Any]) -> str:
    name = table.get("name")
    return name if isinstance(name, str) else ""


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)
