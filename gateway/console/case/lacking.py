"""Why a file cannot be had that lies with a provider, in the visitor's language.

It is kept as logs and commands have it, in English: `KEPT` are those words by the name of the text that pages say
instead, in `config/pages/fetching.*.toml`.
"""

import re
from collections.abc import Mapping
from functools import cache

from gateway.console.reasons import pattern
from gateway.console.wording import Wording

AREA = "fetching"
KEPT: Mapping[str, str] = {
    "too_large": "the file is larger than {size}",
    "too_slow": "the file came too slowly",
    "too_late": "the file was not there in time",
    "too_often": "files are fetched too fast",
    "answered": "who has the file answers {n}",
    "credentials": "our credentials are refused where the file lies",
    "not_allowed": "the file lies where the channel fetches none from",
    "not_public": "the name leads to an address that is not public",
    "unknown_name": "the name of the host that has the file cannot be looked up",
    "no_trust": "the certificate of the host that has the file cannot be trusted",
    "broken_off": "the file could not be fetched: {error}",
    "moved_often": "the file was moved more than {n} times",
    "moved_nowhere": "the file was moved, but it is not said where to",
    "packed": "the file comes packed, although that was not asked for",
    "damaged": "the file came damaged",
    "bad_address": "the file's address cannot be read",
    "no_address": "the file has no address",
    "not_told": "{provider} does not say where the file lies",
    "not_theirs": "this is no file of {provider}'s",
    "no_words": "{provider} does not tell what was said",
    "no_post": "this is no post or comment of {provider}'s",
    "cannot_ask": "the channel cannot ask for it",
    "adapter_failed": "fetching it failed: {error}",
}


def said(why: str, wording: Wording, language: str) -> str:
    """What is none of these, such as an adapter of somebody else's says, stays as it is."""
    name, values = recognised(why)
    return wording.text(f"{AREA}.{name}", language, **values) if name else why


def recognised(why: str) -> tuple[str, Mapping[str, str]]:
    """The name of its text, "" if it has none, and the values that it holds."""
    for name, form in _patterns().items():
        if found := form.fullmatch(why):
            return name, found.groupdict()
    return "", {}


@cache
def _patterns() -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern(text)) for name, text in KEPT.items()}
