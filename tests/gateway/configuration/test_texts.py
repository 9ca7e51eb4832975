"""What citizens read: complete in both languages, short enough for an SMS, changeable by operators."""

import re
from pathlib import Path

import pytest

from gateway.errors import ConfigError, in_words
from gateway.texts import LANGUAGES, NAMES, Texts

#: The basic characters of GSM 7-bit (3GPP TS 23.038, 6.2.1) that our texts may need.
PLAIN = re.compile(r"[A-Za-z0-9 @$_!\"#%&'()*+,\-./:;<=>?\n]*")
FILLED = {
    "code": "KNL-7F3K-92QX",
    "other": "KNL-Q2MT-0A1B",
    "old": "KNL-7F3K-92QX",
    "new": "KNL-Q2MT-0A1B",
    "pin": "012345",
    "days": 7,
    "status": "menunggu pemeriksaan",
    "unit": "Kelurahan Bangka",
    "until": "25/11/2026",
    "why": "Menunggu pompa",
    "note": "Pompa dikirim",
    "when": "22-11-2026",
    "minutes": 15,
    "category": "Banjir atau genangan",
    "where": "Jl. Kemang Raya No. 8",
    "deadline": "29/11/2026 16.09",
    "reporters": 3,
    "count": 12,
    "step": "ditindaklanjuti",
    "number": "112",
}
EVERY = [(name, language) for name in NAMES for language in LANGUAGES]


def filled(texts: Texts, name: str, language: str) -> str:
    values = {value: FILLED[value] for value in NAMES[name].required | NAMES[name].optional}
    return texts.text(name, language, **values)


@pytest.fixture(scope="module")
def texts() -> Texts:
    return Texts.load()


@pytest.mark.parametrize(("name", "language"), EVERY)
def test_each_text_fits_one_sms_and_shows_what_it_must(texts: Texts, name: str, language: str) -> None:
    text = filled(texts, name, language)
    assert len(text) <= 160
    assert PLAIN.fullmatch(text)
    assert "!" not in text
    assert all(str(FILLED[value]) in text for value in NAMES[name].required)


def test_the_acknowledgement(texts: Texts) -> None:
    assert texts.text("received", "id", code="KNL-7F3K-92QX", pin="012345", days=7) == (
        "Laporan Anda kami terima. Kode KNL-7F3K-92QX, PIN 012345. Target selesai 7 hari. Kami kabari perkembangannya."
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"unit": "Sudin SDA", "note": "Besok"}, "Laporan K1: dikerjakan. Petugas: Sudin SDA. Catatan: Besok"),
        ({"unit": "", "note": "Besok"}, "Laporan K1: dikerjakan. Catatan: Besok"),
        ({"unit": None, "note": None}, "Laporan K1: dikerjakan."),
        ({}, "Laporan K1: dikerjakan."),
        ({"note": "[{code}] 100%"}, "Laporan K1: dikerjakan. Catatan: [{code}] 100%"),
    ],
    ids=["both", "no unit", "none", "not given", "braces in a value are words"],
)
def test_parts_in_brackets_need_their_values(texts: Texts, values: dict[str, object], expected: str) -> None:
    assert texts.text("moved", "id", code="K1", status="dikerjakan", **values) == expected


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("_public")])
def test_nothing_secret_is_said_in_public(name: str) -> None:
    assert "pin" not in NAMES[name].required | NAMES[name].optional


def test_a_language_we_lack_gets_indonesian(texts: Texts) -> None:
    assert texts.text("status_done", "jv") == texts.text("status_done", "id") == "selesai"


def test_operators_change_single_texts(tmp_path: Path) -> None:
    (tmp_path / "id.toml").write_text('status_done = "tuntas"\n')
    changed = Texts.load(tmp_path)
    assert changed.text("status_done", "id") == "tuntas"
    assert changed.text("status_done", "en") == "done"
    assert changed.text("status_rejected", "id") == "ditolak"


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ('recieved = "x"', "recieved: no text has this name → did you mean 'received'?"),
        ('joined_public = "Kode {kode}, {code}"', "joined_public: it gets no value 'kode' → did you mean 'code'?"),
        ('received_public = "Terima kasih."', "received_public: it must always show {code}"),
        ('received_public = "Baik.[ {code}]"', "received_public: it must always show {code}"),
        ('moved = "{code} {status} {note}"', "moved: {note} may be empty → write it within brackets: [… {note}]"),
        (
            'mail_subject = "{code"',
            "mail_subject: its braces do not match: expected '}' before end of string → write a value as {code}",
        ),
        (
            'mail_subject = "{code.__class__} {code}"',
            "mail_subject: it gets no value 'code.__class__' → known here: code",
        ),
        (
            'mail_subject = "{code!r} {code:>900}{code}"',
            "mail_subject: it gets no value 'code!r' → did you mean 'code'?",
        ),
        ('status_done = " "', "status_done: must be text, and not empty"),
        ("status_done = 3", "status_done: must be text, and not empty"),
    ],
    ids=[
        "name",
        "value",
        "left out",
        "not always",
        "unguarded",
        "braces",
        "attribute",
        "conversion",
        "empty",
        "number",
    ],
)
def test_a_change_that_would_break_is_refused(tmp_path: Path, line: str, complaint: str) -> None:
    (tmp_path / "id.toml").write_text(line)
    with pytest.raises(ConfigError) as refused:
        Texts.load(tmp_path)
    assert in_words(refused.value.problems[0]) == f"{tmp_path / 'id.toml'}: {complaint}"


def test_an_overlay_that_is_not_toml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "en.toml").write_text("received = ")
    with pytest.raises(ConfigError, match=r"en\.toml: cannot be read: Invalid value"):
        Texts.load(tmp_path)
