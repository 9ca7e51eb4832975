"""What rows say: dates, telephone numbers and places as spreadsheets leave them; and why a row is not taken."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.transfer import cells, times
from gateway.transfer.checking import Checked
from gateway.transfer.table import REASON, Cell, trimmed, words
from gateway.transfer.wording import Refusal
from tests.gateway.transfer import tables
from tests.gateway.transfer.tables import WORDING, ZONE, checked, row, why

PHONES: dict[str, tuple[str, str | None]] = {
    "as people write it": ("0812-3456-7890", "+6281234567890"),
    "with its country": ("+62 812 3456 7890", "+6281234567890"),
    "kept from becoming a formula": ("'+6281234567890", "+6281234567890"),
    "without its 0": ("81234567890", "+6281234567890"),
    "a decimal number": ("81234567890.0", "+6281234567890"),
    "in Indonesian": ("6281234567890,0", "+6281234567890"),
    "in powers of ten, whole": ("6.281234567890E+12", "+6281234567890"),
    "in powers of ten, in Indonesian": ("8,1234567890e10", "+6281234567890"),
    "the first of several": ("0812-3456-7890 / 0813-1111-2222", "+6281234567890"),
    "a landline": ("021 3822255", "+62213822255"),
    "words": ("tidak punya", None),
    "too short": ("08", None),
}


@pytest.mark.parametrize(("written", "number"), PHONES.values(), ids=PHONES)
def test_a_phone_number_is_read_as_a_spreadsheet_left_it(written: str, number: str | None) -> None:
    found = checked(f"Isi Laporan;No HP\nGot mampet;{written}\n".encode())[0]
    assert (found.row and found.row.phone) == number
    assert (found.row is None) == (number is None)


@pytest.mark.parametrize(("cell", "number"), [(81234567890, "+6281234567890"), (6281234567890.0, "+6281234567890")])
def test_a_phone_number_that_is_a_number_in_a_workbook(cell: object, number: str) -> None:
    assert row(tables.workbook(("Isi Laporan", "No HP"), ("Got mampet", cell))).phone == number


@pytest.mark.parametrize("written", ["6.28123E+12", "6,28123E+12", "8.12E+10", "6E+12"])
def test_a_number_that_has_lost_digits_is_not_guessed(written: str) -> None:
    assert why(f"Isi Laporan;No HP\nGot mampet;{written}\n".encode()) == [["phone-cut"]]


def jakarta(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZONE)  # type: ignore[misc,arg-type]


DATES: dict[str, tuple[object, datetime | None]] = {
    "day first": ("03/02/2026", jakarta(2026, 2, 3)),
    "with a time": ("3-2-2026 14:05", jakarta(2026, 2, 3, 14, 5)),
    "with points": ("03.02.2026 14.05.09", jakarta(2026, 2, 3, 14, 5, 9)),
    "two digits of a year": ("3/2/26", jakarta(2026, 2, 3)),
    "ISO": ("2026-02-03", jakarta(2026, 2, 3)),
    "ISO with a time": ("2026-02-03T14:05:09.123", jakarta(2026, 2, 3, 14, 5, 9)),
    "ISO with a zone": ("2026-02-03T07:05:00Z", jakarta(2026, 2, 3, 14, 5)),
    "an offset": ("2026-02-03 15:05+08:00", jakarta(2026, 2, 3, 14, 5)),
    "a month by its name": ("3 Februari 2026", jakarta(2026, 2, 3)),
    "spelled otherwise": ("3 Pebruari 2026", jakarta(2026, 2, 3)),
    "shortened": ("3-Agt-26", jakarta(2026, 8, 3)),
    "with a day of the week": ("Senin, 3 Agustus 2026 pukul 14.05 WIB", jakarta(2026, 8, 3, 14, 5)),
    "of another zone": ("3 Mei 2026 jam 15.05 WITA", jakarta(2026, 5, 3, 14, 5)),
    "English": ("May 3, 2026 2:05 PM", jakarta(2026, 5, 3, 14, 5)),
    "midnight in English": ("3/5/2026 12:05 am", jakarta(2026, 5, 3, 0, 5)),
    "Excel's number": (46_056, jakarta(2026, 2, 3)),
    "with its time of day": (46_056.5, jakarta(2026, 2, 3, 12)),
    "the same as text": ("46056,5", jakarta(2026, 2, 3, 12)),
    "a date of a workbook": (datetime(2026, 2, 3, 14, 5), jakarta(2026, 2, 3, 14, 5)),  # noqa: DTZ001
    "no day": ("31/02/2026", None),
    "no date": ("kemarin", None),
    "a number too small": (7, None),
    "true": (True, None),
    "nothing": ("", None),
}


@pytest.mark.parametrize(("cell", "at"), DATES.values(), ids=DATES)
def test_a_date_is_read_as_it_is_written(cell: Any, at: datetime | None) -> None:
    assert times.day(cell, ZONE) == at


CLOCKS: dict[str, tuple[object, time | None]] = {
    "with a point": ("14.05", time(14, 5)),
    "with words": ("pukul 14:05 WIB", time(14, 5)),
    "English": ("2:05 pm", time(14, 5)),
    "of a workbook": (time(14, 5), time(14, 5)),
    "part of a day": (0.5, time(12)),
    "a duration": (timedelta(hours=14, minutes=5), time(14, 5)),
    "none": ("siang", None),
    "too late": ("25:00", None),
}


@pytest.mark.parametrize(("cell", "at"), CLOCKS.values(), ids=CLOCKS)
def test_a_time_of_day_is_read_as_it_is_written(cell: Any, at: time | None) -> None:
    assert times.clock(cell) == at


def test_the_month_comes_first_only_where_a_column_leaves_no_doubt() -> None:
    found = checked(b"Isi Laporan;Tanggal\na b;02/25/2026\nc d;02/03/2026\n")
    assert [one.row and one.row.sent_at for one in found] == [jakarta(2026, 2, 25), jakarta(2026, 2, 3)]
    assert why(b"Isi Laporan;Tanggal\na b;02/25/2026\nc d;25/02/2026\n") == [["no-date"], []]


def test_a_day_and_a_time_of_day_in_two_columns() -> None:
    assert row(b"Isi Laporan;Tanggal;Jam\nGot mampet;3/2/2026;14.05\n").sent_at == jakarta(2026, 2, 3, 14, 5)


PLACES: dict[str, tuple[str, str, tuple[str | None, float | None, float | None]]] = {
    "an address": ("Alamat", "Jl. Mawar 3", ("Jl. Mawar 3", None, None)),
    "its parts": ("Alamat;RT;RW;Kel.", "Jl. 1;3;RW 02;Melati", ("Jl. 1, RT 3, RW 02, Kelurahan Melati", None, None)),
    "a pin": ("Lat;Long", "-1.2345;100.1234", (None, -1.2345, 100.1234)),
    "with commas": ("Lat;Long", "-1,2345;100,1234", (None, -1.2345, 100.1234)),
    "in one cell": ("Koordinat", "-1.2345, 100.1234", (None, -1.2345, 100.1234)),
    "a map's address": ("Koordinat", "https://maps.example/@-1.2345,100.1234,17z", (None, -1.2345, 100.1234)),
}  # fmt: skip


@pytest.mark.parametrize(("heading", "cell", "place"), PLACES.values(), ids=PLACES)
def test_a_place_is_put_together(heading: str, cell: str, place: tuple[object, ...]) -> None:
    found = row(f"Isi Laporan;{heading}\nGot mampet;{cell}\n".encode()).place
    assert found is not None
    assert (found.words, found.latitude, found.longitude) == place


REFUSED: dict[str, tuple[str, str, list[str]]] = {
    "no words": ("Isi Laporan;Alamat", ";Jl. Mawar", ["no-words"]),
    "only marks": ("Isi Laporan;Alamat", "--;Jl. Mawar", ["no-words"]),
    "more cells than headings": ("Isi Laporan;Alamat", "Got mampet;Jl. Mawar;di depan", ["too-wide"]),
    "a date that is none": ("Isi Laporan;Tanggal", "Got mampet;kemarin", ["no-date"]),
    "a date in the future": ("Isi Laporan;Tanggal", "Got mampet;1/1/2031", ["odd-date"]),
    "a date long ago": ("Isi Laporan;Tanggal", "Got mampet;1/1/1900", ["odd-date"]),
    "a time that is none": ("Isi Laporan;Tanggal;Jam", "Got mampet;1/2/2026;siang", ["no-clock"]),
    "a phone number that is none": ("Isi Laporan;No HP", "Got mampet;rahasia", ["no-phone"]),
    "a mail address that is none": ("Isi Laporan;Email", "Got mampet;siti@", ["no-email"]),
    "half a pin": ("Isi Laporan;Lat;Long", "Got mampet;-1.2;", ["no-pin"]),
    "a pin on no earth": ("Isi Laporan;Lat;Long", "Got mampet;-191.2;100.1", ["no-pin"]),
    "all at once": ("Isi Laporan;Tanggal;No HP", ";x;y", ["no-words", "no-date", "no-phone"]),
    "what says that there is nothing": ("Isi Laporan;Tanggal;No HP;Email;Lat", "Got mampet;-;n/a;tidak ada;0", []),
}


@pytest.mark.parametrize(("heading", "cell", "reasons"), REFUSED.values(), ids=REFUSED)
def test_a_row_is_refused_with_every_reason(heading: str, cell: str, reasons: list[str]) -> None:
    content = f"{heading}\n{cell}\n".encode()
    assert why(content) == [reasons]
    [found] = checked(content)
    assert all(WORDING.said(refusal, language) for refusal in found.refusals for language in ("id", "en"))


def test_a_category_is_known_by_its_code_and_its_names_and_kept_as_words_else() -> None:
    known = tables.CATEGORIES.offered()[0]
    lines = "\n".join(
        f"Got mampet;{said}" for said in (known.code.upper(), known.name.id, known.name.en, "Lain-lain X")
    )
    found = [one.row.category if one.row else None for one in checked(f"Isi Laporan;Kategori\n{lines}".encode())]
    assert found == [known.code, known.code, known.code, "Lain-lain X"]


def ids(content: bytes) -> list[str | None]:
    return [one.row.id if one.row else None for one in checked(content)]


def test_a_row_has_the_same_id_wherever_it_stands_and_equal_rows_have_their_own() -> None:
    first = ids(b"Isi Laporan;Alamat\na b;x\nc d;y\na b;x\n")
    moved = ids(b"alasan,Alamat,Isi Laporan\n,y,c d\nmasih salah,x,a b\n,x,a b\n")
    assert len(set(first)) == 3
    assert set(first) == set(moved)


def test_a_row_with_a_number_of_its_own_is_known_by_it() -> None:
    content = b"No Tiket;Isi Laporan\nA-1;a b\nA-2;c d\nA-2;c d\nA-2;lain\n;e f\n"
    assert ids(content)[:3] == ["n-a-1", "n-a-2", "n-a-2"]
    assert why(content)[3:] == [["number-twice"], []]
    assert checked(content)[3].refusals[0].values == {"value": "A-2", "line": 3}


CELL = st.text(max_size=40) | st.text("0123456789.,/-: eE+'=", max_size=20)


@settings(deadline=None)
@given(st.lists(st.tuples(*[CELL] * 9), max_size=4))
def test_whatever_cells_hold_a_row_is_taken_or_refused(rows: list[tuple[str, ...]]) -> None:
    names = ("Isi Laporan", "Tanggal", "Jam", "No HP", "Email", "Lat", "Long", "Koordinat", "No Tiket")
    table = tables.table(names, rows)
    first = tables.checked_table(table)
    for one in first:
        assert (one.row is None) == bool(one.refusals)
        assert one.row is None or one.row.sent_at is None or one.row.sent_at.astimezone(UTC)
        assert all(WORDING.said(refusal, "id") for refusal in one.refusals)
    assert [one.row and one.row.id for one in first] == [one.row and one.row.id for one in tables.checked_table(table)]


@settings(deadline=None)
@given(CELL)
def test_whatever_a_phone_cell_holds_it_is_a_number_or_none(text: str) -> None:
    try:
        found = cells.phone(text)
    except cells.DigitsLost:
        assert "e" in text.lower()
    else:
        assert found is None or found.removeprefix("+").isdigit()


PRINTED = st.text(st.characters(exclude_categories=["C"]), max_size=30) | st.text("=+-@'\"\n\t;, 1", max_size=8)


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.lists(PRINTED, min_size=1, max_size=4), min_size=1, max_size=4))
def test_refused_rows_are_read_back_as_they_stood(suffix: str, rows: list[list[str]]) -> None:
    table = tables.table(("Isi Laporan", "Tanggal", "No HP", "Alamat"), rows, suffix)
    again = tables.opened(tables.refused(table, [Checked(line, None, [Refusal("no-words")]) for line in table.lines]))
    assert again.headings == (REASON, *table.headings)
    assert [said(line.cells[1:]) for line in again.lines] == [said(line.cells) for line in table.lines]


def said(cells: Sequence[Cell]) -> list[str]:
    """But for blanks around them, and empty cells at their end."""
    return [words(cell) for cell in trimmed(cells)]
