"""Which language a text is in."""

import re
from functools import lru_cache

from normalizer.words.wordlists import ENGLISH_WORDS, INDONESIAN_WORDS, JAVANESE_WORDS, SUNDANESE_WORDS

_LETTERS_NEEDED = 20
#: So many small words of Javanese or Sundanese, as Indonesian texts have some of them too.
_REGIONAL_NEEDED = 3
_WORD = re.compile(r"[a-z]+")
_LANGUAGES = (INDONESIAN_WORDS, ENGLISH_WORDS, JAVANESE_WORDS, SUNDANESE_WORDS)
_TELLING = frozenset().union(*_LANGUAGES)


@lru_cache(maxsize=16)  # asked for the report, and again for its standard spelling
def language(text: str) -> str | None:
    """ "id", "en", "jv" or "su" where small words say so clearly; None below twenty letters, where no method can know.

    Who mixes Indonesian with another language writes Indonesian, unless the other's words are more.
    """
    words = _WORD.findall(text[:2_000].lower())
    if sum(map(len, words)) < _LETTERS_NEEDED:
        return None
    telling = [word for word in words if word in _TELLING]
    indonesian, english, javanese, sundanese = (len([word for word in telling if word in own]) for own in _LANGUAGES)
    regional, name = max((javanese, "jv"), (sundanese, "su"))
    if regional >= _REGIONAL_NEEDED and regional > indonesian + english and javanese != sundanese:
        return name
    if indonesian >= 2 * english and indonesian:
        return "id"
    return "en" if english >= 2 * indonesian and english > 1 else None
