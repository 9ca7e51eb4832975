"""The words of commands and answers: `config/bot.toml`, with the operators' `bot.toml` in the data folder on top."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from gateway.bot.slips import meant
from gateway.overlay import Overlay
from gateway.suggest import did_you_mean
from normalizer.words.memo import remembered
from normalizer.words.phrases import STOP, words_of

FILE = "bot.toml"
COMMANDS = ("cancel", "stop", "start", "help", "person", "skip", "status", "mine", "language", "unfinished", "danger")
LANGUAGES = ("id", "en")
#: Words at the beginning of a text that may be a command.
MOST_OF_A_COMMAND = 4
#: Whoever says more than this says more than a command.
LONGEST = 80

_CODES: Mapping[str, Collection[str]] = {
    "commands": COMMANDS,
    "languages": LANGUAGES,
    "answers": ("yes", "no"),
    "numbers": tuple(map(str, (*range(21), *range(30, 101, 10), 1000))),
}
_LISTS = (
    "polite",
    "pointing",
    "greetings",
    "thanks",
    "calling",
    "reporting",
    "asking",
    "becoming",
    "waiting",
    "beside",
    "rude",
    "placing",
    "correcting",
    "persisting",
    "unseen",
)
_MACHINES = "machines"
#: "keduanya" is both, and not the second.
_ALL_OF = re.compile(r"\b(ke(?:dua|tiga|empat|lima))nya\b", re.IGNORECASE)
_REPEATED = re.compile(r"([^\d])\1+")

#: In words of so many letters a slip is seen that nobody has offered ("batas" is not "batal").
_LONG_COMMAND, _LONG_NUMBER = 6, 5

#: More of them are no number.
_MOST_DIGITS = 9
_SCALES = (100, 1000)
#: By these first words a correction is known.
_HEAD = 3

Cut = tuple[str, ...]


class Meaning(NamedTuple):
    """What words stand for: a table of this section."""

    section: str
    code: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One table."""

    code: str
    words: tuple[str, ...]


