"""A whole number."""

import re

from gateway.bot.reading import Again, Heard, Reader
from gateway.bot.words import cut

_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?!\d))")
_NOT_WHOLE = re.compile(r"\d[.,]\d|(?<!\w)[-\u2212]\d")


class _Number(Reader[int]):
    """The one number that is said, within bounds."""

    gives = int

    def __init__(self, least: int, most: int | None) -> None:
        self._least = least
        self._most = most

    def read(self, heard: Heard) -> int:
        text = _THOUSANDS.sub("", heard.text)
        found = [] if _NOT_WHOLE.search(text) else heard.words.numbers(cut(text))
        if len(found) != 1 or not self.fits(found[0]):
            raise Again("again_number", least=self._least, most="" if self._most is None else self._most)
        return found[0]

    def fits(self, value: int) -> bool:
        return self._least <= value and (self._most is None or value <= self._most)


def number(least: int = 0, most: int | None = None) -> Reader[int]:
    """A whole number from `least` to `most`, in figures or words, whatever stands around it ("sekitar 3 orang")."""
    return _Number(least, most)
