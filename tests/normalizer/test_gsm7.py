"""What an SMS holds. The figures marked so were counted on a handset behind Kannel 1.4.5."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.words import gsm7


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", 1, id="nothing"),
        pytest.param("a" * 160, 1, id="160 letters (counted)"),
        pytest.param("a" * 161, 2, id="161 letters (counted)"),
        pytest.param("a" * 306, 2, id="306 letters (counted)"),
        pytest.param("a" * 307, 3, id="307 letters (counted)"),
        pytest.param("a" * 159 + "~", 2, id="160 characters, one extended (counted)"),
        pytest.param("a" * 158 + "~", 1, id="159 characters, one extended (counted)"),
        pytest.param("€" * 80, 1, id="80 extended"),
        pytest.param("€" * 81, 2, id="81 extended"),
        pytest.param("a" * 152 + "~" + "b" * 160, 3, id="an escape pair is not split (counted)"),
        pytest.param("á" * 70, 1, id="70 UCS-2 (counted)"),
        pytest.param("á" * 71, 2, id="71 UCS-2 (counted)"),
        pytest.param("á" * 134, 2, id="134 UCS-2 (counted)"),
        pytest.param("á" * 135, 3, id="135 UCS-2 (counted)"),
        pytest.param("😢" * 35, 1, id="35 emoji (counted)"),
        pytest.param("😢" * 36, 2, id="36 emoji (counted)"),
        pytest.param("😢" * 67, 3, id="a surrogate pair is not split (Kannel splits it and needs two)"),
    ],
)
def test_segments(text: str, expected: int) -> None:
    assert gsm7.segments(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Laporan Anda: KNL-7F3K-92QX\nTerima kasih!", True, id="plain"),
        pytest.param("Rp 5.000 @ [Kemang] {x} 5€", True, id="extended"),
        pytest.param("Straße, señor, à propos, Ç", True, id="accents of the table"),
        pytest.param("ç á “kutip”", False, id="accents outside the table"),
        pytest.param("`", False, id="back quote"),
        pytest.param("\t", False, id="tab"),
        pytest.param("\x1b", False, id="the escape itself"),
        pytest.param("😢", False, id="emoji"),
    ],
)
def test_what_fits_the_alphabet(text: str, expected: bool) -> None:
    assert gsm7.fits(text) is expected


@given(st.text(max_size=400), st.characters(codec="utf-8"))
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert gsm7.segments(text) <= gsm7.segments(text + more)


def test_every_character_is_read_from_its_code() -> None:
    basic = bytes(code for code in range(128) if code != 0x1B)
    extended = bytes.fromhex("1b0a 1b14 1b28 1b29 1b2f 1b3c 1b3d 1b3e 1b40 1b65")
    assert gsm7.decode(extended) == "\f^{}\\[~]|€"
    assert gsm7.decode(b"\0\x02\x11\x1f\x24\x40\x5f\x60\x7f") == "@$_É¤¡§¿à"
    assert len({*gsm7.decode(basic + extended)}) == 137


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        pytest.param(b"", "", id="nothing"),
        pytest.param(b"a\x1bAb", "aAb", id="an escape before what has no extension"),
        pytest.param(b"a\x1b\x1bb", "a b", id="two escapes"),
        pytest.param(b"a\x1b", "a ", id="an escape at the end"),
    ],
)
def test_escapes_that_lead_nowhere(octets: bytes, text: str) -> None:
    assert gsm7.decode(octets) == text


def test_what_is_beyond_seven_bits_is_not_read() -> None:
    with pytest.raises(UnicodeDecodeError):
        gsm7.decode(b"Ba\xf1jir")


@given(st.binary().map(lambda raw: bytes(code & 0x7F for code in raw)))
def test_what_is_read_fits(octets: bytes) -> None:
    assert gsm7.fits(gsm7.decode(octets))
