r"""Rich text as Outlook sends it: compressed (MS-OXRTFCP), and its words (RTF 1.9.1).

HTML wrapped in RTF (MS-OXRTFEX) needs nothing of its own: its tags stand in groups that readers pass over, and
what shall be seen instead of them stands beside.
"""

import re
from collections.abc import Iterator

from normalizer.mails.charset import charset_of, decode

#: More rich text than this is not read, in octets: it is Python's slowest work here.
LIMIT = 500_000

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEAD = 16
_WINDOW = 4_096
#: What the window holds at first (MS-OXRTFCP, 2.1.2.1).
_PRESET = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    + b"\r\n"
    + rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_MOST_TOKENS = 100_000
_DEEPEST = 200
_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|((?:\\'[0-9a-fA-F]{2})+)|\\([^a-zA-Z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\'?"
)
#: Groups whose words are not the text.
_APART = frozenset(
    b"fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr footerf"
    b" footnote listtable listoverridetable rsidtbl generator xmlnstbl themedata fldinst bkmkstart bkmkend"
    b" datastore".split()
)
_SAID = {
    **dict.fromkeys((b"par", b"line", b"sect", b"page", b"row"), "\n"),
    **{b"tab": "\t", b"cell": "\t", b"emdash": "\u2014", b"endash": "\u2013", b"bullet": "\u2022"},
    **{b"lquote": "\u2018", b"rquote": "\u2019", b"ldblquote": "\u201c", b"rdblquote": "\u201d"},
}
_SYMBOLS = {b"\\": "\\", b"{": "{", b"}": "}", b"~": " ", b"_": "-", b"\r": "\n", b"\n": "\n"}


def unpacked(data: bytes) -> bytes:
    """The rich text in a compressed one, at most `LIMIT` octets; of a damaged one what could be read."""
    kind = data[8:12]
    if kind == _PLAIN:
        return data[_HEAD : _HEAD + LIMIT]
    return _expanded(data) if kind == _COMPRESSED else b""


def _expanded(data: bytes) -> bytes:
    """LZ77: eight flags, then for each an octet, or where in the window of 4096 to copy from and how much."""
    window, at, written = bytearray(_PRESET.ljust(_WINDOW)), len(_PRESET), bytearray()
    position = _HEAD
    while position < len(data) and len(written) < LIMIT:
        flags, position = data[position], position + 1
        for _ in range(8):
            size = 1 + (flags & 1)
            token = data[position : position + size]
            start, length = int.from_bytes(token) >> 4, (token[-1] & 15) + 2 if flags & 1 and token else 0
            if len(token) < size or (length and start == at):
                return bytes(written)
            for octet in _copied(window, start, length) if length else token:
                window[at] = octet
                written.append(octet)
                at = (at + 1) % _WINDOW
            position, flags = position + size, flags >> 1
    return bytes(written)


def _copied(window: bytearray, start: int, length: int) -> Iterator[int]:
    """One by one: what was just written may be copied at once."""
    for step in range(length):
        yield window[(start + step) % _WINDOW]


def to_text(source: bytes) -> str:
    """What a reader sees; "" if it is no rich text. Never raises."""
    return _Reader().read(source[:LIMIT]) if source[:100].lstrip().startswith(rb"{\rtf") else ""


class _Reader:
    def __init__(self) -> None:
        self._said: list[str] = []
        self._charset = "cp1252"
        self._hidden = False
        self._outer: list[bool] = []
        self._spare = 1
        self._to_skip = 0

    def read(self, source: bytes) -> str:
        position = 0
        for _ in range(_MOST_TOKENS):
            token = _TOKEN.match(source, position)
            if token is None or len(self._outer) > _DEEPEST:
                break
            position = token.end() + self._take(*token.groups())
        lines = "".join(self._said).split("\n")
        text = "\n".join(map(str.strip, lines)).strip()
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _take(
        self,
        word: bytes | None,
        number: bytes | None,
        coded: bytes | None,
        symbol: bytes | None,
        brace: bytes | None,
        words: bytes | None,
    ) -> int:
        """Take in one token; how many octets behind it are no text."""
        if word == b"bin":
            return max(0, int(number or 0))
        if word:
            self._control(word, int(number or 0))
        elif coded:
            self._say(bytes.fromhex(coded.replace(rb"\'", b"").decode("ascii")))
        elif words:
            self._say(words)
        elif brace == b"{":
            self._outer.append(self._hidden)
        elif brace:
            self._hidden = self._outer.pop() if self._outer else False
        elif symbol == b"*":
            self._hidden = True
        elif symbol in _SYMBOLS and not self._hidden:
            self._said.append(_SYMBOLS[symbol])
        return 0

    def _control(self, word: bytes, number: int) -> None:
        if word in _APART:
            self._hidden = True
        elif word == b"ansicpg":
            self._charset = charset_of(number)
        elif word == b"uc":
            self._spare = min(number, 20)
        elif word == b"u" and not self._hidden:
            self._said.append(chr(number & 0xFFFF))
            self._to_skip = self._spare
        elif word in _SAID and not self._hidden:
            self._said.append(_SAID[word])

    def _say(self, data: bytes) -> None:
        """Words, without the spare ones for readers that know no Unicode."""
        if not self._hidden:
            spared = min(self._to_skip, len(data))
            self._to_skip -= spared
            self._said.append(decode(data[spared:], self._charset)[0])
