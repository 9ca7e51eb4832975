"""Which dialogue a message opens, and what is wrong with when dialogues open. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from adapters import Problem
from gateway.bot.dialogue import Dialogue, Opener
from gateway.bot.words import COMMANDS, LONGEST, Cut, Words, cut
from normalizer.message import Discreet

#: A button or link whose id is this and a dialogue's name opens it.
OPEN = "open:"
#: What begins on every report.
REPORT = "report"
#: What asks what has happened, where somebody is in danger.
DANGER = "danger"
#: What asks for all that somebody reported.
MINE = "mine"
#: What is asked once a case is closed, and what disputes that.
RATING, UNFINISHED = "rating", "unfinished"
#: Commands that no dialogue can have: they work in the midst of all of them.
EVERYWHERE = ("cancel", "stop", "start", "person", "skip")
_ONLY_ONE = {"code": "a tracking code", "first": "somebody's first message", "anything": "anything at all"}


class Opening(Discreet, frozen=True, kw_only=True):
    """What of a message can open a dialogue. `text` is clean; `command` is the one of `words.COMMANDS` that it gives,
    `button` the one that it presses, `about` what the replies of ours were about that it replies to."""

    text: str
    command: str = ""
    button: str = ""
    about: tuple[str, ...] = ()
    has_code: bool = False
    is_first: bool = False


class Dialogues:
    """All dialogues by name, and by what opens them."""

    def __init__(self, dialogues: Iterable[Dialogue]) -> None:
        self.by_name = {one.name: one for one in dialogues}
        self._by_word: dict[str, dict[Cut | str, Dialogue]] = defaultdict(dict)
        for one in self.by_name.values():
            for opener in one.opens:
                self._by_word[opener.how] |= dict.fromkeys(map(_form(opener.how), opener.words or ("",)), one)

    def get(self, name: str | None) -> Dialogue | None:
        return self.by_name.get(name or "")

    def opened(self, by: Opening) -> Dialogue | None:
        """The one that a message opens by something of its own."""
        return (
            self._by_word["button"].get(by.button)
            or (self.get(by.button.removeprefix(OPEN)) if by.button.startswith(OPEN) else None)
            or next((one for about in by.about if (one := self._by_word["reply"].get(about))), None)
            or self.commanded(by)
            or (self._by_word["code"].get("") if by.has_code else None)
            or self._begun_by_keyword(by.text)
            or (self._by_word["first"].get("") if by.is_first else None)
        )

    def commanded(self, by: Opening) -> Dialogue | None:
        known = self._by_word["command"]
        if not known:
            return None
        return known.get((by.command,)) or (known.get(cut(by.text)) if len(by.text) <= LONGEST else None)

    def opened_otherwise(self) -> Dialogue | None:
        """The one that what opens no other opens."""
        return self._by_word["anything"].get("")

    def _begun_by_keyword(self, text: str) -> Dialogue | None:
        known = self._by_word["keyword"]
        if not known:
            return None
        words = cut(text[:LONGEST])
        longest = max(map(len, known))
        return next((one for end in range(longest, 0, -1) if (one := known.get(words[:end]))), None)


def _form(how: str) -> Callable[[str], Cut | str]:
    return cut if how in {"keyword", "command"} else str


def conflicts(dialogues: Sequence[Dialogue], words: Words) -> Iterator[Problem]:
    """What would never open as its author meant it."""
    for (how, word), names in _claims(dialogues).items():
        if len(names) > 1:
            what = f"{_said(how, word)} opens {' and '.join(names)}"
            yield Problem(f"dialogues '{names[-1]}'", what, "leave it to one of them")
    for one in dialogues:
        yield from _shadowing(one, words)


def _claims(dialogues: Iterable[Dialogue]) -> Mapping[tuple[str, Cut | str], list[str]]:
    claims: dict[tuple[str, Cut | str], list[str]] = defaultdict(list)
    for one in dialogues:
        for opener in one.opens:
            for word in {_form(opener.how)(word) for word in opener.words or ("",)}:
                claims[opener.how, word].append(one.name)
    return claims


def _said(how: str, word: Cut | str) -> str:
    return _ONLY_ONE.get(how) or f"the {how} '{word if isinstance(word, str) else ' '.join(word)}'"


def _shadowing(one: Dialogue, words: Words) -> Iterator[Problem]:
    """Words that are commands, which come first, and openers without any word."""
    for opener in one.opens:
        if opener.how not in _ONLY_ONE and not any(map(cut, opener.words)):
            yield Problem(f"dialogues '{one.name}'", f"a {opener.how} without a word opens it", "name one")
        for word in _plain(opener):
            command = words.command(word)
            if command in EVERYWHERE or (command and opener.how == "keyword"):
                what = f"'{word}' is the command '{command}' in every talk"
                yield Problem(f"dialogues '{one.name}'", what, "choose another word")


def _plain(opener: Opener) -> Iterable[str]:
    """Its words, but for the names of commands."""
    if opener.how == "command":
        return [word for word in opener.words if word not in COMMANDS or word in EVERYWHERE]
    return opener.words if opener.how == "keyword" else ()
