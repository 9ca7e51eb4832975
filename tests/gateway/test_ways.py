"""What a webhook and Telegram may answer, and what that says of a notice."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiosmtpd.smtp import SMTP, Envelope, Session

from adapters import ChannelDown, ChannelError, Refused, Secret, Throttled, Unauthorized
from gateway import categories, channels, units
from gateway.noticing import Wording
from gateway.routing import Unit
from gateway.store.contract import About, CaseRow, NoticeRow
from gateway.store.notices import Known
from gateway.tables import NoticeSettings
from gateway.texts import Texts
from gateway.ways import Mail, Telegram, Webhook
from tests.end_to_end.relay import Relay
from tests.gateway.support import channel, settings_in

TOKEN = "123456:AAF-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
NOW = datetime(2026, 11, 22, tzinfo=UTC).timestamp()
CASE = CaseRow(code="KNL-1", status="menunggu", opened_at=NOW, due_at=NOW, what="", where="")
NOTICE = NoticeRow(id="t-1", case="KNL-1", unit="x", way="x", about=About.NEW, created_at=NOW, due_at=NOW)
TOLD = [(NOTICE, Known(CASE, "Banjir", 1))]


class Server:
    def __init__(self) -> None:
        self.status, self.headers = 200, dict[str, str]()
        self.url = ""

    async def answer(self, _request: web.Request) -> web.Response:
        return web.json_response({}, status=self.status, headers=self.headers)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    application = web.Application()
    application.router.add_post("/{path:.*}", made.answer)
    async with TestServer(application) as running:
        made.url = str(running.make_url("/"))
        yield made


def wording() -> Wording:
    return Wording(Texts.load().text, "id", ZoneInfo("UTC"), units.load(None, categories.load(), "31"))


async def told(way: type[Webhook | Telegram], unit: Unit, url: str = "http://127.0.0.1:1") -> ChannelError | None:
    settings = NoticeSettings(webhook_secret=Secret("s" * 16), telegram_token=Secret(TOKEN), telegram_url=url)
    made = way(settings, wording())
    await made.open()
    try:
        await made.tell(unit, TOLD)
    except ChannelError as error:
        return error
    finally:
        await made.close()
    return None


ANSWERS: dict[str, tuple[type[Webhook | Telegram], int, dict[str, str], type[ChannelError] | None, str]] = {
    "a webhook takes it": (Webhook, 204, {}, None, ""),
    "not this one": (Webhook, 422, {}, Refused, "the unit's webhook answers 422"),
    "never again": (Webhook, 410, {}, Refused, "the unit's webhook answers 410"),
    "no proof": (Webhook, 403, {}, Unauthorized, "the unit's webhook does not believe our signature: it answers 403"),
    "moved": (Webhook, 302, {"Location": "http://127.0.0.1:1/"}, ChannelDown, "the unit's webhook answers 302"),
    "ill": (Webhook, 500, {}, ChannelDown, "the unit's webhook answers 500"),
    "busy": (Webhook, 503, {"Retry-After": "60"}, Throttled, "the unit's webhook answers 503"),
    "Telegram takes it": (Telegram, 200, {}, None, ""),
    "no such chat": (Telegram, 400, {}, Refused, "Telegram answers 400: is the bot in the unit's chat?"),
    "thrown out of the chat": (Telegram, 403, {}, Refused, "Telegram answers 403: is the bot in the unit's chat?"),
    "no such bot": (Telegram, 401, {}, Unauthorized, "Telegram knows no bot with this token"),
    "no token at all": (Telegram, 404, {}, Unauthorized, "Telegram knows no bot with this token"),
    "too many messages": (Telegram, 429, {"Retry-After": "7"}, Throttled, "Telegram answers 429"),
    "Telegram is ill": (Telegram, 502, {}, ChannelDown, "Telegram answers 502"),
}


@pytest.mark.parametrize(("way", "status", "headers", "error", "says"), ANSWERS.values(), ids=ANSWERS)
async def test_what_an_answer_says(
    server: Server,
    way: type[Webhook | Telegram],
    status: int,
    headers: dict[str, str],
    error: type[ChannelError] | None,
    says: str,
) -> None:
    server.status, server.headers = status, headers
    unit = Unit(code="x", name="X", kind="dinas", webhook=server.url, telegram="-1")
    found = await told(way, unit, server.url)
    assert (type(found), str(found or "")) == (error or type(None), says)
    assert not isinstance(found, Throttled) or found.retry_after == float(headers["Retry-After"])


@pytest.mark.parametrize("way", [Webhook, Telegram])
async def test_nobody_there_and_no_way_any_more(way: type[Webhook | Telegram]) -> None:
    """What is said quotes neither the address nor the token."""
    away = await told(way, Unit(code="x", name="X", kind="dinas", webhook="http://127.0.0.1:1/", telegram="-1"))
    assert type(away) is ChannelDown and "cannot be reached: Client" in str(away)
    assert not [secret for secret in (TOKEN, "127.0.0.1") if secret in str(away)]
    gone = await told(way, Unit(code="x", name="X", kind="dinas"))
    assert type(gone) is Refused and "any more" in str(gone)


class Picky(Relay):
    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if address.startswith("gone"):
            return "550 5.1.1 unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"


async def test_an_address_that_is_refused_keeps_the_others_from_nothing(tmp_path: Path) -> None:
    with Picky() as relay:
        mailbox = channel("smtp", "mail", recipients=["dki@jakarta.go.id"], smtp="127.0.0.1:0", **relay.settings)
        mail = Mail(channels.build(settings_in(tmp_path, mailbox))["mail"], wording())
        unit = Unit(code="x", name="X", kind="dinas", mail=("gone@example.go.id", "sda@example.go.id"))
        with pytest.raises(Refused, match="1 of 2 addresses: the relay answered 550 to the recipient"):
            await mail.tell(unit, TOLD)
        assert len(relay.to("sda@example.go.id")) == 1
