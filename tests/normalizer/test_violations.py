"""Who reports that somebody breaks a rule is kept safe."""

from datetime import UTC, datetime

import pytest

from gateway import categories, triage
from gateway.texts import LANGUAGES, Texts
from normalizer.book import Book
from normalizer.message import Message
from normalizer.normalize import normalize
from normalizer.report import Report

BOOK = Book("31", categories.load(), signs=triage.load())
NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)

VIOLATIONS = {
    "chosen": ("mobil di depan rumah", "parkir-liar"),
    "chosen, about an official": ("di loket", "pungutan-liar"),
    "by its words": ("parkir liar di trotoar jl mawar setiap malam", ""),
    "vendors by its words": ("PKL liar menutup trotoar, lapak di trotoar", ""),
    "an official by its words": ("petugas minta uang untuk ktp", ""),
}
OTHERS = {
    "a lamp": ("lampu jalan mati", ""),
    "a flood": ("banjir selutut", ""),
    "a category that is none, whatever the words": ("lampu jalan mati dekat tempat parkir", "lampu-jalan"),
    "nothing": ("halo", ""),
}


def made(text: str, category: str) -> Report:
    """As an application sends it that asks for nothing to be confidential."""
    fields = {"category": category} if category else {}
    message = Message(id="1", channel="apps", sender=None, text=text, fields=fields, confidential=False)
    return normalize(message, NOW, BOOK)


@pytest.mark.threat("P0-34")
@pytest.mark.parametrize(("text", "category"), VIOLATIONS.values(), ids=VIOLATIONS)
def test_a_violation_is_confidential_whatever_was_asked(text: str, category: str) -> None:
    report = made(text, category)
    assert report.confidentiality.confidential
    assert "violation" in report.triage


@pytest.mark.parametrize(("text", "category"), OTHERS.values(), ids=OTHERS)
def test_others_are_as_was_asked(text: str, category: str) -> None:
    report = made(text, category)
    assert not report.confidentiality.confidential
    assert "violation" not in report.triage


def test_all_that_accuses_is_a_violation() -> None:
    known = BOOK.categories
    accusing = [code for code in known.categories if known.accuses(code)]
    assert accusing
    assert all(known.violates(code) for code in accusing)
    assert not known.violates(None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_asks_for_a_photo(language: str) -> None:
    """A dialogue knows of what it speaks; what is said without one is said of violations, too."""
    texts = Texts.load()
    asking = ("kirim foto", "unggah foto", "sertakan foto", "lampirkan foto", "send a photo", "upload a photo")
    written = [texts.template(name, language) for name in texts.values if "." not in name]
    assert not [text for text in written if any(words in text.lower() for words in asking)]
