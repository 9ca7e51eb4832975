"""What pages say: `config/pages/<area>.<language>.toml`, with operators' changes (`pages/` in the data folder) on top.

A text may hold values in braces, and words that depend on how many: "{n} {n:report|reports}". The text `title` of the
area `inbox` is "inbox.title"; one in a table of it, "inbox.table.title".
"""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from adapters import Problem
from gateway import resources
from gateway.errors import ConfigError
from gateway.suggest import did_you_mean
from gateway.tomltext import said

LANGUAGES = ("id", "en")
FOLDER = "pages"


class Wording:
    """Texts by language and name."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self.texts = texts

    @classmethod
    def load(cls, data: Path | None = None) -> "Wording":
        """Raises `ConfigError` with every text that is unknown, missing in a language, or names other values."""
        problems: list[Problem] = []
        texts = {language: _read(resources.path(FOLDER), language, problems) for language in LANGUAGES}
        first = texts[LANGUAGES[0]]
        for language in LANGUAGES[1:]:
            problems += [
                Problem(f"{FOLDER} in '{language}'", f"the text '{name}' is missing or gets other values")
                for name in sorted(first.keys() ^ texts[language].keys() | _unlike(first, texts[language]))
            ]
        for language in LANGUAGES if data else ():
            own = _read(data / FOLDER, language, problems) if data else {}
            problems += _misused(own, first, language)
            texts[language] |= own
        if problems:
            raise ConfigError(problems)
        return cls(texts)

    def text(self, name: str, language: str, /, **values: object) -> str:
        """Raises KeyError for a name that there is not, or a value that is not given."""
        text = self.texts.get(language, self.texts[LANGUAGES[0]])[name]
        return _COUNTING.vformat(text, (), values) if "|" in text else text.format_map(values)


class _Counting(Formatter):
    """Knows a value's words for one and for more, as in "{n} {n:report|reports}"."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, bar, more = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else more


_COUNTING = _Counting()


def _read(folder: Path, language: str, problems: list[Problem]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in sorted(folder.glob(f"*.{language}.toml")):
        try:
            texts |= _flat(path.name.split(".")[0], said(path.read_text("utf-8")))
        except (OSError, ValueError) as error:
            problems.append(Problem(str(path), f"cannot be read: {error}"))
    return texts


def _flat(prefix: str, found: Mapping[str, Any]) -> dict[str, str]:
    texts: dict[str, str] = {}
    for name, text in found.items():
        whole = f"{prefix}.{name}"
        texts |= _flat(whole, text) if isinstance(text, Mapping) else {whole: _text(whole, text)}
    return texts


def _text(name: str, text: object) -> str:
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{name} must be text, and not empty")
    _values(text)
    return text


@lru_cache(8_192)
def _values(text: str) -> frozenset[str]:
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name is not None)


def _unlike(one: Mapping[str, str], other: Mapping[str, str]) -> set[str]:
    return {name for name in one.keys() & other.keys() if _values(one[name]) != _values(other[name])}


def _misused(own: Mapping[str, str], known: Mapping[str, str], language: str) -> list[Problem]:
    where = f"{FOLDER} in '{language}', in the data folder"
    unknown = [
        Problem(where, f"no text is called '{name}'", did_you_mean(name, known))
        for name in sorted(own.keys() - known.keys())
    ]
    return unknown + [
        Problem(where, f"the text '{name}' must show the values {sorted(_values(known[name]))}")
        for name in sorted(_unlike(own, known))
    ]
