"""Mails of the programs in use, each a file in `mails/words/` beside what is read of it: the sender's own words, then
what stands beside them, each under its kind."""

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.book import Book
from normalizer.mails.asides import set_apart
from normalizer.mails.flowed import joined
from normalizer.mails.mail import Mail, read_mail
from normalizer.message import Aside, Message
from normalizer.normalize import normalize
from normalizer.persons.masking import masked
from normalizer.report import Report
from normalizer.sorting.categories import Categories, Category, Group, Names
from normalizer.words.text import LIMIT

EMPTY_BOOK = Book("31")
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


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.lists(LINES, max_size=30).map(" \n".join), st.text(max_size=300)), st.booleans())
def test_flowed_lines_are_joined_and_no_word_is_lost(text: str, drops_blank: bool) -> None:
    whole = joined(text, drops_blank)
    assert letters(whole) == letters(text)
    assert len(whole) <= 2 * len(text)


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


def report(
    subject: str = "", text: str = "Lampu mati.", asides: tuple[Aside, ...] = (), book: Book = EMPTY_BOOK
) -> Report:
    message = Message(id="1", channel="mail", sender=None, subject=subject, text=text, asides=asides, public=True)
    return normalize(message, datetime(2026, 11, 2, tzinfo=UTC), book)


def test_a_report_has_what_stood_beside_its_words_and_none_of_it_stands_in_clear() -> None:
    quote = Aside(kind="quote", text="  > kata\u200b Budi\r\n")
    full = report(asides=(quote, Aside(kind="signature", text=" \n ")))
    assert full.asides == (Aside(kind="quote", text="> kata Budi"),)
    assert masked(full).asides == ()
    assert "Budi" not in repr(full) + repr(full.asides)


def test_what_stood_beside_a_report_is_no_longer_than_a_text() -> None:
    full = report(asides=tuple(Aside(kind="quote", text="kata " * 3_000) for _ in range(30)))
    assert 0 < sum(len(aside.text) for aside in full.asides) <= LIMIT
    assert len(report(asides=(Aside(kind="quote", text="kata"),) * 100).asides) == 20


@pytest.mark.threat("P0-33")
def test_an_accusation_that_is_quoted_is_private_too() -> None:
    group = Group(code="pegawai", name=Names(id="Pegawai", en="Officials"), accuses=True)
    bribes = Category(code="pungli", name=Names(id="Pungli", en="Bribes"), group="pegawai", keywords=("pungli",))
    book = Book("31", Categories({"pungli": bribes}, {"pegawai": group}))
    assert not report(book=book).confidentiality.private
    assert report(book=book, asides=(Aside(kind="quote", text="> lurah minta pungli"),)).confidentiality.private


def test_a_report_has_the_subject_of_the_first_mail() -> None:
    assert [report(subject).subject for subject in ("Re: Bls: Lampu", "Lampu", "Re:", "")] == [
        "Lampu",
        "Lampu",
        None,
        None,
    ]


def test_a_report_may_be_all_in_the_subject() -> None:
    mail = read_mail((WORDS / "empty-body-report-in-subject.eml").read_bytes())
    assert mail.doubts == ()
    full = report(mail.subject or "", mail.text)
    assert (full.subject, full.text, full.triage) == ("Lampu mati di Jl. Mawar 3", "", ("no-sender",))
    assert full.place and full.place.streets == ("jl mawar 3",)


def test_a_letter_that_is_forwarded_as_a_file_is_read_below_the_words_in_front() -> None:
    forwarded = EmailMessage()
    forwarded["From"], forwarded["Subject"] = "Budi <budi@example.net>", "Lampu mati"
    forwarded.set_content("Lampu mati di Jl. Melati 7.\n\nHormat saya,\nBudi\n")
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Sari <sari@example.id>", "Fwd: Lampu mati"
    mail.set_content("Mohon bantu warga ini.\n\nDikirim dari iPhone saya\n")
    mail.add_attachment(forwarded)
    assert told(read_mail(mail.as_bytes())).split("\n=== ") == [
        "Mohon bantu warga ini.\n\nLampu mati di Jl. Melati 7.",
        "signature\nDikirim dari iPhone saya",
        "forwarded\nFrom: Budi <budi@example.net>\nSubject: Lampu mati",
        "signature\nHormat saya,\nBudi\n",
    ]
    mail.replace_header("Subject", "Bukti laporan saya")
    assert read_mail(mail.as_bytes()).text == "Mohon bantu warga ini."
