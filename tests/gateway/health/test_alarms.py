"""Whoever looks after the channels is told once that one needs a person, and once that it works again. The clock is the
test's; what is told goes over real sockets."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from structlog.testing import capture_logs

from adapters import ChannelSettings
from adapters.signing import proven
from gateway import alarming, listening, settings
from gateway.accounts.account import Role
from gateway.app import rules_of
from gateway.channels import Channel
from gateway.health import alarms as module
from gateway.health.alarm import LASTS_SECONDS, WELL_SECONDS
from gateway.health.alarms import Alarms
from gateway.health.condition import State
from gateway.metrics import Metrics
from gateway.noticing import Wording
from gateway.settings import Settings
from gateway.store.sqlite import SqliteStore
from tests.gateway.console.support import Visitor, account
from tests.gateway.store.rows import MASTER
from tests.gateway.support import Row, channel, running, settings_in, sms_channel, until

SECRET = "secret-of-the-notices"
#: The bot whose token is refused.
EXPIRED = "999999"
TABLE = '[units.operator]\nname = "Operator kanal"\nkind = "biro"\nwebhook = "{url}/operator"\ntelegram = "-100"\n'


class Listener:
    """A webhook, and Telegram: what they were told, and what they answer next."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, Row]] = []
        self.answers: list[int] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        status = self.answers.pop(0) if self.answers else 401 if EXPIRED in request.path else 200
        if status == 200:
            is_signed = proven([SECRET], body, request.headers, time.time())
            self.taken.append(("signed" if is_signed else "telegram", await request.json()))
        told = {"ok": status == 200, "error_code": status, "description": "Unauthorized"}
        return web.json_response(told, status=status)

    def told(self) -> list[tuple[str, str | None]]:
        """By the webhook: the state, and until when it lasted."""
        channels = [told["channel"] for way, told in self.taken if way == "signed"]
        return [(one["state"], one["until"] and "over") for one in channels]

    def said(self) -> list[str]:
        """By Telegram."""
        return [told["text"] for way, told in self.taken if way == "telegram"]


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    made = Listener()
    application = web.Application()
    application.router.add_route("*", "/{path:.*}", made.answer)
    async with TestServer(application) as server:
        made.url = str(server.make_url("")).rstrip("/")
        yield made


def told_by(folder: Path, listener: Listener, table: str = TABLE, **more: object) -> Settings:
    (folder / "data").mkdir(mode=0o700, exist_ok=True)
    (folder / "data" / "units.toml").write_text(table.format(url=listener.url))
    (folder / "notices").write_text(SECRET)
    (folder / "token").write_text("123456:" + "AAF-" + "a" * 33)
    for name in ("notices", "token"):
        (folder / name).chmod(0o600)
    notices = {
        "webhook_secret": {"file": "notices"},
        "telegram_token": {"file": "token"},
        "telegram_url": listener.url,
        "channels_to": "operator",
        **more,
    }
    return settings_in(folder, sms_channel(), notices=notices)


class Scene:
    """One channel, and who is told of it."""

    def __init__(self, store: SqliteStore, loaded: Settings) -> None:
        self.now = datetime(2026, 11, 23, 3, tzinfo=UTC).timestamp()
        self.store = store
        self.loaded = loaded
        self.channels = {"sms": self._channel(loaded.channels[0])}
        self.channel.is_now(State.OK)

    @property
    def channel(self) -> Channel:
        return self.channels["sms"]

    def _channel(self, known: ChannelSettings) -> Channel:
        return Channel(known, listening.built(known), clock=lambda: self.now)

    def rest(self) -> None:
        """It ended yesterday."""
        yesterday = (datetime.fromtimestamp(self.now, UTC) - timedelta(days=1)).date()
        self.channel.settings = msgspec.structs.replace(self.channel.settings, valid_until=yesterday)

    @asynccontextmanager
    async def process(self) -> AsyncIterator[Alarms]:
        """One that tells until it ends."""
        rules = rules_of(self.loaded, b"k" * 32)
        wording = Wording(rules.text, "id", rules.clock.zone, rules.routing)
        made = alarming.alarms(self.store, self.loaded, rules, self.channels, wording, Metrics())
        made._clock = lambda: self.now
        for way in made._ways:
            await way.open()
        await made.begin()
        try:
            yield made
        finally:
            for way in made._ways:
                await way.close()

    async def go(self, alarms: Alarms, seconds: float, step: float = 10.0) -> None:
        until = self.now + seconds
        while self.now < until:
            self.now += step
            await alarms.look()


