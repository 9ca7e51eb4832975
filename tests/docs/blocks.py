"""The code blocks of a page."""

import re
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_NAMED = re.compile(r"`([\w./-]+)`:\n+\Z")


class Block(msgspec.Struct, frozen=True):
    """`name` is the file that the words before it name, as in "Put this into `fax.py`:"; else empty."""

    language: str
    text: str
    name: str = ""

    def commands(self) -> list[str]:
        """Its lines, those that end in a backslash joined with the next."""
        return [line for line in self.text.replace("\\\n", " ").splitlines() if line.strip()]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(text: str) -> list[Block]:
    return [
        Block(found[1], found[2], named[1] if (named := _NAMED.search(text[: found.start()])) else "")
        for found in _BLOCK.finditer(text)
    ]


def headings(text: str) -> list[str]:
    return re.findall(r"^#+ .*$", _BLOCK.sub("", text), re.MULTILINE)
