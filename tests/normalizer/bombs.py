"""Mails made to cost far more than they weigh: each must reach a limit, and be readable all the same."""

import base64
import struct
from collections.abc import Callable

from tests.normalizer import outlook
from tests.normalizer.outlook import BINARY, CONTENT, FILE_NAME, PLAIN, RICH, UNICODE, utf16

HEAD = b"From: a@b.id\r\n"
MULTIPART = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
HTML = HEAD + b"Content-Type: text/html\r\n\r\n"
BOMBS = {
    "16,000 encoded words": HEAD + b"Subject: " + b"\r\n ".join([b"=?utf-8?q?banjir?="] * 16_000) + b"\r\n\r\nteks",
    "encoded words never closed": HEAD + b"Subject: " + b"=?a?q?" * 60_000 + b"\r\n\r\nteks",
    "100,000 empty parts": MULTIPART + b"--b\r\n\r\n" * 100_000 + b"--b--",
    "20,000 parameters": HEAD
    + b"Content-Type: text/plain; "
    + b";".join(b"a%d=b" % n for n in range(20_000))
    + b"\r\n\r\nteks",
    "16,000 recipients": HEAD + b"To: " + b", ".join(b"a%d@b.id" % n for n in range(16_000)) + b"\r\n\r\nteks",
    "depth 1,000": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1_000)),
    "1,000 header lines in each of 200 parts": MULTIPART + (b"--b\r\n" + b"a:\r\n" * 16_000 + b"\r\nteks\r\n") * 200,
    "a header of 200 KB": HEAD + b"X-Long: " + b"x" * 200_000 + b"\r\n\r\nteks",
    "200,000 header lines": HEAD + b"X-Line: y\r\n" * 200_000 + b"\r\nteks",
    "200,000 boundaries within lines": MULTIPART + b"--b" * 200_000,
    "400,000 nested tags": HTML + b"<div>" * 400_000 + b"teks",
    "comments never closed": HTML + b"<!--" * 250_000,
    "attributes never closed": HTML + b"<a b='" * 150_000,
    "2 MB of one word": HEAD + b"\r\n" + b"x" * 2_000_000,
}


def holding(*files: tuple[str, bytes]) -> bytes:
    """A mail without words and with these files."""
    parts = (
        b"--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
        + f"Content-Disposition: attachment; filename={name}\r\n\r\n".encode()
        + base64.encodebytes(data)
        for name, data in files
    )
    return MULTIPART + b"".join(parts) + b"--b--"


def _in_mails(raw: bytes, times: int) -> bytes:
    for _ in range(times):
        raw = MULTIPART + b"--b\r\nContent-Type: message/rfc822\r\n\r\n" + raw.replace(b"b", b"c")
    return raw


