"""Files that stand within the words of a mail, as programs older than MIME put them (POSIX uuencode)."""

import binascii
import re
from collections.abc import Iterator
from itertools import islice

MOST_FILES = 50

#: Beginnings of files that may prove to be none.
_MOST_TRIED = 1_000
_BEGIN = b"begin "
_FILE = re.compile(
    rb"begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[!-_][ -`]{1,84}\r?\n)++)(?:[ `]?\r?\n)?(?:end\b[^\r\n]*|\Z)"
)


def split(data: bytes) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """The words without the files, and of each file the name and the encoded lines."""
    kept, position = [], 0
    found = list(islice(_files(data), MOST_FILES))
    for file in found:
        kept.append(data[position : file.start()])
        position = file.end()
    return b"".join((*kept, data[position:])), [(file[1], file[2]) for file in found]


def _files(data: bytes) -> Iterator[re.Match[bytes]]:
    position = 0
    for at in islice(_beginnings(data), _MOST_TRIED):
        if at >= position and (file := _FILE.match(data, at)):
            position = file.end()
            yield file


def _beginnings(data: bytes) -> Iterator[int]:
    if data.startswith(_BEGIN):
        yield 0
    at = data.find(b"\n" + _BEGIN)
    while at >= 0:
        yield at + 1
        at = data.find(b"\n" + _BEGIN, at + 1)


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
