"""Files as people have them become tables, or are refused with a reason; whatever they hold."""

import io
import struct
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from gateway.errors import ConfigError
from gateway.settings import from_data
from gateway.transfer import headings, wording, workbook
from gateway.transfer.wording import NotTaken
from tests.gateway.transfer import tables
from tests.gateway.transfer.tables import WORDING, opened

PLAIN = [("Isi Laporan", "Alamat"), ("Got mampet", "Jl. Mawar"), ("Sampah é", "Jl. Melati")]
TEXT = "\r\n".join(";".join(row) for row in PLAIN)

FILES: dict[str, bytes] = {
    "semicolons": TEXT.encode(),
    "commas": TEXT.replace(";", ",").encode(),
    "tabs": TEXT.replace(";", "\t").encode(),
    "a mark of UTF-8": TEXT.encode("utf-8-sig"),
    "UTF-16 as Excel's Unicode text": TEXT.replace(";", "\t").encode("utf-16"),
    "UTF-16 without a mark": TEXT.encode("utf-16-le"),
    "UTF-16 of the other order": TEXT.encode("utf-16-be"),
    "Windows-1252": TEXT.encode("cp1252"),
    "old line ends": TEXT.replace("\r\n", "\r").encode(),
    "Excel's separator line": f"sep=;\r\n{TEXT}".encode(),
    "all in quotes": "\n".join(";".join(f'"{cell}"' for cell in row) for row in PLAIN).encode(),
    "a title above": f"LAPORAN WARGA 2026;;\n;;\n{TEXT}".encode(),
    "empty columns at the end": TEXT.replace("\r\n", ";;;\r\n").encode(),
    "a workbook": tables.workbook(*PLAIN),
    "a workbook with a title": tables.workbook(("Laporan",), (), *PLAIN),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_table_is_read_however_it_is_written(content: bytes) -> None:
    found = opened(content)
    assert found.headings[:2] == PLAIN[0]
    assert [line.cells for line in found.lines] == PLAIN[1:]


def test_line_ends_and_separators_within_quotation_marks_stay() -> None:
    found = opened(b'Isi Laporan;Alamat\n"Baris satu\nbaris ""dua""; tiga";Jl. Mawar\n')
    assert found.lines[0].cells == ('Baris satu\nbaris "dua"; tiga', "Jl. Mawar")


def test_rows_keep_the_numbers_that_a_spreadsheet_shows() -> None:
    found = opened(b"Isi Laporan;Alamat\n\n;\nGot mampet;Jl. Mawar\n")
    assert [line.number for line in found.lines] == [4]


def test_of_formulas_only_the_last_value_is_read() -> None:
    book = Workbook()
    sheet: Any = book.active
    for row in (("Isi Laporan", "Alamat"), ("=1+1", "Jl. Mawar")):
        sheet.append(row)
    assert opened(tables.saved(book)).lines[0].cells == (None, "Jl. Mawar")


def test_the_first_sheet_that_is_shown_or_the_one_that_is_named() -> None:
    book = Workbook()
    hidden: Any = book.active
    hidden.title, hidden.sheet_state = "Daftar", "hidden"
    hidden.append(("Isi Laporan", "Alamat"))
    shown: Any = book.create_sheet("Data")
    shown.append(("Isi Laporan", "Jalan"))
    content = tables.saved(book)
    assert opened(content).headings == ("Isi Laporan", "Jalan")
    assert opened(content, "daftar").headings == ("Isi Laporan", "Alamat")


def test_dates_and_numbers_of_a_workbook_keep_their_kind() -> None:
    at = datetime(2026, 3, 2, 8, 15)  # noqa: DTZ001 as spreadsheets have them
    found = opened(tables.workbook(("Isi", "Tanggal", "HP"), ("Got mampet", at, 81234567890)))
    assert found.lines[0].cells == ("Got mampet", at, 81234567890)


def _bomb() -> bytes:
    """Declares two hundred megabytes of zeros."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in range(4):
            archive.writestr(f"xl/worksheets/sheet{part}.xml", b"\0" * (workbook.MOST_BYTES // 3))
    return file.getvalue()


def _lying(content: bytes) -> bytes:
    """A workbook whose heads say that nothing is in its members."""
    place = content.index(b"PK\x01\x02")
    while place >= 0:
        content = content[: place + 24] + struct.pack("<I", 1) + content[place + 28 :]
        place = content.find(b"PK\x01\x02", place + 4)
    return content


def _laughing() -> bytes:
    """A workbook with entities that name each other ("billion laughs")."""
    entities = '<!ENTITY a "ha">' + "".join(
        f'<!ENTITY {chr(97 + n)} "{f"&{chr(96 + n)};" * 20}">' for n in range(1, 12)
    )
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(tables.workbook(*PLAIN))) as source,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = f"<!DOCTYPE x [{entities}]><x>&l;</x>".encode()
            archive.writestr(name, content)
    return file.getvalue()


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty-table"),
    "only blanks": (b" ; ;\n\n", "empty-table"),
    "a photo": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\x01\x02\x03\x04\x05\x06\x07\x08", "no-table"),
    "an old or locked workbook": (workbook.COMPOUND + b"\0" * 600, "old-excel"),
    "a ZIP that is no workbook": (FILES["a workbook"][:200], "no-table"),
    "a quotation mark that nobody closes": (b'Isi;Alamat\n"Got mampet;Jl. Mawar\n', "open-quote"),
    "a bomb": (_bomb(), "bomb"),
    "a workbook that lies about its size": (_lying(FILES["a workbook"]), "no-table"),
    "entities that grow": (_laughing(), "no-table"),
}


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize(("content", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_table_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(NotTaken) as refused:
        opened(content)
    assert refused.value.refusal.name == reason
    assert all(WORDING.said(refused.value.refusal, language) for language in ("id", "en"))


def test_a_sheet_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(NotTaken) as refused:
        opened(FILES["a workbook"], "Data")
    assert WORDING.said(refused.value.refusal, "en") == "there is no sheet 'Data': there are Sheet"


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode) | st.text("a;,\t\"'\n\r=").map(str.encode))
def test_whatever_a_file_holds_it_is_a_table_or_refused(content: bytes) -> None:
    try:
        found = opened(content)
    except NotTaken as refused:
        assert WORDING.said(refused.refusal, "id")
    else:
        assert len(set(found.headings)) == len(found.headings)
        assert all(line.cells for line in found.lines)


SUGGESTED: dict[str, tuple[str, dict[str, str]]] = {
    "Indonesian": (
        "No. Tiket;Tgl. Lapor;Jam;Isi Aduan;Alamat Kejadian;RT;RW;Kel.;Kec.;Nama Pelapor;No. HP/WA;Kategori",
        {
            "number": "No. Tiket",
            "when": "Tgl. Lapor",
            "clock": "Jam",
            "what": "Isi Aduan",
            "where": "Alamat Kejadian",
            "rt": "RT",
            "rw": "RW",
            "village": "Kel.",
            "district": "Kec.",
            "name": "Nama Pelapor",
            "phone": "No. HP/WA",
            "category": "Kategori",
        },
    ),
    "English": (
        "service_request_id,created_at,description,address,lat,long,email",
        {
            "number": "service_request_id",
            "when": "created_at",
            "what": "description",
            "where": "address",
            "latitude": "lat",
            "longitude": "long",
            "email": "email",
        },
    ),
    "one that says more": (
        "Mohon tulis isi laporan Anda *;Titik koordinat (GPS)",
        {"what": "Mohon tulis isi laporan Anda *", "pin": "Titik koordinat (GPS)"},
    ),
    "a heading that comes twice": ("Isi;Isi;Alamat", {"what": "Isi", "where": "Alamat"}),
    "what only counts rows": ("Nomor;Isi\n1;Got mampet\n2;Sampah", {"what": "Isi"}),
    "numbers of their own": ("Nomor;Isi\n7;Got mampet\n8;Sampah", {"number": "Nomor", "what": "Isi"}),
    "by the length of its cells": (
        "X;Y;Alamat\na;Sudah dua minggu got di depan rumah mampet;b",
        {"what": "Y", "where": "Alamat"},
    ),
}


@pytest.mark.parametrize(("text", "suggested"), SUGGESTED.values(), ids=SUGGESTED)
def test_what_columns_hold_is_suggested_from_their_headings(text: str, suggested: dict[str, str]) -> None:
    found = headings.suggested(opened(text.encode()), WORDING)
    assert {name: heading for name, [heading] in found.items()} == suggested


SAID: dict[str, tuple[list[str], dict[str, list[str]] | str]] = {
    "nothing": ([], {"what": ["Isi"], "where": ["Alamat"]}),
    "another column": (["what=alamat", "where="], {"what": ["Alamat"]}),
    "columns to keep": (["keep=RT", "KEEP=Status"], {"what": ["Isi"], "where": ["Alamat"], "keep": ["RT ", "Status"]}),
    "a column that is not there": (["what=Uraian"], "no-column"),
    "a field that is not there": (["waht=Isi"], "no-field"),
    "no column of words": (["what="], "no-words-column"),
}


@pytest.mark.parametrize(("said", "outcome"), SAID.values(), ids=SAID)
def test_what_is_said_of_columns_comes_before_what_is_suggested(
    said: list[str], outcome: dict[str, list[str]] | str
) -> None:
    table = opened(b"Isi;Alamat;RT ;Status\na;b;c;d")
    if isinstance(outcome, dict):
        found = {
            name: [one.strip() for one in columns]
            for name, columns in headings.mapped(table, WORDING, said).items()
            if name != "rt"
        }
        assert found == {name: [one.strip() for one in columns] for name, columns in outcome.items()}
    else:
        with pytest.raises(NotTaken) as refused:
            headings.mapped(table, WORDING, said)
        assert refused.value.refusal.name == outcome


OWN: dict[str, tuple[str, list[str]]] = {
    "another heading": ('[columns.what]\nheadings = ["cerita"]\n', []),
    "another text": ('[reasons.no-words]\nid = "kosong"\n', []),
    "a column that is not known": ('[columns.waht]\nheadings = ["cerita"]\n', ["columns.waht", "did you mean 'what'?"]),
    "a text without its value": ('[reasons.no-phone]\nid = "salah"\n', ["reasons.no-phone.id", "['value']"]),
    "a text that is open": ('[reasons.no-words]\nid = "kosong {"\n', ["reasons.no-words.id"]),
    "nothing of ours": ("shipped = false\n", ["columns.what", "is missing"]),
}


@pytest.mark.parametrize(("text", "says"), OWN.values(), ids=OWN)
def test_operators_add_headings_and_change_texts_and_slips_are_told(tmp_path: Path, text: str, says: list[str]) -> None:
    (tmp_path / wording.FILE).write_text(text)
    try:
        from_data({}, tmp_path, data=tmp_path, thorough=True)
        told = ""
    except ConfigError as error:
        told = str(error)
    assert bool(told) == bool(says)
    assert [one for one in says if one not in told] == []