def _circles() -> bytes:
    """A compound file in which each sector leads to itself."""
    data = outlook.compound_file(outlook.message({(PLAIN, UNICODE): b"x" * 200_000}))
    start = len(data) - 512 * (-(-len(data) // 512 // 129) + 1)
    return data[:start] + struct.pack("<I", 5) * ((len(data) - start) // 4)


def _everywhere() -> bytes:
    """A compound file of many storages that each hold all the others."""
    storages = {f"__attach_version1.0_#{number:08X}": {"__properties_version1.0": b"\0" * 8} for number in range(2_000)}
    data = outlook.compound_file(outlook.message({(PLAIN, UNICODE): utf16("x")}) | storages)
    return data.replace(struct.pack("<BB", 1, 1) + b"\xff" * 4, struct.pack("<BB", 1, 1) + struct.pack("<I", 1))


def _rich(source: bytes) -> bytes:
    return outlook.winmail({(RICH, BINARY): source})


GROWING = struct.pack("<II4sI", 9, 9, b"LZFu", 0) + (b"\xff" + b"\x0c\xff" * 8) * 60_000
#: Each is made when it is needed: together they would weigh hundreds of megabytes.
HEAVY: dict[str, Callable[[], bytes]] = {
    "25 MB of words": lambda: HEAD + b"\r\n" + b"Lampu padam. " * 1_900_000,
    "25 MB of base64": lambda: holding(("a.jpg", bytes(18_000_000))),
    "25 MB of broken base64": lambda: HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"QUJD!" * 5_000_000,
    "25 MB of quoted-printable": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=C3=A9" * 4_000_000
    ),
    "25 MB in a mail in a mail in a mail": lambda: _in_mails(holding(("a.jpg", bytes(18_000_000))), 6),
    "25 MB of blanks at line ends": lambda: (
        HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b" " * 12_000_000 + b"=" * 12_000_000
    ),
    "a page in each of ten files": lambda: holding(*((f"{n}.html", b"<p>a<b " * 200_000) for n in range(10))),
    "rich text in each of ten files": lambda: holding(
        *((f"{n}.rtf", rb"{\rtf1 " + rb"\b{}" * 400_000) for n in range(10))
    ),
    "rich text that grows, in each of twenty": lambda: holding(*(("winmail.dat", _rich(GROWING)) for _ in range(20))),
    "a winmail.dat of a million attributes": lambda: holding(
        ("winmail.dat", outlook.winmail({}) + outlook.attribute(1, 0x00078008, b"") * 1_000_000)
    ),
    "a winmail.dat of a million properties": lambda: holding(
        (
            "winmail.dat",
            b"\x78\x9f\x3e\x22\1\0" + outlook.attribute(1, 0x00069003, b"\xff" * 4 + b"\x0b\0\1\0" * 2_000_000),
        )
    ),
    "a property of a million values": lambda: holding(
        (
            "winmail.dat",
            b"\x78\x9f\x3e\x22\1\0"
            + outlook.attribute(1, 0x00069003, b"\1\0\0\0\x1f\x10\1\0" + b"\xff" * 3 + bytes(9_000_000)),
        )
    ),
    "a compound file in circles": lambda: holding(("a.msg", _circles())),
    "a compound file that is everywhere": lambda: holding(*(("a.msg", _everywhere()) for _ in range(10))),
    "a compound file of small streams": lambda: holding(
        (
            "a.msg",
            outlook.compound_file(
                outlook.message({}, [{(FILE_NAME, UNICODE): utf16("a"), (CONTENT, BINARY): b"x" * 4_000}] * 1_000)
            ),
        )
    ),
    "pages in a hundred parts": lambda: (
        MULTIPART + (b"--b\r\nContent-Type: text/html\r\n\r\n" + b"<p>a<b " * 30_000 + b"\r\n") * 100
    ),
    "a page in Outlook's message, in each of twenty": lambda: holding(
        *(
            ("a.msg", outlook.compound_file(outlook.message({(outlook.HTML, BINARY): b"<p>a<b " * 100_000})))
            for _ in range(20)
        )
    ),
    "uuencoded files without number": lambda: HEAD + b"\r\n" + b"begin 644 a\n#0V%T\nend\n" * 500_000,
    "uuencoded beginnings without number": lambda: HEAD + b"\r\n" + b"begin 644 a\n" * 1_000_000,
    "octets encoded twice": lambda: HEAD + b"\r\n" + "\u00c3\u00a9".encode() * 4_000_000,
    "zeros": lambda: HEAD + b"\r\n" + bytes(25_000_000),
    "UTF-16": lambda: HEAD + b"Content-Type: text/plain; charset=utf-16\r\n\r\n" + b"a\0" * 12_000_000,
    "Japanese escapes": lambda: HEAD + b"\r\n" + b"\x1b$B\x1b(B" * 3_000_000,
    "20,000 recipients in 200 headers": lambda: HEAD + (b"Cc: " + b"a@b.id, " * 100 + b"\r\n") * 200 + b"\r\nteks",
}
