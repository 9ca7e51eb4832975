"""Which dialogue a message opens, and what is found wrong with that beforehand."""

import re

import pytest

from gateway.bot import Steps, Talk, anything, button, code, command, dialogue, first_contact, keyword, reply_to
from gateway.bot import words as bot_words
from gateway.bot.dialogue import Dialogue, Opener
from gateway.bot.installed import dialogues as all_installed
from gateway.bot.opening import Dialogues, Opening, conflicts

WORDS = bot_words.load()


def opened_by(name: str, *opens: Opener) -> Dialogue:
    @dialogue(name, opens=opens)
    def steps(talk: Talk) -> Steps:
        """Nothing."""
        yield from ()

    return steps


KNOWN = Dialogues(
    [
        opened_by("flood", keyword("banjir", "air pasang")),
        opened_by("tide", keyword("banjir rob")),
        opened_by("status", command("status"), code()),
        opened_by("weather", command("cuaca hari ini")),
        opened_by("dispute", button("not-done"), reply_to("closed")),
        opened_by("hello", first_contact()),
    ]
)
OPENS = {
    "its keyword begins it": (Opening(text="Banjirrr di gang 3"), "flood"),
    "of two keywords the longer": (Opening(text="banjir rob lagi"), "tide"),
    "a keyword in the midst": (Opening(text="ada banjir"), None),
    "a command by any of its words": (Opening(text="cek laporan", command="status"), "status"),
    "a command of its own": (Opening(text="Cuaca hari ini?"), "weather"),
    "more than a command": (Opening(text="cuaca hari ini hujan terus"), None),
    "a button": (Opening(text="", button="not-done"), "dispute"),
    "a button goes before a keyword": (Opening(text="banjir", button="not-done"), "dispute"),
    "a reply to what was said about it": (Opening(text="masih rusak", about=("closed",)), "dispute"),
    "a reply to anything else": (Opening(text="oke", about=("received",)), None),
    "a code": (Opening(text="KNL-7F3K-92QX", has_code=True), "status"),
    "a code goes before a keyword": (Opening(text="banjir KNL-7F3K-92QX", has_code=True), "status"),
    "who never wrote before": (Opening(text="halo", is_first=True), "hello"),
}


@pytest.mark.parametrize(("by", "name"), OPENS.values(), ids=OPENS)
def test_what_opens_which(by: Opening, name: str | None) -> None:
    found = KNOWN.opened(by)
    assert (found.name if found else None) == name


def test_anything_is_taken_by_who_takes_anything() -> None:
    other = opened_by("other", anything())
    assert Dialogues([other]).opened_otherwise() is other
    assert KNOWN.opened_otherwise() is None


WRONG = {
    "one keyword of two dialogues": (
        [opened_by("one", keyword("banjir")), opened_by("two", keyword("Banjir!"))],
        "the keyword 'banjir' opens one and two",
    ),
    "one command of two": (
        [opened_by("one", command("cuaca")), opened_by("two", command("cuaca"))],
        "the command 'cuaca' opens one and two",
    ),
    "two that take anything": (
        [opened_by("one", anything()), opened_by("two", anything())],
        "anything at all opens one and two",
    ),
    "two that take a code": ([opened_by("one", code()), opened_by("two", code())], "a tracking code opens one and two"),
    "what ends every talk": ([opened_by("one", keyword("batal"))], "'batal' is the command 'cancel' in every talk"),
    "by another word of it": ([opened_by("one", command("tidak jadi"))], "is the command 'cancel' in every talk"),
    "a keyword that is a command": ([opened_by("one", keyword("menu"))], "'menu' is the command 'help'"),
    "no word at all": ([opened_by("one", keyword())], "a keyword without a word opens it"),
}


@pytest.mark.parametrize(("dialogues", "says"), WRONG.values(), ids=WRONG)
def test_what_would_never_open_is_told(dialogues: list[Dialogue], says: str) -> None:
    assert re.search(re.escape(says), " / ".join(problem.what for problem in conflicts(dialogues, WORDS)))


def test_what_is_installed_has_no_faults() -> None:
    found, faults = all_installed()
    assert [*faults, *conflicts(found, WORDS)] == []