@asynccontextmanager
async def scene(folder: Path, listener: Listener, table: str = TABLE) -> AsyncIterator[Scene]:
    def died(error: BaseException) -> None:
        raise error

    loaded = told_by(folder, listener, table)
    store = SqliteStore(folder / "data", MASTER, died)
    try:
        yield Scene(store, loaded)
    finally:
        await store.close()


REFUSED, CAPPED = (State.PAUSED, "401", "unauthorized"), (State.DEGRADED, "", "cap_reached")
DOWN, SILENT = (State.DOWN, "reset", "not_asked"), (State.SILENT, "", "silent")
SPENT: dict[str, Any] = {
    "spent": "$150",
    "cap": "$150",
    "until": 1_796_000_000.0,
    "since": 1_795_000_000.0,
    "usual": "12",
}


@pytest.mark.parametrize(
    ("fault", "within"),
    [(REFUSED, 10.0), (CAPPED, 10.0), (SILENT, 10.0), (DOWN, LASTS_SECONDS)],
    ids=["token", "cap", "silence", "down"],
)
async def test_a_channel_that_needs_a_person_is_told_once_and_its_end_once(
    tmp_path: Path, listener: Listener, fault: tuple[State, str, str], within: float
) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        await at.go(alarms, 60)
        state, note, why = fault
        at.channel.part("other").is_now(state, note, why, **SPENT)
        await at.go(alarms, within - 10)
        assert listener.told() == []
        await at.go(alarms, 20)
        assert listener.told() == [(state, None)]
        await at.go(alarms, 7200, 60)
        assert (len(listener.told()), len(listener.said())) == (1, 1)
        at.channel.part("other").is_now(State.OK)
        await at.go(alarms, WELL_SECONDS + 10)
        assert listener.told() == [(state, None), (state, "over")]
        await at.go(alarms, 3600, 60)
        assert (len(listener.told()), len(listener.said())) == (2, 2)
        assert await at.store.alarms() == []


