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
}

#: Windows code pages that are not called "cp" and their number.
_PAGES = {65001: "utf-8", 1200: "utf-16-le", 20127: "us-ascii", 28591: "iso-8859-1", 28592: "iso-8859-2"} | {
    **{20866: "koi8-r", 21866: "koi8-u", 50220: "iso-2022-jp", 50221: "iso-2022-jp", 51932: "euc-jp", 54936: "gb18030"}
}
_NOISE = re.compile(r"[^a-z0-9]")
_CODECS = {_NOISE.sub("", name): name for name in (*_MULTI, *_SINGLE)} | _ALIASES
_SAMPLE = 4_096


def decode(data: bytes, charset: str | None) -> tuple[str, bool]:
    """The text, and whether the declared charset was wrong, missing or not allowed. Never raises.

    Only character sets are allowed: Python's other codecs (unicode_escape, utf-7, idna …) turn harmless bytes into
    markup or fail. What is valid UTF-8 beyond ASCII is UTF-8, whatever a one-byte charset's label says.
    """
    codec = _CODECS.get(_NOISE.sub("", charset[:40].lower())) if charset else None
    if data.isascii() and codec in (None, "utf-8", "cp1252"):
        return data.decode("ascii"), charset is not None and codec is None
    if codec not in _MULTI and (text := _tried(data, "utf-8")) is not None:
        return text, charset is not None and not data.isascii()
    if codec and (text := _tried(data, codec)) is not None:
        return text, False
    return _guessed(data), True


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
