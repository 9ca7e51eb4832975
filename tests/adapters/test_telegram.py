"""The Telegram channel against recorded updates, and a stand-in that speaks the Bot API."""

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import (
    Address,
    Batch,
    ChannelDown,
    Choice,
    Delivery,
    Message,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Throttled,
    Unreadable,
    WebRequest,
)
from adapters.telegram import Telegram
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of
from adapters.testing.standins.bot_api import TOKEN
from adapters.testing.standins.telegram import Telegram as StandIn
from tests.adapters.sms_provider import provider

PAYLOADS = Path(__file__).parent / "payloads" / "telegram"
CITIZEN = 6112345678
GROUP = -1001987654321
SECRET_TOKEN = "rahasia-webhook-telegram"
SETTINGS: Mapping[str, Any] = {"token": TOKEN, "username": "kanal_bot"}
WEBHOOK: Mapping[str, Any] = {
    **SETTINGS,
    "mode": "webhook",
    "webhook_url": "https://kanal.example.go.id/in/telegram",
    "secret_token": SECRET_TOKEN,
}
GENUINE = WebRequest(
    method="POST",
    path="",
    public_url="https://kanal.example.go.id/in/telegram",
    headers={"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET_TOKEN},
    query="",
    body=(PAYLOADS / "private" / "text.json").read_bytes(),
    peer="149.154.167.220",
    received_at=RECEIVED_AT,
)
REPLY = Reply(
    id="a-1", channel="telegram", to=Address("account", str(CITIZEN)), text="Terima kasih. Kode KNL-7F3K-92QX"
)
FAULTS: Mapping[str, Mapping[str, Any]] = {
    "ok": {},
    "throttled": {"status": 429, "retry_after": 7},
    "down": {"status": 502},
    "unauthorized": {"status": 401},
    "refused": {"status": 400},
}


def request(**changes: Any) -> WebRequest:
    return msgspec.structs.replace(GENUINE, **changes)


def telegram(standin: StandIn | None = None, **changes: Any) -> Telegram:
    at = {"api_url": standin.url} if standin else {}
    return Telegram(settings_of(Telegram, {**SETTINGS, **at, **changes}))


@pytest.fixture
def standin() -> Iterator[StandIn]:
    with StandIn() as standin:
        yield standin


class Contract(AdapterContract):
    adapter = Telegram
    reply = REPLY

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with StandIn() as standin:
            standin.writes(CITIZEN, "Banjir")
            if outcome == "gone":
                standin.blocks(CITIZEN)
            elif FAULTS[outcome]:
                standin.fault(**FAULTS[outcome], times=None)
            yield {"api_url": standin.url}

    def feed(self, outcome: str) -> Any:
        return self.peer(outcome)

    def provider(self, url: str) -> bytes:
        return b'{"ok": true, "result": {"file_path": "photos/file_1.jpg"}}' if "getFile" in url else b"the file"


class TestTelegram(Contract):
    settings = SETTINGS
    payloads = PAYLOADS / "private"
    refused_settings = {
        "no token": {"token": "kanal_bot"},
        "username with @": {"username": "@kanal_bot"},
        "api without scheme": {"api_url": "127.0.0.1:8081"},
        "api for all to read": {"api_url": "http://api.example.org"},
        "api with a path": {"api_url": "http://127.0.0.1:8081/bot"},
        "webhook without address": {"mode": "webhook", "secret_token": SECRET_TOKEN},
        "webhook without secret": {"mode": "webhook", "webhook_url": "https://kanal.example.go.id/in/telegram"},
        "webhook without TLS": {**WEBHOOK, "webhook_url": "http://kanal.example.go.id/in/telegram"},
        "webhook with a short secret": {**WEBHOOK, "secret_token": "rahasia"},
        "webhook with a secret that no header may have": {**WEBHOOK, "secret_token": "rahasia webhook é telegram"},
    }


@pytest.mark.threat("P0-15")
class TestTelegramByWebhook(Contract):
    settings = WEBHOOK
    payloads = PAYLOADS / "groups"
    genuine = GENUINE
    refused = {
        "forged secret": request(headers={"X-Telegram-Bot-Api-Secret-Token": "rahasia-webhook-telegran"}),
        "forged secret outside ASCII": request(
            headers={"X-Telegram-Bot-Api-Secret-Token": "rahasia-webhook-telegr\u00e9m"}
        ),
        "unproven": request(headers={}),
        "unproven, and at another path": request(headers={}, path="bot"),
    }
    poll_outcomes = ("throttled", "down", "unauthorized")


# --- asking


async def test_the_cursor_forgets_what_was_kept_and_nothing_else(standin: StandIn) -> None:
    standin.writes(CITIZEN, "satu")
    standin.writes(CITIZEN, "dua")
    async with opened(telegram(standin)) as adapter:
        first = await adapter.poll(None)
        assert standin.waiting() == 2
        standin.writes(CITIZEN, "tiga")
        second = await adapter.poll(first.cursor)
        assert standin.waiting() == 1
    assert [_text(adapter, batch) for batch in (first, second)] == [["satu", "dua"], ["tiga"]]


async def test_once_nothing_waits_no_number_is_asked_with(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a week without updates Telegram's numbers begin anew, anywhere: what is lower would be forgotten unread."""
    monkeypatch.setattr("adapters.telegram.client.LONG_POLL", 0)
    standin.writes(CITIZEN, "satu")
    async with opened(telegram(standin)) as adapter:
        first = await adapter.poll(None)
        quiet = await adapter.poll(first.cursor)
        await adapter.poll(quiet.cursor)
    assert (quiet.deliveries, quiet.cursor) == ([], "")
    asked = [call.fields.get("offset") for call in standin.called("getUpdates")]
    assert asked == [None, (first.cursor or "").partition("@")[0], None]


async def test_a_number_of_the_day_before_is_not_asked_with(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telegram.client.LONG_POLL", 0)
    async with opened(telegram(standin)) as adapter:
        for said_at in (time.time() - 90_000, time.time() - 80_000):
            await adapter.poll(f"871@{said_at:.0f}")
    assert [call.fields.get("offset") for call in standin.called("getUpdates")] == [None, "871"]


async def test_the_same_number_for_another_message_is_another_delivery() -> None:
    adapter = telegram(**WEBHOOK)
    bodies = [json.dumps({"update_id": 7, "message": {"text": text}}).encode() for text in ("lama", "baru")]
    ids = {one.id for body in bodies for one in adapter.receive(request(body=body)).deliveries}
    assert len(ids) == 2


async def test_a_pressed_button_is_answered_once_it_is_kept(standin: StandIn) -> None:
    standin.writes(CITIZEN, "Banjir")
    async with opened(telegram(standin)) as adapter:
        await adapter.send(msgspec.structs.replace(REPLY, choices=(Choice("1:a", "Ya"), Choice("1:b", "Tidak"))))
        pressed = standin.presses(CITIZEN, standin.shown(CITIZEN)[0], "Tidak")
        batch = await adapter.poll(None)
        assert standin.answered == []
        await adapter.committed(batch)
    message = adapter.parse(batch.deliveries[-1])[0]
    assert isinstance(message, Message)
    assert (message.choice, standin.answered) == ("1:b", [pressed])


async def test_a_button_pressed_too_long_ago_needs_no_answer(standin: StandIn) -> None:
    adapter = telegram(standin)
    batch = Batch([_delivery("private/button")], "1")
    async with opened(adapter):
        await adapter.committed(batch)
    assert len(standin.called("answerCallbackQuery")) == 1


async def test_a_bot_with_a_webhook_is_not_asked(standin: StandIn) -> None:
    async with opened(telegram(standin, **_hooked("http://127.0.0.1:9/in/telegram"))) as other:
        await other.poll(None)
    async with opened(telegram(standin)) as adapter:
        with pytest.raises(ChannelDown, match='set mode = "webhook"'):
            await adapter.poll(None)


async def test_of_two_programs_that_ask_one_is_told_so(standin: StandIn) -> None:
    async with opened(telegram(standin)) as one, opened(telegram(standin)) as other:
        first = asyncio.create_task(one.poll(None))
        await _until(standin, "getUpdates", 1)
        second = asyncio.create_task(other.poll(None))
        with pytest.raises(ChannelDown, match="another program asks for the messages of this bot"):
            await first
        standin.writes(CITIZEN, "Banjir")
        assert len((await second).deliveries) == 1


async def test_patience_is_as_long_as_telegram_says(standin: StandIn) -> None:
    standin.fault("getUpdates", status=429, retry_after=7)
    async with opened(telegram(standin)) as adapter:
        with pytest.raises(Throttled) as caught:
            await adapter.poll(None)
    assert caught.value.retry_after == 7


async def test_an_answer_that_is_cut_is_no_answer(standin: StandIn) -> None:
    standin.writes(CITIZEN, "Banjir")
    standin.fault("getUpdates", cut=True)
    async with opened(telegram(standin)) as adapter:
        with pytest.raises(ChannelDown):
            await adapter.poll(None)
        assert len((await adapter.poll(None)).deliveries) == 1


async def test_one_update_that_is_not_written_strictly_keeps_none_from_coming(
    standin: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("adapters.telegram.client.LONG_POLL", 0)
    for text in ("satu", "dua \ud83d", "tiga"):
        standin.writes(CITIZEN, text)
    async with opened(telegram(standin)) as adapter:
        batch = await adapter.poll(None)
        assert _text(adapter, batch) == ["satu", "dua ?", "tiga"]
        await adapter.poll(batch.cursor)
    assert standin.waiting() == 0


ODD = {
    "a message of another kind": b'{"update_id": 8, "message": 7}',
    "a press of another kind": b'{"update_id": 8, "callback_query": {"id": 7}}',
    "no number": b'{"message": {}}',
    "no update": b'"?"',
}


@pytest.mark.parametrize("name", ODD)
async def test_an_update_that_cannot_be_read_is_kept_and_passed(name: str) -> None:
    odd = ODD[name]
    after = b'{"update_id": 9, "message": {"message_id": 1, "chat": {"id": 5}, "from": {"id": 5}, "text": "Banjir"}}'
    answer = b'{"ok": true, "result": [' + odd + b"," + after + b"]}"
    async with provider(200, answer) as (url, _), opened(telegram(api_url=url)) as adapter:
        batch = await adapter.poll("7")
        await adapter.committed(batch)
    first, second = batch.deliveries
    assert (first.body, batch.cursor.partition("@")[0], batch.wait) == (odd, "10", 0)
    with pytest.raises(Unreadable):
        adapter.parse(first)
    assert len(adapter.parse(second)) == 1


async def test_an_update_without_a_number_is_asked_for_again_in_peace() -> None:
    answer = b'{"ok": true, "result": [{}, {}]}'
    async with provider(200, answer) as (url, _), opened(telegram(api_url=url)) as adapter:
        batch = await adapter.poll("7")
    assert (len(batch.deliveries), batch.cursor) == (1, "")
    assert batch.wait > 0


CHATTER = ["groups/group-talk-among-themselves", "groups/another-bot", "groups/forwarded-by-a-channel"]


@pytest.mark.parametrize("name", CHATTER)
def test_what_a_group_says_to_others_is_not_kept(name: str) -> None:
    received = telegram(**WEBHOOK).receive(request(body=_delivery(name).body))
    assert (received.deliveries, received.response.status) == ([], 200)


async def test_what_a_group_says_to_others_is_passed(standin: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.telegram.client.LONG_POLL", 0)
    standin.writes(CITIZEN, "makan di mana?", chat=GROUP)
    standin.writes(CITIZEN, "@kanal_bot banjir", chat=GROUP)
    standin.writes(CITIZEN, "di warung", chat=GROUP)
    async with opened(telegram(standin)) as adapter:
        batch = await adapter.poll(None)
        assert _text(adapter, batch) == ["banjir"]
        await adapter.poll(batch.cursor)
    assert standin.waiting() == 0


async def test_of_an_album_in_a_group_every_picture_is_heard(standin: StandIn) -> None:
    standin.sends_album(CITIZEN, [b"satu", b"dua"], "@kanal_bot banjir", chat=GROUP)
    async with opened(telegram(standin)) as adapter:
        found = [event for one in (await adapter.poll(None)).deliveries for event in adapter.parse(one)]
    messages = [one for one in found if isinstance(one, Message)]
    assert [(one.text, one.overheard, len(one.attachments)) for one in messages] == [
        ("banjir", False, 1),
        ("", True, 1),
    ]
    assert len({one.group for one in messages}) == 1


# --- being called


async def test_the_webhook_is_registered_and_then_watched(standin: StandIn) -> None:
    async with opened(telegram(standin, **_hooked("http://127.0.0.1:9/in/telegram"))) as adapter:
        for _ in range(2):
            assert (await adapter.poll(None)).wait == 300
        (registered,) = standin.called("setWebhook")
        assert registered.fields["secret_token"] == SECRET_TOKEN
        standin.writes(CITIZEN, "Banjir")
        await _refused(standin)
        with pytest.raises(ChannelDown, match="cannot deliver to the webhook: Connection refused"):
            await adapter.poll(None)


async def test_a_webhook_that_was_taken_away_is_set_again(standin: StandIn) -> None:
    async with opened(telegram(standin, **_hooked("http://127.0.0.1:9/in/telegram"))) as adapter:
        await adapter.poll(None)
        standin.posting.url = None
        await adapter.poll(None)
    assert standin.posting.url == "http://127.0.0.1:9/in/telegram"


def test_a_pressed_button_is_answered_by_the_webhooks_response() -> None:
    received = telegram(**WEBHOOK).receive(request(body=(PAYLOADS / "private" / "button.json").read_bytes()))
    assert json.loads(received.response.body) == {
        "method": "answerCallbackQuery",
        "callback_query_id": "4382bfdwdsb323b2d9",
    }


def test_who_asks_is_not_called() -> None:
    with pytest.raises(RequestRefused) as caught:
        telegram().receive(GENUINE)
    assert (caught.value.status, telegram().can_receive()) == (404, False)


# --- answering


async def test_in_private_a_reply_stands_for_itself_and_in_a_group_it_quotes(standin: StandIn) -> None:
    mine = standin.writes(CITIZEN, "Banjir")
    theirs = standin.writes(CITIZEN, "@kanal_bot banjir", chat=GROUP)
    async with opened(telegram(standin)) as adapter:
        private, public = (adapter.parse(one)[0] for one in (await adapter.poll(None)).deliveries)
        await adapter.send(msgspec.structs.replace(REPLY, in_reply_to=private.id))
        await adapter.send(
            msgspec.structs.replace(REPLY, in_reply_to=public.id, conversation=public.conversation, public=True)
        )
    assert "reply_to_message" not in standin.shown(CITIZEN)[0]
    assert standin.shown(GROUP)[0]["reply_to_message"]["message_id"] == theirs
    assert mine != theirs


async def test_what_is_not_public_is_not_said_in_a_group(standin: StandIn) -> None:
    standin.writes(CITIZEN, "Halo")
    theirs = standin.writes(CITIZEN, "@kanal_bot ada pungli", chat=GROUP)
    async with opened(telegram(standin)) as adapter:
        await adapter.send(msgspec.structs.replace(REPLY, conversation=str(GROUP), in_reply_to=f"{GROUP}:{theirs}"))
    assert (len(standin.shown(CITIZEN)), standin.shown(GROUP)) == (1, [])


async def test_who_is_known_from_a_group_alone_is_not_written_to_and_not_gone(standin: StandIn) -> None:
    standin.writes(CITIZEN, "@kanal_bot ada pungli", chat=GROUP)
    async with opened(telegram(standin)) as adapter:
        with pytest.raises(Refused, match="never wrote to the bot") as caught:
            await adapter.send(REPLY)
    assert type(caught.value) is Refused


async def test_the_receipt_is_what_a_reply_to_it_replies_to(standin: StandIn) -> None:
    standin.writes(CITIZEN, "Banjir")
    async with opened(telegram(standin)) as adapter:
        receipt = await adapter.send(REPLY)
        standin.writes(CITIZEN, "Masih", reply_to_message=standin.shown(CITIZEN)[0])
        message = adapter.parse((await adapter.poll(None)).deliveries[-1])[0]
    assert message.in_reply_to == receipt.external_id


async def test_a_group_that_moved_is_answered_where_it_is_now(standin: StandIn) -> None:
    standin.writes(CITIZEN, "@kanal_bot banjir", chat=-4455)
    standin.turns_into_supergroup(-4455, GROUP)
    async with opened(telegram(standin)) as adapter:
        old = f"-4455:{standin.writes(CITIZEN, 'Lain', chat=GROUP)}"
        receipt = await adapter.send(msgspec.structs.replace(REPLY, conversation="-4455", in_reply_to=old, public=True))
    assert [one["text"] for one in standin.shown(GROUP)] == [REPLY.text]
    assert "reply_to_message" not in standin.shown(GROUP)[0]
    assert receipt.external_id.startswith(f"{GROUP}:")


async def test_who_never_wrote_is_not_there(standin: StandIn) -> None:
    async with opened(telegram(standin)) as adapter:
        with pytest.raises(RecipientGone, match="chat not found"):
            await adapter.send(REPLY)


@pytest.mark.parametrize(
    "to", [Address("phone", "+628111000001"), Address("account", "ID.134"), Address("account", "")]
)
async def test_only_accounts_of_telegram_are_reached(standin: StandIn, to: Address) -> None:
    async with opened(telegram(standin)) as adapter:
        with pytest.raises(Refused):
            await adapter.send(msgspec.structs.replace(REPLY, to=to))


async def test_the_token_of_another_bot_is_noticed(standin: StandIn) -> None:
    async with opened(telegram(standin)) as adapter:
        await adapter.check()
    async with opened(telegram(standin, username="lain_bot")) as adapter:
        with pytest.raises(ChannelDown, match="another bot: @kanal_bot"):
            await adapter.check()


# --- what is never said


@pytest.mark.threat("P0-30")
async def test_the_token_is_in_no_log_even_if_everything_is_logged(
    standin: StandIn, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    standin.writes(CITIZEN, "Banjir rahasia")
    async with opened(telegram(standin)) as adapter:
        await adapter.poll(None)
        await adapter.send(REPLY)
        standin.stop()
        with pytest.raises(ChannelDown) as caught:
            await adapter.send(REPLY)
        standin.start()
        standin.fault("sendMessage", cut=True)
        with pytest.raises(ChannelDown):
            await adapter.send(REPLY)
    said = f"{caplog.text} {capsys.readouterr()} {caught.value!r} {adapter!r}"
    assert [one for one in (TOKEN, TOKEN.partition(":")[2], "Banjir rahasia", str(CITIZEN)) if one in said] == []


# --- reading


NAMES = ["update_id", "message", "edited_message", "callback_query", "my_chat_member", "from", "chat", "id", "date"]
NAMES += ["text", "photo", "location", "contact", "message_id", "type", "data"]
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=40)
@given(VALUES)
def test_whatever_comes_is_read_or_unreadable(update: Any) -> None:
    delivery = Delivery(id="1", channel="telegram", received_at=RECEIVED_AT, body=json.dumps(update).encode())
    try:
        events = telegram().parse(delivery)
    except Unreadable:
        return
    assert len(events) <= 1


def test_without_a_name_it_hears_nothing_in_groups() -> None:
    adapter, names = telegram(username=""), ("group-mention", "group-reply-to-us", "group-photo-of-an-album")
    assert [adapter.parse(_delivery(f"groups/{name}")) for name in names] == [(), (), ()]


def _delivery(name: str) -> Delivery:
    return Delivery(id=name, channel="telegram", received_at=RECEIVED_AT, body=(PAYLOADS / f"{name}.json").read_bytes())


def _text(adapter: Telegram, batch: Batch) -> list[str]:
    return [event.text for one in batch.deliveries for event in adapter.parse(one) if isinstance(event, Message)]


def _hooked(url: str) -> dict[str, Any]:
    return {**WEBHOOK, "webhook_url": url}


async def _until(standin: StandIn, name: str, count: int) -> None:
    async with asyncio.timeout(60):
        while len(standin.called(name)) < count:
            await asyncio.sleep(0.01)


async def _refused(standin: StandIn) -> None:
    async with asyncio.timeout(60):
        while not standin.posting.answers:
            await asyncio.sleep(0.01)
