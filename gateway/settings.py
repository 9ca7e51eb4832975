"""One TOML file becomes typed settings; every problem in it is found before any is complained of.

    [gateway]      GatewaySettings
    [web]          WebSettings
    [[channels]]   name, kind and whatever the `Settings` of that kind's adapter declare

Relative paths start from the file's folder; those of the embedded default from the working directory.
"""

import ipaddress
import re
import tomllib
import zoneinfo
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, field

from adapters.contract import ChannelSettings, Problem
from gateway import registry, resources, secrets
from gateway.errors import ConfigError, ConfigUnreadable
from gateway.listening import clashes, web_address
from gateway.reader import Reader
from gateway.suggest import did_you_mean

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST_NAME = 40
_TABLES = ("gateway", "web", "channels")


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[gateway]`."""

    data: Annotated[Path, Meta(description="Folder of all that Kanal keeps, made at first start: kanal-data.")] = field(
        default_factory=lambda: Path("kanal-data")  # as a plain default it could not be put into the JSON Schema
    )
    public_url: Annotated[
        str, Meta(description="How the outside reaches the web server, as in https://kanal.example.")
    ] = ""
    language: Annotated[Literal["id", "en"], Meta(description="Language of channels that name none.")] = "id"
    code_prefix: Annotated[
        str, Meta(description="What tracking codes begin with: two to five capital letters.", pattern="^[A-Z]{2,5}$")
    ] = "KNL"
    deadline_days: Annotated[int, Meta(description="Days within which a case is to be done.", ge=1, le=365)] = 7
    areas: Annotated[
        str,
        Meta(
            description="Kemendagri code of the province or city whose areas are looked for in texts, as 31 or 33.18.",
            pattern=r"^\d{2}(\.\d{2})?$",
        ),
    ] = "31"
    timezone: Annotated[str, Meta(description="Time zone of texts and lists, as in Asia/Jakarta.")] = "Asia/Jakarta"
    drain_seconds: Annotated[int, Meta(description="Seconds given to work under way at a stop.", ge=0, le=600)] = 10
    workers: Annotated[int, Meta(description="Worker processes that read what comes in.", ge=1, le=64)] = 2
    replies_per_person_per_day: Annotated[
        int, Meta(description="Automatic answers to one address in 24 hours: a backstop against mail loops.", ge=1)
    ] = 20

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        if self.public_url and not _is_web_address(self.public_url):
            yield Problem("public_url", "must begin with http:// or https:// and name a host", "")
        if not _is_timezone(self.timezone):
            yield Problem("timezone", f"no time zone is called '{self.timezone}'", "as in Asia/Jakarta")


class WebSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[web]`: the one web server."""

    host: Annotated[str, Meta(description="Address to listen on.", min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(description="TCP port; 0 takes a free one.", ge=0, le=65535)] = 8080
    max_body: Annotated[int, Meta(description="Largest request body, in bytes.", ge=1024)] = 26_214_400
    trusted_proxies: Annotated[
        tuple[str, ...], Meta(description="Addresses or networks whose X-Forwarded-* headers are believed.")
    ] = ()

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        for number, network in enumerate(self.trusted_proxies):
            if not _is_network(network):
                yield Problem(
                    f"trusted_proxies[{number}]", f"'{network}' is no IP address or network", "as in 10.0.0.0/8"
                )


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings. `file` is None for the embedded default; `source` and `base` are what `from_data` made them of."""

    gateway: GatewaySettings
    web: WebSettings
    channels: tuple[ChannelSettings, ...]
    warnings: tuple[Problem, ...]
    file: Path | None
    source: dict[str, Any]
    base: Path


T = TypeVar("T", GatewaySettings, WebSettings, ChannelSettings)


def load(file: Path | None = None, *, data: Path | None = None, make_secrets: bool = False) -> Settings:
    """Read a settings file, or the embedded default; `data` overrules the file's data folder.

    Secrets that are to be made are only made, in `<data>/secrets`, if `make_secrets`. Raises `ConfigUnreadable` when
    there is no such file, else `ConfigError` with all problems.
    """
    base = Path.cwd() if file is None else file.absolute().parent
    source = _parse(resources.path("kanal.toml") if file is None else file)
    return from_data(source, base, file=file, data=data, make_secrets=make_secrets)


