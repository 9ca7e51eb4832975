"""The search that the canary test relies on finds a canary wherever it is put, and nothing where there is none."""

import base64
import gzip
import json
import sqlite3
from contextlib import closing
from pathlib import Path
from quopri import encodestring
from urllib.parse import quote_plus

import pytest

from tests.canary.canaries import STEMS, Citizen, canaries_in, clear, files

WARGA = Citizen(7)
CANARIES = [WARGA.name, WARGA.mail, WARGA.phone, WARGA.nik, WARGA.token, WARGA.address]
WRITTEN = {
    "as it is": str.encode,
    "in capital letters": lambda text: text.upper().encode(),
    "in UTF-16": lambda text: text.encode("utf-16"),
    "in base64": lambda text: base64.b64encode(f"From: {text} <x>".encode()),
    "in base64 one further": lambda text: base64.b64encode(f"From : {text} <x>".encode()),
    "in base64 two further": lambda text: base64.b64encode(f"From  : {text} <x>".encode()),
    "in a form": lambda text: quote_plus(text).encode(),
    "in quoted-printable": lambda text: encodestring(text.encode(), quotetabs=True),
    "in hexadecimal": lambda text: text.encode().hex().encode(),
    "in JSON": lambda text: json.dumps(text).encode(),
}


@pytest.mark.parametrize("write", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("canary", CANARIES)
def test_a_canary_is_found_however_it_is_written(canary: str, write: object) -> None:
    assert callable(write)
    assert list(canaries_in(b"\x00\x01" + write(canary) + b"\xff rest"))


@pytest.mark.parametrize("spelled", ["0812-9054-7007", "0812 9054 7007", "(0812) 90.54.70.07", "62 812 9054-7007"])
def test_digits_are_found_with_anything_between_them(spelled: str) -> None:
    assert list(canaries_in(f"hub {spelled} ya".encode()))


def test_the_words_of_a_citizen_hold_what_is_searched_for() -> None:
    assert {found.partition(" (")[0] for found in canaries_in(WARGA.words.encode())} == {
        "name",
        "mail address",
        "host",
        "phone",
        "NIK",
    }


def test_what_is_put_in_clear_into_a_folder_is_found_there(tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    (tmp_path / "blobs" / "ab").write_bytes(b"x" * 100_000 + WARGA.mail.encode() + b"y" * 100_000)
    (tmp_path / f"{WARGA.phone}.txt").write_text("")
    (tmp_path / "packed.gz").write_bytes(gzip.compress(WARGA.words.encode()))
    with closing(sqlite3.connect(tmp_path / "kanal.db")) as database:
        database.execute("CREATE TABLE reports(data TEXT, sealed BLOB)")
        database.execute("INSERT INTO reports VALUES (?, ?)", (WARGA.nik, WARGA.name.encode("utf-16")))
        database.commit()
    places = {line.partition(":")[0] for line in clear(files(tmp_path))}
    assert places == {
        "blobs/ab",
        f"{WARGA.phone}.txt",
        "kanal.db",
        "kanal.db reports.data",
        "kanal.db reports.sealed",
    }


def test_nothing_is_found_where_there_is_nothing() -> None:
    assert len(STEMS) == 8
    assert not clear(
        {"a log": b"2026-11-20T10:00:00Z [warning] quarantined channel=sms count=3 127.0.0.1:8080 0211234"}
    )
