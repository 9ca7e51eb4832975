"""Which language a text is in."""

import re
from functools import lru_cache
from itertools import chain

from normalizer.words.memo import remembered
from normalizer.words.pieces import pieces
from normalizer.words.wordlists import ENGLISH_WORDS, INDONESIAN_WORDS, JAVANESE_WORDS, SUNDANESE_WORDS

_LETTERS_NEEDED = re.compile(r"(?:[^a-z]*+[a-z]){20}")
#: So many small words of Javanese or Sundanese, as Indonesian texts have some of them too.
_REGIONAL_NEEDED = 3
_WORD = re.compile(r"[a-z]+")
_LANGUAGES = {"id": INDONESIAN_WORDS, "en": ENGLISH_WORDS, "jv": JAVANESE_WORDS, "su": SUNDANESE_WORDS}


@lru_cache(maxsize=16)  # asked for the report, and again for its standard spelling
def language(text: str) -> str | None:
    """ "id", "en", "jv" or "su" where small words say so clearly; None below twenty letters, where no method can know.

    Who mixes Indonesian with another language writes Indonesian, unless the other's words are more.
    """
    text = text[:2_000]
    if not _LETTERS_NEEDED.match(text.lower()):
        return None
    told = list(chain.from_iterable(map(_told, pieces(text))))
    indonesian, english, javanese, sundanese = map(told.count, _LANGUAGES)
    regional, name = max((javanese, "jv"), (sundanese, "su"))
    if regional >= _REGIONAL_NEEDED and regional > indonesian + english and javanese != sundanese:
        return name
    if indonesian >= 2 * english and indonesian:
        return "id"
    return "en" if english >= 2 * indonesian and english > 1 else None


@remembered
def _told(piece: str) -> tuple[str, ...]:
    """The languages of the small words in what stands between blanks."""
    words = _WORD.findall(piece)
    return tuple(name for name, own in _LANGUAGES.items() for word in words if word in own)
