"""Microsoft's compound file (MS-CFB), a file system in a file: only as much as an Outlook message needs.

Everything in it points anywhere it likes. A chain of sectors is followed no further than its stream is long, a stream
is no longer than the file, and what is looked through together no more than `_READ_AT_MOST` times the file.
"""

import sys
from array import array
from typing import NamedTuple

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_ENTRY = 128
_MOST_ENTRIES = 20_000
_READ_AT_MOST = 3
_LAST_SECTOR = 0xFFFFFFFA
_STORAGE, _STREAM, _ROOT = 1, 2, 5


class Damaged(Exception):
    """It points to where nothing is, or too often to the same."""


class Entry(NamedTuple):
    """A stream or a storage of further entries. `start` is its first sector."""

    name: str
    kind: int
    left: int
    right: int
    child: int
    start: int
    size: int

    @property
    def is_storage(self) -> bool:
        return self.kind in (_STORAGE, _ROOT)


class CompoundFile:
    """Raises `Damaged` if it cannot be read as one."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC) or len(data) < 512:
            raise Damaged
        self._data = data
        self._left = _READ_AT_MOST * len(data)
        shift = self._number(30, 2)
        if shift not in (9, 12):
            raise Damaged
        self._sector = 1 << shift
        self._small = 1 << min(self._number(32, 2), shift)
        self._cutoff = self._number(56)
        self._table = self._sectors_table()
        self._entries = self._directory()
        self._small_table = _numbers(self._chain(self._number(60), self._number(64) * self._sector))
        self._small_data = self._chain(self._entries[0].start, self._entries[0].size)

    def root(self) -> Entry:
        return self._entries[0]

    def inside(self, storage: Entry) -> dict[str, Entry]:
        """What a storage holds, by name."""
        found: dict[str, Entry] = {}
        waiting, seen = [storage.child], set[int]()
        while waiting:
            number = waiting.pop()
            if number < len(self._entries) and number not in seen:
                seen.add(number)
                self.spend(_ENTRY)
                entry = self._entries[number]
                found.setdefault(entry.name, entry)
                waiting += (entry.left, entry.right)
        return found

    def content(self, stream: Entry) -> bytes:
        if stream.size >= self._cutoff:
            return self._chain(stream.start, stream.size)
        return self._linked(self._small_data, self._small_table, self._small, 0, stream.start, stream.size)

    def _number(self, at: int, size: int = 4) -> int:
        return int.from_bytes(self._data[at : at + size], "little")

    def _sectors_table(self) -> "array[int]":
        """Which sector follows which: its own sectors are listed in the head, and then in a chain of lists."""
        listed = list(_numbers(self._data[76:512]))
        further = self._number(68)
        per_list = self._sector // 4 - 1
        while further < _LAST_SECTOR and len(listed) * self._sector < len(self._data):
            numbers = _numbers(self._at(further))
            listed += numbers[:per_list]
            further = numbers[per_list] if len(numbers) > per_list else _LAST_SECTOR
        most = 4 * len(self._data) // self._sector**2 + 1
        own = [number for number in listed if number < _LAST_SECTOR][:most]
        return _numbers(b"".join(map(self._at, own)))

    def _directory(self) -> list[Entry]:
        data = self._chain(self._number(48), _MOST_ENTRIES * _ENTRY, exactly=False)
        entries = [self._entry(data[at : at + _ENTRY]) for at in range(0, len(data) - _ENTRY + 1, _ENTRY)]
        if not entries or entries[0].kind != _ROOT:
            raise Damaged
        return entries

    def _entry(self, data: bytes) -> Entry:
        def number(at: int) -> int:
            return int.from_bytes(data[at : at + 4], "little")

        length = max(0, min(64, int.from_bytes(data[64:66], "little")) - 2)
        name = data[:length].decode("utf-16-le", "replace")
        return Entry(name, data[66], number(68), number(72), number(76), number(116), number(120))

    def _at(self, number: int) -> bytes:
        start = (number + 1) * self._sector
        return self._data[start : start + self._sector]

    def _chain(self, start: int, size: int, *, exactly: bool = True) -> bytes:
        return self._linked(self._data, self._table, self._sector, self._sector, start, size, exactly=exactly)

    def _linked(
        self, data: bytes, table: "array[int]", sector: int, head: int, start: int, size: int, *, exactly: bool = True
    ) -> bytes:
        if exactly and size > len(self._data):
            raise Damaged
        pieces: list[bytes] = []
        missing = size
        while missing > 0 and start < len(table):
            at = head + start * sector
            piece = data[at : at + min(sector, missing)]
            if not piece:
                break
            pieces.append(piece)
            missing, start = missing - len(piece), table[start]
        if exactly and missing > 0:
            raise Damaged
        return b"".join(pieces)

    def spend(self, size: int) -> None:
        """To be called for what is read on one's own account: of that there is an end."""
        self._left -= size
        if self._left < 0:
            raise Damaged


def _numbers(data: bytes) -> "array[int]":
    numbers = array("I")
    numbers.frombytes(data[: len(data) & ~3])
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
