"""The same talks on every kind of channel: an SMS handset, mail, a terminal without buttons and one with them,
Telegram, WhatsApp, Messenger, Instagram, direct messages on X."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from adapters.testing.standins.facebook import Facebook
from adapters.testing.standins.instagram import Instagram
from adapters.testing.standins.talks import Talks
from adapters.testing.standins.telegram import Telegram
from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.x import X
from tests.end_to_end.city import city
from tests.end_to_end.kanal import Gateway
from tests.end_to_end.lines import ByMail, BySms, ByTalks, ByTelegram, ByTerminal, ByWhatsApp, ByX, Line
from tests.end_to_end.playing import Play
from tests.end_to_end.relay import Relay
from tests.end_to_end.telegram_bot import bot
from tests.end_to_end.transcript import CITIZEN, names, turns
from tests.gateway import x_account
from tests.gateway.meta import known

CITY = {"areas": "31", "replies_per_person_per_day": 1_000}


class Open(NamedTuple):
    gateway: Gateway
    line: Line


@contextmanager
def by_sms(folder: Path) -> Iterator[Open]:
    with pytest.MonkeyPatch.context() as environment, city(folder, environment, settings=CITY) as town:
        yield Open(town.gateway, BySms(town.kannel))


@contextmanager
def by_mail(folder: Path) -> Iterator[Open]:
    with Relay() as relay, Gateway(folder, mail=relay.settings, settings=CITY) as gateway:
        yield Open(gateway, ByMail(gateway, relay))


@contextmanager
def by_terminal(folder: Path, feature: str = "plain", **limits: float) -> Iterator[Open]:
    path = folder / "terminal.sock"
    channel = {"name": "terminal", "kind": "terminal", "socket": str(path), **limits}
    line = ByTerminal(path, frozenset({feature}))
    with Gateway(folder, settings=CITY, more=[channel]) as gateway, closing(line):
        yield Open(gateway, line)


def by_buttons(folder: Path) -> AbstractContextManager[Open]:
    return by_terminal(folder, "buttons", choices=3, list_rows=10)


@contextmanager
def by_whatsapp(folder: Path, *features: str) -> Iterator[Open]:
    with WhatsApp(pause=0.02) as meta:
        channel = {"name": "whatsapp", "kind": "whatsapp", "quiet_seconds": 0, **known(meta, folder)}
        with Gateway(folder, settings=CITY, more=[_paced(channel, features)]) as gateway:
            assert asyncio.run(meta.subscribe(f"http://127.0.0.1:{gateway.web}/in/whatsapp"))
            yield Open(gateway, ByWhatsApp(meta, *features))


@contextmanager
def by_talks(kind: str, meta: Talks, folder: Path) -> Iterator[Open]:
    with meta:
        channel = {"name": kind, "kind": kind, "quiet_seconds": 0, **known(meta, folder)}
        with Gateway(folder, settings=CITY, more=[channel]) as gateway:
            assert asyncio.run(meta.subscribe(f"http://127.0.0.1:{gateway.web}/in/{kind}"))
            yield Open(gateway, ByTalks(meta))


def by_messenger(folder: Path) -> AbstractContextManager[Open]:
    return by_talks("facebook", Facebook(pause=0.02), folder)


def by_instagram(folder: Path) -> AbstractContextManager[Open]:
    return by_talks("instagram", Instagram(pause=0.02), folder)


@contextmanager
def by_telegram(folder: Path, *features: str) -> Iterator[Open]:
    with Telegram() as telegram:
        channel = _paced(bot(telegram, folder), features)
        with Gateway(folder, settings=CITY, more=[channel]) as gateway:
            yield Open(gateway, ByTelegram(telegram, *features))


def _paced(channel: dict[str, Any], features: Sequence[str]) -> dict[str, Any]:
    """A channel that waits for more messages as it is shipped, if it does."""
    return {name: value for name, value in channel.items() if name != "quiet_seconds" or "quiet" not in features}


@contextmanager
def by_x(folder: Path) -> Iterator[Open]:
    with X(pause=0.02) as x, Gateway(folder, settings=CITY, more=[x_account.known(x, folder)]) as gateway:
        assert asyncio.run(x.subscribe(f"http://127.0.0.1:{gateway.web}/in/x"))
        yield Open(gateway, ByX(x))


CHANNELS: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "sms": by_sms,
    "mail": by_mail,
    "terminal": by_terminal,
    "buttons": by_buttons,
    "whatsapp": by_whatsapp,
    "messenger": by_messenger,
    "instagram": by_instagram,
    "telegram": by_telegram,
    "x": by_x,
}


@pytest.fixture(scope="module", params=CHANNELS)
def talks(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[None]]]:
    """One gateway a channel, where all talk at the same time; here, as pytest changes standard output between tests,
    which officers' commands write to."""
    folder = tmp_path_factory.mktemp(request.param)
    with CHANNELS[request.param](folder) as (gateway, line), ThreadPoolExecutor(len(names())) as citizens:
        talking = {name: citizens.submit(talk, name, line, gateway) for name in names()}
        wait(talking.values())
        yield talking


def talk(name: str, line: Line, gateway: Gateway) -> None:
    Play(name, line, gateway).play()
    if isinstance(line, ByMail) and turns(name, line.features):
        assert line.threads(f"{CITIZEN}-{name}")


@pytest.mark.parametrize("name", names())
def test_a_talk_is_the_same_on_every_channel(talks: dict[str, Future[None]], name: str) -> None:
    error = talks[name].exception()
    assert error is None, error


QUIET: dict[str, Callable[[Path], AbstractContextManager[Open]]] = {
    "terminal": lambda folder: by_terminal(folder, "quiet", quiet_seconds=3),
    "whatsapp": lambda folder: by_whatsapp(folder, "quiet"),
    "telegram": lambda folder: by_telegram(folder, "quiet"),
}


@pytest.mark.parametrize("channel", QUIET)
def test_what_is_said_in_a_row_is_one_report(tmp_path: Path, channel: str) -> None:
    with QUIET[channel](tmp_path) as (gateway, line):
        assert turns("beruntun", line.features)
        talk("beruntun", line, gateway)
