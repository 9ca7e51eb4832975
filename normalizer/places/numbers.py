"""Neighbourhoods (RT and RW), houses, blocks and milestones in a text."""

import re

from normalizer.words.stretch import Stretch

_NUMBER = re.compile(
    r"""\b(?:
      rt[ ./:]*(?:rw[ ./:]*)? 0*(?P<rt>\d{1,3}) (?:[ ]?/[ ]?0*(?P<of_rw>\d{1,3}))?
    | rw[ ./:]* 0*(?P<rw>\d{1,3})
    | (?:no|nomor|nomer)[ .:]* 0*(?P<no>\d{1,4} (?:[ ]?[a-z](?![a-z]))?) (?:[ ]?-[ ]?\d{1,4}[a-z]?)?
    | (?:blok|blk)[ .:]* (?P<blok>[a-z]{1,2}[ -]?\d{1,3}|[a-z]|\d{1,3})
    | km[ .:]* (?P<km>\d{1,3})
    )\b(?![.,]\d)""",
    re.ASCII | re.VERBOSE,
)


def numbers_in(text: str) -> list[Stretch]:
    """All numbers with their kind in a text of small letters: "rt 3" and "rw 5" of "RT 03/05", "no 12a", "blok c5"."""
    return [Stretch(*match.span(), _forms(match)) for match in _NUMBER.finditer(text)]


def _forms(match: re.Match[str]) -> tuple[str, ...]:
    kind = match.lastgroup or ""
    if kind == "of_rw":
        return f"rt {match['rt']}", f"rw {match[kind]}"
    return (f"{kind} {match[kind].replace(' ', '').replace('-', '')}",)
