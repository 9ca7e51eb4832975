"""What a dialogue is: a generator function that names no channel, and when it opens."""

from collections.abc import Callable, Generator, Mapping
from hashlib import sha256
from inspect import getsource
from typing import Any

import msgspec

from gateway.bot.state import Talk
from gateway.bot.steps import Step

Steps = Generator[Step, Any, None]
#: Texts by language and name.
DialogueTexts = Mapping[str, Mapping[str, str]]


class Opener(msgspec.Struct, frozen=True):
    """When a dialogue opens: `how` is of "keyword" (a message that begins with one of `words`), "command" (a message
    that is one of them and nothing else), "button" (one that presses one of them), "reply" (one that replies to what
    was said about one of them: the `about` of replies), "code" (one with a tracking code in it), "first" (the first of
    somebody), "anything" (what no other takes)."""

    how: str
    words: tuple[str, ...] = ()


def keyword(*words: str) -> Opener:
    return Opener("keyword", words)


def command(*words: str) -> Opener:
    return Opener("command", words)


def button(*ids: str) -> Opener:
    return Opener("button", ids)


def reply_to(*about: str) -> Opener:
    return Opener("reply", about)


def code() -> Opener:
    return Opener("code")


def first_contact() -> Opener:
    return Opener("first")


def anything() -> Opener:
    return Opener("anything")


class Dialogue:
    """A dialogue by its name. `version` changes with what is written; `about` says in a line what it is for; `files`:
    the message that opens it is also filed as a report."""

    def __init__(
        self,
        name: str,
        steps: Callable[[Talk], Steps],
        opens: tuple[Opener, ...],
        texts: DialogueTexts,
        version: str,
        files: bool,
    ) -> None:
        self.name = name
        self.steps = steps
        self.opens = opens
        self.texts = texts
        self.version = version
        self.files = files
        self.about = (steps.__doc__ or "").strip().split("\n", 1)[0]


def dialogue(
    name: str,
    *,
    opens: Opener | tuple[Opener, ...] = (),
    texts: DialogueTexts | None = None,
    version: str = "",
    files: bool = False,
) -> Callable[[Callable[[Talk], Steps]], Dialogue]:
    """Make a generator function a dialogue. `texts` are those of a package of its own (`{"id": {"where": "…"}}`);
    what Kanal ships has its own in the catalogue, and operators may change either."""

    def made(steps: Callable[[Talk], Steps]) -> Dialogue:
        several = opens if isinstance(opens, tuple) else (opens,)
        return Dialogue(name, steps, several, texts or {}, version or _version(steps), files)

    return made


def _version(steps: Callable[[Talk], Steps]) -> str:
    """What is written tells versions apart; where no source is installed, all are one."""
    try:
        return sha256(getsource(steps).encode()).hexdigest()[:8]
    except OSError:
        return "0"
