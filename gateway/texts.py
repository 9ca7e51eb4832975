"""The one catalogue of what citizens read: `config/texts/<language>.toml`, with operators' changes on top.

A text may hold values in braces and parts in brackets: "Laporan {code}: {status}.[ Instansi: {unit}.]". A part in
brackets is left out when a value in it is empty. What the Indonesian text shows tells which values a text gets.

A dialogue's texts are the table of its name, and those of the table `bot` are all dialogues' own; here "report.where"
is the text `where` of the table `report`. Dialogues of other packages bring theirs along.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, Protocol

import msgspec

from adapters.settings import Problem
from gateway import resources
from gateway.bot.dialogue import DialogueTexts
from gateway.errors import ConfigError
from gateway.suggest import did_you_mean, nearest
from gateway.tomltext import said

LANGUAGES = ("id", "en")
#: The table of what all dialogues say.
SHARED = "bot"

_NONE: Mapping[str, DialogueTexts] = MappingProxyType({})
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class Values(msgspec.Struct, frozen=True):
    """What a text is given: those it must show and those it may."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


class Speak(Protocol):
    """The texts of one dialogue in one language. Raises KeyError for a name that there is not."""

    def __call__(self, name: str, /, **values: object) -> str: ...


class Texts:
    """All texts in all languages, checked. `values` says by name what each text is given; `warnings` what is not as it
    should be, but can be lived with."""

    def __init__(
        self,
        texts: Mapping[str, Mapping[str, str]],
        values: Mapping[str, Values],
        warnings: Sequence[Problem] = (),
    ) -> None:
        self._texts = texts
        self.values = values
        self.warnings = tuple(warnings)

    @classmethod
    def load(cls, overlay: Path | None = None, brought: Mapping[str, DialogueTexts] = _NONE) -> "Texts":
        """Read the packaged texts, those that dialogues of other packages have `brought`, and over them those in the
        folder `overlay` (the data folder's `texts`).

        Raises `ConfigError` with every text that is unknown, missing, or names values that it does not get.
        """
        problems: list[Problem] = []
        shipped = [_file(resources.path("texts", f"{language}.toml"), language, problems) for language in LANGUAGES]
        others = [_brought(name, language, brought[name]) for name in brought for language in LANGUAGES]
        own = [_file(file, file.stem, problems) for file in _files(overlay)]
        values = _declared([*shipped, *others])
        texts = _filed([*shipped, *others, *own], values, problems)
        problems += [problem for source in shipped for problem in _missing(source, _declared(shipped))]
        warnings = _lent(texts, values)
        if problems:
            raise ConfigError(problems)
        return cls(texts, values, warnings)

    def text(self, name: str, language: str, **values: object) -> str:
        """A text with its values filled in; Indonesian for a language there is none of."""
        template = self.template(name, language)
        chosen = _OPTIONAL.sub(lambda part: part[1] if _all_given(part[1], values) else "", template)
        return chosen.format_map(values)

    def template(self, name: str, language: str) -> str:
        """A text as it is written. Raises KeyError."""
        return self._texts.get(language, self._texts[LANGUAGES[0]])[name]

    def templates(self) -> Iterator[str]:
        """All texts of all languages as they are written."""
        return (template for texts in self._texts.values() for template in texts.values())

    def of(self, dialogue: str, language: str) -> Speak:
        """The texts of a dialogue: those of its own table, then all dialogues', then the other ones; a name with a dot
        is taken as it is."""
        return partial(self._said, dialogue, language)

    def _said(self, dialogue: str, language: str, name: str, /, **values: object) -> str:
        tables = () if "." in name else (f"{dialogue}.{name}", f"{SHARED}.{name}")
        found = next((one for one in tables if one in self.values), name)
        return self.text(found, language, **values)


class _Source(msgspec.Struct, frozen=True):
    """Texts of one language by their whole names, and where they are written."""

    where: str
    language: str
    texts: dict[str, Any]


def _files(folder: Path | None) -> list[Path]:
    files = [folder / f"{language}.toml" for language in LANGUAGES] if folder else []
    return [file for file in files if file.exists()]


def _file(path: Path, language: str, problems: list[Problem]) -> _Source:
    try:
        return _Source(str(path), language, _flat(said(path.read_text("utf-8"))))
    except (OSError, ValueError) as error:
        problems.append(Problem(str(path), f"cannot be read: {error}"))
        return _Source(str(path), language, {})


