"""Outlook's properties (MS-OXPROPS), which winmail.dat and .msg have in common, and the letter they make."""

import re
from typing import NamedTuple

from normalizer.mails import markup, rtf
from normalizer.mails.body import MAX_TEXT
from normalizer.mails.charset import charset_of, decode
from normalizer.message import Address
from normalizer.persons.identity import email
from normalizer.words.text import one_line

LONG, OBJECT, STRING, UNICODE, BINARY = 0x0003, 0x000D, 0x001E, 0x001F, 0x0102
SUBJECT, PLAIN, CONTENT, FILE_NAME = 0x0037, 0x1000, 0x3701, 0x3704

_HTML, _RTF = 0x1013, 0x1009
_CODE_PAGES = (0x3FDE, 0x3FFD)
_SENDER_NAMES = (0x0C1A, 0x0042)
#: Best first: SMTP addresses, then those of any kind.
_SENDER_ADDRESSES = (0x5D01, 0x5D02, 0x0C1F, 0x0065)
_FILE_NAMES = (0x3707, FILE_NAME, 0x3001)
_MEDIA_TYPE = 0x370E
_MOST_BYTES = 250_000
_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)


class Value(NamedTuple):
    """The octets of a property and how they are to be read."""

    kind: int
    data: bytes


class Properties(dict[int, Value]):
    """Values by their number. `charset` is that of words whose own is not said."""

    charset: str | None = None

    def words(self, *numbers: int) -> str:
        """The first of these that says anything, up to its end mark."""
        texts = (self._decoded(self[number]) for number in numbers if number in self)
        return next((text for text in texts if text.strip()), "")

    def _decoded(self, value: Value) -> str:
        data = value.data[:_MOST_BYTES]
        if value.kind == UNICODE:
            return data[: len(data) & ~1].decode("utf-16-le", "replace").partition("\0")[0]
        return decode(data.rstrip(b"\0"), self._codec())[0]

    def _codec(self) -> str | None:
        pages = (int.from_bytes(self[number].data[:4], "little") for number in _CODE_PAGES if number in self)
        page = next(pages, 0)
        return charset_of(page) if page else self.charset

    def line(self, *numbers: int) -> str | None:
        return one_line(self.words(*numbers)) or None

    def subject(self) -> str | None:
        return self.line(SUBJECT)

    def text(self) -> str:
        """The plain text, or else that of the HTML, or of the RTF; at most `MAX_TEXT` characters."""
        return self._text()[:MAX_TEXT]

    def _text(self) -> str:
        if plain := self.words(PLAIN).strip():
            return plain
        if page := self.words(_HTML):
            return markup.to_text(page)
        return rtf.to_text(rtf.unpacked(self[_RTF].data)) if _RTF in self else ""

    def sender(self) -> Address | None:
        """Exchange's own addresses ("/O=…") are none that a mail can be sent to."""
        found = (email(self.words(number).strip()) for number in _SENDER_ADDRESSES)
        address = next(filter(None, found), None)
        return Address("email", address, self.line(*_SENDER_NAMES)) if address else None

    def file_name(self) -> str | None:
        name = one_line(self.words(*_FILE_NAMES), 400)
        return re.split(r"[/\\]", name)[-1][-200:].strip() or None

    def media_type(self) -> str:
        said = self.words(_MEDIA_TYPE).strip().lower()
        return said if _TYPE.fullmatch(said) else "application/octet-stream"
