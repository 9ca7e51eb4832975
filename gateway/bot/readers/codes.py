"""The code of a case, and its PIN."""

import re

from gateway import cases
from gateway.bot.reading import Again, Heard, Reader

#: A code without what it begins with: in two halves, or with a figure, so that it is no word.
_BARE = re.compile(r"\W*(?=\S*[-\d])([0-9A-Z]{4})[-\s]?([0-9A-Z]{4})\W*", re.IGNORECASE | re.ASCII)
_PIN = re.compile(r"(?<!\d)\d{3}[ .-]?\d{3}(?!\d)", re.ASCII)


class _Code(Reader[str]):
    """A tracking code in canonical spelling, or the number of an outside case store, in capitals."""

    gives = str

    def read(self, heard: Heard) -> str:
        found = codes(heard.text, heard.code_prefix)
        if not found:
            raise Again("again_code", example=f"{heard.code_prefix}-7F3K-92QX")
        return found[0]


class _Pin(Reader[str]):
    """Six digits."""

    gives = str
    hint = "again_pin"

    def read(self, heard: Heard) -> str:
        found = _PIN.search(heard.text)
        if found is None:
            raise Again
        return re.sub(r"\D", "", found[0])


def codes(text: str, prefix: str) -> list[str]:
    """All codes of an answer, as of a letter; a code alone may lack its prefix, O may be 0, and I or L 1."""
    if found := [*cases.codes_in(text, prefix), *(number.upper() for number in cases.numbers_in(text))]:
        return found
    bare = _BARE.fullmatch(text)
    return cases.codes_in(f"{prefix}-{bare[1]}-{bare[2]}", prefix) if bare else []


code: Reader[str] = _Code()
pin: Reader[str] = _Pin()
