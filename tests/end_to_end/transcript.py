"""Transcripts of talks, as files: what citizens say, and what Kanal shows them on whatever channel they use.

    # A line of a comment.
    > banjir nih
    < Laporan Anda kami terima. Kode {code}, PIN {pin}.
    budi> laporan {code}
    $ cases move {code} proses
    (files) > [foto]

A line is said by "> " or by another citizen, "budi> "; what stands until the next such line is all that is shown after
it, in one message or several, with numbers or with buttons: each option is a line, "< 1 Ya". "[foto]" is a photo. "$ "
is a command of an officer, who has a file "foto.jpg". Names in braces stand for what Kanal made up, the same all
through: those that begin with "code" for a tracking code, with "pin" for a PIN, with "day" for a date, with "talk" for
the talk about {code} that an officer has. "[dulu] Ya" presses a button that an earlier message had. A line that begins
with "(files)" or "(buttons)" is for channels that can take files or have buttons, "(plain)" for those without buttons,
"(quiet)" for those that wait until no more comes, "(window)" for those that nobody can be written to by a day later,
so that another address is asked for; "(files -window)" for those with files that are none of these.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "transcripts"
CITIZEN = "warga"
OFFICER = "$"
PHOTO = "[foto]"
OLD = "[dulu] "
PICTURE = "foto.jpg"

_LINE = re.compile(r"(?:\((\w+)(?: -(\w+))?\) )?(?:(\w*)([<>])|(\$)) ?(.*)")
_NAME = re.compile(r"\{(\w+)\}")
_MADE_UP = {"code": r"[A-Z]{3}-[0-9A-Z]{4}-[0-9A-Z]{4}", "pin": r"\d{6}", "day": r"\d\d/\d\d/\d{4}"}


class Turn(NamedTuple):
    """What somebody says or an officer orders, and all that is shown then, by citizen."""

    who: str
    says: str
    shown: Mapping[str, str]


def names() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("*.txt"))


def turns(name: str, features: frozenset[str]) -> list[Turn]:
    """Those of a transcript on a channel that has these features. Raises ValueError at a line that is none."""
    found: list[Turn] = []
    for who, arrow, text in _lines(name, features):
        if arrow == "<":
            shown = found[-1].shown
            found[-1] = found[-1]._replace(shown={**shown, who: f"{shown.get(who, '')} {text}".strip()})
        else:
            found.append(Turn(who, text, {}))
    return found


def _lines(name: str, features: frozenset[str]) -> Iterator[tuple[str, str, str]]:
    for line in (FOLDER / f"{name}.txt").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        read = _LINE.fullmatch(line)
        if read is None:
            raise ValueError(f"{name}: '{line}' is no line of a transcript")
        feature, but, who, arrow, order, text = read.groups()
        if feature is None or (feature in features and but not in features):
            yield (OFFICER, OFFICER, text) if order else (who or CITIZEN, arrow, text)


class Names:
    """What the names in braces stand for, as far as it was seen."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def filled(self, text: str) -> str:
        return _NAME.sub(lambda name: self._known[name[1]], text)

    def know(self, name: str, value: str) -> None:
        self._known[name] = value

    def fit(self, expected: str, shown: str) -> bool:
        """Is this shown? Keeps what names stand for."""
        pattern, new = "", set[str]()
        for number, piece in enumerate(_NAME.split(expected)):
            pattern += self._pattern(piece, new) if number % 2 else re.escape(piece)
        found = re.fullmatch(pattern, shown)
        if found is not None:
            self._known |= found.groupdict()
        return found is not None

    def _pattern(self, name: str, new: set[str]) -> str:
        if name in self._known:
            return re.escape(self._known[name])
        if name in new:
            return f"(?P={name})"
        new.add(name)
        return f"(?P<{name}>{next(pattern for kind, pattern in _MADE_UP.items() if name.startswith(kind))})"
