"""What an SMS holds: the alphabet of 3GPP TS 23.038 section 6.2.1 and the parts of TS 23.040 section 9.2.3.24.1."""

import re

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = "\f^{}\\[~]|€"
_ESCAPE = "\x1b"
_SEPTETS = dict.fromkeys(_BASIC, 1) | dict.fromkeys(_EXTENDED, 2)
_PLAIN = re.compile(f"[{re.escape(_BASIC)}]*")
_CODES = re.compile(r"\x1b?.", re.DOTALL)
_READ = dict(zip((chr(code) for code in range(128) if code != ord(_ESCAPE)), _BASIC, strict=True))
_READ |= dict(zip((_ESCAPE + code for code in "\n\x14()/<=>@e"), _EXTENDED, strict=True))


def fits(text: str) -> bool:
    """Can the text be sent in the 7-bit alphabet? Otherwise it takes UCS-2."""
    return all(char in _SEPTETS for char in text)


def decode(octets: bytes) -> str:
    """The text in octets of one character each, as SMPP brings them. Raises UnicodeDecodeError for one beyond 7 bits.

    What the extension table lacks is read without its escape, by section 6.2.1.1; an escape alone is a blank.
    """
    return "".join(_READ.get(code) or _READ.get(code[-1], " ") for code in _CODES.findall(octets.decode("ascii")))


def segments(text: str) -> int:
    """How many SMS the text costs: 160 septets or 70 UCS-2 units alone, 153 or 67 in each part of a longer one.

    A character of the extension table counts two septets, one outside the BMP two units; neither is split between
    parts.
    """
    if _PLAIN.fullmatch(text):
        return 1 if len(text) <= 160 else -(-len(text) // 153)
    if fits(text):
        return _parts([_SEPTETS[char] for char in text], alone=160, joined=153)
    return _parts([2 if ord(char) > 0xFFFF else 1 for char in text], alone=70, joined=67)


def _parts(sizes: list[int], *, alone: int, joined: int) -> int:
    if sum(sizes) <= alone:
        return 1
    parts, used = 1, 0
    for size in sizes:
        if used + size > joined:
            parts, used = parts + 1, 0
        used += size
    return parts
