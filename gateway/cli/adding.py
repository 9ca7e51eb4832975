"""`kanal channels add`: one more channel in the settings file."""

import asyncio
import sys
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from msgspec.structs import replace

from adapters.contract import Guides
from adapters.settings import ChannelSettings, Problem
from gateway import asking, listening, registry, settings
from gateway.cli import options
from gateway.cli.check import Findings, report
from gateway.cli.reload import reload as reload_gateway
from gateway.data import DataDirectory
from gateway.errors import ConfigError
from gateway.kit import questions, settingsfile
from gateway.kit.questions import Question
from gateway.kit.settingsfile import NewSecrets
from gateway.settings import Settings


def add(
    kind: Annotated[str | None, typer.Argument(help="Its kind; the list of them without one.", metavar="KIND")] = None,
    name: Annotated[str | None, typer.Option(help="What it is called, for ever; its kind if left out.")] = None,
    given: Annotated[
        list[str] | None,
        typer.Option(
            "--set", help="KEY=VALUE of a setting, as in fields.text=body; a secret as env:NAME, file:PATH, made or -."
        ),
    ] = None,
    config: options.ConfigOption = None,
    ask: Annotated[
        bool | None, typer.Option("--ask/--no-ask", help="Ask for what is not given; as a rule if this is a terminal.")
    ] = None,
    offline: Annotated[bool, typer.Option("--offline", help="Do not ask its server whether it can be used.")] = False,
    reload: Annotated[bool, typer.Option("--reload", help="Have the running gateway take it up at once.")] = False,
) -> None:
    """Add a channel to the settings file: asks for what its kind needs, checks it with all else, and tries it.

    The file is ./kanal.toml unless --config names another; it is made of the built-in settings if there is none.
    Nothing is written unless all is right, and the file as it was is kept beside it. A secret is never written into it:
    one that is typed gets a file of its own in the folder "secrets" beside it, which its owner alone may read.

    Exit codes: 0 it is added; 1 it is not, and nothing was changed; 2 wrong usage; 3 it is added, but its server cannot
    be used.
    """
    if kind is None:
        _list_kinds()
        return
    options.refuse_unknown("kind of channel", kind, registry.kinds())
    asks = sys.stdin.isatty() if ask is None else ask
    called = name or (typer.prompt("name (permanent, in addresses and in every row)", kind) if asks else kind)
    file = config or options.USUAL
    kept = NewSecrets(file.absolute().parent, called)
    own = registry.adapter(kind).Settings
    values = {"name": called, "kind": kind, **_values(own, given or [], kept, asks=asks)}
    if asks:
        _ask_others(file, own, values, kept)
    loaded = _added(file, values, kept)
    fault = _told(loaded, called, kept, offline=offline)
    _reloaded(file, loaded, wanted=reload, asks=asks)
    raise typer.Exit(3 if fault else 0)


def _list_kinds() -> None:
    kinds = {kind: " ".join((registry.adapter(kind).Settings.__doc__ or "").split()) for kind in registry.kinds()}
    width = max(map(len, kinds))
    for kind, about in kinds.items():
        typer.echo(f"{kind.ljust(width)}  {about}")
    typer.echo("\nkanal channels add KIND adds one; `kanal new adapter NAME` begins a kind of your own")


def _values(own: type[ChannelSettings], given: list[str], kept: NewSecrets, *, asks: bool) -> dict[str, Any]:
    """What was given by --set, and what is answered to the questions that are left."""
    values: dict[str, Any] = {}
    typed = dict(map(_split, given))
    for key, written in typed.items():
        is_secret = Question(key, "", questions.expected(own, key)).is_secret
        _put(values, key, _given_secret(key, written, kept) if is_secret else _value(own, key, written))
    usual = {key: value for key, value in _usual(own).items() if key not in typed}
    values |= usual
    for question in questions.questions(own) if asks else ():
        if (question.required or question.key in usual) and question.key not in typed:
            default = str(usual.get(question.key, question.default))
            _ask(values, replace(question, default=default), kept)
    for key, value in () if asks else usual.items():
        typer.echo(f"{key} = {value}, as nothing else was said: --set {key}=… says it")
    return values


def _usual(own: type[ChannelSettings]) -> Mapping[str, Any]:
    return own.of_a_new_one(datetime.now().astimezone().date())


def _ask_others(file: Path, own: type[ChannelSettings], values: dict[str, Any], kept: NewSecrets) -> None:
    """Those that may be left out, unless what is there is not enough."""
    problems = _problems(file, values)
    if problems:
        typer.echo(f"\n{report(Findings(file='Something is missing yet', problems=problems))}")
    others = [one for one in questions.questions(own) if not one.required and not questions.has(values, one.key)]
    if others and typer.confirm(f"\n{len(others)} more settings: go through them?", default=bool(problems)):
        for question in others:
            _ask(values, question, kept)


