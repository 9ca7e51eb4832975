"""Plays dialogues as transcripts, for tests:

    > banjir
    < Di mana tempatnya?
    > dekat halte
    < Yang mana?
      1 Melati
      2 Anggrek
    > 2

Lines with ">" are the citizen's, "<" begins a message of ours, and two blanks go on with it. Buttons stand below it as
"[Ya] [Tidak]", and "> [Ya]" presses one. "> (photo) sudah surut" sends a photo, "> (pin -6.2 106.8)" a location.

What the citizen says is said once more over a channel of the other sort: with buttons where the transcript has none,
in words where it presses some. There the same must be said and offered.
"""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from textwrap import dedent
from typing import Any

import msgspec

from adapters import Address, Attachment, Capabilities, Choice, Message, Place
from gateway import categories, triage
from gateway.bot import words
from gateway.bot.dialogue import Dialogue
from gateway.bot.engine import Amends, Turn, advance, begin
from gateway.bot.reading import Heard
from gateway.bot.render import Rendered, render
from gateway.bot.state import State, Talk
from gateway.bot.steps import Wish
from gateway.bot.understanding import pressed
from gateway.tables import GatewaySettings
from gateway.texts import Texts
from normalizer.book import Book
from normalizer.normalize import normalize

#: What a poor and a rich channel can do.
SMS = Capabilities(text_limit=3 * 153, alphabet="gsm7")
BUTTONS = Capabilities(choices=3, list_rows=10, label_limit=20, attachments=True)

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
_PHOTO = Attachment(name="foto.jpg", media_type="image/jpeg", size=9, digest="ab" * 32)
_PRESSES = re.compile(r"\[(.+)\]")
_SENDS = re.compile(r"\((photo|pin)(?: (-?[\d.]+) (-?[\d.]+))?\) ?(.*)", re.DOTALL)

#: What comes of each kind of wish: a value, or several in their order.
World = Mapping[type[Wish], Any]


class Played(msgspec.Struct):
    """What came of a dialogue."""

    amends: list[Amends] = []
    wishes: list[Wish] = []
    person: str = ""
    state: State | None = None


def converse(
    dialogue: Dialogue,
    transcript: str,
    *,
    capabilities: Capabilities = SMS,
    facts: Mapping[str, Any] | None = None,
    world: World | None = None,
    language: str = "id",
    book: Book | None = None,
    **talk: Any,
) -> Played:
    """Say the citizen's lines. What comes before our first line opens the dialogue; `world` is what comes of wishes,
    and `talk` are further fields of `Talk`. Raises AssertionError with the differences unless ours are as in the
    transcript."""
    expected = dedent(transcript).strip()
    lines = _said(expected)
    opening = lines.pop(0) if expected.startswith(">") and lines else ""

    def play(over: Capabilities) -> _Player:
        player = _Player(dialogue, over, language, world or {}, book or shipped())
        player.begin(Talk(language=language, words=opening, facts=dict(facts or {}), **talk), opening)
        for line in lines:
            player.hear(line)
        return player

    player = play(capabilities)
    _same(expected.splitlines(), player.lines)
    other = play(BUTTONS if capabilities is SMS else SMS)
    _same(player.said, other.said)
    return player.played


def _same(expected: Sequence[str], got: Sequence[str]) -> None:
    if list(expected) != list(got):
        raise AssertionError("\n".join(difflib.ndiff(expected, got)))


def _said(transcript: str) -> list[str]:
    return [line[1:].strip() for line in transcript.splitlines() if line.startswith(">")]


class _Player:
    """It is also the setting of the dialogue's turns."""

    now = NOW.timestamp()
    tries = 3

    def __init__(self, dialogue: Dialogue, capabilities: Capabilities, language: str, world: World, book: Book) -> None:
        self.played = Played()
        self.lines: list[str] = []
        self.said: list[str] = []
        self._speak = _texts(dialogue).of(dialogue.name, language)
        self._dialogue = dialogue
        self._capabilities = capabilities
        self._language = language
        self._book = book
        self._world = {kind: iter(value) if isinstance(value, list) else value for kind, value in world.items()}
        self._shown: Sequence[Choice] = ()

    def text(self, name: str, /, **values: object) -> str:
        return self._speak(name, **values)

    def grant(self, wish: Wish) -> Any:
        self.played.wishes.append(wish)
        value = self._world.get(type(wish))
        return next(value) if isinstance(value, Iterator) else value

    def skips(self, heard: Heard) -> bool:
        return heard.words.declines(heard.text)

    def begin(self, talk: Talk, line: str) -> None:
        if line:
            self.lines.append(f"> {line}")
        self._take(begin(self._dialogue, talk, self))

    def hear(self, line: str) -> None:
        self.lines.append(f"> {line}")
        if self.played.state is None:
            raise AssertionError("\n".join([*self.lines, "it is over"]))
        self._take(advance(self._dialogue, self.played.state, self._heard(line), self))

    def _take(self, turn: Turn) -> None:
        self.played.amends += turn.amends
        self.played.person = turn.person
        self.played.state = turn.state
        self.said += [" / ".join([one.text, *(option.label for option in one.options)]) for one in turn.says]
        for message in render(turn.says, self._capabilities, turn.state.serial if turn.state else 0):
            self._show(message)

    def _show(self, message: Rendered) -> None:
        first, *others = message.text.split("\n")
        buttons = [" ".join(f"[{choice.label}]" for choice in message.choices)] if message.choices else []
        self.lines += [f"< {first}", *(f"  {line}" for line in (*others, *buttons))]
        self._shown = message.choices

    def _heard(self, line: str) -> Heard:
        message = self._message(line)
        choice = pressed(message.choice) if message.choice else None
        return Heard(
            text=message.text,
            message=message,
            report=normalize(message, NOW, self._book),
            book=self._book,
            words=_words(),
            language=self._language,
            choice=choice[1] if choice else None,
            today=NOW.date().isoformat(),
            code_prefix=GatewaySettings().code_prefix,
        )

    def _message(self, line: str) -> Message:
        made: dict[str, Any] = {"id": str(len(self.lines)), "channel": "test", "sender": Address("phone", "+62811")}
        if (label := _PRESSES.fullmatch(line)) and not self._has_buttons:
            return Message(text=label[1], **made)
        if label:
            return Message(text="", choice=self._button(label[1]), **made)
        if sent := _SENDS.fullmatch(line):
            what, latitude, longitude, text = sent.groups()
            if what == "photo":
                return Message(text=text, attachments=(_PHOTO,), **made)
            return Message(text=text, place=Place(float(latitude), float(longitude)), **made)
        return Message(text=line, **made)

    @property
    def _has_buttons(self) -> bool:
        return bool(self._capabilities.choices or self._capabilities.list_rows)

    def _button(self, label: str) -> str:
        found = [choice.id for choice in self._shown if choice.label == label]
        if not found:
            raise AssertionError("\n".join([*self.lines, f"there is no button [{label}]"]))
        return found[0]


@cache
def shipped() -> Book:
    """What messages are read by without any settings."""
    return Book(GatewaySettings().areas, categories.load(), signs=triage.load())


@cache
def _words() -> words.Words:
    return words.load()


@cache
def _texts(dialogue: Dialogue) -> Texts:
    return Texts.load(brought={dialogue.name: dialogue.texts} if dialogue.texts else {})
