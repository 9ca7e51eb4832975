"""What readers make of answers, and when they ask again."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.bot import (
    Again,
    Heard,
    Label,
    Reader,
    choice,
    date,
    date_to_come,
    number,
    phone,
    photo,
    pin,
    place,
    place_among,
    words,
    yes_no,
)
from gateway.bot.readers import code
from gateway.bot.state import Option
from normalizer.book import Book
from normalizer.message import Attachment, Message
from normalizer.normalize import normalize
from normalizer.words.text import clean

NOW = datetime(2026, 3, 11, 5, tzinfo=UTC)
BOOK = Book("31")
WORDS = words.load()


def heard(text: str, offered: tuple[Option, ...] = (), pressed: str | None = None, **message: Any) -> Heard:
    """A message as the gateway gives it to a reader, on a Wednesday."""
    said = Message(id="1", channel="sms", sender=None, text=text, **message)
    return Heard(
        text=clean(text),
        message=said,
        report=normalize(said, NOW, BOOK),
        book=BOOK,
        words=WORDS,
        code_prefix="KNL",
        choice=pressed,
        offered=offered,
        today="2026-03-11",
    )


def read(reader: Reader[Any], text: str, **message: Any) -> Any:
    """What it gives, or the hint by which it asks again."""
    offered = tuple(Option(label.id, label.words or label.text) for label in reader.options())
    try:
        return reader.read(heard(text, offered, **message))
    except Again as wanted:
        return f"again: {wanted.hint or reader.hint}"


DEPTH = choice("ankle", Label("knee", words="setinggi lutut"), Label("waist", words="setinggi pinggang"))


@pytest.mark.parametrize(
    ("said", "given"),
    [("2", "knee"), ("lutut", "knee"), ("pinggamg", "waist"), ("A", "ankle"), ("setinggi", "again: again_choice")],
)
def test_a_choice(said: str, given: str) -> None:
    assert read(DEPTH, said) == given


def test_what_is_pressed() -> None:
    assert read(DEPTH, "", pressed="waist") == "waist"


def test_an_answer_of_before_still_fits_if_it_is_still_offered() -> None:
    assert DEPTH.fits("knee") and not DEPTH.fits("neck")


@pytest.mark.parametrize("options", [(), ("a", "a"), ("é",), ("x" * 60,)], ids=["none", "twice", "not ASCII", "long"])
def test_what_is_no_choice(options: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"choice|ASCII"):
        choice(*options)


@pytest.mark.parametrize(
    ("said", "given"),
    [("ya", True), ("1", True), ("gak", False), ("2", False), ("👎", False), ("mungkin besok", "again: again_yes_no")],
)
def test_yes_or_no(said: str, given: bool | str) -> None:
    assert read(yes_no, said) == given


NUMBERS: dict[str, tuple[str, int | str]] = {
    "figures": ("12", 12),
    "a word": ("tiga", 3),
    "among words": ("sekitar 5 orang", 5),
    "thousands": ("1.500", 1500),
    "too many": ("5000", "again: again_number"),
    "too few": ("0", "again: again_number"),
    "less than nothing": ("-3", "again: again_number"),
    "no whole one": ("2,5", "again: again_number"),
    "two": ("3 atau 4", "again: again_number"),
    "none": ("banyak", "again: again_number"),
}


@pytest.mark.parametrize(("said", "given"), NUMBERS.values(), ids=NUMBERS)
def test_a_number(said: str, given: int | str) -> None:
    assert read(number(1, 2000), said) == given


def test_bounds_of_a_number_are_told() -> None:
    with pytest.raises(Again) as wanted:
        number(1, 5).read(heard("9"))
    assert wanted.value.values == {"least": 1, "most": 5}
    assert number(1, 5).fits(5) and not number(1, 5).fits(6)


#: On a Wednesday, the 11th of March.
DAYS: dict[str, tuple[str, str]] = {
    "today": ("hari ini", "2026-03-11"),
    "this morning": ("tadi pagi", "2026-03-11"),
    "last night": ("tadi malam", "2026-03-10"),
    "yesterday": ("kemarin", "2026-03-10"),
    "in the spelling of the street": ("kmrn sore", "2026-03-10"),
    "two days ago": ("kemarin lusa", "2026-03-09"),
    "days ago": ("3 hari lalu", "2026-03-08"),
    "days ago in words": ("tiga hari yang lalu", "2026-03-08"),
    "days ago in English": ("3 days ago", "2026-03-08"),
    "a week ago": ("seminggu lalu", "2026-03-04"),
    "months ago": ("2 bulan lalu", "2026-01-11"),
    "a weekday": ("senin", "2026-03-09"),
    "a weekday with its apostrophe": ("jum'at", "2026-03-06"),
    "today's weekday": ("rabu", "2026-03-11"),
    "today's weekday before": ("rabu kemarin", "2026-03-04"),
    "in English": ("last Monday", "2026-03-09"),
    "Sunday": ("hari minggu lalu", "2026-03-08"),
    "last week": ("minggu lalu", "2026-03-04"),
    "the evening before": ("malam minggu", "2026-03-07"),
    "day and month": ("11/3", "2026-03-11"),
    "of last year": ("25/12", "2025-12-25"),
    "with the year": ("1/3/26", "2026-03-01"),
    "by ISO": ("2026-03-01", "2026-03-01"),
    "a month in words": ("5 maret", "2026-03-05"),
    "month and year": ("12 maret 2025", "2025-03-12"),
    "month first": ("march 3", "2026-03-03"),
    "the day of a month": ("tgl 5", "2026-03-05"),
    "of the last month": ("tanggal 20", "2026-02-20"),
    "among words": ("sudah sejak 5 hari yg lalu pak", "2026-03-06"),
    "beside other numbers": ("5 orang kemarin", "2026-03-10"),
    "to come": ("besok", "again: again_date_past"),
    "to come, with the year": ("12 maret 2026", "again: again_date_past"),
    "no such day": ("31/2/2026", "again: again_date"),
    "an hour": ("jam 7.30", "again: again_date"),
    "two days": ("senin atau selasa", "again: again_date"),
    "none": ("sudah lama", "again: again_date"),
}


@pytest.mark.parametrize(("said", "given"), DAYS.values(), ids=DAYS)
def test_a_day(said: str, given: str) -> None:
    assert read(date, said) == given


TO_COME: dict[str, tuple[str, str]] = {
    "tomorrow": ("besok", "2026-03-12"),
    "in days": ("3 hari lagi", "2026-03-14"),
    "a weekday": ("rabu depan", "2026-03-18"),
    "a day of next year": ("5/1", "2027-01-05"),
    "the day of a month": ("tgl 5", "2026-04-05"),
    "before": ("kemarin", "2026-03-10"),
}


@pytest.mark.parametrize(("said", "given"), TO_COME.values(), ids=TO_COME)
def test_a_day_to_come(said: str, given: str) -> None:
    assert read(date_to_come, said) == given


PHONES: dict[str, tuple[str, str]] = {
    "as it is dialled": ("0812-3456-7890", "+6281234567890"),
    "with its country": ("+62 812 3456 7890", "+6281234567890"),
    "among words": ("nomor saya 0812 3456 7890 ya", "+6281234567890"),
    "of a line": ("(021) 555-1234", "+62215551234"),
    "a short code": ("1708", "again: again_phone"),
    "two": ("0812 3456 7890 atau 0813 1111 2222", "again: again_phone"),
    "none": ("tidak punya", "again: again_phone"),
}


@pytest.mark.parametrize(("said", "given"), PHONES.values(), ids=PHONES)
def test_a_phone(said: str, given: str) -> None:
    assert read(phone, said) == given


CODES: dict[str, tuple[str, str]] = {
    "as it is": ("KNL-7F3K-92QX", "KNL-7F3K-92QX"),
    "among words": ("kode saya knl 7f3k 92qx", "KNL-7F3K-92QX"),
    "letters for figures": ("KNL-OI3K-92QX", "KNL-013K-92QX"),
    "without its beginning": ("7f3k92qx", "KNL-7F3K-92QX"),
    "letters only": ("ABCD-EFGH", "KNL-ABCD-EFGH"),
    "of an outside store": ("jk2503050007", "JK2503050007"),
    "words as long": ("kamu tahu", "again: again_code"),
    "a word as long": ("pengaduan", "again: again_code"),
}


@pytest.mark.parametrize(("said", "given"), CODES.values(), ids=CODES)
def test_a_code(said: str, given: str) -> None:
    assert read(code, said) == given


@pytest.mark.parametrize(
    ("said", "given"), [("PIN 012 345", "012345"), ("012345.", "012345"), ("1234567", "again: again_pin")]
)
def test_a_pin(said: str, given: str) -> None:
    assert read(pin, said) == given


def test_a_photo() -> None:
    files = (
        Attachment(name="a.jpg", media_type="image/jpeg", size=1, digest="d1"),
        Attachment(name="b.png", media_type="image/png", size=1, reference="part:2"),
        Attachment(name="c.pdf", media_type="application/pdf", size=1),
    )
    assert read(photo, "", attachments=files) == ("d1", "part:2")
    assert read(photo, "ini fotonya") == "again: again_photo"
    assert read(photo, "", attachments=files[2:]) == "again: again_photo"


READERS = {
    "choice": DEPTH,
    "yes_no": yes_no,
    "number": number(),
    "date": date,
    "date_to_come": date_to_come,
    "phone": phone,
    "code": code,
    "pin": pin,
    "photo": photo,
    "place": place,
    "place_among": place_among([("31.75.03.1001", "Kampung Melayu, Jatinegara"), ("31.75.03", "Kecamatan Jatinegara")]),
}
WORDED = (
    "3 99999999999 dua ratus hari lagi lalu yang kemarin senin tgl maret 2026 31/2 0000-00-00 12/13/0 +62812 bulan"
    " minggu depan - , jl kel kp KNL-7F3K-92QX"
)


@pytest.mark.parametrize("reader", READERS.values(), ids=READERS)
@given(text=st.text() | st.lists(st.sampled_from(WORDED.split()), max_size=8).map(" ".join))
def test_whatever_is_said_is_read_or_asked_again(reader: Reader[Any], text: str) -> None:
    given_ = read(reader, text)
    assert str(given_).startswith("again: ") or reader.fits(msgspec.convert(given_, reader.gives))
