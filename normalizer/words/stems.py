"""Indonesian words without their affixes: "berlubang", "lubangnya" and "melubangi" lead to one stem.

For comparing words with each other, not for showing: a stem need not be a word. After the affixes that official
grammar names (Tata Bahasa Baku Bahasa Indonesia); no dictionary, so that names of places and new words are cut alike.
"""

import re

from normalizer.words.memo import remembered
from normalizer.words.wordlists import UNCUT_WORDS

#: What is left of a word has this many letters or more.
_SHORTEST = 4
_PARTICLES = ("nya",)
_SUFFIXES = ("an",)
#: What "-kan" leaves of a word, and so what every longer word loses.
_LAST, _LONGER_THAN = "k", 5
#: Prefixes, and what stood at the root's beginning where a vowel follows.
_PREFIXES = (
    ("meny", "s"), ("peny", "s"), ("meng", ""), ("peng", ""), ("mem", "p"), ("pem", "p"), ("men", "t"), ("pen", "t"),
    ("ber", ""), ("ter", ""), ("per", ""), ("di", ""), ("ke", ""), ("se", ""), ("me", ""), ("pe", ""),
)  # fmt: skip
#: "ny" is one sound, so "meny" and "peny" stand for it; the others only before a consonant of their own place.
_BEFORE = {
    "meny": "aiueo", "peny": "aiueo", "meng": "aiueoghk", "peng": "aiueoghk", "mem": "aiueobfp", "pem": "aiueobfp",
    "men": "aiueocdjtsz", "pen": "aiueocdjtsz", "me": "lmnrwy", "pe": "lmnrwy",
}  # fmt: skip
_VOWEL = re.compile("[aiueo]")


@remembered
def stem(word: str) -> str:
    """One word's stem; digits and words of fewer than five letters stay as they are."""
    if len(word) <= _SHORTEST or not word.isalpha() or word in UNCUT_WORDS:
        return word
    root = _without_prefix(_without_suffix(_without_suffix(word, _PARTICLES), _SUFFIXES))
    return root.removesuffix(_LAST) if len(root) > _LONGER_THAN else root


def _without_suffix(word: str, suffixes: tuple[str, ...]) -> str:
    for suffix in suffixes:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORTEST:
            return word[: -len(suffix)]
    return word


def _without_prefix(word: str) -> str:
    """Twice at most: "diperbaiki", "memperlebar"."""
    for _ in range(2):
        shorter = word if word in UNCUT_WORDS else _cut(word)
        if shorter == word:
            break
        word = shorter
    return word


def _cut(word: str) -> str:
    for prefix, root in _PREFIXES:
        if word.startswith(prefix) and word[len(prefix) : len(prefix) + 1] in _BEFORE.get(prefix, word):
            rest = word[len(prefix) :]
            rest = root + rest if _VOWEL.match(rest) else rest
            return rest if len(rest) >= _SHORTEST and _VOWEL.search(rest) else word
    return word
