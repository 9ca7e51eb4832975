"""What an update says. In private a chat's id is the citizen's, so it is hidden in the ids of messages there."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from adapters import CARD, Address, Attachment, Event, Gone, Message, Place
from adapters.ids import digest
from adapters.telegram.updates import Chat, Contact, File, Member, Press, Said, Update, User
from normalizer.persons.identity import phone

GROUPS = frozenset({"group", "supergroup"})
_COMMAND = re.compile(r"/(\w+)(?:@\w+)?\s*(.*)", re.DOTALL)
_IN_GROUP = re.compile(r"(-\d+):(\d+)")
#: What files are that do not say it themselves.
_KINDS = {
    "document": "application/octet-stream",
    "voice": "audio/ogg",
    "video": "video/mp4",
    "audio": "audio/mpeg",
    "video_note": "video/mp4",
}


class Reading:
    """For one bot, whose id and name tell what is meant for it in a group."""

    def __init__(self, channel: str, bot: int, username: str) -> None:
        self._channel = channel
        self._bot = bot
        self._name = re.compile(rf"@{re.escape(username)}(?!\w)", re.IGNORECASE) if username else None

    def events(self, update: Update) -> Sequence[Event]:
        if update.message is not None:
            return self._said(update.message)
        if update.edited_message is not None:
            return self._edited(update.edited_message, update.update_id)
        if update.callback_query is not None:
            return self._pressed(update.callback_query)
        return self._member(update.my_chat_member) if update.my_chat_member is not None else ()

    def concerns_us(self, update: Update) -> bool:
        """False for what a group says to others, which is not kept."""
        said = update.message or update.edited_message
        return said is None or said.chat.type == "private" or bool(self.events(update))

    def _said(self, said: Said, version: str = "") -> Sequence[Event]:
        """What the service tells (a pinned message, a new member) has no content and leads to nothing."""
        sender = said.sender
        is_meant = self._is_meant_for_us(said)
        if sender is None or sender.is_bot or said.is_automatic_forward or not (is_meant or self._may_be_meant(said)):
            return ()
        words, place, files = self._words(said), _place(said), tuple(_files(said))
        own = _own_number(said.contact, sender)
        if not (words or place or files or own):
            return ()
        original = message_id(self._bot, said.chat, said.message_id)
        message = Message(
            id=original + version,
            replaces=original if version else None,
            channel=self._channel,
            sender=_address(sender),
            conversation=_conversation(said.chat),
            public=said.chat.type in GROUPS,
            text=words,
            fields={CARD: "yes"} if said.contact and words else {},
            place=place,
            attachments=files,
            also=own,
            sent_at=_time(said.edit_date if version else said.date),
            in_reply_to=message_id(self._bot, said.chat, said.reply_to_message.message_id)
            if said.reply_to_message
            else None,
            group=said.media_group_id,
            overheard=not is_meant,
        )
        return [message]

    def _edited(self, said: Said, update_id: int) -> Sequence[Event]:
        """A location is only ever edited while it is shared live, every few seconds."""
        return () if said.location is not None else self._said(said, f":{said.edit_date or 0}-{update_id}")

    def _pressed(self, press: Press) -> Sequence[Event]:
        if press.message is None or press.data is None or press.sender.is_bot:
            return ()
        chat, shown = press.message.chat, message_id(self._bot, press.message.chat, press.message.message_id)
        message = Message(
            id=f"{shown}:{press.id}",
            channel=self._channel,
            sender=_address(press.sender),
            conversation=_conversation(chat),
            public=chat.type in GROUPS,
            text="",
            choice=press.data,
            in_reply_to=shown,
        )
        return [message]

    def _member(self, member: Member) -> Sequence[Event]:
        if member.chat.type in GROUPS or member.new_chat_member.status != "kicked":
            return ()
        return [Gone(self._channel, _address(member.sender))]

    def _is_meant_for_us(self, said: Said) -> bool:
        """In private all is; of a group only what names the bot or replies to it; of a channel nothing."""
        if said.chat.type not in GROUPS:
            return said.chat.type == "private"
        if self._name is None:
            return False
        replied = said.reply_to_message.sender if said.reply_to_message else None
        named = [replied, *(entity.user for entity in (*said.entities, *said.caption_entities))]
        return any(one is not None and one.id == self._bot for one in named) or bool(
            self._name.search(said.text or said.caption)
        )

    def _may_be_meant(self, said: Said) -> bool:
        """Of an album in a group one picture has the words that name the bot."""
        return said.chat.type in GROUPS and self._name is not None and said.media_group_id is not None

    def _words(self, said: Said) -> str:
        """Of a command its words: "/status KNL-…" is what is said without the stroke."""
        text = said.text or said.caption or (said.sticker.emoji if said.sticker else "")
        if said.chat.type in GROUPS and self._name is not None:
            text = self._name.sub("", text).strip()
        if said.contact is not None and not text:
            text = "" if said.sender and _own_number(said.contact, said.sender) else _contact(said.contact)
        command = _COMMAND.fullmatch(text)
        return _commanded(command[1], command[2]) if command else text


def message_id(bot: int, chat: Chat, number: int) -> str:
    """In private each bot counts for itself."""
    if chat.type in GROUPS:
        return f"{chat.id}:{number}"
    return digest(str(bot), str(chat.id), str(number))[:32]


def in_group(message: str | None) -> tuple[int, int] | None:
    """The chat and the number of a message of a group, from its id here."""
    found = _IN_GROUP.match(message or "")
    return (int(found[1]), int(found[2])) if found else None


def _commanded(command: str, rest: str) -> str:
    """A link to the bot may hold what is said first, with _ for blanks: t.me/kanal_bot?start=status"""
    if command == "start" and rest:
        return rest.replace("_", " ")
    return f"{command} {rest}".strip()


def _address(user: User) -> Address:
    return Address("account", str(user.id), f"{user.first_name} {user.last_name}".strip() or None)


def _conversation(chat: Chat) -> str:
    return str(chat.id) if chat.type in GROUPS else ""


def _place(said: Said) -> Place | None:
    where = said.location
    words = ", ".join(filter(None, (said.venue.title, said.venue.address))) if said.venue else None
    if where is None or not (-90 <= where.latitude <= 90 and -180 <= where.longitude <= 180):
        return Place(words=words) if words else None
    return Place(where.latitude, where.longitude, where.horizontal_accuracy, words)


def _files(said: Said) -> Iterator[Attachment]:
    if said.photo:
        yield _file(said.photo[-1], "image/jpeg")
    for name, media_type in _KINDS.items():
        if (file := getattr(said, name)) is not None:
            yield _file(file, media_type)


def _file(file: File, media_type: str) -> Attachment:
    return Attachment(
        name=file.file_name, media_type=file.mime_type or media_type, size=file.file_size or 0, reference=file.file_id
    )


def _own_number(contact: Contact | None, sender: User) -> tuple[Address, ...]:
    """Telegram knows whose number it is."""
    if contact is None or contact.user_id != sender.id:
        return ()
    number = phone(contact.phone_number)
    return (Address("phone", number),) if number else ()


def _contact(contact: Contact) -> str:
    return " ".join(filter(None, (contact.first_name, contact.last_name, contact.phone_number)))


def _time(seconds: int | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (OverflowError, ValueError, OSError):
        return None