async def test_what_is_told_says_what_is_wrong_and_what_to_do(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        at.channel.is_now(State.PAUSED, "status 401", "unauthorized")
        await at.go(alarms, 10)
        at.channel.is_now(State.OK)
        await at.go(alarms, 120)
        begun, over = listener.said()
        assert begun.startswith("Kanal sms perlu ditangani orang: Ditolak, sejak 23/11/2026 10.00.")
        assert "Pihak lain menolak sandi atau token kita. Katanya: status 401." in begun
        assert "Yang perlu dilakukan: Perbarui sandi atau token, lalu muat ulang." in begun
        assert "kanal channels show sms" in begun
        assert over.startswith("Kanal sms berjalan lagi sejak 23/11/2026 10.00.")
        first = listener.taken[0][1]
        assert (first["unit"]["code"], first["channel"]["why"]) == ("operator", "unauthorized")


def blip(at: Scene) -> None:
    at.channel.is_now(State.DOWN, "reset", "not_sent")


def held(at: Scene) -> None:
    at.channel.is_held = True
    at.channel.is_now(State.PAUSED, "401", "unauthorized")


def resting(at: Scene) -> None:
    at.rest()
    at.channel.is_now(State.DOWN, "gone", "not_asked")


def impaired(at: Scene) -> None:
    at.channel.part("costs").is_now(State.DEGRADED, why="cap_near", **SPENT)


@pytest.mark.parametrize(("happens", "lasts"), [(blip, 200), (held, 3600), (resting, 3600), (impaired, 3600)])
async def test_what_needs_nobody_is_told_to_nobody(
    tmp_path: Path, listener: Listener, happens: Callable[[Scene], None], lasts: float
) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        happens(at)
        await at.go(alarms, lasts, 20)
        at.channel.is_now(State.OK)
        await at.go(alarms, 200, 20)
        assert listener.taken == []


async def test_a_refused_token_is_told_also_where_the_channel_was_down_before(
    tmp_path: Path, listener: Listener
) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        at.channel.is_now(State.DOWN, "reset", "not_sent")
        await at.go(alarms, 600, 20)
        at.channel.is_now(State.PAUSED, "401", "unauthorized")
        await at.go(alarms, 600, 20)
        at.channel.is_now(State.DOWN, "reset", "not_sent")
        await at.go(alarms, 600, 20)
        assert listener.told() == [("down", None), ("paused", None)]


async def test_what_works_for_a_moment_is_not_over(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        at.channel.is_now(State.PAUSED, "401", "unauthorized")
        for _ in range(5):
            await at.go(alarms, 100)
            at.channel.is_now(State.OK)
            await at.go(alarms, 30)
            at.channel.is_now(State.PAUSED, "401", "unauthorized")
        assert listener.told() == [("paused", None)]


async def test_what_was_told_is_not_told_again_by_the_next_process(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener) as at:
        async with at.process() as alarms:
            at.channel.is_now(State.PAUSED, "401", "unauthorized")
            await at.go(alarms, 20)
        async with at.process() as alarms:
            await at.go(alarms, 20)
            at.channel.is_now(State.OK)
            await at.go(alarms, 100)
        assert listener.told() == [("paused", None), ("paused", "over")]


async def test_who_cannot_be_told_is_told_later_and_that_is_logged_once(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener, TABLE.replace('telegram = "-100"', "")) as at, at.process() as alarms:
        listener.answers = [503] * 5
        at.channel.is_now(State.PAUSED, "401", "unauthorized")
        with capture_logs() as logs:
            await at.go(alarms, 7200, 60)
        assert listener.told() == [("paused", None)]
        assert [log["event"] for log in logs] == ["who looks after the channels cannot be told"]


async def test_an_address_that_is_refused_is_given_up(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener, TABLE.replace('telegram = "-100"', "")) as at, at.process() as alarms:
        listener.answers = [410]
        at.channel.is_now(State.PAUSED, "401", "unauthorized")
        await at.go(alarms, 7200, 60)
        assert (listener.answers, listener.taken) == ([], [])


async def test_what_is_over_before_anybody_could_be_told_is_told_to_nobody(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        listener.answers = [503] * 10
        at.channel.is_now(State.PAUSED, "401", "unauthorized")
        await at.go(alarms, 10)
        at.channel.is_now(State.OK)
        await at.go(alarms, 600, 20)
        assert (listener.taken, await at.store.alarms(), len(listener.answers) > 2) == ([], [], True)


async def test_of_a_channel_that_is_no_more_nothing_is_kept(tmp_path: Path, listener: Listener) -> None:
    async with scene(tmp_path, listener) as at, at.process() as alarms:
        at.channel.is_now(State.PAUSED, "401", "unauthorized")
        await at.go(alarms, 10)
        at.channels.clear()
        await at.go(alarms, 10)
        assert (await at.store.alarms(), len(listener.told())) == ([], 1)


@pytest.mark.parametrize(
    ("table", "code", "said"),
    [(TABLE, "operatr", "no unit has the code 'operatr'"), (TABLE, "biro-pemerintahan", "can be told in no way")],
)
async def test_who_cannot_be_told_is_warned_of(
    tmp_path: Path, listener: Listener, table: str, code: str, said: str
) -> None:
    loaded = told_by(tmp_path, listener, table, channels_to=code)
    thorough = settings.from_data(loaded.source, loaded.base, thorough=True)
    assert [one for one in thorough.warnings if one.where == "notices.channels_to" and said in one.what]


async def test_a_running_gateway_tells_of_a_token_that_is_refused(
    tmp_path: Path, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the provider's 401 to whoever looks after the channels, and to the pages of who may see to it."""
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.05)
    loaded = told_by(tmp_path, listener)
    (tmp_path / "expired").write_text(EXPIRED + ":" + "AAF-" + "b" * 33)
    (tmp_path / "expired").chmod(0o600)
    expired = channel("telegram", "bot", token={"file": "expired"}, api_url=listener.url)
    whole = settings_in(tmp_path, sms_channel(), expired, notices=loaded.source["notices"])
    async with running(whole) as gateway:
        await until(lambda: gateway.app.channels["bot"].way_in.state is State.PAUSED, "the token to be refused")
        await until(lambda: listener.told() or listener.said(), "somebody to be told")
        page = await Visitor(gateway.app, account(Role.ADMINISTRATOR)).get("/petugas")
        assert "Perlu ditangani orang: bot (Ditolak)" in page.text
        other = await Visitor(gateway.app, account(Role.OPERATOR)).get("/petugas")
        assert "Perlu ditangani orang" not in other.text
