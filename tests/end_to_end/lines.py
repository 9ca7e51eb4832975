"""How citizens talk with a gateway over its channels: one of these a channel, all used alike."""

import json
import re
import smtplib
import socket
from base64 import b64encode
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from threading import Lock, Thread
from typing import Any, NamedTuple, Protocol
from zlib import crc32

from adapters.testing.standins.talks import Talks
from adapters.testing.standins.telegram import Telegram
from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.x import X
from tests.adapters.kannel import Kannel
from tests.end_to_end.kanal import OWN, Gateway, until
from tests.end_to_end.relay import Relay
from tests.end_to_end.transcript import OLD, PHOTO
from tests.gateway.test_photos import file

_COUNTED = re.compile(r"\(\d/\d\)")


class Shown(NamedTuple):
    """A message as a citizen gets it; `buttons` are ids and labels."""

    text: str
    buttons: Sequence[tuple[str, str]] = ()


class Line(Protocol):
    """A channel as citizens use it; who they are there follows from their name."""

    features: frozenset[str]

    def say(self, citizen: str, text: str) -> None:
        """Returns once the channel has taken it."""

    def shown(self, citizen: str) -> list[Shown]:
        """All that has reached them so far."""


def read(messages: Sequence[Shown]) -> str:
    """What somebody reads, however it is cut into messages and whether options are numbered or buttons."""
    return " ".join(" ".join(_words(one) for one in messages).split())


def _words(shown: Shown) -> str:
    """Labels that are too long for buttons stand in the text in full, and the buttons begin with their numbers."""
    text = _COUNTED.sub("", shown.text)
    if shown.buttons and not shown.buttons[0][1].startswith("1 "):
        return "\n".join([text, *(f"{number} {label}" for number, (_, label) in enumerate(shown.buttons, 1))])
    return text


class BySms:
    """A handset at a real Kannel."""

    features = frozenset({"plain"})

    def __init__(self, kannel: Kannel) -> None:
        self._kannel = kannel
        self._turn = Lock()

    def say(self, citizen: str, text: str) -> None:
        with self._turn:
            self._kannel.handset_sends(_number(citizen), "1708", text)

    def shown(self, citizen: str) -> list[Shown]:
        return [Shown(text) for text in self._kannel.handset_texts(_number(citizen))]


class ByMail:
    """A mail client: it replies to what came last, with that below."""

    features = frozenset({"plain", "files"})

    def __init__(self, gateway: Gateway, relay: Relay) -> None:
        self._host, _, self._port = gateway.smtp.partition(":")
        self._relay = relay
        self._sent: dict[str, set[str]] = defaultdict(set)

    def say(self, citizen: str, text: str) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Message-ID"] = _mailbox(citizen), OWN, make_msgid(domain="example.org")
        before = self._relay.to(_mailbox(citizen))
        mail["Subject"] = "Laporan warga" if not before else f"Re: {before[-1].read['Subject'].removeprefix('Re: ')}"
        words = "" if text == PHOTO else text
        if before:
            mail["In-Reply-To"] = mail["References"] = before[-1].read["Message-ID"]
            words += "\n\nPada Sen, 23 Nov 2026 10.00 Kanal <dki@jakarta.go.id> menulis:\n"
            words += "\n".join(f"> {line}" for line in before[-1].text.splitlines())
        mail.set_content(words)
        if text == PHOTO:
            mail.add_attachment(file("JPEG"), maintype="image", subtype="jpeg", filename="foto.jpg")
        with smtplib.SMTP(self._host, int(self._port), timeout=60) as client:
            client.send_message(mail)
        self._sent[citizen].add(mail["Message-ID"])

    def shown(self, citizen: str) -> list[Shown]:
        return [Shown(mail.text) for mail in self._relay.to(_mailbox(citizen))]

    def threads(self, citizen: str) -> bool:
        """Is all that came an answer to something that was sent?"""
        return {mail.read["In-Reply-To"] for mail in self._relay.to(_mailbox(citizen))} <= self._sent[citizen]


class ByTerminal:
    """A terminal; where it has buttons they are pressed."""

    def __init__(self, path: Path, features: frozenset[str]) -> None:
        self.features = features | {"files"}
        self._path = path
        self._sockets: dict[str, socket.socket] = {}
        self._told: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._last: dict[str, dict[str, Any]] = {}
        self._count = 0

    def say(self, citizen: str, text: str) -> None:
        self._count += 1
        self._last[citizen] = {"id": f"{citizen}-{self._count}", "from": citizen, **self._made(citizen, text)}
        self._write(citizen)

    def come_back(self) -> None:
        """To a gateway that was started again. Everybody repeats what they said last, as who saw no acknowledgement."""
        self.close()
        for citizen in self._last:
            self._write(citizen)

    def _write(self, citizen: str) -> None:
        """Returns once it is on disk."""
        line, kept = self._last[citizen], self._kept(citizen)
        if citizen not in self._sockets:
            self._connect(citizen)
        self._sockets[citizen].sendall(json.dumps(line).encode() + b"\n")
        until(lambda: self._kept(citizen) > kept, "the terminal's acknowledgement")

    def _kept(self, citizen: str) -> int:
        return self._told[citizen].count({"kept": self._last[citizen]["id"]})

    def shown(self, citizen: str) -> list[Shown]:
        """What is said again after a crash, as this channel has it, has the same id."""
        replies = {told["reply"]: told for told in list(self._told[citizen]) if "reply" in told}
        return [
            Shown(told["text"], tuple((one["id"], one["label"]) for one in told["choices"]))
            for told in replies.values()
        ]

    def _connect(self, citizen: str) -> None:
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(str(self._path))
        self._sockets[citizen] = connection
        Thread(target=self._listen, args=(citizen, connection), daemon=True).start()

    def close(self) -> None:
        for connection in self._sockets.values():
            with suppress(OSError):  # the other end may have done so first
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._sockets.clear()

    def _listen(self, citizen: str, connection: socket.socket) -> None:
        with connection.makefile("rb") as lines:
            for line in lines:
                self._told[citizen].append(json.loads(line))

    def _made(self, citizen: str, text: str) -> dict[str, Any]:
        if text == PHOTO:
            return {"photo": b64encode(file("JPEG")).decode()}
        pressed = _pressed(self.shown(citizen), text)
        return {"choice": pressed[1], "text": pressed[2]} if pressed else {"text": text}


