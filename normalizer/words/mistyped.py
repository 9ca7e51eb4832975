"""Slips of the fingers: two neighbouring letters of a word changed places ("bnajir" is "banjir").

A letter too many, too few or another one is not looked for: by those, names of places become everyday words, and
by changed places only short ones do.
"""

from normalizer.words.vocabulary import VOCABULARY

_SHORTEST = 6


def slipped(word: str) -> str | None:
    """The one everyday word that `word` (lower case) was meant to be; None where there is none, or several."""
    if len(word) < _SHORTEST:
        return None
    found = VOCABULARY.intersection(
        word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1) if word[at] != word[at + 1]
    )
    return next(iter(found)) if len(found) == 1 else None
