"""Asks Telegram, by python-telegram-bot. Loaded only by who asks: it takes half a second and some megabytes.

The token is part of each URL, which httpx and httpcore log, and the library logs what citizens wrote where it cannot
read an answer. So none of them logs anything, and none of their errors leaves this file.
"""

import logging
import os
from collections.abc import Awaitable, Sequence
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec
from msgspec import structs

from adapters import (
    ChannelDown,
    ChannelError,
    Choice,
    RecipientGone,
    Refused,
    Reply,
    Throttled,
    Unauthorized,
    noted,
    patient,
)
from adapters.telegram import updates
from adapters.telegram.reading import in_group
from adapters.telegram.settings import TelegramSettings

os.environ.setdefault("PTB_TIMEDELTA", "1")  # of the two types of `retry_after` the one that does not warn

from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

for _name in ("httpx", "httpcore", "telegram"):
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)

#: Seconds that Telegram lets a question wait, and that an answer may take beyond that.
LONG_POLL, PATIENCE = 50, 20.0
#: Of who is known from a group alone: they are there still.
_STRANGER = "can't initiate conversation"
_GONE = ("chat not found", "user not found", "peer_id_invalid", "chat was deactivated", "user is deactivated")
T = TypeVar("T")


class _Answer(msgspec.Struct, frozen=True):
    result: list[msgspec.Raw]


class _Values(msgspec.Struct, frozen=True):
    result: list[object]


class Webhook(NamedTuple):
    """Whom Telegram calls, how many updates wait for it, and why the last call failed, if one did."""

    url: str
    waiting: int
    trouble: str


class _Request(HTTPXRequest):
    async def do_request(self, *values: Any, **named: Any) -> tuple[int, bytes]:
        status, body = await super().do_request(*values, **named)
        noted(status)
        return status, body


class Client:
    """Every method raises a `ChannelError`."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._settings = settings
        self._questions = _Request(connection_pool_size=2, read_timeout=LONG_POLL + PATIENCE)
        self._bot = Bot(
            settings.token.reveal(),
            f"{settings.api}/bot",
            f"{settings.api}/file/bot",
            request=_Request(connection_pool_size=16, read_timeout=PATIENCE, pool_timeout=PATIENCE),
            get_updates_request=self._questions,
        )

    async def close(self) -> None:
        await self._bot.request.shutdown()
        await self._questions.shutdown()

    async def updates(self, offset: int | None) -> Sequence[bytes]:
        """What waits, byte for byte, once there is something or the time is up. The library's own method would refuse
        all of them if it could not read one."""
        asked = {"timeout": LONG_POLL, "allowed_updates": _json(updates.WANTED)}
        query = urlencode(asked if offset is None else asked | {"offset": offset})
        answer = await _translated(self._questions.retrieve(f"{self._settings.methods()}/getUpdates?{query}"))
        return _each(answer)

    async def send(self, reply: Reply, chat: int) -> tuple[int, int]:
        """The chat that it was said in and the message's number there. A group that has become a supergroup is a new
        chat, where the numbers of messages begin anew: there is nothing to quote there."""
        try:
            return chat, await self._send(chat, reply)
        except ChatMigrated as moved:
            new, unquoted = moved.new_chat_id, structs.replace(reply, in_reply_to=None)
            return new, await _translated(self._send(new, unquoted))
        except TelegramError as error:
            raise translated(error) from None

    async def answer(self, press: str) -> None:
        """The phone shows that a button waits until this is told."""
        await _translated(self._bot.answer_callback_query(press))

    async def username(self) -> str:
        return (await _translated(self._bot.get_me())).username or ""

    async def register(self) -> None:
        settings, secret = self._settings, self._settings.secret_token
        await _translated(
            self._bot.set_webhook(
                settings.webhook_url or "",
                allowed_updates=updates.WANTED,
                secret_token=secret.reveal() if secret else None,
            )
        )

    async def webhook(self) -> Webhook:
        info = await _translated(self._bot.get_webhook_info())
        return Webhook(info.url, info.pending_update_count, info.last_error_message or "")

    async def _send(self, chat: int, reply: Reply) -> int:
        sent = await self._bot.send_message(
            chat,
            reply.text,
            reply_markup=_keyboard(reply.choices),
            reply_parameters=_quoted(reply),
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return sent.message_id


async def _translated(asked: Awaitable[T]) -> T:
    try:
        return await asked
    except TelegramError as error:
        raise translated(error) from None


def translated(error: TelegramError) -> ChannelError:
    """Of Telegram's own words only those that are known: they may quote what was sent."""
    match error:
        case RetryAfter():
            return Throttled("Telegram asks for patience", _seconds(error))
        case InvalidToken():
            return Unauthorized("Telegram does not know the bot's token: @BotFather tells the valid one")
        case Forbidden() if _STRANGER in error.message.lower():
            return Refused("who never wrote to the bot itself cannot be written to by it")
        case Forbidden():
            return RecipientGone("the bot is blocked, or no member any more")
        case Conflict():
            return ChannelDown(_conflict(error.message))
        case BadRequest():
            gone = next((words for words in _GONE if words in error.message.lower()), None)
            return RecipientGone(gone) if gone else Refused(_refusal(error.message.lower()))
    return ChannelDown("Telegram does not answer, or is ill")


def _each(answer: bytes) -> Sequence[bytes]:
    """Where one update is not written strictly, all are written anew."""
    try:
        return [bytes(one) for one in msgspec.json.decode(answer, type=_Answer).result]
    except (ValueError, RecursionError):
        return [msgspec.json.encode(one) for one in _patiently(answer)]


def _patiently(answer: bytes) -> list[object]:
    try:
        return msgspec.convert(patient.read(answer), _Values).result
    except (ValueError, RecursionError):
        raise ChannelDown("what Telegram answers cannot be read") from None


def _conflict(words: str) -> str:
    if "webhook" in words:
        return 'the bot has a webhook: set mode = "webhook", or delete it by the method deleteWebhook'
    return "another program asks for the messages of this bot: stop it, or give it a bot of its own"


def _refusal(words: str) -> str:
    known = ("message is too long", "text is empty", "button_data_invalid", "not enough rights", "query is too old")
    return f"Telegram refuses it: {next((one for one in known if one in words), 'bad request')}"


def _seconds(error: RetryAfter) -> float:
    asked = error.retry_after
    return float(asked) if isinstance(asked, int) else asked.total_seconds()


def _keyboard(choices: Sequence[Choice]) -> InlineKeyboardMarkup | None:
    """A row for each, so that labels are read in full."""
    rows = [[InlineKeyboardButton(choice.label, callback_data=choice.id)] for choice in choices]
    return InlineKeyboardMarkup(rows) if rows else None


def _quoted(reply: Reply) -> ReplyParameters | None:
    """In a group it shows who is meant; in private it would only repeat what stands above it."""
    found = in_group(reply.in_reply_to) if reply.public else None
    return ReplyParameters(found[1], allow_sending_without_reply=True) if found else None


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
