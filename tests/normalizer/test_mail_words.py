"""Mails of the programs in use, each a file in `mails/words/` beside what is read of it: the sender's own words, then
what stands beside them, each under its kind."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.asides import set_apart
from normalizer.mail import Mail, read_mail

WORDS = Path(__file__).parent / "mails" / "words"


def told(mail: Mail) -> str:
    return "\n".join([mail.text, *(f"=== {aside.kind}\n{aside.text}" for aside in mail.asides)]) + "\n"


@pytest.mark.parametrize("name", sorted(path.stem for path in WORDS.glob("*.eml")))
def test_a_mail_is_taken_apart(name: str) -> None:
    mail = read_mail((WORDS / f"{name}.eml").read_bytes())
    assert told(mail) == (WORDS / f"{name}.txt").read_text("utf-8")
    assert mail.sender and mail.sender.value == "sari@example.id"


LINES = st.sampled_from(
    [
        *(
            "Lampu mati di Jl. Mawar 3.",
            "",
            " ",
            "Terima kasih",
            "Sari",
            "0812-3456-7890",
            "Jl. Mawar 3",
            "Hormat kami,",
        ),
        *(
            "> Di mana?",
            ">",
            ">> Lampu mati.",
            "> Begin forwarded message:",
            "-- ",
            "--",
            "________________________________",
        ),
        *("Pada 2 November 2026 10.00, Aduan <a@b.example> menulis:", "Pada Sen, 2 Nov", "<a@b.example> wrote:"),
        *("-----Pesan Asli-----", "---------- Forwarded message ---------", "Begin forwarded message:"),
        *("Dari: Budi <budi@example.net>", "Dikirim: 2 November 2026 10.00", "Kepada: Sari", "Subject: Lampu"),
        *("Dikirim dari iPhone saya", "DISCLAIMER", "Pesan ini rahasia dan ditujukan untuk penerima", "menulis:"),
    ]
)


@settings(max_examples=500, deadline=None)
@given(st.one_of(st.lists(LINES, max_size=30).map("\n".join), st.text(max_size=300)), st.booleans())
def test_no_word_is_lost_and_none_is_told_twice(text: str, forwards: bool) -> None:
    apart = set_apart(text, forwards)
    pieces = [apart.text, *(aside.text for aside in apart.asides)]
    assert letters("".join(pieces)) == letters(text)
    assert apart.text or not any(aside.kind == "quote" for aside in apart.asides)
    assert all(aside.text for aside in apart.asides)


def letters(text: str) -> list[str]:
    """All that is neither a blank nor a mark of quotes, in any order: a signature stands below what was written."""
    return sorted("".join(text.replace(">", "").split()))


HOSTILE = {
    "marks": "> " * 50_000,
    "marked lines": ">a\n" * 33_000,
    "quotes and answers": ">a\na\n" * 20_000,
    "attributions that never end": "Pada 2 Nov\n" * 9_000,
    "attributions": "On 10:00 a wrote:\n" * 5_000,
    "ends of attributions": "10:00 wrote:\n" * 7_000,
    "headers": "from: 10:00\n" * 8_000,
    "rules": "--------------------\n\n" * 4_500,
    "forwards": "Begin forwarded message:\n> a\n" * 3_000,
    "delimiters": "--\n" * 33_000,
    "devices": "Dikirim dari iPhone " * 5_000,
    "disclaimers": "Pesan ini rahasia\n" * 5_000,
    "closings": "Terima kasih,\n" * 7_000,
    "blank lines": "\n" * 100_000,
    "blanks": " " * 100_000,
    "underscores": "_" * 100_000,
    "no letters": "." * 100_000,
    "numbers": "1 " * 50_000,
}


@pytest.mark.threat("P1-39")
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_taken_apart_whole(text: str) -> None:
    for forwards in (False, True):
        apart = set_apart(text, forwards)
        assert letters("".join([apart.text, *(aside.text for aside in apart.asides)])) == letters(text)
