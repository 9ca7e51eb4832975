"""One person, one spelling: phones and addresses."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from normalizer.persons.identity import email, nik, phone

PHONES = {
    "national": ("08123456789", "+628123456789"),
    "with country": ("628123456789", "+628123456789"),
    "international": ("+628123456789", "+628123456789"),
    "written out": ("+62 812-3456-789", "+628123456789"),
    "dialled abroad": ("00628123456789", "+628123456789"),
    "plus arrived as a blank": (" 628123456789", "+628123456789"),
    "without zero": ("8123456789", "+628123456789"),
    "full width": ("０８１２３４５６７８９", "+628123456789"),
    "hidden mark": ("\u202a+62 812-3456-789\u202c", "+628123456789"),
    "landline": ("(021) 555 1234", "+62215551234"),
    "abroad": ("+65 9123 4567", "+6591234567"),
    "abroad, plus lost": (" 6591234567", "+6591234567"),
    "newer than the library": ("+6299912345678", "+6299912345678"),
    "short code": ("1708", "1708"),
    "emergency": ("112", "112"),
    "name": ("DKI-INFO", None),
    "name with digits": ("Info1708", None),
    "hashed": ("cmp-oodd12345678", None),
    "spreadsheet": ("6.28111E+12", None),
    "too short": ("12", None),
    "no plan": ("12345678", None),
    "zeros": ("000000000", None),
    "plus alone": ("+", None),
    "empty": ("", None),
    "injection": ("08123456789\r\nX: y", None),
    "endless": ("0" * 10_000, None),
}


@pytest.mark.parametrize(("raw", "expected"), PHONES.values(), ids=PHONES)
def test_phone(raw: str, expected: str | None) -> None:
    assert phone(raw) == expected


def test_another_country_s_numbers() -> None:
    assert phone("020 7946 0958", "GB") == "+442079460958"


ADDRESSES = {
    "domain in lower case": ("Sari@Example.ID", "Sari@example.id"),
    "tag": ("sari+lapor@example.id", "sari+lapor@example.id"),
    "blanks around": (" sari@example.id ", "sari@example.id"),
    "host": ("warga@localhost", "warga@localhost"),
    "international domain": ("x@пример.рф", "x@xn--e1afmkfd.xn--p1ai"),
    "international name": ("desá@example.id", "desá@example.id"),
    "header injection": ("a@b.id\r\nBcc: c@d.id", None),
    "line end at the end": ("a@b.id\n", None),
    "NUL": ("a\0@b.id", None),
    "direction": ("a\u202e@b.id", None),
    "surrogate": ("a\ud800@b.id", None),
    "brackets": ("<a@b.id>", None),
    "two": ("a@b.id,c@d.id", None),
    "two ats": ("a@b@c.id", None),
    "no local part": ("@b.id", None),
    "no domain": ("a@", None),
    "empty label": ("a@b..id", None),
    "hyphen first": ("a@-b.id", None),
    "address literal": ("a@[127.0.0.1]", None),
    "local part too long": ("a" * 65 + "@b.id", None),
    "domain too long": ("a@" + "b." * 200 + "id", None),
    "no at": ("warga", None),
}


@pytest.mark.parametrize(("raw", "expected"), ADDRESSES.values(), ids=ADDRESSES)
def test_email(raw: str, expected: str | None) -> None:
    assert email(raw) == expected


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), max_size=30), st.sampled_from(["", "+", "@b.id", "@"]))
def test_what_is_accepted_is_canonical(text: str, end: str) -> None:
    for canonical in (phone, email):
        found = canonical(text + end)
        assert found is None or (canonical(found) == found and not set(found) & set("\r\n\0 <>,"))


NIKS = {
    "a man's": ("3174051208900001", "3174051208900001"),
    "a woman's: her day is 52": ("3174055208900001", "3174055208900001"),
    "in groups": ("3174 0512 0890 0001", "3174051208900001"),
    "with dots": ("31.74.05.120890.0001", "3174051208900001"),
    "no such province": ("0074051208900001", None),
    "no such day": ("3174053102900001", None),
    "no such month": ("3174051213900001", None),
    "no number": ("3174051208900000", None),
    "no kecamatan": ("3174001208900001", None),
    "15 digits": ("317405120890001", None),
    "words": ("tidak ada", None),
}


@pytest.mark.parametrize(("raw", "expected"), NIKS.values(), ids=NIKS)
def test_a_nik(raw: str, expected: str | None) -> None:
    assert nik(raw) == expected


@given(st.text(max_size=40))
def test_any_text_is_a_nik_or_none(raw: str) -> None:
    found = nik(raw)
    assert found is None or (len(found) == 16 and found.isascii() and found.isdigit())
