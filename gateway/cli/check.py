"""`kanal check`: is this settings file right, and do the channels' credentials work?"""

import asyncio
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from adapters import Adapter, Sends
from adapters.settings import Problem
from gateway import asking, catalogue, listening, sizes, stores
from gateway.casestore.contract import ReceivesNews
from gateway.cli import options
from gateway.errors import ConfigError, ConfigUnreadable, in_words
from gateway.settings import Settings, load

PROBLEMS, NO_FILE, NOT_ONLINE = 1, 2, 3
WITHOUT = "Nothing but secrets is missing: --without-secrets accepts that, for settings that are to be used elsewhere."


class Channel(msgspec.Struct, frozen=True):
    """What there is to say of a channel; `online` is None where nothing was asked, "" where all is well. Where it
    cannot answer, answers leave by the channels `instead`."""

    name: str
    kind: str
    ways_in: tuple[str, ...]
    answers: bool
    online: str | None = None
    instead: tuple[str, ...] = ()


class Sms(msgspec.Struct, frozen=True):
    """What there is to say of a channel that pays for each SMS: how many a usual conversation takes of us, what they
    cost (0 if that is not known), how many each text takes that takes more than one, and those of `odd` letters."""

    channel: str
    conversation: int
    price: float
    texts: dict[str, int]
    odd: dict[str, int] = {}


class CaseStore(msgspec.Struct, frozen=True):
    """What there is to say of a case store; `news` is where it may bring its news, "" where it is asked for them."""

    name: str
    kind: str
    news: str
    online: str | None = None


class Findings(msgspec.Struct, frozen=True, kw_only=True):
    """What `kanal check --json` prints. `absent` are secrets that need not be there yet; `hint` says what to try."""

    file: str
    problems: tuple[Problem, ...] = ()
    absent: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    web: str = ""
    channels: tuple[Channel, ...] = ()
    case_stores: tuple[CaseStore, ...] = ()
    sms: tuple[Sms, ...] = ()
    hint: str = ""
    exit_code: int = 0


