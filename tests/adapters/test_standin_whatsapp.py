"""The stand-in for WhatsApp's Cloud API, driven by a client library that others wrote for the real one."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from pywa import errors
from pywa.client import WhatsApp as Client
from pywa.handlers import CallbackButtonHandler, MessageHandler, MessageStatusHandler
from pywa.types.callback import Button, Section, SectionList, SectionRow
from pywa.types.templates import BodyText, TemplateLanguage

from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.whatsapp_rules import Approved
from tests.gateway.support import until

CITIZEN = "628111000001"


@pytest.fixture
def meta() -> Iterator[WhatsApp]:
    with WhatsApp(pause=0.02) as meta:
        meta.writes(CITIZEN, "Banjir")
        yield meta


@pytest.fixture
def client(meta: WhatsApp) -> Iterator[Client]:
    with httpx.Client() as session:
        made = Client(meta.phone_number_id, meta.token, session=session, server=None, filter_updates=False)
        session.base_url = httpx.URL(meta.graph_url)
        yield made


def test_text_buttons_and_lists_reach_a_phone(meta: WhatsApp, client: Client) -> None:
    sent = client.send_message(CITIZEN, "Terima kasih", reply_to_message_id="wamid.A", tracker="r-1")
    client.send_message(CITIZEN, "Betul?", buttons=[Button("Ya", "1"), Button("Tidak", "2")])
    rows = [SectionRow(f"Kelurahan {number}", str(number)) for number in range(10)]
    client.send_message(CITIZEN, "Di mana?", buttons=SectionList("Pilih", [Section("Semua", rows)]))
    first, second, third = meta.shown(CITIZEN)
    assert (first.id, first.text, first.quoting, first.reply) == (sent.id, "Terima kasih", "wamid.A", "r-1")
    assert (second.options, second.opens) == ((("1", "Ya"), ("2", "Tidak")), "")
    assert (len(third.options), third.opens) == (10, "Pilih")


REFUSED: dict[str, tuple[Callable[[Client], Any], type[errors.WhatsAppError]]] = {
    "a text that is too long": (lambda one: one.send_message(CITIZEN, "x" * 4097), errors.InvalidParameter),
    "four buttons": (
        lambda one: one.send_message(CITIZEN, "?", buttons=[Button(str(n), str(n)) for n in range(4)]),
        errors.InvalidParameter,
    ),
    "a button of 21 letters": (
        lambda one: one.send_message(CITIZEN, "?", buttons=[Button("x" * 21, "1")]),
        errors.InvalidParameter,
    ),
    "who has not written": (lambda one: one.send_message("628111000009", "Halo"), errors.ReEngagementMessage),
    "who has blocked us": (lambda one: one.send_message("628111000002", "Halo"), errors.MessageUndeliverable),
    "no such template": (
        lambda one: one.send_template(CITIZEN, "lain", TemplateLanguage.INDONESIAN, []),
        errors.TemplateNotExists,
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_meta_refuses_is_refused(meta: WhatsApp, client: Client, name: str) -> None:
    ask, error = REFUSED[name]
    meta.refused = {"628111000002": 131026}
    with pytest.raises(error):
        ask(client)


FAULTS = {429: errors.RateLimitHit, 401: errors.ExpiredAccessToken, 500: errors.WhatsAppError}


@pytest.mark.parametrize("status", FAULTS)
def test_faults_on_demand_are_told_as_meta_tells_them(meta: WhatsApp, client: Client, status: int) -> None:
    meta.fault("messages", status=status)
    with pytest.raises(FAULTS[status]):
        client.send_message(CITIZEN, "Halo")
    assert client.send_message(CITIZEN, "Halo").id


def test_after_a_day_only_templates_reach_anybody(meta: WhatsApp, client: Client) -> None:
    meta.templates = {"kabar": Approved("Kabar: {{1}}")}
    meta.wait(86_401)
    with pytest.raises(errors.ReEngagementMessage):
        client.send_message(CITIZEN, "Halo")
    words = BodyText.params("selesai")  # type: ignore[arg-type]  # its library's types are off
    client.send_template(CITIZEN, "kabar", TemplateLanguage.INDONESIAN, [words])
    assert [one.text for one in meta.shown(CITIZEN)] == ["Kabar: selesai"]


def test_files_are_uploaded_found_and_downloaded(meta: WhatsApp, client: Client) -> None:
    media = client.upload_media(b"JPEG", mime_type="image/jpeg", filename="foto.jpg")
    found = client.get_media_url(media.id)
    assert (client.get_media_bytes(found.url), found.file_size, found.mime_type) == (b"JPEG", 4, "image/jpeg")


async def test_the_address_of_a_file_is_good_for_five_minutes_and_needs_the_token(meta: WhatsApp) -> None:
    media = meta.keep(b"JPEG", "image/jpeg", meta.phone_number_id)
    url, headers = meta.found(media, None)["url"], {"Authorization": f"Bearer {meta.token}"}
    async with ClientSession() as session:

        async def asked(url: str, **values: Any) -> int:
            async with session.get(url, **values) as response:
                return response.status

        assert [await asked(url, headers=headers), await asked(url)] == [200, 401]
        assert await asked(f"{url}0", headers=headers) == 404
        meta.wait(301)
        assert await asked(url, headers=headers) == 404


@asynccontextmanager
async def listening(meta: WhatsApp, refusing: int = 0) -> AsyncIterator[list[Any]]:
    """What the library makes of the webhooks; the first `refusing` are not taken."""
    heard: list[Any] = []
    left = [500] * refusing
    reads = Client(
        meta.phone_number_id, meta.token, app_secret=meta.app_secret, verify_token=meta.verify_token, server=None
    )
    for kind in (MessageHandler, CallbackButtonHandler, MessageStatusHandler):
        reads.add_handlers(kind(lambda _, update: heard.append(update)))

    async def challenged(request: web.Request) -> web.Response:
        query = request.query
        text, status = reads.webhook_challenge_handler(query.get("hub.verify_token"), query.get("hub.challenge"))
        return web.Response(status=status, text=text)

    async def taken(request: web.Request) -> web.Response:
        body = await request.read()
        if reads.webhook_update_validator(body, request.headers["X-Hub-Signature-256"]) or left:
            return web.Response(status=left.pop() if left else 403)
        await asyncio.to_thread(reads.webhook_update_handler, body)
        return web.Response()

    app = web.Application()
    app.router.add_get("/hook", challenged)
    app.router.add_post("/hook", taken)
    async with TestServer(app) as server:
        assert await meta.subscribe(str(server.make_url("/hook")))
        yield heard


async def test_what_people_do_is_brought_signed_until_it_is_taken(meta: WhatsApp, client: Client) -> None:
    client.send_message(CITIZEN, "Betul?", buttons=[Button("Ya", "3:ya")])
    async with listening(meta, refusing=2) as heard:
        meta.presses(CITIZEN, meta.shown(CITIZEN)[0], "Ya")
        await until(lambda: len(heard) == 4 and not meta.posting.left, "all to be brought")
        pressed, said, *words = sorted(heard, key=lambda update: type(update).__name__)
        assert (said.text, said.from_user.wa_id, said.from_user.bsuid) == ("Banjir", CITIZEN, meta.user_id(CITIZEN))
        assert {one.status for one in words} == {"sent", "delivered"}
        assert (pressed.data, pressed.title) == ("3:ya", "Ya")
        assert meta.posting.answers == [500, 500, 200, 200, 200, 200]


async def test_a_wrong_verify_token_is_no_subscription(meta: WhatsApp) -> None:
    async with listening(meta):
        url, meta.verify_token = meta.posting.url or "", "tebakan"
        assert not await meta.subscribe(url)