class Words:
    """What is understood. Of the lists, `polite` words may stand around a command or an answer, `pointing` ones around
    a number. What begins with one of `machines` was written by one."""

    def __init__(
        self, meanings: Mapping[Cut, Meaning], lists: Mapping[str, frozenset[str]], machines: Collection[Cut] = ()
    ) -> None:
        self._meanings = meanings
        self._machines = frozenset(machines)
        self._longest_machine = max(map(len, self._machines), default=0)
        self._machine_heads = frozenset(words[0] for words in self._machines)
        self._lists = lists
        self._single = {
            section: {words[0]: one.code for words, one in meanings.items() if one.section == section and not words[1:]}
            for section in ("commands", "numbers")
        }
        self._polite = lists["polite"]
        self._around_numbers = self._polite | lists["pointing"]
        self._becoming = lists["becoming"] | lists["reporting"]
        self._waiting = lists["waiting"] | lists["asking"]
        self._chasing = self._becoming | self._waiting.union(lists["beside"], lists["greetings"], self._polite)
        self._chasing |= {word for words, one in meanings.items() if one.section == "numbers" for word in words}

    def command(self, text: str) -> str:
        """The command of `COMMANDS` that is all that a clean `text` says; "" if it says anything else."""
        match self._meaning(text, ("commands", "languages")):
            case Meaning("languages", _):
                return "language"
            case meaning:
                return meaning.code

    def is_of_machine(self, text: str) -> bool:
        """Does a clean text begin as answering machines do?"""
        words = cut(" ".join(text.split(maxsplit=self._longest_machine)[: self._longest_machine]))
        if words[:1] and words[0] not in self._machine_heads:
            return False
        return any(words[:end] in self._machines for end in range(1, len(words) + 1))

    def begins(self, text: str, command: str) -> bool:
        """Does a clean text begin with this command, whatever comes after it?"""
        words = text.split(maxsplit=MOST_OF_A_COMMAND)[:MOST_OF_A_COMMAND]
        return any(self.command(" ".join(words[:end])) == command for end in range(1, len(words) + 1))

    def slipped(self, text: str) -> str:
        """The command of one long word that is all that a clean text says, but for a slip of a letter; else ""."""
        words = self.core(cut(text)) if len(text) <= LONGEST else ()
        known = self._single["commands"]
        found = {known[one] for one in meant(words[0], known, _LONG_COMMAND)} if len(words) == 1 else set()
        return found.pop() if len(found) == 1 else ""

    def language(self, text: str) -> str:
        """The language that is asked for by a command that names it, "" by all else."""
        return self._meaning(text, ("languages",)).code

    def answer(self, text: str) -> str:
        """ "yes" or "no" if that is all that is said, else ""."""
        return self._meaning(text, ("answers",)).code

    def greets(self, text: str) -> bool:
        """Does a clean text greet, or say that a report is to come, and nothing else?"""
        return self._is_only(text, "greetings")

    def thanks(self, text: str) -> bool:
        """Does a clean text thank, and say nothing else?"""
        return self._is_only(text, "thanks")

    def calls(self, text: str) -> bool:
        """Does a clean text call for help, and say nothing else?"""
        return self._is_only(text, "calling")

    def reports(self, text: str) -> bool:
        """Does it speak of a report?"""
        return self._has(text, "reporting")

    def declines(self, text: str) -> bool:
        """Would they rather not say? Who only thanks is done."""
        return self.command(text) == "skip" or self.thanks(text)

    def asks(self, text: str) -> bool:
        """Is it a question, and no place that somebody is not sure of ("dekat halte ya?")?"""
        return self._has(text, "asking") or ("?" in text and not self.places(text))

    def chases(self, text: str) -> bool:
        """Does it say that somebody waits for what becomes of a report, and nothing else?"""
        words = {word for word in cut(text) if not word.removesuffix("x").isdecimal()}
        if words.isdisjoint(self._becoming) or not words <= self._chasing:
            return False
        return "?" in text or not words.isdisjoint(self._waiting)

    def corrects(self, text: str) -> bool:
        """Does a clean text begin by saying that something was wrong ("eh salah, RT 5")?"""
        return not self._lists["correcting"].isdisjoint(cut(text)[:_HEAD])

    def persists(self, text: str) -> bool:
        """Does it say that something lasts, or was not done yet, and that they saw it?"""
        return self._has(text, "persisting") and not self._has(text, "unseen")

    def insults(self, text: str) -> bool:
        return self._has(text, "rude")

    def places(self, text: str) -> bool:
        """Is there a word by which people say where something is ("depan", "sebelah", "gang")?"""
        return self._has(text, "placing")

    def placed(self, text: str) -> str:
        """A clean text from the first word on that says where."""
        pieces = text.split()
        first = next((at for at, piece in enumerate(pieces) if self.places(piece)), 0)
        return " ".join(pieces[first:])

    def _is_only(self, text: str, name: str) -> bool:
        words = frozenset(cut(text)) if len(text) <= LONGEST else frozenset()
        return not words.isdisjoint(self._lists[name]) and words <= self._lists[name] | self._polite

    def _has(self, text: str, name: str) -> bool:
        return not self._lists[name].isdisjoint(cut(text))

    def number(self, words: Cut) -> int | None:
        """The one number that `words` (of `cut`) say, in figures or words, if they say nothing else."""
        cores = _cores(words, self._around_numbers)
        return next((number for core in cores if (number := self._counted(core)) is not None), None)

    def nearly(self, words: Cut) -> int | None:
        """The number that one long word says, but for a slip of a letter ("kdua")."""
        known = self._single["numbers"]
        found = {known[one] for one in meant(words[0], known, _LONG_NUMBER)} if len(words) == 1 else set()
        return int(found.pop()) if len(found) == 1 else None

    def core(self, words: Cut) -> Cut:
        """The words without those around that say nothing; all of them, if there are no others."""
        last = len(words) - _leading(words[::-1], self._around_numbers)
        return words[_leading(words, self._around_numbers) : last] or words

    def numbers(self, words: Cut) -> list[int]:
        """All numbers among words, in figures or words: "dua puluh lima" is one."""
        found: list[int] = []
        at, is_next = 0, False
        while at < len(words):
            number, length = self.number_at(words, at)
            if number is not None and is_next and not words[at].isdecimal() and _goes_on(found[-1], number):
                found[-1] = _joined(found[-1], number)
            elif number is not None:
                found.append(number)
            at, is_next = at + length, number is not None
        return found

    def _meaning(self, text: str, sections: Collection[str]) -> Meaning:
        if len(text) <= LONGEST:
            for core in _cores(cut(text), self._polite):
                if (meaning := self._meanings.get(core)) and meaning.section in sections:
                    return meaning
        return Meaning("", "")

    def _counted(self, words: Cut) -> int | None:
        at = 0
        while at < len(words):
            number, length = self.number_at(words, at)
            if number is None:
                return None
            at += length
        found = self.numbers(words)
        return found[0] if len(found) == 1 else None

    def number_at(self, words: Cut, at: int) -> tuple[int | None, int]:
        """The number that begins there, and of how many words it is."""
        if words[at].isdecimal():
            return (int(words[at]) if len(words[at]) <= _MOST_DIGITS else None), 1
        for length in (2, 1):
            meaning = self._meanings.get(words[at : at + length])
            if meaning and meaning.section == "numbers":
                return int(meaning.code), min(length, len(words) - at)
        return None, 1


