"""Telegram, WhatsApp, Facebook, Instagram and X: citizens at stand-ins, in private and in public."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

from adapters.testing.standins.facebook import Facebook
from adapters.testing.standins.graph import Graph
from adapters.testing.standins.instagram import Instagram
from adapters.testing.standins.telegram import Telegram
from adapters.testing.standins.whatsapp import WhatsApp
from adapters.testing.standins.x import X
from tests.end_to_end.kanal import Gateway
from tests.end_to_end.telegram_bot import bot
from tests.gateway import meta, x_account
from tests.gateway.test_photos import file
from tests.soak.faults import Fault, faults_of_posting
from tests.soak.line import Answers, StandInLine

#: Every so many messages is one of the rarer sort.
RARE = 4


class TelegramLine(StandInLine):
    """Some say something more, which belongs to what they said before if it comes soon. Nobody tells the same twice: to
    whom asks where it is that would be an answer, and no report of its own."""

    name = "telegram"
    secret = "token"
    standin: Telegram

    def __init__(self) -> None:
        super().__init__(Telegram())
        self._photo = file("JPEG")
        self._who = 0
        self._told: set[str] = set()
        self._said: Counter[int] = Counter()

    def settings(self, folder: Path) -> Mapping[str, Any]:
        return bot(self.standin, folder, quiet_seconds=3)

    def held(self) -> int:
        return self.standin.waiting()

    def say(self, number: int, text: str) -> Answers:
        what = _incident(text)
        if number % RARE != 1 or not self._who or what in self._told:
            self._who, self._told = 6_112_000_000 + number, set()
        self._told.add(what)
        who = self._who
        self._said[who] += 1
        if number % RARE:
            self.standin.writes(who, text)
        else:
            self.standin.sends_photo(who, self._photo + bytes(number % 1_000), text)
        return lambda: self._answered(who)

    def _answered(self, who: int) -> int:
        """Of several messages each may be answered, or all of them together."""
        shown = len(self.standin.shown(who))
        return max(min(shown, 1), shown - self._said[who] + 1)


def _incident(text: str) -> str:
    """What has happened, and in which street."""
    words = text.split()
    return f"{words[0]} {words[words.index('Jl.') + 1].rstrip('.,')}"


class MetaLine(StandInLine):
    """Webhooks bring all of it."""

    secret = "token"
    standin: Graph

    def settings(self, folder: Path) -> Mapping[str, Any]:
        own = folder / self.name
        own.mkdir()
        return {"name": self.name, "kind": self.name, "quiet_seconds": 0, **meta.known(self.standin, own)}

    def open(self, gateway: Gateway) -> None:
        super().open(gateway)
        assert asyncio.run(self.standin.subscribe(f"http://127.0.0.1:{gateway.web}/in/{self.name}"))

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {**super().faults, **faults_of_posting(self.standin)}


class WhatsAppLine(MetaLine):
    name = "whatsapp"
    standin: WhatsApp

    def __init__(self) -> None:
        super().__init__(WhatsApp())
        self._photo = file("JPEG")

    def say(self, number: int, text: str) -> Answers:
        who = f"62812{number:08}"
        if number % RARE:
            self.standin.writes(who, text)
        else:
            self.standin.sends_file(who, "image", self._photo + bytes(number % 1_000), "image/jpeg", caption=text)
        return lambda: len(self.standin.shown(who))


class FacebookLine(MetaLine):
    """Messenger, and what is said on the page."""

    name = "facebook"
    standin: Facebook

    def __init__(self) -> None:
        super().__init__(Facebook())

    def say(self, number: int, text: str) -> Answers:
        who = f"71{number:014}"
        if number % RARE:
            self.standin.writes(who, text)
            return lambda: len(self.standin.shown(who))
        thing = self.standin.posts(who, text) if number % (2 * RARE) else self.standin.comments(who, "555", text)
        return lambda: len(self.standin.answers(thing))


class InstagramLine(MetaLine):
    """Direct messages and comments."""

    name = "instagram"
    standin: Instagram

    def __init__(self) -> None:
        super().__init__(Instagram())

    def say(self, number: int, text: str) -> Answers:
        who = f"72{number:014}"
        if number % RARE:
            self.standin.writes(who, text)
            return lambda: len(self.standin.shown(who))
        thing = self.standin.comments(who, text)
        return lambda: len(self.standin.answers(thing))


class XLine(StandInLine):
    """Posts, of which X is asked, and direct messages, which it brings."""

    name = "x"
    secret = "access_token_secret"
    standin: X
    FIRST: ClassVar[int] = 2_244_000_000

    def __init__(self) -> None:
        super().__init__(X())

    def settings(self, folder: Path) -> Mapping[str, Any]:
        return x_account.known(self.standin, folder)

    def open(self, gateway: Gateway) -> None:
        super().open(gateway)
        assert asyncio.run(self.standin.subscribe(f"http://127.0.0.1:{gateway.web}/in/x"))

    def say(self, number: int, text: str) -> Answers:
        who = self.FIRST + number
        if number % RARE:
            self.standin.writes(who, text)
            return lambda: len(self.standin.shown(who))
        post = self.standin.posts(who, f"@{self.standin.username} {text}")
        return lambda: len(self.standin.answers(post))

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {**super().faults, **faults_of_posting(self.standin)}
