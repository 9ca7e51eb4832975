"""Bytes of mail to text, when the declared charset is missing, unknown or a lie."""

import re

_MULTI = ("utf-8", "gb18030", "big5hkscs", "shift_jis", "cp932", "euc_jp", "iso2022_jp", "cp949", "utf-16")
_SINGLE = (
    *(f"iso8859-{part}" for part in (2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16)),
    *(f"cp{page}" for page in (437, 850, 866, 874, 1250, 1251, 1252, 1253, 1254, 1255, 1256, 1257, 1258)),
    *("koi8-r", "koi8-u", "mac-roman"),
)
_ALIASES = {
    **dict.fromkeys(("ascii", "usascii", "ansix341968", "iso88591", "latin1", "cp1252", "win1252"), "cp1252"),
    **{f"windows{page}": f"cp{page}" for page in range(1250, 1259)},
    **dict.fromkeys(("gb2312", "gbk", "cp936", "eucgb2312cn"), "gb18030"),
    **dict.fromkeys(("big5", "cp950"), "big5hkscs"),
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601"), "cp949"),
    **{"utf16le": "utf-16-le", "utf16be": "utf-16-be", "shiftjis": "cp932", "sjis": "cp932", "iso88599": "cp1254"},
    **{"iso885911": "cp874", "tis620": "cp874", "macintosh": "mac-roman", "unicode11utf8": "utf-8"},
    **{"utf8mb4": "utf-8", "xutf8": "utf-8", "xgbk": "gb18030", "xsjis": "cp932", "xeucjp": "euc_jp"},
    **{"iso88598i": "iso8859-8", "ibm437": "cp437", "ibm850": "cp850", "ucs2": "utf-16", "iso10646ucs2": "utf-16"},
}

#: Windows code pages that are not called "cp" and their number.
_PAGES = {65001: "utf-8", 1200: "utf-16-le", 20127: "us-ascii", 28591: "iso-8859-1", 28592: "iso-8859-2"} | {
    **{20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp", 54936: "gb18030"}
}
_NOISE = re.compile(r"[^a-z0-9]")
_CODECS = {_NOISE.sub("", name): name for name in (*_MULTI, *_SINGLE)} | _ALIASES
_WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be"})
_SAMPLE = 4_096
#: The first octet of a UTF-8 character and one that may follow it, both read as Windows-1252.
_TWICE = re.compile(
    "[\u00c2-\u00f4][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\u017d"
    "\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\u017e\u0178]"
)
_USUAL = frozenset("\u00c2\u00c3\u00e2\u00f0")
_AS_OCTETS = {ord(bytes((octet,)).decode("cp1252", "replace")): octet for octet in range(128, 160)}
_AS_OCTETS.pop(0xFFFD)


def decode(data: bytes, charset: str | None, hint: str | None = None) -> tuple[str, bool]:
    """The text, and whether the declared charset was wrong, missing or not allowed. Never raises.

    Only character sets are allowed: Python's other codecs (unicode_escape, utf-7, idna …) turn harmless bytes into
    markup or fail. What is valid UTF-8 beyond ASCII is UTF-8, whatever a one-byte charset's label says, and where it
    has three such characters whatever any label says. `hint` is what stands elsewhere, such as in the page itself.
    UTF-8 that was taken for a one-byte charset and encoded once more ("CafÃ©") is undone where all of the text is so.
    """
    text, lied = _decoded(data, _codec(charset), charset is not None, _codec(hint))
    repaired = _undone(text)
    return repaired or text, lied or repaired is not None


def _codec(charset: str | None) -> str | None:
    return _CODECS.get(_NOISE.sub("", charset[:40].lower())) if charset else None


def _decoded(data: bytes, codec: str | None, declared: bool, hint: str | None) -> tuple[str, bool]:
    if (codec in _WIDE or b"\0" in data[:_SAMPLE]) and (text := _wide(data, codec)) is not None:
        return text, codec not in _WIDE
    codec = None if codec in _WIDE else codec
    if data.isascii() and codec in (None, "utf-8", "cp1252"):
        return _seven_bit(data, declared and codec is None)
    if (text := _tried(data, "utf-8")) is not None and (codec not in _MULTI or _surely_utf8(data, text)):
        return text, declared and codec != "utf-8"
    for named in filter(None, (codec, hint)):
        if (text := _tried(data, named)) is not None:
            return text, named != codec
    return _guessed(data), True


def _seven_bit(data: bytes, lied: bool) -> tuple[str, bool]:
    """ASCII; an escape to two-byte characters is Japanese mail whose label was lost (RFC 1468)."""
    if b"\x1b$" in data and (text := _tried(data, "iso2022_jp")) is not None:
        return text, True
    return data.decode("ascii"), lied


def _surely_utf8(data: bytes, text: str) -> bool:
    """Three Chinese or six accented characters: what is meant otherwise seldom happens to be valid."""
    return len(data) - len(text) >= 6


def _wide(data: bytes, codec: str | None) -> str | None:
    """UTF-16; without its mark the order is told by where the zeros are. None if it does not look like it."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _tried(data[: len(data) & ~1], "utf-16")
    sample = data[:_SAMPLE]
    high, low = sample[::2].count(0), sample[1::2].count(0)
    if max(high, low) * 8 < len(sample) or min(high, low) * 4 > max(high, low):
        return _tried(data, codec) if codec in _WIDE and _tried(data, "utf-8") is None else None
    return _tried(data[: len(data) & ~1], "utf-16-be" if high > low else "utf-16-le")


def _undone(text: str) -> str | None:
    """None if any character speaks against it, or too little for it: somebody may have meant what stands there."""
    found = None if text.isascii() else _TWICE.search(text)
    if not found or not (found[0][0] in _USUAL or _TWICE.search(text, found.end())):
        return None
    try:
        return text.translate(_AS_OCTETS).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def charset_of(page: int) -> str:
    """The character set of a Windows code page."""
    return _PAGES.get(page, f"cp{page}")


def _tried(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except (UnicodeError, LookupError):
        return None


def _guessed(data: bytes) -> str:
    for codec in ("utf-8", _detected(data[:_SAMPLE]), "cp1252"):
        if codec and (text := _tried(data, codec)) is not None:
            return text
    return data.decode("utf-8", "replace") if _mostly_utf8(data) else data.decode("latin-1")


def _mostly_utf8(data: bytes) -> bool:
    """UTF-8 with a few broken bytes, such as a text cut in the middle of a character."""
    sample = data[:_SAMPLE]
    return 0 < sample.decode("utf-8", "replace").count("\ufffd") * 10 < sum(byte > 127 for byte in sample)


def _detected(sample: bytes) -> str | None:
    """By charset-normalizer where there is enough to go by; on short texts it guesses wildly."""
    if sum(byte > 127 for byte in sample) < 20:
        return None
    from charset_normalizer import from_bytes  # noqa: PLC0415  (rare, and slow to import)

    best = from_bytes(sample, steps=3, chunk_size=512, cp_isolation=[*_MULTI[1:-1], "cp1251", "cp1252"]).best()
    return best.encoding if best else None
