"""Commands and answers are understood however they are written, and only where they are all that is said."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.bot import words
from gateway.bot.words import COMMANDS, cut
from gateway.errors import ConfigError

WORDS = words.load()

COMMANDED: dict[str, tuple[str, str]] = {
    "a word": ("batal", "cancel"),
    "in capitals": ("STOP", "stop"),
    "with signs": ("Stop!!", "stop"),
    "stretched": ("batalllll", "cancel"),
    "a letter twice": ("stopp", "stop"),
    "politely": ("tolong batal dong min", "cancel"),
    "in English, politely": ("please cancel", "cancel"),
    "as applications write it": ("/start", "start"),
    "a sign alone": ("?", "help"),
    "a sign, stretched": ("???", "help"),
    "a dash": ("-", "skip"),
    "in the spelling of the street": ("ga tau", "skip"),
    "in another one": ("nggak tau deh kak", "skip"),
    "several words": ("mau bicara dengan petugas", "person"),
    "with the possessive": ("petugasnya", "person"),
    "what they reported": ("laporan saya dong", "mine"),
    "it is not done": ("blm selesai pak!", "unfinished"),
    "in English, it is not done": ("not fixed", "unfinished"),
    "a language": ("English please", "language"),
    "which language": ("ganti bahasa", "language"),
    "a report that begins with a command": ("stop kendaraan di trotoar jalan Melati", ""),
    "a report that holds one": ("petugas kebersihan belum datang", ""),
    "a command twice": ("batal stop", ""),
    "courtesies only": ("tolong dong pak", ""),
    "an answer": ("tidak", ""),
    "nothing": ("", ""),
    "a long message of courtesies": ("tolong " * 20 + "batal", ""),
}


@pytest.mark.parametrize(("said", "command"), COMMANDED.values(), ids=COMMANDED)
def test_a_command(said: str, command: str) -> None:
    assert WORDS.command(said) == command


SLIPPED = {
    "petgas": "person",
    "petugsa dong": "person",
    "bantaun": "help",
    "batlkan": "cancel",
    "darurt": "danger",
    "batas": "",
    "truck": "",
    "etugas": "",
    "petugas mana": "",
    "petgas kebersihan": "",
}


@pytest.mark.parametrize(("said", "command"), SLIPPED.items(), ids=SLIPPED)
def test_a_slip_in_a_long_command(said: str, command: str) -> None:
    assert WORDS.slipped(said) == command


ANSWERED: dict[str, tuple[str, str]] = {
    "ya": ("ya", "yes"),
    "a letter": ("y", "yes"),
    "iya pak": ("iya pak", "yes"),
    "twice": ("ya betul", "yes"),
    "stretched": ("iyaaaa", "yes"),
    "heartily": ("bener banget", "yes"),
    "a thumb": ("👍", "yes"),
    "with a selector": ("❌", "no"),
    "ok": ("ok sip", "yes"),
    "in English": ("Yes please", "yes"),
    "t": ("t", "no"),
    "nggak": ("nggak", "no"),
    "ga ada": ("ga ada", "no"),
    "no after a courtesy": ("tidak ya", "no"),
    "not right": ("tidak benar", "no"),
    "not yet": ("belum kak", "no"),
    "something else": ("di depan pasar", ""),
    "rather not": ("tidak tahu", ""),
    "both": ("ya atau tidak", ""),
}


@pytest.mark.parametrize(("said", "answer"), ANSWERED.values(), ids=ANSWERED)
def test_a_yes_or_no(said: str, answer: str) -> None:
    assert WORDS.answer(said) == answer


def test_which_language_is_asked_for() -> None:
    assert [WORDS.language(said) for said in ("english", "Bahasa Indonesia dong", "bahasa", "ya")] == [
        "en",
        "id",
        "",
        "",
    ]


NUMBERS: dict[str, tuple[str, list[int]]] = {
    "figures": ("12", [12]),
    "a word": ("tiga orang", [3]),
    "two words": ("dua puluh", [20]),
    "three words": ("dua puluh lima", [25]),
    "hundreds": ("dua ratus", [200]),
    "all together": ("seribu dua ratus tiga puluh empat", [1234]),
    "figures and a word": ("2 ribu", [2000]),
    "in English": ("twenty five", [25]),
    "several": ("3 atau 4", [3, 4]),
    "one after the other": ("1 2", [1, 2]),
    "none": ("banyak", []),
    "too long for a number": ("1" * 30, []),
}


@pytest.mark.parametrize(("said", "numbers"), NUMBERS.values(), ids=NUMBERS)
def test_numbers(said: str, numbers: list[int]) -> None:
    assert WORDS.numbers(cut(said)) == numbers


@given(
    st.text() | st.lists(st.sampled_from(["tolong", "ya", "dua", "puluh", "ratus", "batal", "-", "3"])).map(" ".join)
)
def test_whatever_is_said_is_a_known_command_or_none(said: str) -> None:
    assert WORDS.command(said) in ("", *COMMANDS)
    assert WORDS.answer(said) in ("", "yes", "no")
    assert all(number >= 0 for number in WORDS.numbers(cut(said)))


def _with(folder: Path, text: str) -> words.Words:
    (folder / "bot.toml").write_text(text, "utf-8")
    return words.load(folder)


def test_operators_change_words(tmp_path: Path) -> None:
    own = _with(tmp_path, '[commands.person]\nwords = ["lurah"]\n[commands.skip]\nwords = []\n')
    assert [own.command(said) for said in ("pak lurah", "petugas", "lewati", "batal")] == ["person", "", "", "cancel"]


WRONG: dict[str, tuple[str, str]] = {
    "a word of two commands": ('[commands.stop]\nwords = ["Batal"]', "'Batal' already stands for commands.cancel"),
    "in another spelling": ('[answers.no]\nwords = ["gk tau"]', "'gk tau' already stands for commands.skip"),
    "no such command": ('[commands.stopp]\nwords = ["x"]', "there is no such table"),
    "no such section": ('[command.stop]\nwords = ["x"]', "unknown table or key"),
    "an empty word": ('[commands.stop]\nwords = [" "]', "a word is empty"),
    "no list": ("polite = 3", "must be a list of words"),
    "no words": ('[commands.stop]\nwords = "stop"', "commands.stop"),
}


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_with_the_table_is_told(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        _with(tmp_path, text)
    assert told in str(caught.value)
    assert "bot.toml" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Pesan otomatis: saya sedang mengemudi", True),
        ("AUTO REPLY I am away", True),
        ("Terima kasih. Pesan otomatis", False),
        ("pesan dari warga: banjir", False),
        ("", False),
    ],
)
def test_how_answering_machines_begin(text: str, is_one: bool) -> None:
    assert words.load().is_of_machine(text) is is_one
