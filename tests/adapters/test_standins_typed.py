"""A stand-in that runs by hand: what is typed is said, shown or pressed by a citizen, or goes wrong."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from adapters.testing.standins.telegram import Telegram
from adapters.testing.standins.typed import HELP, Typed
from adapters.testing.standins.whatsapp import TYPED, WhatsApp
from adapters.testing.standins.x import X


@pytest.fixture
def telegram() -> Iterator[Telegram]:
    with Telegram() as telegram:
        yield telegram


async def ask(telegram: Telegram, method: str, **fields: str) -> tuple[int, dict[str, object]]:
    address = f"{telegram.url}/bot{telegram.token}/{method}"
    async with ClientSession() as session, session.post(address, data=fields) as response:
        return response.status, await response.json()


async def said(telegram: Telegram) -> list[dict[str, object]]:
    updates = (await ask(telegram, "getUpdates"))[1]["result"]
    assert isinstance(updates, list)
    return [one.get("message") or one["callback_query"] for one in updates]


async def test_photos_and_words_are_a_citizens(telegram: Telegram, tmp_path: Path) -> None:
    photo = tmp_path / "banjir di gang.jpg"
    photo.write_bytes(b"photo")
    typed = Typed(telegram)
    told = [typed.line(one) for one in ("halo", f"!photo '{photo}' = Gang 3", f"!photo '{photo}' '{photo}'")]
    first, one, *album = await said(telegram)
    assert (told, first["text"], one["caption"], len(album)) == (["", "", ""], "halo", "Gang 3", 2)
    assert len({str(each["media_group_id"]) for each in album}) == 1


async def test_a_button_of_what_was_shown_is_pressed(telegram: Telegram) -> None:
    typed = Typed(telegram)
    typed.line("halo")
    buttons = json.dumps({"inline_keyboard": [[{"text": "Ya, benar", "callback_data": "y"}]]})
    await ask(telegram, "sendMessage", chat_id="1", text="Benar?", reply_markup=buttons)
    assert "!help" in typed.line("!press Bukan")
    assert typed.line("!press Ya, benar") == ""
    assert (await said(telegram))[-1]["data"] == "y"


async def test_faults_are_typed_too(telegram: Telegram) -> None:
    typed = Typed(telegram)
    typed.line("!fault getMe status=429 retry_after=7")
    assert [(await ask(telegram, "getMe"))[0] for _ in range(2)] == [429, 200]
    typed.line("!fault status=401 times=all")
    assert (await ask(telegram, "getMe"))[0] == 401
    typed.line("!mend")
    assert (await ask(telegram, "getMe"))[0] == 200


def test_what_comes_is_repeated_and_reordered() -> None:
    with WhatsApp() as whatsapp:
        typed = Typed(whatsapp)
        for line in ("!reorder", "satu", "!repeat 2", "dua", "!release"):
            assert typed.line(line) == ""
        row = [b"satu" in body for body in whatsapp.do(whatsapp.posting.taken_back)]
    assert row == [False, False, True]


def test_photos_by_whatsapp_are_messages_of_their_own(tmp_path: Path) -> None:
    photo = tmp_path / "1.jpg"
    photo.write_bytes(b"photo")
    with WhatsApp() as whatsapp:
        assert Typed(whatsapp).line(f"!photo {photo} {photo} = Gang 3") == ""
        bodies = whatsapp.do(whatsapp.posting.taken_back)
    assert [(TYPED.encode() in body, b"Gang 3" in body) for body in bodies] == [(True, True), (True, False)]


@pytest.mark.parametrize("line", ["!", "!help", "!what", "!photo", "!repeat", "!press"])
def test_help_is_what_else_is_typed_leads_to(line: str) -> None:
    assert Typed(X()).line(line) == HELP


@pytest.mark.parametrize("line", ["!photo nowhere.jpg", "!fault colour=red", "!repeat much", "!press Ya", "!fault 'x"])
def test_what_cannot_be_done_is_told(line: str) -> None:
    assert Typed(X()).line(line).endswith("!help says what can be typed")


async def test_a_moving_picture_is_a_document_as_well(telegram: Telegram) -> None:
    telegram.sends_file(1, "animation", b"GIF", "video/mp4", "lucu.mp4")
    (message,) = await said(telegram)
    document = message["document"]
    assert isinstance(document, dict) and document["mime_type"] == "video/mp4"
