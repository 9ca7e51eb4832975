"""winmail.dat: a message and its files as Outlook and Exchange wrap them for their own kind (MS-OXTNEF).

A row of attributes: whose (message or attachment), which, length, content, and a sum that is not checked, since a few
wrong octets are no reason to lose a report.
"""

from collections.abc import Iterator
from functools import cache

from normalizer.mails.charset import charset_of
from normalizer.mails.letter import MOST_FILES, File, Letter
from normalizer.mails.mapi import BINARY, CONTENT, FILE_NAME, OBJECT, PLAIN, STRING, SUBJECT, UNICODE, Properties, Value

SIGNATURE = b"\x78\x9f\x3e\x22"
MEDIA_TYPE = "application/ms-tnef"

_PROPERTIES, _CODE_PAGE = 0x9003, 0x9007
#: What older programs say outside the properties, which win.
_OLD = {0x8004: SUBJECT, 0x800C: PLAIN}
_FILE_BEGINS, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES = 0x9002, 0x8010, 0x800F, 0x9005
_OF_FILES = frozenset({_FILE_BEGINS, _FILE_NAME, _FILE_DATA, _FILE_PROPERTIES})
_MOST_ATTRIBUTES = 20_000
_MOST_PROPERTIES = 5_000
_MOST_VALUES = 1_000
_NAMED = 0x8000
_MANY = 0x1000
_VARIABLE = frozenset({OBJECT, STRING, UNICODE, BINARY})
_SIZES = {0x00: 0, 0x01: 0, 0x05: 8, 0x06: 8, 0x07: 8, 0x14: 8, 0x40: 8, 0x48: 16}
_INTERFACE = 16


class _Damaged(Exception):
    """What follows cannot be told apart any more."""


class _Cursor:
    def __init__(self, data: bytes, at: int, end: int) -> None:
        self._data, self.at, self.end = data, at, end

    def skip(self, size: int) -> int:
        """Where that began."""
        if size > self.end - self.at:
            raise _Damaged
        self.at += size
        return self.at - size

    def number(self, size: int = 4) -> int:
        start = self.skip(size)
        return int.from_bytes(self._data[start : start + size], "little")

    def slice(self, start: int, size: int) -> bytes:
        return self._data[start : start + size]

    def take(self) -> bytes:
        """Octets behind their count, filled up to a multiple of four."""
        size = self.number()
        start = self.skip(size)
        self.at = min(self.end, self.at + -size % 4)
        return self.slice(start, size)


def read(data: bytes) -> Letter | None:
    """The message in a winmail.dat, None if it is none; of a damaged one what could be read. Never raises."""
    if not data.startswith(SIGNATURE):
        return None
    message = Properties()
    files: list[Properties] = []
    cut = False
    try:
        for name, start, end in _attributes(data):
            if name in _OF_FILES:
                _attach(files, data, name, start, end)
            else:
                _tell(message, data, name, start, end)
    except _Damaged:
        cut = True
    items = tuple(_file(number, file, message.charset) for number, file in enumerate(files))
    return Letter(message.subject(), message.sender(), cache(message.text), items, cut)


def _attributes(data: bytes) -> Iterator[tuple[int, int, int]]:
    cursor = _Cursor(data, 6, len(data))
    for _ in range(_MOST_ATTRIBUTES):
        if cursor.end - cursor.at < 9:  # octets after the end are common
            return
        cursor.skip(1)
        name = cursor.number() & 0xFFFF
        size = cursor.number()
        start = cursor.skip(size)
        yield name, start, start + size
        cursor.skip(min(2, cursor.end - cursor.at))
    raise _Damaged


def _tell(message: Properties, data: bytes, name: int, start: int, end: int) -> None:
    if name == _CODE_PAGE:
        message.charset = charset_of(int.from_bytes(data[start : min(end, start + 4)], "little"))
    elif name == _PROPERTIES:
        message.update(_properties(_Cursor(data, start, end)))
    elif name in _OLD:
        message.setdefault(_OLD[name], Value(STRING, data[start:end]))


def _attach(files: list[Properties], data: bytes, name: int, start: int, end: int) -> None:
    if name == _FILE_BEGINS or not files:
        if len(files) >= MOST_FILES:
            raise _Damaged
        files.append(Properties())
    if name == _FILE_DATA:
        files[-1].setdefault(CONTENT, Value(BINARY, data[start:end]))
    elif name == _FILE_NAME:
        files[-1].setdefault(FILE_NAME, Value(STRING, data[start:end]))
    elif name == _FILE_PROPERTIES:
        files[-1].update(_properties(_Cursor(data, start, end)))


def _file(number: int, properties: Properties, charset: str | None) -> File:
    """A message within is a winmail.dat of its own, behind the sign of its interface."""
    properties.charset = charset
    kind, content = properties.get(CONTENT, Value(BINARY, b""))
    inner = kind == OBJECT and content.startswith(SIGNATURE, _INTERFACE)
    content = content[_INTERFACE:] if kind == OBJECT else content
    return File(number, properties.file_name(), MEDIA_TYPE if inner else properties.media_type(), lambda: content)


def _properties(cursor: _Cursor) -> Iterator[tuple[int, Value]]:
    for _ in range(min(cursor.number(), _MOST_PROPERTIES)):
        kind, number = cursor.number(2), cursor.number(2)
        if number >= _NAMED:
            _skip_name(cursor)
        yield number, Value(kind & ~_MANY, _first(cursor, kind & ~_MANY, bool(kind & _MANY)))


def _skip_name(cursor: _Cursor) -> None:
    cursor.skip(16)
    if cursor.number():
        cursor.take()
    else:
        cursor.skip(4)


def _first(cursor: _Cursor, kind: int, many: bool) -> bytes:
    """The first value of a property; the cursor is behind the last one then."""
    if kind in _VARIABLE:
        count = cursor.number()
        if count > _MOST_VALUES:
            raise _Damaged
        values = [cursor.take() for _ in range(count)]
        return values[0] if values else b""
    size = _SIZES.get(kind, 4)
    count = cursor.number() if many else 1
    return cursor.slice(cursor.skip(size * count), size)
