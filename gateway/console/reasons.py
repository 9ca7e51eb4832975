"""Why the machine decided something, in the reader's language.

Reasons are kept as officers have them, in Indonesian: the shipped `config/pages/reasons.id.toml` holds all that there
are. What stands for a value of a text is taken out of a kept reason, and put into that text of another language.
"""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from string import Formatter

from gateway import resources
from gateway.console.wording import FOLDER, Wording

AREA = "reasons"
#: What values look like that are not just any words. A {reason} is one itself.
_SHAPES = {"n": r"\d+", "m": r"\d+", "distance": r"[\d,]+ k?m", "quoted": r"'.+'", "last": r"'[^']+'"}


class Reasons:
    """`names` are what values are called in the language, such as categories, by what they are called in Indonesian."""

    def __init__(self, wording: Wording, language: str, names: Mapping[str, str]) -> None:
        self._wording = wording
        self._language = language
        self._names = names

    def said(self, reason: str) -> str:
        """What is none of the reasons that there are, such as a citizen's own words, stays as it is."""
        name, values = recognised(reason)
        if not name:
            return reason
        told = {key: self._value(key, value) for key, value in values}
        return self._wording.text(f"{AREA}.{name}", self._language, **told)

    def _value(self, key: str, value: str) -> str:
        return self.said(value) if key == "reason" else self._names.get(value, value)


@lru_cache(4096)
def recognised(reason: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The name of a reason's text, "" if it is none, and the values that it holds."""
    for name, pattern in _patterns().items():
        if found := pattern.fullmatch(reason):
            return name, tuple(found.groupdict().items())
    return "", ()


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    texts = tomllib.loads((resources.path(FOLDER) / f"{AREA}.id.toml").read_text("utf-8"))
    return {name: re.compile(pattern(text), re.DOTALL) for name, text in texts.items()}


def pattern(text: str) -> str:
    """What a text with values in braces looks like once they are in it, each a group of its name."""
    pieces = ((re.escape(plain), value) for plain, value, _, _ in Formatter().parse(text))
    return "".join(f"{plain}(?P<{value}>{_SHAPES.get(value, '.+?')})" if value else plain for plain, value in pieces)
