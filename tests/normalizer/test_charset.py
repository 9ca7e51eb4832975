"""Octets to words, when what is said about them is missing, unknown or a lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from normalizer.mails.charset import decode

CAFE = "Di depan Café Olé – “bising” sekali."
CHINESE = "路灯坏了，街道很暗"
JAPANESE = "街灯が壊れています"
RUSSIAN = "Фонарь не горит уже неделю, очень темно"
CASES = {
    "as it says": (CAFE.encode(), "utf-8", CAFE, False),
    "quoted and in capitals": (CAFE.encode(), '"UTF8"', CAFE, False),
    "ASCII that is UTF-8": (CAFE.encode(), "us-ascii", CAFE, True),
    "ASCII that is Windows-1252": (CAFE.encode("cp1252"), "us-ascii", CAFE, False),
    "Latin-1 that is UTF-8": (CAFE.encode(), "iso-8859-1", CAFE, True),
    "UTF-8 that is Latin-1": ("Café".encode("latin-1"), "utf-8", "Café", True),
    "GBK that is UTF-8": (CHINESE.encode(), "gb2312", CHINESE, True),
    "nothing said, UTF-8": (CAFE.encode(), None, CAFE, False),
    "GB18030": (CHINESE.encode("gb18030"), "gb18030", CHINESE, False),
    "Big5": ("路燈壞了".encode("big5"), "Big5", "路燈壞了", False),
    "KOI8-R": (RUSSIAN.encode("koi8-r"), "koi8-r", RUSSIAN, False),
    "ISO-2022-JP": (JAPANESE.encode("iso2022_jp"), "iso-2022-jp", JAPANESE, False),
    "ISO-2022-JP that says ASCII": (JAPANESE.encode("iso2022_jp"), "us-ascii", JAPANESE, True),
    "Shift_JIS": (JAPANESE.encode("cp932"), "x-sjis", JAPANESE, False),
    "UTF-16 with its mark": (CAFE.encode("utf-16"), "utf-16", CAFE, False),
    "UTF-16 without, little end first": (CAFE.encode("utf-16-le"), "utf-16", CAFE, False),
    "UTF-16 without, big end first": (CAFE.encode("utf-16-be"), "utf-16", CAFE, False),
    "UTF-16 that says nothing": (CAFE.encode("utf-16-le"), None, CAFE, True),
    "UTF-16 that says UTF-8": (CAFE.encode("utf-16-le"), "utf-8", CAFE, True),
    "UTF-16 that is ASCII": (b"Lampu padam.", "utf-16", "Lampu padam.", True),
    "NUL here and there": (b"Lampu\0 padam.", "us-ascii", "Lampu\0 padam.", False),
    "UTF-7 is refused": (b"+ADw-script+AD4-", "utf-7", "+ADw-script+AD4-", True),
    "escapes are refused": (rb"\x3cscript\x3e", "unicode_escape", r"\x3cscript\x3e", True),
    "encoded twice": (CAFE.encode().decode("cp1252", "replace").encode(), "utf-8", CAFE, True),
    "one character encoded twice": ("CafÃ©".encode(), "utf-8", "Café", True),
    "a dash encoded twice": ("tinggi â€“ sekali".encode(), "utf-8", "tinggi – sekali", True),
    "an emoji encoded twice": ("ðŸš¨ banjir".encode(), "utf-8", "🚨 banjir", True),
    "only partly encoded twice": ("CafÃ© dan Café".encode(), "utf-8", "CafÃ© dan Café", False),
    "beside an emoji": ("CafÃ© 🚨".encode(), "utf-8", "CafÃ© 🚨", False),
    "meant so": ("São – «Ä–B»".encode(), "utf-8", "São – «Ä–B»", False),
}
CASES["encoded twice"] = ("â€œbisingâ€\x9d â€“ CafÃ©".encode(), "utf-8", "“bising” – Café", True)


@pytest.mark.parametrize(("data", "charset", "text", "lied"), CASES.values(), ids=CASES)
def test_words_are_read(data: bytes, charset: str | None, text: str, lied: bool) -> None:
    assert decode(data, charset) == (text, lied)


@pytest.mark.parametrize("said", [None, "x-unknown", "utf-8"])
def test_what_stands_elsewhere_helps_where_the_label_does_not(said: str | None) -> None:
    assert decode(RUSSIAN.encode("koi8-r"), said, "koi8-r") == (RUSSIAN, True)
    assert decode(CAFE.encode(), said, "koi8-r")[0] == CAFE


@given(st.binary(max_size=100), st.sampled_from([None, "utf-8", "utf-16", "gb2312", "us-ascii", "iso-2022-jp", "zip"]))
def test_any_octets_give_words(data: bytes, charset: str | None) -> None:
    assert len(decode(data, charset, "big5")[0]) <= len(data)


@given(st.text(max_size=60))
def test_what_is_utf_8_is_read_so_unless_it_was_encoded_twice(text: str) -> None:
    read, lied = decode(text.encode("utf-8", "replace"), "utf-8")
    assert lied or read == text.encode("utf-8", "replace").decode()