class ByWhatsApp:
    """Phones at a stand-in for Meta, which brings all that is said to a gateway."""

    def __init__(self, meta: WhatsApp, *features: str) -> None:
        self.features = frozenset({"buttons", "files", *features})
        self._meta = meta

    def say(self, citizen: str, text: str) -> None:
        who = _number(citizen).removeprefix("+")
        pressed = _pressed(self.shown(citizen), text)
        if text == PHOTO:
            self._meta.sends_file(who, "image", file("JPEG"), "image/jpeg")
        elif pressed:
            self._meta.presses(who, self._meta.shown(who)[pressed[0]], pressed[2])
        else:
            self._meta.writes(who, text)
        until(lambda: not self._meta.posting.left, "the webhook to be taken")

    def shown(self, citizen: str) -> list[Shown]:
        return [Shown(one.text, one.options) for one in self._meta.shown(_number(citizen).removeprefix("+"))]


class ByX:
    """Direct messages to an account on X, which has no buttons."""

    features = frozenset({"plain", "files"})

    def __init__(self, x: X) -> None:
        self._x = x

    def say(self, citizen: str, text: str) -> None:
        who = _account(citizen)
        if text == PHOTO:
            self._x.sends_file(who, file("JPEG"), "image/jpeg")
        else:
            self._x.writes(who, text)
        until(lambda: not self._x.posting.left, "the webhook to be taken")

    def shown(self, citizen: str) -> list[Shown]:
        return [Shown(text) for text in self._x.shown(_account(citizen))]


class ByTalks:
    """Messenger, or direct messages on Instagram, at a stand-in for Meta."""

    features = frozenset({"buttons", "files", "window"})

    def __init__(self, meta: Talks) -> None:
        self._meta = meta

    def say(self, citizen: str, text: str) -> None:
        who, pressed = str(_account(citizen)), _pressed(self.shown(citizen), text)
        if text == PHOTO:
            self._meta.sends_file(who, "image", file("JPEG"), "image/jpeg")
        elif pressed:
            self._meta.presses(who, self._meta.shown(who)[pressed[0]], pressed[2])
        else:
            self._meta.writes(who, text)
        until(lambda: not self._meta.posting.left, "the webhook to be taken")

    def shown(self, citizen: str) -> list[Shown]:
        return [Shown(one.text, one.options) for one in self._meta.shown(str(_account(citizen)))]


class ByTelegram:
    """The app on a phone, where buttons are pressed."""

    def __init__(self, telegram: Telegram, *features: str) -> None:
        self.features = frozenset({"buttons", "files", *features})
        self._telegram = telegram

    def say(self, citizen: str, text: str) -> None:
        who, pressed = _account(citizen), _pressed(self.shown(citizen), text)
        if text == PHOTO:
            self._telegram.sends_photo(who, file("JPEG"))
        elif pressed:
            self._telegram.presses(who, self._telegram.shown(who)[pressed[0]], pressed[2])
        else:
            self._telegram.writes(who, text)
        until(lambda: not self._telegram.waiting(), "the updates to be confirmed")

    def shown(self, citizen: str) -> list[Shown]:
        return [Shown(message["text"], _buttons(message)) for message in self._telegram.shown(_account(citizen))]


def _pressed(shown: Sequence[Shown], text: str) -> tuple[int, str, str] | None:
    """The button that is meant, by its label or its number: below which message, its id and its label. It is one of the
    newest message, or of an older one that has it."""
    offered = [(number, *button) for number, one in enumerate(shown) for button in one.buttons]
    if not text.startswith(OLD):
        offered = [one for one in offered if one[0] == len(shown) - 1]
    meant = {text.removeprefix(OLD)}
    return next((one for number, one in enumerate(offered, 1) if {str(number), one[2]} & meant), None)


def _buttons(message: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", ())
    return tuple((one["callback_data"], one["text"]) for row in rows for one in row)


def _account(citizen: str) -> int:
    return 6_000_000_000 + crc32(citizen.encode())


def _number(citizen: str) -> str:
    return f"+62812{crc32(citizen.encode()) % 10**8:08}"


def _mailbox(citizen: str) -> str:
    return f"{citizen}@example.org"