def cut(text: str) -> Cut:
    """The words of a clean text in plain spelling, no letter twice in a row; its signs where it has no words."""
    found = words_of(_ALL_OF.sub(r"\1 semua", text))
    return tuple([_once(word) for word in found if word != STOP]) or tuple(map(_once, text.split()))


@remembered
def _once(word: str) -> str:
    return _REPEATED.sub(r"\1", word)


def load(folder: Path | None = None) -> Words:
    """Read the shipped words and, over them, those of `folder`. Raises `ConfigError` with all that is wrong."""
    overlay = Overlay(FILE, folder, tuple(_CODES), (*_LISTS, _MACHINES))
    meanings: dict[Cut, Meaning] = {}
    for section, codes in _CODES.items():
        for row in overlay.structs(section, Row).values():
            if row.code not in codes:
                overlay.complain(f"{section}.{row.code}", "there is no such table", did_you_mean(row.code, codes))
            _add(overlay, meanings, Meaning(section, row.code), row.words)
    lists = {key: frozenset(piece for one in _list(overlay, key) for piece in one) for key in _LISTS}
    machines = _list(overlay, _MACHINES)
    overlay.finish()
    return Words(meanings, lists, machines)


def _add(overlay: Overlay, meanings: dict[Cut, Meaning], meaning: Meaning, words: Collection[str]) -> None:
    where = ".".join(meaning)
    for word in words:
        known = meanings.setdefault(cut(word), meaning)
        if not word.strip():
            overlay.complain(where, "a word is empty", "leave it out")
        elif known != meaning:
            overlay.complain(where, f"'{word}' already stands for {'.'.join(known)}", "leave it out of one of them")


def _list(overlay: Overlay, key: str) -> Sequence[Cut]:
    named: Any = overlay.value(key)
    if not isinstance(named, list) or not all(isinstance(word, str) for word in named):
        overlay.complain(key, "must be a list of words", 'as in ["tolong", "please"]')
        return ()
    return [cut(word) for word in named]


def _cores(words: Cut, around: frozenset[str]) -> Iterator[Cut]:
    """The words, and what is left of them without some of those `around`, at either end; the longest first of each."""
    first = _leading(words, around)
    last = len(words) - _leading(words[::-1], around)
    for end in range(len(words), max(last, 1) - 1, -1):
        for start in range(min(first, end - 1) + 1):
            yield words[start:end]


def _leading(words: Cut, around: frozenset[str]) -> int:
    return next((at for at, word in enumerate(words) if word not in around), len(words))


def _goes_on(number: int, more: int) -> bool:
    """ "dua ratus", "dua puluh lima"."""
    room = 10 if number % 100 else 100
    return more in _SCALES or (number >= 20 and number % room == 0 and more < room)


def _joined(number: int, more: int) -> int:
    rest = number % more if more in _SCALES else 0
    return number - rest + rest * more if rest else number + more
