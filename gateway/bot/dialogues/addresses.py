"""A further address: a phone number, or a mail address."""

import re

from gateway.bot import Again, Heard, Reader
from gateway.bot.readers import phone
from normalizer.persons import identity

_MAIL = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


class _Address(Reader[tuple[str, str]]):
    """Its kind, as that of `adapters.Address`, and its value."""

    gives = tuple[str, str]
    hint = "again_address"

    def read(self, heard: Heard) -> tuple[str, str]:
        for found in _MAIL.findall(heard.text):
            if mail := identity.email(found.rstrip(".")):
                return "email", mail
        try:
            return "phone", phone.read(heard)
        except Again:
            raise Again from None


address: Reader[tuple[str, str]] = _Address()
