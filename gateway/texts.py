"""The one catalogue of what citizens read: `config/texts/<language>.toml`, with operators' changes on top.

A text may hold values in braces and parts in brackets: "Laporan {code}: {status}.[ Petugas: {unit}.]". A part in
brackets is left out when a value in it is empty.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

import msgspec

from adapters.contract import Problem
from gateway import resources
from gateway.errors import ConfigError
from gateway.suggest import did_you_mean

LANGUAGES = ("id", "en")

_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


class Values(msgspec.Struct, frozen=True):
    """What a text is given: those it must show and those it may."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()


def _values(required: str = "", optional: str = "") -> Values:
    return Values(frozenset(required.split()), frozenset(optional.split()))


#: Every text there is, and the values it gets.
NAMES: Mapping[str, Values] = {
    "emergency": _values("number"),
    "violation": _values(),
    "received": _values("code pin", "days"),
    "received_public": _values("code"),
    "received_again": _values("code"),
    "joined": _values("code pin"),
    "joined_public": _values("code"),
    "moved": _values("code status", "unit until why note"),
    "parted": _values("old new pin"),
    "parted_public": _values("old new"),
    "cases_joined": _values("code other"),
    "status_received": _values(),
    "status_forwarded": _values(),
    "status_working": _values(),
    "status_checking": _values(),
    "status_done": _values(),
    "status_rejected": _values(),
    "mail_subject": _values("code"),
    "notice_subject": _values("code", "category"),
    "notice_subject_many": _values("count unit"),
    "notice_for": _values("unit"),
    "notice_new": _values("code deadline"),
    "notice_urgent": _values("code deadline"),
    "notice_emergency": _values("code deadline"),
    "notice_moved": _values("code deadline"),
    "notice_reminder": _values("code deadline", "step"),
    "notice_escalation": _values("code deadline", "unit step"),
    "notice_step_coordinate": _values(),
    "notice_step_act": _values(),
    "notice_step_done": _values(),
    "notice_step_last": _values(),
    "notice_about": _values("reporters", "category where"),
    "notice_more": _values("count"),
    "notice_end": _values(),
    "lookup_found": _values("code status", "until why"),
    "lookup_not_found": _values(),
    "lookup_wait": _values("minutes"),
    "app_received": _values("", "number"),
}


class Texts:
    """All texts in all languages, checked."""

    def __init__(self, texts: Mapping[str, Mapping[str, str]]) -> None:
        self._texts = texts

    @classmethod
    def load(cls, overlay: Path | None = None) -> "Texts":
        """Read the packaged texts and, over them, those in the folder `overlay` (the data folder's `texts`).

        Raises `ConfigError` with every text that is unknown, missing, or names values that it does not get.
        """
        problems: list[Problem] = []
        texts = {language: _language(language, overlay, problems) for language in LANGUAGES}
        if problems:
            raise ConfigError(problems)
        return cls(texts)

    def text(self, name: str, language: str, **values: object) -> str:
        """A text with its values filled in; Indonesian for a language there is none of."""
        template = self._texts.get(language, self._texts[LANGUAGES[0]])[name]
        chosen = _OPTIONAL.sub(lambda part: part[1] if _all_given(part[1], values) else "", template)
        return chosen.format_map(values)


def _language(language: str, overlay: Path | None, problems: list[Problem]) -> dict[str, str]:
    file = f"{language}.toml"
    texts = _read(resources.path("texts", file), problems)
    missing = [Problem(f"texts/{file}", f"the text '{name}' is missing") for name in NAMES if name not in texts]
    problems += missing
    if overlay is not None and (overlay / file).exists():
        texts |= _read(overlay / file, problems)
    return texts


def _read(path: Path, problems: list[Problem]) -> dict[str, str]:
    """The good texts of one file; the bad ones become problems."""
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        problems.append(Problem(str(path), f"cannot be read: {error}"))
        return {}
    faults = {name: list(_faults(name, text)) for name, text in found.items()}
    problems += [Problem(f"{path}: {name}", what, hint) for name in found for what, hint in faults[name]]
    return {name: text for name, text in found.items() if not faults[name]}


def _faults(name: str, text: Any) -> Iterator[tuple[str, str]]:
    if name not in NAMES:
        yield "no text has this name", did_you_mean(name, NAMES)
        return
    if not isinstance(text, str) or not text.strip():
        yield "must be text, and not empty", ""
        return
    try:
        used, always = _placeholders(text), _placeholders(_OPTIONAL.sub("", text))
    except ValueError as error:
        yield f"its braces do not match: {error}", "write a value as {code}"
        return
    values = NAMES[name]
    for unknown in sorted(used - values.required - values.optional):
        yield f"it gets no value '{unknown}'", did_you_mean(unknown, values.required | values.optional)
    for left_out in sorted(values.required - always):
        yield f"it must always show {{{left_out}}}", ""
    for unguarded in sorted(always & values.optional):
        yield f"{{{unguarded}}} may be empty", f"write it within brackets: [… {{{unguarded}}}]"


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