def check(
    file: options.ConfigArgument = None,
    online: Annotated[bool, typer.Option("--online", help="Also ask each channel whether it can be used.")] = False,
    without_secrets: Annotated[
        bool, typer.Option("--without-secrets", help="Secrets need not be there yet; what else is wrong is told.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    data: options.DataOption = None,
) -> None:
    """Check a settings file; changes nothing.

    Exit codes: 0 all is well; 1 there are problems; 2 no such file, or wrong usage; 3 an --online check failed.
    """
    if online and without_secrets:
        options.fail("--online needs the secrets: leave one of the two options out", 2)
    findings = examine(file, online=online, data=data, without_secrets=without_secrets)
    typer.echo(json.dumps(msgspec.to_builtins(findings), ensure_ascii=False, indent=2) if as_json else report(findings))
    raise typer.Exit(findings.exit_code)


def examine(
    file: Path | None, *, online: bool = False, data: Path | None = None, without_secrets: bool = False
) -> Findings:
    """All that can be found out about a settings file."""
    name = str(file) if file else "built-in default"
    try:
        settings = load(file, data=data, thorough=True)
    except ConfigError as error:
        absent = error.absent if without_secrets else ()
        problems = tuple(problem for problem in error.problems if problem not in absent)
        exit_code = 0 if not problems else NO_FILE if isinstance(error, ConfigUnreadable) else PROBLEMS
        hint = WITHOUT if problems and set(problems) == set(error.absent) else ""
        return Findings(file=name, problems=problems, absent=absent, hint=hint, exit_code=exit_code)
    channels = _channels(settings, online=online)
    case_stores = _case_stores(settings, online=online)
    return Findings(
        file=name,
        warnings=settings.warnings,
        web=listening.web_address(settings.web.host, settings.web.port),
        channels=channels,
        case_stores=case_stores,
        sms=_sms(settings),
        exit_code=NOT_ONLINE if any(one.online for one in channels) or any(one.online for one in case_stores) else 0,
    )


def report(findings: Findings) -> str:
    """The findings as people read them."""
    lines = _in_columns([_row(problem) for problem in findings.problems + findings.absent + findings.warnings])
    if findings.web:
        rows = [*map(_channel_row, findings.channels), *map(_store_row, findings.case_stores)]
        lines += _in_columns([("web", "", findings.web, "", ""), *rows])
    lines += [line for one in findings.sms for line in _sms_lines(one)]
    lines += [_summary(findings), *filter(None, [findings.hint])]
    return "\n".join([findings.file, *(f"  {line}" for line in lines)])


def _channels(settings: Settings, *, online: bool) -> tuple[Channel, ...]:
    adapters = [listening.built(channel) for channel in settings.channels]
    outcomes = asyncio.run(asking.ask_all(adapters)) if online else [None] * len(adapters)
    web = _web(settings)
    return tuple(
        Channel(
            channel.name,
            channel.kind,
            listening.ways_in(adapter, channel.name, web),
            listening.can_answer(adapter),
            outcome,
            () if listening.can_answer(adapter) else tuple(settings.gateway.fall_back),
        )
        for channel, adapter, outcome in zip(settings.channels, adapters, outcomes, strict=True)
    )


def _case_stores(settings: Settings, *, online: bool) -> tuple[CaseStore, ...]:
    clients = [stores.built(one) for one in settings.case_stores]
    outcomes = asyncio.run(asking.ask_all(clients)) if online else [None] * len(clients)
    return tuple(
        CaseStore(one.name, one.kind, _brings_news(settings, one.name, client), outcome)
        for one, client, outcome in zip(settings.case_stores, clients, outcomes, strict=True)
    )


def _sms(settings: Settings) -> tuple[Sms, ...]:
    paid = [one for one in settings.channels if _is_paid_by_the_sms(listening.built(one))]
    if not paid:
        return ()
    texts = catalogue.load(settings.gateway.data)
    costs = {channel.name: sizes.cost(texts, channel) for channel in paid}
    return tuple(
        Sms(name, cost.conversation, cost.price, _segments(cost.dear), _segments(cost.odd))
        for name, cost in costs.items()
    )


def _segments(texts: Iterable[sizes.Size]) -> dict[str, int]:
    return {one.name: one.segments for one in texts}


def _is_paid_by_the_sms(adapter: Adapter) -> bool:
    return isinstance(adapter, Sends) and listening.can_answer(adapter) and adapter.capabilities.alphabet == "gsm7"


def _brings_news(settings: Settings, name: str, client: object) -> str:
    return f"{_web(settings).rstrip('/')}/stores/{name}/…" if isinstance(client, ReceivesNews) else ""


def _web(settings: Settings) -> str:
    """The web server's address as the outside knows it."""
    return settings.gateway.public_url or listening.web_address(settings.web.host, settings.web.port)


def _row(problem: Problem) -> tuple[str, ...]:
    said = in_words(msgspec.structs.replace(problem, hint=""))
    return (said, f"→ {problem.hint}" if problem.hint else "")


def _channel_row(channel: Channel) -> tuple[str, ...]:
    return (channel.name, channel.kind, ", ".join(channel.ways_in), _way_out(channel), _asked(channel.online))


def _way_out(channel: Channel) -> str:
    if channel.answers:
        return "answers"
    return f"replies leave by {' or '.join(channel.instead)}" if channel.instead else "replies are kept, not sent"


def _store_row(store: CaseStore) -> tuple[str, ...]:
    return (store.name, store.kind, store.news, "is given cases", _asked(store.online))


def _sms_lines(sms: Sms) -> Iterator[str]:
    price = f", which cost {sms.price:g}" if sms.price else ""
    yield f"{sms.channel}: a usual conversation takes {sms.conversation} SMS of us{price}"
    if sms.texts:
        yield f"{sms.channel}: texts of more than one SMS: {_named(sms.texts)}  → kanal texts list --sms"
    if sms.odd:
        yield (
            f"{sms.channel}: texts not in GSM-7, of which an SMS holds 70 letters: {_named(sms.odd)}"
            "  → kanal texts list --sms"
        )


def _named(texts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({segments})" for name, segments in texts.items())


def _asked(online: str | None) -> str:
    return {None: "", "": "online: ok"}.get(online, f"online: {online}")


def _in_columns(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return [line.rstrip() for line in padded]


def _summary(findings: Findings) -> str:
    counted = [_count(findings.problems, "problem"), _count(findings.warnings, "warning")]
    failed = [channel for channel in findings.channels if channel.online]
    if failed:
        counted.append(f"{len(failed)} of {len(findings.channels)} channels failed online")
    if gone := [store for store in findings.case_stores if store.online]:
        counted.append(f"{len(gone)} of {len(findings.case_stores)} case stores failed online")
    said = ", ".join(filter(None, counted)) or "no problems"
    missing = len(findings.absent)
    return f"{said}; {missing} secret{' is' if missing == 1 else 's are'} not there yet" if missing else said


def _count(problems: tuple[Problem, ...], word: str) -> str:
    return f"{len(problems)} {word}{'' if len(problems) == 1 else 's'}" if problems else ""
