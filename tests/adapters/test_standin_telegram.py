"""The stand-in for Telegram speaks the Bot API, as the client library that everybody uses sees it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest
from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, ReplyParameters
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)

from adapters.testing.standins.telegram import Telegram

CITIZEN = 5
GROUP = -100


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    with Telegram() as telegram:
        yield telegram


def _bot(telegram: Telegram, token: str = "") -> Bot:
    return Bot(token or telegram.token, f"{telegram.url}/bot", f"{telegram.url}/file/bot")


@pytest.fixture
async def bot(telegram: Telegram) -> AsyncIterator[Bot]:
    async with _bot(telegram) as bot:
        yield bot


async def test_the_bot_learns_who_it_is(bot: Bot) -> None:
    assert (bot.username, bot.id) == ("kanal_bot", 110201543)


async def test_what_citizens_send_is_read_by_the_library(telegram: Telegram, bot: Bot) -> None:
    telegram.writes(CITIZEN, "Banjir")
    telegram.sends_album(CITIZEN, [b"satu", b"dua"], "Jalan rusak")
    telegram.shares_location(CITIZEN, -6.2, 106.8, 12.5)
    telegram.shares_venue(CITIZEN, -6.2, 106.8, "Pasar", "Jl. Raya")
    telegram.shares_contact(CITIZEN, "+628111000001", of=CITIZEN)
    telegram.sends_file(CITIZEN, "voice", b"ogg", "audio/ogg")
    telegram.sends_file(CITIZEN, "document", b"pdf", "application/pdf", "surat.pdf")
    messages = [update.message for update in await bot.get_updates()]
    text, one, two, location, venue, contact, voice, document = (message for message in messages if message)
    assert (text.text, text.from_user and text.from_user.full_name) == ("Banjir", "Warga 5")
    assert (one.caption, two.caption, one.media_group_id) == ("Jalan rusak", None, two.media_group_id)
    assert location.location and location.location.horizontal_accuracy == 12.5
    assert venue.venue and venue.venue.title == "Pasar"
    assert contact.contact and contact.contact.user_id == CITIZEN
    assert voice.voice and voice.voice.mime_type == "audio/ogg"
    assert document.document and document.document.file_name == "surat.pdf"


async def test_edits_presses_and_blocks_are_updates_too(telegram: Telegram, bot: Bot) -> None:
    message = telegram.writes(CITIZEN, "Banjir")
    telegram.edits(CITIZEN, message, "Banjir besar")
    keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="a:1")]])
    await bot.send_message(CITIZEN, "Benar?", reply_markup=keyboard)
    pressed = telegram.presses(CITIZEN, telegram.shown(CITIZEN)[-1], "Ya")
    telegram.blocks(CITIZEN)
    _, edit, press, member = await bot.get_updates()
    assert edit.edited_message and (edit.edited_message.message_id, edit.edited_message.text) == (
        message,
        "Banjir besar",
    )
    assert press.callback_query and (press.callback_query.data, press.callback_query.id) == ("a:1", pressed)
    assert member.my_chat_member and member.my_chat_member.new_chat_member.status == "kicked"
    await bot.answer_callback_query(pressed)
    assert telegram.answered == [pressed]


async def test_updates_are_given_again_until_an_offset_confirms_them(telegram: Telegram, bot: Bot) -> None:
    for number in range(3):
        telegram.writes(CITIZEN, f"{number}")
    first = await bot.get_updates()
    assert [one.update_id for one in await bot.get_updates()] == [one.update_id for one in first]
    rest = await bot.get_updates(offset=first[1].update_id + 1)
    assert [one.update_id for one in rest] == [first[2].update_id]
    assert telegram.waiting() == 1
    assert await bot.get_updates(offset=first[2].update_id + 1) == ()
    assert len(await bot.get_updates(limit=1, offset=-1)) == 0


async def test_a_long_poll_ends_when_something_comes(telegram: Telegram, bot: Bot) -> None:
    asked = asyncio.create_task(bot.get_updates(timeout=30))
    await _until(lambda: bool(telegram.called("getUpdates")))
    telegram.writes(CITIZEN, "Banjir")
    assert len(await asked) == 1


async def test_of_two_that_ask_the_first_is_ended(telegram: Telegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await _until(lambda: bool(telegram.called("getUpdates")))
    async with _bot(telegram) as other:
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other"):
            await first
        telegram.writes(CITIZEN, "Banjir")
        assert len(await second) == 1


async def test_a_group_is_heard_as_it_is_written(telegram: Telegram, bot: Bot) -> None:
    telegram.writes(CITIZEN, "🌊 @kanal_bot banjir /lapor@kanal_bot", chat=GROUP)
    (update,) = await bot.get_updates()
    assert update.message and update.message.chat.type == "group"
    assert update.message.parse_entities() == dict(
        zip(update.message.entities, ("@kanal_bot", "/lapor@kanal_bot"), strict=True)
    )


async def test_what_is_sent_is_shown_with_what_it_quotes(telegram: Telegram, bot: Bot) -> None:
    message = telegram.writes(CITIZEN, "Banjir")
    sent = await bot.send_message(CITIZEN, "Terima kasih", reply_parameters=ReplyParameters(message))
    (shown,) = telegram.shown(CITIZEN)
    assert (shown["text"], shown["message_id"]) == ("Terima kasih", sent.message_id)
    assert shown["reply_to_message"]["message_id"] == message


async def test_a_file_is_fetched(telegram: Telegram, bot: Bot) -> None:
    telegram.sends_photo(CITIZEN, b"gambar")
    (update,) = await bot.get_updates()
    assert update.message is not None
    file = await bot.get_file(update.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == b"gambar"


Asked = Callable[[Bot], Awaitable[Any]]
REFUSALS: dict[str, tuple[Asked, type[TelegramError], str]] = {
    "text too long": (lambda bot: bot.send_message(CITIZEN, "x" * 4097), BadRequest, "[Mm]essage is too long"),
    "no text": (lambda bot: bot.send_message(CITIZEN, " "), BadRequest, "text is empty"),
    "nobody's chat": (lambda bot: bot.send_message(6, "x"), BadRequest, "[Cc]hat not found"),
    "who has blocked it": (lambda bot: bot.send_message(7, "x"), Forbidden, "bot was blocked by the user"),
    "a group that moved": (lambda bot: bot.send_message(GROUP, "x"), ChatMigrated, "-1000000000100"),
    "button too long": (
        lambda bot: bot.send_message(
            CITIZEN, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="é" * 33)]])
        ),
        BadRequest,
        "(?i)button_data_invalid",
    ),
    "nobody's button": (lambda bot: bot.answer_callback_query("1"), BadRequest, "[Qq]uery is too old"),
    "nobody's file": (lambda bot: bot.get_file("x"), BadRequest, "[Ww]rong file_id"),
}


@pytest.mark.parametrize(("asked", "error", "says"), REFUSALS.values(), ids=REFUSALS)
async def test_what_telegram_refuses_is_refused(
    telegram: Telegram, bot: Bot, asked: Asked, error: type[TelegramError], says: str
) -> None:
    telegram.writes(CITIZEN, "Banjir")
    telegram.blocks(7)
    telegram.turns_into_supergroup(GROUP, -1_000_000_000_100)
    with pytest.raises(error, match=says):
        await asked(bot)


async def test_who_unblocks_it_is_reached_again(telegram: Telegram, bot: Bot) -> None:
    telegram.writes(CITIZEN, "Banjir")
    telegram.blocks(CITIZEN)
    telegram.unblocks(CITIZEN)
    assert (await bot.send_message(CITIZEN, "Halo")).text == "Halo"


async def test_another_token_is_refused(telegram: Telegram) -> None:
    with pytest.raises(InvalidToken):
        async with _bot(telegram, "1:another"):
            pass


async def test_faults_are_in_its_own_form(telegram: Telegram, bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")  # else the library warns of what its next version does
    telegram.fault("getMe", status=429, retry_after=3)
    with pytest.raises(RetryAfter, match="3"):
        await bot.get_me()
    telegram.fault("getMe", status=502)
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()
    telegram.fault("getMe", cut=True)
    with pytest.raises(NetworkError, match="RemoteProtocolError"):
        await bot.get_me()


async def test_a_webhook_is_called_until_it_takes_what_came(telegram: Telegram, bot: Bot) -> None:
    came: list[tuple[str, str | None]] = []

    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        came.append((update["message"]["text"], request.headers.get("X-Telegram-Bot-Api-Secret-Token")))
        return web.Response(status=500 if len(came) == 1 else 200)

    app = web.Application()
    app.router.add_post("/in/telegram", take)
    telegram.writes(CITIZEN, "lama")
    async with TestServer(app) as server:
        await bot.set_webhook(str(server.make_url("/in/telegram")), secret_token="rahasia")
        await _until(lambda: telegram.posting.answers == [500])
        assert (await bot.get_webhook_info()).last_error_message == "Wrong response from the webhook: 500"
        with pytest.raises(Conflict, match="webhook is active"):
            await bot.get_updates()
        telegram.writes(CITIZEN, "baru")
        await _until(lambda: len(came) == 3)
    assert came == [("lama", "rahasia"), ("lama", "rahasia"), ("baru", "rahasia")]
    await bot.delete_webhook()
    telegram.writes(CITIZEN, "lagi")
    assert len(await bot.get_updates()) == 1


async def test_a_webhook_may_answer_a_press_at_once(telegram: Telegram, bot: Bot) -> None:
    async def take(request: web.Request) -> web.Response:
        update = await request.json()
        return web.json_response({"method": "answerCallbackQuery", "callback_query_id": update["callback_query"]["id"]})

    app = web.Application()
    app.router.add_post("/", take)
    telegram.blocks(CITIZEN)
    telegram.unblocks(CITIZEN)
    telegram.writes(CITIZEN, "Banjir")
    await bot.get_updates(offset=10**9)
    await bot.send_message(
        CITIZEN, "Benar?", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Ya", callback_data="1")]])
    )
    async with TestServer(app) as server:
        await bot.set_webhook(str(server.make_url("/")))
        pressed = telegram.presses(CITIZEN, telegram.shown(CITIZEN)[0], "Ya")
        await _until(lambda: telegram.answered == [pressed])


async def test_a_body_may_be_json(telegram: Telegram) -> None:
    telegram.writes(CITIZEN, "Banjir")
    url = f"{telegram.url}/bot{telegram.token}/sendMessage"
    async with ClientSession() as session, session.post(url, json={"chat_id": CITIZEN, "text": "Halo"}) as response:
        assert (await response.json())["result"]["text"] == "Halo"


async def _until(look: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not look():
            await asyncio.sleep(0.01)
