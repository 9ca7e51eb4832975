"""Which language a text is in."""

import re
from functools import lru_cache

from normalizer.wordlists import ENGLISH_WORDS, INDONESIAN_WORDS

_LETTERS_NEEDED = 20


@lru_cache(maxsize=16)  # asked for the report, and again for its standard spelling
def language(text: str) -> str | None:
    """ "id" or "en" where small words say so clearly; None below twenty letters, where no method can know."""
    words = re.findall(r"[a-z]+", text[:2_000].lower())
    if sum(map(len, words)) < _LETTERS_NEEDED:
        return None
    indonesian = sum(word in INDONESIAN_WORDS for word in words)
    english = sum(word in ENGLISH_WORDS for word in words)
    if indonesian >= 2 * english and indonesian:
        return "id"
    return "en" if english >= 2 * indonesian and english > 1 else None