def _brought(dialogue: str, language: str, texts: DialogueTexts) -> _Source:
    return _Source(f"the dialogue '{dialogue}', in '{language}'", language, _flat({dialogue: texts.get(language, {})}))


def _flat(found: Mapping[str, Any]) -> dict[str, Any]:
    """The text `where` of the table `report` is called "report.where"."""
    texts: dict[str, Any] = {}
    for name, text in found.items():
        texts |= {f"{name}.{key}": one for key, one in text.items()} if isinstance(text, Mapping) else {name: text}
    return texts


def _declared(sources: Sequence[_Source]) -> dict[str, Values]:
    """What each text is given, by the first of the sources that has it."""
    values: dict[str, Values] = {}
    for source in sources:
        for name, text in source.texts.items():
            if name not in values and not [*_malformed(text)]:
                values[name] = _values(text)
    return values


def _values(text: str) -> Values:
    always = frozenset(filter(str.isidentifier, _placeholders(_OPTIONAL.sub("", text))))
    return Values(always, frozenset(filter(str.isidentifier, _placeholders(text))) - always)


def _filed(
    sources: Sequence[_Source], values: Mapping[str, Values], problems: list[Problem]
) -> dict[str, dict[str, str]]:
    """The good texts by language, later ones over earlier ones; the bad ones become problems."""
    texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for source in sources:
        for name, text in source.texts.items():
            faults = [*_malformed(text)] or [*_misused(name, text, values)]
            problems += [Problem(f"{source.where}: {name}", what, hint) for what, hint in faults]
            if not faults:
                texts[source.language][name] = text
    return texts


def _missing(source: _Source, declared: Mapping[str, Values]) -> Iterator[Problem]:
    for name in sorted(declared.keys() - source.texts.keys()):
        yield Problem(source.where, f"the text '{name}' is missing")


def _lent(texts: dict[str, dict[str, str]], values: Mapping[str, Values]) -> list[Problem]:
    """Where one language lacks a text, it is given that of the other."""
    warnings = []
    for language, other in zip(LANGUAGES, reversed(LANGUAGES), strict=True):
        for name in sorted((values.keys() & texts[other].keys()) - texts[language].keys()):
            texts[language][name] = texts[other][name]
            hint = f"put it into texts/{language}.toml in the data folder"
            warnings.append(
                Problem(f"texts: {name}", f"there is none in '{language}', so it is said in '{other}'", hint)
            )
    return warnings


def _malformed(text: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(text, str) or not text.strip():
        yield "must be text, and not empty", ""
        return
    try:
        _placeholders(text), _placeholders(_OPTIONAL.sub("", text))
    except ValueError as error:
        yield f"its braces do not match: {error}", "write a value as {code}"


def _misused(name: str, text: str, known: Mapping[str, Values]) -> Iterator[tuple[str, str]]:
    if name not in known:
        yield "no text has this name", _nearest(name, known)
        return
    values = known[name]
    used, always = _placeholders(text), _placeholders(_OPTIONAL.sub("", text))
    for unknown in sorted(used - values.required - values.optional):
        yield f"it gets no value '{unknown}'", did_you_mean(unknown, values.required | values.optional)
    for left_out in sorted(values.required - always):
        yield f"it must always show {{{left_out}}}", ""
    for unguarded in sorted(always & values.optional):
        yield f"{{{unguarded}}} may be empty", f"write it within brackets: [… {{{unguarded}}}]"


def _nearest(name: str, known: Mapping[str, Values]) -> str:
    """A hint at the names of the same table, if there is one."""
    table = name.rpartition(".")[0]
    beside = [one for one in known if one.rpartition(".")[0] == table]
    if beside:
        return did_you_mean(name, beside)
    return nearest(name, known) or f"no dialogue '{table}' is installed"


@lru_cache(maxsize=1024)
def _placeholders(text: str) -> frozenset[str]:
    """The names in braces, as they are written: "code.real" or "code!r" are names that nothing has."""
    parsed = Formatter().parse(text)
    return frozenset(
        name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "")
        for _, name, form, conversion in parsed
        if name is not None
    )


def _all_given(part: str, values: Mapping[str, object]) -> bool:
    return all(values.get(name) not in (None, "") for name in _placeholders(part))
