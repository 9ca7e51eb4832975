"""From a message to a report."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.book import Book
from normalizer.message import Address, Attachment, Message, Place
from normalizer.normalize import normalize, report_id
from normalizer.sorting.categories import Categories, Category, Names
from normalizer.words.language import language
from normalizer.words.text import LIMIT

NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)


def message(**changes: Any) -> Message:
    fields: dict[str, Any] = {
        "id": "1",
        "channel": "sms-1708",
        "sender": Address("phone", "+628123456789"),
        "text": "Lampu mati",
    }
    return Message(**(fields | changes))


def test_a_whole_report() -> None:
    photo = Attachment("a.jpg", "image/jpeg", 3, "ab", "part:1")
    report = normalize(
        message(
            text="Lampu  mati di Jl. Kemang &amp; sekitarnya",
            subject="Lapor\r\nlampu",
            conversation="7",
            sent_at=NOW - timedelta(hours=1),
            attachments=(photo,),
            fields={"kategori\n": "PJU  mati"},
            place=Place(-6.2, 106.8),
        ),
        NOW,
        Book("31"),
    )
    assert report.text == "Lampu mati di Jl. Kemang & sekitarnya"
    assert (report.channel, report.conversation, report.reporter) == ("sms-1708", "7", "")
    assert (report.subject, report.fields, report.attachments) == ("Lapor lampu", {"kategori": "PJU mati"}, (photo,))
    assert (report.received_at, report.reported_at) == (NOW, NOW - timedelta(hours=1))
    assert report.place and (report.place.latitude, report.place.streets) == (-6.2, ("jl kemang",))
    assert (report.triage, report.language) == ((), "id")


def test_the_place_may_stand_in_the_subject() -> None:
    place = normalize(message(subject="Banjir kel. Slipi"), NOW, Book("31")).place
    assert place and [area.name for area in place.areas] == ["Slipi"]


def test_ids_are_the_same_on_every_run_and_tell_channels_apart() -> None:
    assert report_id("sms-1708", "1") == normalize(message(), NOW, Book("31")).id == "r-pv5unp642k7circq"
    assert len({report_id("a", "bc"), report_id("ab", "c"), report_id("a", "b\ud800c")}) == 3


TRIAGE = {
    "nothing odd": ({}, ()),
    "doubts first": ({"doubts": ("cut", "charset"), "automatic": True}, ("cut", "charset", "automatic")),
    "nobody": ({"sender": None}, ("no-sender",)),
    "nothing said": ({"text": " \u200b "}, ("empty",)),
    "nothing said, known before": ({"text": "", "doubts": ("empty",)}, ("empty",)),
    "a subject is something": ({"text": "", "subject": "Banjir"}, ()),
    "a photo is something": ({"text": "", "attachments": (Attachment(None, "image/png", 1),)}, ()),
    "a pin is something": ({"text": "", "place": Place(-6.2, 106.8)}, ()),
    "too long": ({"text": "a" * (LIMIT + 1)}, ("cut",)),
    "from the future": ({"sent_at": NOW + timedelta(days=2)}, ("odd-date",)),
    "clocks differ": ({"sent_at": NOW + timedelta(hours=20)}, ()),
    "years old": ({"sent_at": datetime(1970, 1, 1, tzinfo=UTC)}, ("odd-date",)),
    "without a zone": ({"sent_at": datetime(2026, 11, 2, 9)}, ()),  # noqa: DTZ001
    "first day of all": ({"sent_at": datetime.min.replace(tzinfo=timezone(timedelta(hours=14)))}, ("odd-date",)),
    "last day of all": ({"sent_at": datetime.max.replace(tzinfo=timezone(-timedelta(hours=12)))}, ("odd-date",)),
}


@pytest.mark.parametrize(("changes", "triage"), TRIAGE.values(), ids=TRIAGE)
def test_triage(changes: dict[str, Any], triage: tuple[str, ...]) -> None:
    assert normalize(message(**changes), NOW, Book("31")).triage == triage


@pytest.mark.parametrize("public", [True, False], ids=["public", "private"])
def test_only_a_public_post_makes_a_public_report(public: bool) -> None:
    confidentiality = normalize(message(public=public), NOW, Book("31")).confidentiality
    assert (confidentiality.private, confidentiality.confidential) == (not public, True)


FLOODS = Categories({"banjir": Category(code="banjir", name=Names(id="Banjir", en="Flood"), group="air")})
CATEGORIES = {
    "a known code": ({"category": "banjir"}, ["banjir"], ()),
    "written otherwise": ({"category": " BANJIR\n"}, ["banjir"], ()),
    "an unknown code": ({"category": "benjir"}, [], ("unknown-category",)),
    "its name is no code": ({"category": "Banjir besar"}, [], ("unknown-category",)),
    "nothing said": ({"category": " "}, [], ()),
    "no field": ({}, [], ()),
}


@pytest.mark.parametrize(("fields", "codes", "triage"), CATEGORIES.values(), ids=CATEGORIES)
def test_the_category_is_the_one_whose_code_is_given(
    fields: dict[str, str], codes: list[str], triage: tuple[str, ...]
) -> None:
    report = normalize(message(fields=fields), NOW, Book("31", FLOODS))
    assert ([category.code for category in report.categories], report.triage) == (codes, triage)
    assert all((category.name, category.score) == ("Banjir", 1.0) for category in report.categories)
    assert report.fields.keys() == fields.keys()


LANGUAGES = {
    "Indonesian": ("Lampu jalan di depan rumah saya sudah mati", "id"),
    "English": ("The street light in front of my house is broken", "en"),
    "below twenty letters": ("lampu di jalan mati", None),
    "no small words": ("Kebakaran hebat Tanah Abang pasar", None),
    "none": ("😀" * 30, None),
}


@pytest.mark.parametrize(("text", "expected"), LANGUAGES.values(), ids=LANGUAGES)
def test_language(text: str, expected: str | None) -> None:
    assert language(text) == expected


ANY_TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=60)


@settings(max_examples=150, deadline=None)
@given(ANY_TEXT, st.none() | ANY_TEXT, st.dictionaries(ANY_TEXT, ANY_TEXT, max_size=2), st.none() | st.datetimes())
def test_any_message_makes_a_storable_report(
    text: str, subject: str | None, fields: dict[str, str], sent_at: datetime | None
) -> None:
    report = normalize(message(text=text, subject=subject, fields=fields, sent_at=sent_at), NOW, Book("31"))
    shown = (report.text, report.subject or "", *report.fields, *report.fields.values())
    assert all(words.encode("utf-8") is not None and "\0" not in words for words in shown)


def test_importing_loads_no_slow_library() -> None:
    slow = "{'lokal', 'phonenumbers', 'charset_normalizer', 'asyncio'}"
    code = f"import sys, normalizer.normalize, normalizer.mails.mail; print({slow} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.strip() == "set()"


def test_what_is_used_of_lokal_comes_without_the_rest_which_works_all_the_same() -> None:
    code = (
        "import sys; from normalizer.lokal import wilayah_name as name; print(name('31'), 'lokal.qris' in sys.modules);"
        "from lokal import mask_pii as mask; print(mask('budi@x.id').text, 'lokal.qris' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.splitlines() == ["Daerah Khusus Ibukota Jakarta False", "[EMAIL_1] True"]
