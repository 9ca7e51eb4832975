"""What Outlook and Exchange wrap mails in, made for the tests: winmail.dat (MS-OXTNEF), .msg (MS-OXMSG), rich text."""

import struct
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

UNICODE, STRING, BINARY, OBJECT, LONG = 0x1F, 0x1E, 0x102, 0x0D, 0x03
SUBJECT, PLAIN, HTML, RICH, NAME, ADDRESS = 0x0037, 0x1000, 0x1013, 0x1009, 0x0C1A, 0x5D01
FILE_NAME, MEDIA_TYPE, CONTENT, CODE_PAGE = 0x3707, 0x370E, 0x3701, 0x3FFD
MESSAGE = bytes.fromhex("0703020000000000c000000000000046")

Given = Mapping[tuple[int, int], bytes]
#: Names in a storage: a stream's content, or what a storage holds.
Tree = dict[str, Any]


def utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def rich_text(source: bytes, *, packed: bool = True) -> bytes:
    """MS-OXRTFCP, of octets alone: nothing is copied."""
    body = b"".join(b"\0" + source[at : at + 8] for at in range(0, len(source), 8)) if packed else source
    return struct.pack("<II4sI", len(body) + 12, len(source), b"LZFu" if packed else b"MELA", 0) + body


def properties(given: Given) -> bytes:
    return struct.pack("<I", len(given)) + b"".join(_property(*key, data) for key, data in given.items())


def _property(number: int, kind: int, data: bytes) -> bytes:
    head = struct.pack("<HH", kind, number)
    if kind == LONG:
        return head + data
    data = data + b"\0" * (2 if kind == UNICODE else kind == STRING)
    return head + struct.pack("<II", 1, len(data)) + data + b"\0" * (-len(data) % 4)


def attribute(level: int, name: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)


def winmail(given: Given, files: Sequence[Given] = (), old: Mapping[int, bytes] | None = None) -> bytes:
    """A winmail.dat; `old` are attributes of the message outside the properties."""
    parts = [attribute(1, 0x00089006, b"\0\0\1\0"), attribute(1, 0x00069007, struct.pack("<II", 1252, 0))]
    parts += [attribute(1, name, data) for name, data in (old or {}).items()]
    parts.append(attribute(1, 0x00069003, properties(given)))
    for file in files:
        content = file.get((CONTENT, BINARY))
        parts += [attribute(2, 0x00069002, b"\1\0" + b"\0" * 12)]
        parts += [attribute(2, 0x0006800F, content)] if content is not None else []
        parts.append(
            attribute(2, 0x00069005, properties({key: value for key, value in file.items() if key[1] != BINARY}))
        )
    return b"\x78\x9f\x3e\x22\1\0" + b"".join(parts)


def message(given: Given, files: Sequence[Given | Tree] = (), *, within: bool = False) -> Tree:
    """The storage of a message; a file that is a tree already is a message within."""
    tree: Tree = {f"__attach_version1.0_#{number:08X}": _attached(file) for number, file in enumerate(files)}
    return tree | _streams(given, b"\0" * (24 if within else 32))


def _attached(file: Any) -> Tree:
    if any(isinstance(key, str) for key in file):
        return {f"__substg1.0_{CONTENT:04X}{OBJECT:04X}": file} | _streams({}, b"\0" * 8)
    return _streams(file, b"\0" * 8)


def _streams(given: Given, head: bytes) -> Tree:
    fixed = [struct.pack("<HHI4sI", kind, number, 6, data, 0) for (number, kind), data in given.items() if kind == LONG]
    return {"__properties_version1.0": head + b"".join(fixed)} | {
        f"__substg1.0_{number:04X}{kind:04X}": data for (number, kind), data in given.items() if kind != LONG
    }


def compound_file(tree: Tree) -> bytes:
    """A compound file of 512-octet sectors (MS-CFB): the directory, the small streams, the others, the table."""
    return _Writer(tree).whole()


class _Writer:
    END, FREE, TABLE, NONE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF

    def __init__(self, tree: Tree) -> None:
        self.entries: list[list[Any]] = [["Root Entry", 5, self.NONE, self.NONE, self.NONE, b""]]
        self.entries[0][4] = self._add(tree)
        self.next: list[int] = []
        self.sectors: list[bytes] = []

    def _add(self, tree: Tree) -> int:
        """The entries of a storage, each the right neighbour of the one before."""
        numbers = []
        for name, value in sorted(tree.items(), key=lambda item: (len(item[0]), item[0].upper())):
            numbers.append(len(self.entries))
            inner = isinstance(value, dict)
            self.entries.append([name, 1 if inner else 2, self.NONE, self.NONE, self.NONE, b"" if inner else value])
        for number, following in pairwise(numbers):
            self.entries[number][3] = following
        for number in numbers:
            if isinstance(tree[self.entries[number][0]], dict):
                self.entries[number][4] = self._add(tree[self.entries[number][0]])
        return numbers[0] if numbers else self.NONE

    def _chained(self, data: bytes) -> int:
        first = len(self.sectors)
        pieces = [data[at : at + 512].ljust(512, b"\0") for at in range(0, len(data), 512)]
        self.sectors += pieces
        self.next += [*range(first + 1, first + len(pieces)), self.END] if pieces else []
        return first if pieces else self.END

    def whole(self) -> bytes:
        small, small_next, starts = bytearray(), list[int](), []
        for _, kind, *_, data in self.entries[1:]:
            if kind != 2 or len(data) >= 4096:
                starts.append(self._chained(data) if data else 0)
                continue
            starts.append(len(small_next) if data else self.END)
            count = -(-len(data) // 64)
            small_next += [*range(len(small_next) + 1, len(small_next) + count), self.END] if count else []
            small += data.ljust(count * 64, b"\0")
        root = self._chained(bytes(small))
        small_table = self._chained(struct.pack(f"<{len(small_next)}I", *small_next))
        records = [self._record(self.entries[0], root, len(small))]
        records += [
            self._record(entry, start, len(entry[5])) for entry, start in zip(self.entries[1:], starts, strict=True)
        ]
        directory = self._chained(b"".join(records))
        tables = 1
        while (len(self.next) + tables) * 4 > tables * 512:
            tables += 1
        own = list(range(len(self.next), len(self.next) + tables))
        table = [*self.next, *[self.TABLE] * tables]
        table += [self.FREE] * (tables * 128 - len(table))
        head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16
        head += struct.pack(
            "<HHHHH6xIIIIIIIIII",
            0x3E,
            3,
            0xFFFE,
            9,
            6,
            0,
            tables,
            directory,
            0,
            4096,
            small_table,
            -(-len(small_next) * 4 // 512),
            self.END,
            0,
            0,
        )[:-4]
        head += struct.pack("<109I", *(own + [self.FREE] * (109 - len(own))))
        return head + b"".join(self.sectors) + struct.pack(f"<{len(table)}I", *table)

    @staticmethod
    def _record(entry: Sequence[Any], start: int, size: int) -> bytes:
        name = utf16(entry[0])
        return name.ljust(64, b"\0") + struct.pack(
            "<HBBIII16xI16xIQ", len(name) + 2, entry[1], 1, entry[2], entry[3], entry[4], 0, start, size
        )