def from_data(
    source: dict[str, Any],
    base: Path,
    *,
    file: Path | None = None,
    data: Path | None = None,
    make_secrets: bool = False,
) -> Settings:
    """Settings from what a file held: lets a worker process rebuild them. Raises `ConfigError`."""
    folder = _data_folder(source, base, data)
    reader = Reader(secrets.Source(base, folder, make_secrets))
    for key in (key for key in source if key not in _TABLES):
        reader.complain(key, "unknown table or key", did_you_mean(key, _TABLES))
    gateway = _checked(reader, GatewaySettings, source.get("gateway", {}), "gateway", ".")
    web = _checked(reader, WebSettings, source.get("web", {}), "web", ".")
    language = gateway.language if gateway else "id"
    channels = _channels(reader, source.get("channels", []), language)
    reader.problems += clashes(web_address(web.host, web.port) if web else None, channels)
    if reader.problems or gateway is None or web is None:
        raise ConfigError(reader.problems)
    return Settings(
        gateway=msgspec.structs.replace(gateway, data=folder),
        web=web,
        channels=tuple(channels.values()),
        warnings=tuple(reader.warnings),
        file=file,
        source=source,
        base=base,
    )


def data_folder(file: Path | None) -> Path:
    """Where a settings file keeps its data; looks at nothing else in it. Raises `ConfigError`."""
    base = Path.cwd() if file is None else file.absolute().parent
    return _data_folder(_parse(resources.path("kanal.toml") if file is None else file), base, None)


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


def _checked(reader: Reader, cls: type[T], table: Any, where: str, joint: str) -> T | None:
    """Read one table and, once all its fields are right, ask it what is wrong beyond types."""
    settings = reader.struct(cls, table, where, joint)
    for problem in settings.problems() if settings else ():
        reader.complain(f"{where}{joint}{problem.where}", problem.what, problem.hint)
    return settings


def _channels(reader: Reader, tables: Any, language: str) -> dict[str, ChannelSettings]:
    """The channels that could be read, by their place in the file."""
    if not _is_list_of_tables(tables):
        reader.complain("channels", "must be a list of tables", "begin each with [[channels]]")
        return {}
    if not tables:
        reader.warnings.append(
            Problem("channels", "there are none: nothing will come in", "begin one with [[channels]]")
        )
    names = Counter(_name(table) for table in tables)
    channels: dict[str, ChannelSettings] = {}
    for number, table in enumerate(tables):
        where = f"channels[{number}]" + (f" '{_name(table)}'" if _name(table) else "")
        _check_name(reader, table, names, where)
        channel = _channel(reader, {"language": language} | table, where)
        if channel:
            channels[where] = channel
    return channels


def _channel(reader: Reader, table: dict[str, Any], where: str) -> ChannelSettings | None:
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
    return _checked(reader, adapter.Settings, table, where, ": ")


def _check_name(reader: Reader, table: dict[str, Any], names: Counter[str], where: str) -> None:
    """A name is in addresses and in every row kept, so it is plain, unique and permanent."""
    name = _name(table)
    if isinstance(table.get("name"), str) and not (_SLUG.fullmatch(name) and len(name) <= _LONGEST_NAME):
        hint = f"at most {_LONGEST_NAME} small letters and digits, with single '-' between them"
        reader.complain(f"{where}: name", "cannot be a channel's name", hint)
    if name and names[name] > 1:
        reader.complain(f"{where}: name", f"{names[name]} channels are called '{name}'", "give each its own name")


def _name(table: dict[str, Any]) -> str:
    name = table.get("name")
    return name if isinstance(name, str) else ""


def _is_list_of_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, dict) for item in value)


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname)


def _is_timezone(name: str) -> bool:
    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False


def _is_network(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False
