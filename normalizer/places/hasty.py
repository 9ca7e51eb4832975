"""Which name is meant by words with a slip, or by some of its letters."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from rapidfuzz.distance import OSA

from normalizer.places.areas import Area
from normalizer.places.typed import area_words
from normalizer.words.memo import remembered

#: Shorter words have too many neighbours to be taken for another with one letter wrong.
SLIPPING = 7
#: So short may a word be in which a letter is missing.
_SHORTEST = SLIPPING - 1
_LONGEST = 24
_VOWELS = frozenset("aeiou")


class Slips:
    """Finds the one known word that differs by a single slip: a letter too many, too few, wrong, or two swapped."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(word for word in words if len(word) >= SLIPPING)
        self._shelves: dict[str, list[str]] = {}
        for word in sorted(self._words):
            for key in _shortened(word):
                self._shelves.setdefault(key, []).append(word)
        self.meant = remembered(self._meant)

    def _meant(self, word: str) -> str | None:
        """The word that is meant; None where it is known itself, too short or long, or may be one of several."""
        if word in self._words or not _SHORTEST <= len(word) <= _LONGEST:
            return None
        near = {known for key in _shortened(word) for known in self._shelves.get(key, ())}
        alike = [known for known in near if OSA.distance(word, known, score_cutoff=1) <= 1]
        return alike[0] if len(alike) == 1 else None


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word without one of its letters: two words one slip apart have one of these in common."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def resembles(word: str, name: str) -> bool:
    """May `word` be a hasty spelling of the word `name`: a slip, or some of its letters ("brt", "ceng", "bls")?"""
    if word == name:
        return True
    if len(name) >= 4 and OSA.distance(word, name, score_cutoff=1) <= 1:
        return True
    return _shortens(word, name)


def _shortens(word: str, name: str) -> bool:
    if len(word) < 3 or len(word) >= len(name) or word[0] != name[0]:
        return False
    if name.startswith(word):
        return True
    letters = iter(name)
    return _VOWELS.isdisjoint(word[1:]) and all(letter in letters for letter in word)


class HastyNames:
    """Finds what hasty words after "kel." or "kec." mean: "klp dua", "melati ats", "kenanga brat"."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._names: dict[tuple[int, int, str], list[tuple[list[str], Area]]] = {}
        for area in areas:
            if words := area_words(area):
                self._names.setdefault((area.level, len(words), words[0][0]), []).append((words, area))
        self.meant = lru_cache(maxsize=4096)(self._meant)

    def _meant(self, words: tuple[str, ...], level: int) -> tuple[Area, ...]:
        """The areas of that level whose name is meant; none where it may be one of several."""
        near = (self._names.get((level, len(words), letter), ()) for letter in {*words[0][:2]})
        alike = [area for names in near for name, area in names if all(map(resembles, words, name))]
        return tuple(alike) if len({area.name for area in alike}) == 1 else ()