def _problems(file: Path, values: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        _read(file, settingsfile.with_channel(file, values))
    except ConfigError as error:
        return error.problems
    return ()


def _read(file: Path, text: str) -> Settings:
    return settings.from_data(tomllib.loads(text), file.absolute().parent, file=file, thorough=True)


def _split(written: str) -> tuple[str, str]:
    key, equals, value = written.partition("=")
    if not equals or not key.strip():
        options.fail(f"--set takes KEY=VALUE, not {written.partition('=')[0]!r}", 2)
    return key.strip(), value.strip()


def _value(own: type[ChannelSettings], key: str, written: str) -> Any:
    return questions.value_of(questions.expected(own, key), written)


def _put(values: dict[str, Any], key: str, value: Any) -> None:
    try:
        questions.put(values, key, value)
    except ValueError as error:
        options.fail(f"--set {key}: {error}", 2)


def _given_secret(key: str, written: str, kept: NewSecrets) -> dict[str, str]:
    """What is typed as an argument is seen by every user of this machine."""
    if written == "-":
        return kept.keep(key, sys.stdin.readline().strip())
    named = kept.named(key, written)
    if named is None:
        options.fail(f"{key} is a secret: give it as {key}=env:NAME, file:PATH or made, or type it after {key}=-", 2)
    return named


def _ask(values: dict[str, Any], question: Question, kept: NewSecrets) -> None:
    """An empty answer leaves a setting out that has a default."""
    typer.echo(f"\n{question.key}: {question.about}")
    if question.is_secret:
        typer.echo("  env:NAME, file:PATH, made (Kanal makes one), or the secret itself, which is not shown")
    while True:
        written = _prompt(question)
        if written or not question.required:
            break
    if written and question.is_secret:
        _put(values, question.key, kept.named(question.key, written) or kept.keep(question.key, written))
    elif written and written != question.default:
        _put(values, question.key, questions.value_of(question.expected, written))


def _prompt(question: Question) -> str:
    choices = f" ({', '.join(question.choices)})" if question.choices else ""
    answer: str = typer.prompt(
        f"{question.key}{choices}",
        default=question.default,
        show_default=bool(question.default),
        hide_input=question.is_secret,
    )
    return answer.strip()


def _added(file: Path, values: dict[str, Any], kept: NewSecrets) -> Settings:
    """The settings with one more channel, once they are written."""
    try:
        text = settingsfile.with_channel(file, values)
        loaded = _read(file, text)
    except ConfigError as error:
        kept.take_back()
        options.fail(f"{report(Findings(file=str(file), problems=error.problems))}\nNothing was changed.")
    before = settingsfile.replace(file, text)
    typer.echo(f"{file}: {values['name']} is added" + (f"; as it was it is kept in {before}" if before else ""))
    return loaded


def _told(loaded: Settings, name: str, kept: NewSecrets, *, offline: bool) -> str | None:
    """Print what is to be told at the provider, and what its server says; returns what is wrong with that."""
    (channel,) = (one for one in loaded.channels if one.name == name)
    adapter = listening.built(channel)
    web = loaded.gateway.public_url or listening.web_address(loaded.web.host, loaded.web.port)
    for way in listening.ways_in(adapter, name, web):
        typer.echo(f"  comes in by  {way}")
    if listening.is_called(adapter) and not loaded.gateway.public_url:
        typer.echo("  that is this machine's own address: set [gateway].public_url to what the provider is to call")
    for key, where in kept.places.items():
        typer.echo(f"  {key}  is in {where}")
    for step in adapter.first_steps(web) if isinstance(adapter, Guides) else ():
        typer.echo(f"  to try it  {step}")
    fault = None if offline else asyncio.run(asking.ask_all([adapter]))[0]
    if fault is not None:
        typer.echo(f"  its server  {fault or 'answers'}")
    return fault


def _reloaded(file: Path, loaded: Settings, *, wanted: bool, asks: bool) -> None:
    folder = loaded.gateway.data
    if not folder.is_dir() or not DataDirectory.is_in_use(folder):
        typer.echo(f"`kanal run {file}` puts it in force")
    elif wanted or (asks and typer.confirm("a gateway is running: have it take the channel up now?", default=True)):
        reload_gateway(config=file)
    else:
        typer.echo(f"`kanal reload --config {file}` puts it in force")
