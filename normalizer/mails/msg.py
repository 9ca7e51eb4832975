"""Outlook's saved message (.msg, MS-OXMSG): a compound file with a stream for each property."""

import re
from collections.abc import Iterator, Mapping

from normalizer.mails.compound import MAGIC, CompoundFile, Damaged, Entry
from normalizer.mails.letter import MOST_FILES, File, Letter
from normalizer.mails.mapi import BINARY, CONTENT, LONG, OBJECT, Properties, Value

_PROPERTIES = "__properties_version1.0"
_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})")
_ATTACHED = "__attach_version1.0_#"
#: Octets before the first property of a message, a message within, a file.
_HEAD, _HEAD_WITHIN, _HEAD_OF_FILE = 32, 24, 8
_DEEPEST = 4


def read(data: bytes) -> Letter | None:
    """The message in a .msg, None if it is none or cannot be read at all. Never raises."""
    if not data.startswith(MAGIC):
        return None
    try:
        file = CompoundFile(data)
        inside = file.inside(file.root())
        return _Reader(file).letter(inside, _HEAD, 0) if _PROPERTIES in inside else None
    except Damaged:
        return None


class _Reader:
    def __init__(self, file: CompoundFile) -> None:
        self._file = file
        self._files = 0

    def letter(self, inside: Mapping[str, Entry], head: int, depth: int) -> Letter:
        message = Properties(self._properties(inside, head))
        items = tuple(self._items(inside, depth))
        attached = sum(name.startswith(_ATTACHED) for name in inside)
        return Letter(message.subject(), message.sender(), message.text, items, cut=len(items) < attached)

    def _properties(self, inside: Mapping[str, Entry], head: int) -> Iterator[tuple[int, Value]]:
        fixed = self._content(inside.get(_PROPERTIES), spending=True)[head:]
        for at in range(0, len(fixed) - 15, 16):
            kind, number = (
                int.from_bytes(fixed[at : at + 2], "little"),
                int.from_bytes(fixed[at + 2 : at + 4], "little"),
            )
            if kind == LONG:
                yield number, Value(LONG, fixed[at + 8 : at + 12])
        for name, entry in inside.items():
            if (found := _STREAM.fullmatch(name)) and not entry.is_storage and int(found[1], 16) != CONTENT:
                yield int(found[1], 16), Value(int(found[2], 16), self._content(entry, spending=True))

    def _items(self, inside: Mapping[str, Entry], depth: int) -> Iterator[File | tuple[int, Letter]]:
        storages = sorted(name for name, entry in inside.items() if name.startswith(_ATTACHED) and entry.is_storage)
        for number, name in enumerate(storages):
            self._files += 1
            if self._files > MOST_FILES or depth >= _DEEPEST:
                return
            if (item := self._item(number, inside[name], depth)) is not None:
                yield item

    def _item(self, number: int, storage: Entry, depth: int) -> File | tuple[int, Letter] | None:
        try:
            inside = self._file.inside(storage)
            message = inside.get(_stream(CONTENT, OBJECT))
            if message is not None and message.is_storage:
                return number, self.letter(self._file.inside(message), _HEAD_WITHIN, depth + 1)
        except Damaged:
            return None
        properties = Properties(self._properties(inside, _HEAD_OF_FILE))
        stream = inside.get(_stream(CONTENT, BINARY))
        return File(number, properties.file_name(), properties.media_type(), lambda: self._content(stream))

    def _content(self, stream: Entry | None, *, spending: bool = False) -> bytes:
        try:
            if stream and spending:
                self._file.spend(stream.size)
            return self._file.content(stream) if stream else b""
        except Damaged:
            return b""


def _stream(number: int, kind: int) -> str:
    return f"__substg1.0_{number:04X}{kind:04X}"
