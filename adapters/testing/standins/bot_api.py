"""The methods of Telegram's Bot API (https://core.telegram.org/bots/api), served for one bot."""

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from aiohttp import web

from adapters.testing.standins import telegram_rows as rows
from adapters.testing.standins.base import Call, StandIn
from adapters.testing.standins.posting import Posting
from adapters.testing.standins.telegram_rows import Row

#: No bot has it.
TOKEN = "110201543:stand-in-for-a-token-of-Telegram"  # nosec B105  # noqa: S105
LONGEST_TEXT = 4096
LONGEST_DATA = 64
LARGEST_FILE = 20 << 20
#: What comes only if `allowed_updates` names it.
_UNASKED = {"chat_member", "message_reaction", "message_reaction_count"}
_JSON = {"allowed_updates", "reply_markup", "reply_parameters", "link_preview_options"}
_DESCRIPTIONS = {401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 409: "Conflict", 429: "Too Many Requests"}


class Declined(Exception):
    """The Bot API says no: its status and description, and the parameters that some errors have."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status, self.description, self.parameters = status, description, parameters


class BotApi(StandIn):
    """What the bot's program asks of Telegram. `answered` are the ids of pressed buttons that it has answered."""

    def __init__(self, *, port: int = 0, token: str = TOKEN, username: str = "kanal_bot") -> None:
        super().__init__(port=port, posting=Posting(self._proof, answered=self._called_back))
        self.token, self.username = token, username
        self.bot = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Kanal", "username": username}
        self.answered: list[str] = []
        self._waiting: list[Row] = []
        self._messages: dict[tuple[int, int], Row] = {}
        self._files: dict[str, bytes] = {}
        self._blocked: set[int] = set()
        self._known: set[int] = set()
        self._strangers: set[int] = set()  # known from groups alone
        self._moved: dict[int, int] = {}
        self._pressed: set[str] = set()
        self._allowed: Sequence[str] | None = None
        self._secret = ""  # nosec B105
        self._asking = 0
        self._numbers = count(1)
        self._updates = count(871_000_001)

    def name_of(self, path: str) -> str:
        return "file" if path.startswith("/file/") else path.rpartition("/")[2]

    async def answer(self, call: Call) -> web.Response:
        try:
            self._let_in(call.path)
            if call.name == "file":
                return web.Response(body=self._content(call.path))
            return web.json_response({"ok": True, "result": await self._done(call.name, _fields(call.fields))})
        except Declined as error:
            return _no(error.status, error.description, error.parameters)

    def failure(self, status: int, retry_after: int | None) -> web.Response:
        words = _DESCRIPTIONS.get(status, "Internal Server Error" if status == 500 else "Bad Gateway")
        if retry_after is None:
            return _no(status, words, {})
        return _no(status, f"{words}: retry after {retry_after}", {"retry_after": retry_after})

    def _let_in(self, path: str) -> None:
        if f"/bot{self.token}/" not in path:
            raise Declined(401, "Unauthorized")

    async def _done(self, method: str, fields: Row) -> Any:
        if method == "getUpdates":
            return await self._get_updates(fields)
        methods: Mapping[str, Callable[[Row], Any]] = {
            "getMe": lambda _: self.bot,
            "sendMessage": self._send_message,
            "answerCallbackQuery": self._answer_callback_query,
            "getFile": self._get_file,
            "setWebhook": self._set_webhook,
            "deleteWebhook": self._delete_webhook,
            "getWebhookInfo": self._webhook_info,
        }
        if method not in methods:
            raise Declined(404, "Not Found")
        return methods[method](fields)

    async def _get_updates(self, fields: Row) -> list[Row]:
        """Another who asks ends the asking of the one before; whatever lies before the offset is forgotten."""
        self._asking += 1
        mine, deadline = self._asking, asyncio.get_running_loop().time() + float(fields.get("timeout", 0))
        self._allow(fields)
        self._forget(int(fields.get("offset", 0)))
        while True:
            if self.posting.url is not None:
                raise Declined(409, "Conflict: can't use getUpdates method while webhook is active")
            if mine != self._asking:
                raise Declined(409, "Conflict: terminated by other getUpdates request")
            if self._waiting or asyncio.get_running_loop().time() >= deadline:
                return self._waiting[: int(fields.get("limit", 100))]
            await asyncio.sleep(0.01)

    def _forget(self, offset: int) -> None:
        """A negative offset keeps as many from the end."""
        if offset < 0:
            del self._waiting[:offset]
        self._waiting = [update for update in self._waiting if update["update_id"] >= offset]

    def _send_message(self, fields: Row) -> Row:
        chat, text = self._reachable(fields), str(fields.get("text", "")).strip()
        if not text:
            raise Declined(400, "Bad Request: message text is empty")
        if len(text) > LONGEST_TEXT:
            raise Declined(400, "Bad Request: message is too long")
        more = {"reply_markup": _keyboard(fields["reply_markup"])} if fields.get("reply_markup") else {}
        return self._say(chat, {"from": self.bot, "text": text, **self._quoted(chat, fields), **more})

    def _reachable(self, fields: Row) -> int:
        chat = int(fields.get("chat_id", 0))
        if chat in self._moved:
            new = self._moved[chat]
            raise Declined(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=new)
        if chat in self._blocked:
            raise Declined(403, "Forbidden: bot was blocked by the user")
        if chat in self._strangers - self._known:
            raise Declined(403, "Forbidden: bot can't initiate conversation with a user")
        if chat not in self._known:
            raise Declined(400, "Bad Request: chat not found")
        return chat

    def _quoted(self, chat: int, fields: Row) -> Row:
        wanted = fields.get("reply_parameters")
        if not wanted:
            return {}
        found = self._messages.get((chat, int(wanted["message_id"])))
        if found is None and not wanted.get("allow_sending_without_reply"):
            raise Declined(400, "Bad Request: message to be replied not found")
        return {"reply_to_message": found} if found else {}

    def _answer_callback_query(self, fields: Row) -> bool:
        asked = str(fields.get("callback_query_id"))
        if asked not in self._pressed:
            raise Declined(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self.answered.append(asked)
        return True

    def _get_file(self, fields: Row) -> Row:
        wanted = str(fields.get("file_id"))
        if wanted not in self._files:
            raise Declined(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        if len(self._files[wanted]) > LARGEST_FILE:
            raise Declined(400, "Bad Request: file is too big")
        return {"file_id": wanted, "file_unique_id": wanted, "file_path": wanted}

    def _content(self, path: str) -> bytes:
        found = self._files.get(path.partition(f"/bot{self.token}/")[2])
        if found is None:
            raise Declined(404, "Not Found")
        return found

    def _set_webhook(self, fields: Row) -> bool:
        self._secret = str(fields.get("secret_token", ""))
        if self._secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", self._secret):
            raise Declined(400, "Bad Request: secret token contains unallowed characters")
        if not fields.get("url"):
            return self._delete_webhook(fields)
        self._allow(fields)
        self.posting.url = str(fields["url"])
        self._leave(fields)
        self._waiting, waiting = [], self._waiting
        for update in waiting:
            self._bring(update)
        return True

    def _delete_webhook(self, fields: Row) -> bool:
        self.posting.url = None
        self._waiting += [json.loads(body) for body in self.posting.taken_back()]
        self._leave(fields)
        return True

    def _leave(self, fields: Row) -> None:
        if str(fields.get("drop_pending_updates", "")).lower() == "true":
            self._waiting.clear()

    def _webhook_info(self, _: Row) -> Row:
        answers, url = self.posting.answers, self.posting.url or ""
        info = {"url": url, "has_custom_certificate": False, "pending_update_count": self.posting.left}
        if url and answers and not 200 <= answers[-1] < 300:
            words = f"Wrong response from the webhook: {answers[-1]}" if answers[-1] else "Connection refused"
            info |= {"last_error_date": int(time.time()), "last_error_message": words}
        return info | ({"allowed_updates": list(self._allowed)} if self._allowed else {})

    def _allow(self, fields: Row) -> None:
        if "allowed_updates" in fields:
            self._allowed = fields["allowed_updates"]

    def _say(self, chat: int, said: Row, kind: str = "") -> Row:
        """A message in a chat; an update of this `kind` brings it to the bot."""
        self._known.add(chat)
        self._strangers.add(int(said["from"]["id"]))
        number = next(self._numbers)
        message = {"message_id": number, "date": int(time.time()), "chat": rows.chat_of(chat), **said}
        self._messages[chat, number] = message
        if kind:
            self._update(kind, message)
        return message

    def _edit(self, chat: int, number: int, text: str) -> None:
        old = self._messages[chat, number]
        words = {"caption": text} if "caption" in old or "text" not in old else {"text": text, **rows.entities(text)}
        message = {**old, "edit_date": int(time.time()), **words}
        self._messages[chat, number] = message
        self._update("edited_message", message)

    def _press(self, who: int, message: Mapping[str, Any], data: str) -> str:
        asked = str(next(self._numbers) + 4_382_000_000)
        self._pressed.add(asked)
        press = {"id": asked, "from": rows.person(who), "chat_instance": "1", "message": message, "data": data}
        self._update("callback_query", press)
        return asked

    def _member(self, who: int, status: str) -> None:
        (self._blocked.add if status == "kicked" else self._blocked.discard)(who)
        was = {"status": "member" if status == "kicked" else "kicked", "user": self.bot}
        self._update(
            "my_chat_member",
            {
                "chat": rows.chat_of(who),
                "from": rows.person(who),
                "date": int(time.time()),
                "old_chat_member": was,
                "new_chat_member": {"status": status, "user": self.bot, "until_date": 0},
            },
        )

    def _move(self, chat: int, new: int) -> None:
        self._moved[chat] = new
        self._say(chat, {"from": rows.person(1), "migrate_to_chat_id": new}, "message")
        self._say(new, {"from": rows.person(1), "migrate_from_chat_id": chat}, "message")

    def _file(self, content: bytes, path: str) -> Row:
        name, _, ending = path.partition(".")
        reference = f"{name}_{next(self._numbers)}{'.' if ending else ''}{ending}"
        self._files[reference] = content
        return {"file_id": reference, "file_unique_id": reference, "file_size": len(content)}

    def _update(self, kind: str, what: Row) -> None:
        if kind not in (self._allowed or ()) if self._allowed else kind in _UNASKED:
            return
        self._bring({"update_id": next(self._updates), kind: what})

    def _bring(self, update: Row) -> None:
        if self.posting.url is None:
            self._waiting.append(update)
        else:
            self.posting.add(json.dumps(update).encode())

    def _proof(self, _: bytes) -> Mapping[str, str]:
        return {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}

    def _called_back(self, answer: bytes) -> None:
        """The answer of a webhook may hold the call of a method, whose result nobody learns."""
        try:
            call = json.loads(answer)
            if call["method"] == "answerCallbackQuery":
                self._answer_callback_query(call)
        except (ValueError, TypeError, KeyError, Declined):
            pass


def _no(status: int, description: str, parameters: Mapping[str, int]) -> web.Response:
    told = {"ok": False, "error_code": status, "description": description}
    return web.json_response(told | ({"parameters": parameters} if parameters else {}), status=status)


def _fields(given: Mapping[str, Any]) -> Row:
    """Of a form, whatever is not plain is JSON."""
    return {
        name: json.loads(value) if name in _JSON and isinstance(value, str) else value for name, value in given.items()
    }


def _keyboard(markup: Row) -> Row:
    for row in markup.get("inline_keyboard", ()):
        for button in row:
            if not 1 <= len(button.get("callback_data", "").encode()) <= LONGEST_DATA:
                raise Declined(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup
