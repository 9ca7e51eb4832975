"""What a delivery becomes before it is judged: a full report, and a fingerprint that names nobody."""

from datetime import UTC, datetime

import msgspec
import pytest

from adapters import Delivery, Message
from gateway.filed import Filed, file
from normalizer.book import Book

DELIVERY = Delivery(id="1", channel="sms", received_at=datetime(2026, 11, 2, tzinfo=UTC), body=b"")


def filed(text: str) -> Filed:
    return file(Message(id="1", channel="sms", sender=None, text=text), DELIVERY, Book("31"))


@pytest.mark.threat("P0-31")
def test_the_fingerprint_carries_neither_phone_nor_nik_nor_name() -> None:
    text = "Lampu mati no 0812 3456 7890, NIK 3174051208900001, budi@x.id, depan kantor Pak Suparman, Jl Mawar RT 5"
    made = filed(text)
    kept = msgspec.json.encode(made.fingerprint).decode().lower()
    assert made.report.text == text
    assert not [
        piece for piece in ("812", "3456", "7890", "3174", "budi", "suparman", "telepon", "nama") if piece in kept
    ]
    assert (made.fingerprint.streets, made.fingerprint.numbers) == (("jl mawar",), ("rt 5",))


def test_reports_that_differ_only_in_who_sends_them_have_the_same_words() -> None:
    first = filed("Lampu mati di Jl Mawar. Hormat kami,\nRina Wijaya 0812-3456-7890")
    second = filed("Lampu mati di Jl Mawar. Hormat kami,\nAgus Setiawan 0857-1111-2222")
    assert first.fingerprint.words == second.fingerprint.words
