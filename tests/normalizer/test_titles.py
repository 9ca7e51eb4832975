"""The subject of a reply, and whether what is told below it is still about that."""

from datetime import UTC, datetime

import pytest

from gateway import categories, triage
from normalizer.book import Book
from normalizer.message import Aside, Message
from normalizer.normalize import normalize
from normalizer.report import Report

BOOK = Book("31", categories.load(), signs=triage.load())
SUBJECT = "Lampu jalan padam di Jl. Fatmawati No. 12"

#: What is told below "Re: " and that subject, and whether it is of the report.
REPLIES = {
    "nothing": ("", True),
    "what the subject tells": ("Masih belum diperbaiki juga pak, mohon perhatiannya", True),
    "the same problem": ("Lampunya masih padam semua", True),
    "the same problem and street": ("Lampu jalan di jalan fatmawati padam lagi", True),
    "the known problem towards another street": ("Lampunya yang arah Jl. Antasari juga padam", True),
    "a part of the street": ("Yang di Jl. Fatmawati Raya dekat halte", True),
    "a question": ("Kapan mau diperbaiki?", True),
    "thanks": ("Terima kasih banyak, sudah nyala", True),
    "another problem": ("Saluran air depan rumah saya mampet dan bau", False),
    "another problem in few words": ("banjir parah kemang raya", False),
    "another problem in another street": ("Banjir selutut di Jl. Kemang Raya", False),
    "another problem in the same street": ("Sampah menumpuk di Jl. Fatmawati No. 12", False),
    "the same problem in another street": ("Lampu jalan padam juga di Jl. Sudirman No. 3", False),
}


def read(subject: str, text: str) -> Report:
    message = Message(id="1", channel="mail", sender=None, subject=subject, text=text)
    return normalize(message, datetime(2026, 11, 2, tzinfo=UTC), BOOK)


@pytest.mark.parametrize(("text", "kept"), REPLIES.values(), ids=REPLIES)
def test_the_subject_of_a_reply_is_of_the_report_unless_another_matter_is_told(text: str, kept: bool) -> None:
    for prefix in ("Re: ", "BLS: Re: ", "[EXTERNAL] Re: "):
        report = read(f"{prefix}{SUBJECT}", text)
        asides = () if kept else (Aside(kind="quote", text=SUBJECT),)
        assert (report.subject, report.asides) == (SUBJECT if kept else None, asides)


@pytest.mark.parametrize("prefix", ["", "Fwd: ", "[EXTERNAL] "])
def test_a_subject_that_its_sender_wrote_is_of_the_report(prefix: str) -> None:
    report = read(f"{prefix}{SUBJECT}", "Juga sampah menumpuk di Jl. Melati No. 7, bau sekali")
    assert (report.subject, report.asides) == (SUBJECT, ())


def test_where_and_what_it_is_stand_in_what_is_told_now() -> None:
    report = read(f"Re: {SUBJECT}", "Sampah menumpuk di Jl. Melati No. 7, bau sekali")
    assert report.place and report.place.streets == ("jl melati",)
    assert report.categories[0].code == "sampah-menumpuk"


def test_an_accusation_in_the_subject_that_is_left_stays_private() -> None:
    report = read("Re: Pungli oleh petugas kelurahan", "Lampu jalan padam di Jl. Sudirman No. 3")
    assert (report.subject, report.confidentiality.private) == (None, True)
