"""Files that stand within the words of a mail, as programs older than MIME put them (POSIX uuencode)."""

import binascii
import re
from itertools import islice

MOST_FILES = 50

_FILE = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[!-_][ -`]{1,84}\r?\n)++)(?:[ `]?\r?\n)?(?:end\b[^\r\n]*|\Z)",
    re.MULTILINE,
)


def split(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The words without the files, and of each file the name and the encoded lines."""
    if b"begin " not in data:
        return data, []
    found = list(islice(_FILE.finditer(data), MOST_FILES))
    kept, position = [], 0
    for file in found:
        kept.append(data[position : file.start()])
        position = file.end()
    return b"".join((*kept, data[position:])), [(file[1], file[2]) for file in found]


def decoded(lines: bytes) -> bytes:
    return b"".join(map(_line, lines.splitlines()))


def _line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # encoders of old left something behind the last digit
        digits = ((line[0] - 32 & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:digits])
        except binascii.Error:
            return b""
