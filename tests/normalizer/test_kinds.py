"""What messages are, as far as their words tell."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway import triage
from normalizer.book import Book
from normalizer.message import Attachment, Message, Place
from normalizer.normalize import normalize
from normalizer.report import Kind, Level, Report
from tests.normalizer.test_urgency import PIECES

BOOK = Book("31", signs=triage.load())
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)

REPORTS = {
    "lamp": "lampu jalan mati di jl mawar",
    "one word": "banjir",
    "politely": "Selamat pagi, mohon pohon di depan sekolah dipangkas, terima kasih",
    "thanks that are not praise": "sampah sudah seminggu tidak diangkut, terima kasih atas perhatiannya",
    "thanks in one word at the end": "motor lewat trotoar, mohon diatur. terimakasih",
    "short thanks at the end": "pagi min di cempaka air setinggi lutut makasih",
    "praise that is none": "terima kasih sudah diperbaiki tapi sekarang bocor lagi, mohon dicek",
    "advertising that is complained of": "spanduk pinjaman online ditempel di tiang jl melati, mohon ditertibkan",
    "leaflets": "iklan sedot wc dipaku di pohon sepanjang jalan, tolong dibersihkan",
    "sellers": "penjual togel buka lagi di gang 3 RT 05, meresahkan warga",
    "citing an old code": "TL laporan JK2302010009 tidak efektif, trotoar tetap jadi tempat sampah, bau sekali",
    "emergency": "kebakaran!!",
    "question that is none about a report": "kenapa jalan rusak di depan pasar tidak diperbaiki?",
    "when, about something": "lampu jalan mati, kapan diperbaiki?",
    "not dealt with": "sampah menumpuk di depan pasar belum ditangani",
    "English": "please fix the street lamp, it is broken",
}
OTHERS = {
    "question with our code": ("Bagaimana status KNL-7F3K-92QX?", Kind.QUESTION),
    "question with an outside code": ("apakah JK2302010009 sudah diproses?", Kind.QUESTION),
    "question with a code without figures": ("kapan laporan saya KNL-AAAA-BBBB ditindaklanjuti?", Kind.QUESTION),
    "question without its mark": ("laporan saya KNL-7F3K-92QX belum ditindaklanjuti", Kind.QUESTION),
    "question when": ("kapan diperbaiki?", Kind.QUESTION),
    "thanks to somebody": ("terima kasih petugas", Kind.PRAISE),
    "question without a code": ("laporan saya kemarin sampai mana ya?", Kind.QUESTION),
    "answer": ("iya betul pak", Kind.ANSWER),
    "thanks alone": ("terima kasih", Kind.PRAISE),
    "thanks that quote the complaint": (
        "Terima kasih, lampu jalan yang mati di Jl Mawar sudah menyala, mantap gercep",
        Kind.PRAISE,
    ),
    "praise": ("Keren banget pelayanannya, salut buat petugas", Kind.PRAISE),
    "greeting": ("halo min", Kind.CHATTER),
    "P": ("P", Kind.CHATTER),
    "test": ("tes tes", Kind.CHATTER),
    "good morning": ("Selamat pagi pak admin", Kind.CHATTER),
    "emoji": ("😂😂🙏", Kind.CHATTER),
    "laughter": ("wkwkwk ngakak", Kind.CHATTER),
    "loan": ("Butuh dana cepat? Pinjaman online tanpa agunan cair hari ini wa.me/628123456789", Kind.ADVERTISING),
    "lottery": ("SELAMAT! Anda memenangkan hadiah Rp 100 juta, hubungi 0812 3456 7890", Kind.ADVERTISING),
    "one-time password": ("Kode OTP Anda 482910, jangan berikan kode ini", Kind.ADVERTISING),
    "jobs": ("Loker! Dibutuhkan karyawan gaji 5 juta, kirim CV ke hrd@example.com", Kind.ADVERTISING),
    "gambling": ("slot gacor maxwin deposit 10rb https://bit.ly/x", Kind.ADVERTISING),
    "prank": ("kena prank haha cuma bercanda", Kind.PRANK),
    "keys at random": ("asdfghjkl", Kind.PRANK),
}
PHOTO = Attachment("x.jpg", "image/jpeg", 3, "ab", "part:1")
ARCHIVE = Attachment("x.zip", "application/zip", 3, "ac", "part:2")
CIRCUMSTANCES: dict[str, tuple[dict[str, Any], Kind]] = {
    "a photo without words": ({"text": "", "attachments": (PHOTO,)}, Kind.REPORT),
    "an archive without words": ({"text": "", "attachments": (ARCHIVE,)}, Kind.REPORT),
    "a pin with a greeting": ({"text": "di sini", "place": Place(-6.2, 106.8)}, Kind.REPORT),
    "a category was chosen": ({"text": "halo", "fields": {"category": "banjir"}}, Kind.REPORT),
    "a number in reply": ({"text": "3", "in_reply_to": "m1"}, Kind.ANSWER),
    "a few words in reply": ({"text": "sudah pak", "in_reply_to": "m1"}, Kind.ANSWER),
    "a new complaint in reply": (
        {"text": "sekarang lampu di jl melati rt 3 juga mati, mohon diperbaiki segera", "in_reply_to": "m1"},
        Kind.REPORT,
    ),
}


def made(text: str = "", **more: Any) -> Report:
    return normalize(Message(id="1", channel="sms", sender=None, text=text, **more), NOW, BOOK)


@pytest.mark.parametrize("text", REPORTS.values(), ids=REPORTS)
def test_reports(text: str) -> None:
    assert made(text).kinds[0].code == Kind.REPORT, made(text).kinds


@pytest.mark.parametrize(("text", "kind"), OTHERS.values(), ids=OTHERS)
def test_what_is_no_report(text: str, kind: Kind) -> None:
    best = made(text).kinds[0]
    assert best.code == kind, made(text).kinds
    assert best.reasons


@pytest.mark.parametrize(("message", "kind"), CIRCUMSTANCES.values(), ids=CIRCUMSTANCES)
def test_what_came_with_the_words_counts(message: dict[str, Any], kind: Kind) -> None:
    assert made(**message).kinds[0].code == kind, made(**message).kinds


@pytest.mark.parametrize("spelling", ["makasih", "terimakasih", "trims", "tks", "thx"])
def test_a_word_counts_once_however_it_is_spelled(spelling: str) -> None:
    assert made(spelling).kinds == made("terima kasih").kinds
    assert made(spelling).kinds[0].reasons == ("terima kasih",)
    assert made("tlg dicek").kinds == made("tolong dicek").kinds


def test_reasons_tell_what_is_there() -> None:
    assert "menyebut tempat" not in made("Jalan rusak parah, lihat foto.").kinds[0].reasons
    assert made(attachments=(PHOTO,)).kinds[0].reasons == ("foto, rekaman atau lokasi",)
    assert made(attachments=(ARCHIVE,)).kinds[0].reasons == ("lampiran",)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map(" ".join), st.booleans())
def test_any_message_is_something(text: str, replies: bool) -> None:
    ranked = made(text, in_reply_to="m1" if replies else None).kinds
    scores = [one.score for one in ranked]
    assert ranked
    assert {one.code for one in ranked} <= set(Kind)
    assert scores == sorted(scores, reverse=True)
    assert 0 < sum(scores) <= 1.03


def test_what_was_answered_to_a_form_tells_of_a_danger() -> None:
    fields = {"category": "banjir", "attribute.dampak": "rumah, warga-terjebak", "account": "sos"}
    assert made("Banjir di Jl. Mawar", fields=fields).urgency.level is Level.EMERGENCY
    assert made("Banjir di Jl. Mawar", fields={"account": "darurat"}).urgency.level is Level.NORMAL
