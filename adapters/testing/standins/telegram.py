"""Telegram for one bot: what citizens do there, and the Bot API through which the bot learns of it.

    with Telegram() as telegram:
        message = telegram.writes(5, "Banjir di RT 3")
        telegram.edits(5, message, "Banjir di RT 3 RW 2")
        …
        shown = telegram.shown(5)
        telegram.presses(5, shown[-1], "Ya")

A citizen is a number, and so is the chat with them; a group is a negative one. What they do waits for `getUpdates`, or
is posted to the webhook.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from adapters.testing.standins import telegram_rows as rows
from adapters.testing.standins.bot_api import BotApi
from adapters.testing.standins.telegram_rows import Row

_LENGTH = {"duration": 3}
_SIZE = {"width": 640, "height": 480}
_SHAPES: Mapping[str, Row] = {
    "document": {},
    "voice": _LENGTH,
    "audio": _LENGTH,
    "video": _LENGTH | _SIZE,
    "animation": _LENGTH | _SIZE,
    "video_note": _LENGTH | {"length": 240},
}


class Telegram(BotApi):
    """Citizens who write to a bot."""

    def writes(self, who: int, text: str, *, chat: int | None = None, **more: Any) -> int:
        """Returns the message's id, as all of these do. `more` are further fields of the Bot API's Message."""
        return self.sends(who, chat=chat, text=text, **rows.entities(text), **more)

    def sends(self, who: int, *, chat: int | None = None, **content: Any) -> int:
        """A message with any fields of the Bot API's Message."""
        message = {"from": rows.person(who), **content}
        return int(self.do(lambda: self._say(chat or who, message, "message"))["message_id"])

    def sends_photo(self, who: int, photo: bytes, caption: str = "", **more: Any) -> int:
        large = {**self._file(photo, "photos/file.jpg"), "width": 1280, "height": 960}
        small = {**self._file(photo[:1000], "photos/file.jpg"), "width": 90, "height": 67}
        words = {"caption": caption} if caption else {}
        return self.sends(who, **{"photo": [small, large], **words, **more})

    def sends_album(self, who: int, photos: Sequence[bytes], caption: str = "", **more: Any) -> list[int]:
        """Each is a message of its own; the first has the caption."""
        group = f"album-{next(self._numbers)}"
        words = [caption, *[""] * (len(photos) - 1)]
        together = zip(photos, words, strict=True)
        return [self.sends_photo(who, one, said, media_group_id=group, **more) for one, said in together]

    def sends_file(
        self,
        who: int,
        kind: Literal["document", "voice", "video", "audio", "video_note", "animation"],
        content: bytes,
        media_type: str,
        name: str = "",
        **more: Any,
    ) -> int:
        about = {"mime_type": media_type, **_SHAPES[kind], **({"file_name": name} if name else {})}
        sent: Row = {kind: {**self._file(content, f"{kind}/file"), **about}, **more}
        if kind == "animation":
            sent["document"] = {name: sent[kind][name] for name in sent[kind] if name not in _SHAPES[kind]}
        return self.sends(who, **sent)

    def shows(self, photos: Sequence[bytes], caption: str) -> None:
        """By somebody at the terminal."""
        if len(photos) > 1:
            self.sends_album(1, photos, caption)
        else:
            self.sends_photo(1, photos[0], caption)

    def taps(self, label: str) -> None:
        with_buttons = [one for one in self.shown(1) if _has_button(one, label)]
        self.presses(1, with_buttons[-1], label)

    def shares_location(self, who: int, latitude: float, longitude: float, accuracy: float | None = None) -> int:
        exactly = {"horizontal_accuracy": accuracy} if accuracy is not None else {}
        return self.sends(who, location={"latitude": latitude, "longitude": longitude, **exactly})

    def shares_venue(self, who: int, latitude: float, longitude: float, title: str, address: str) -> int:
        location = {"latitude": latitude, "longitude": longitude}
        return self.sends(who, location=location, venue={"location": location, "title": title, "address": address})

    def shares_contact(self, who: int, phone: str, of: int | None = None) -> int:
        """Their own, or that of somebody else, who need not be on Telegram."""
        whose = {"user_id": of} if of is not None else {}
        return self.sends(who, contact={"phone_number": phone, "first_name": "Warga", **whose})

    def edits(self, who: int, message: int, text: str, *, chat: int | None = None) -> None:
        self.do(lambda: self._edit(chat or who, message, text))

    def presses(self, who: int, message: Mapping[str, Any], label: str) -> str:
        """A button of what was `shown`. Returns the id that the bot is to answer."""
        rows = message["reply_markup"]["inline_keyboard"]
        data = next(one["callback_data"] for row in rows for one in row if one["text"] == label)
        return str(self.do(lambda: self._press(who, message, data)))

    def blocks(self, who: int) -> None:
        self.do(lambda: self._member(who, "kicked"))

    def unblocks(self, who: int) -> None:
        self.do(lambda: self._member(who, "member"))

    def turns_into_supergroup(self, chat: int, new: int) -> None:
        self.do(lambda: self._move(chat, new))

    def shown(self, chat: int) -> list[Row]:
        """What the bot has sent there, oldest first."""
        mine = self.do(lambda: list(self._messages.items()))
        return [message for (where, _), message in mine if where == chat and message["from"] == self.bot]

    def waiting(self) -> int:
        """How many updates the bot has not confirmed."""
        return self.do(lambda: len(self._waiting) + self.posting.left)

    def about(self) -> list[str]:
        """Settings that lead to it; the token is nobody's."""
        return [f'api_url = "{self.url}"', f'username = "{self.username}"', f"token: {self.token}"]

    def hears(self, line: str) -> None:
        """What somebody at the terminal writes."""
        self.writes(1, line)


def _has_button(shown: Mapping[str, Any], label: str) -> bool:
    rows = shown.get("reply_markup", {}).get("inline_keyboard", [])
    return any(one["text"] == label for row in rows for one in row)
