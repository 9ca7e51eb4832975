"""A phone number."""

import re

from gateway.bot.reading import Again, Heard, Reader
from normalizer.persons import identity

_NUMBER = re.compile(r"(?<![\w])(?:\+|\(\+?)?\d[\d\s().\-/]{6,24}(?!\w)", re.ASCII)


class _Phone(Reader[str]):
    """The one number that is said, as E.164. Short codes are nobody's."""

    gives = str
    hint = "again_phone"

    def read(self, heard: Heard) -> str:
        found = {number for match in _NUMBER.finditer(heard.text) if (number := identity.phone(match[0]))}
        full = [number for number in found if number.startswith("+")]
        if len(full) != 1:
            raise Again
        return full[0]


phone: Reader[str] = _Phone()
