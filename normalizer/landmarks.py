"""Landmarks in a text: stations, markets, mosques and the like with their names, and the imported ones."""

import re
from collections.abc import Iterator, Sequence

from normalizer.atlas import Landmark
from normalizer.gazetteer import Gazetteer
from normalizer.spelling import Word
from normalizer.stretch import Stretch
from normalizer.wordlists import FACILITIES, NOT_STREETS

_STEP = re.compile(r"[. ]{1,2}((?:[a-z]+(?:['-][a-z]+)?|\d{1,4})\b)", re.ASCII)
_MOST_WORDS = 3
_LONGEST = 5


def landmarks_in(text: str, words: Sequence[Word]) -> list[Stretch]:
    """Kinds of places followed by a name, in a text of small letters: "pasar mayestik", "sdn 03 pagi"."""
    if FACILITIES.keys().isdisjoint(word.key for word in words):
        return []
    found = (_landmark(text, word) for word in words if word.key in FACILITIES)
    return [landmark for landmark in found if landmark]


def known_landmarks(words: Sequence[Word], book: Gazetteer) -> Iterator[tuple[Stretch, tuple[Landmark, ...]]]:
    """The imported landmarks of one name, where all of the name stands in the text."""
    for number, word in enumerate(words):
        if word.key in book.landmark_heads and (hit := _known(words, number, book)):
            yield hit


def _landmark(text: str, word: Word) -> Stretch | None:
    names: list[str] = []
    end = word.end
    while len(names) < _MOST_WORDS and (step := _STEP.match(text, end)) and step[1] not in NOT_STREETS:
        names.append(step[1])
        end = step.end()
    return Stretch(word.start, end, (" ".join((FACILITIES[word.key], *names)),)) if names else None


def _known(words: Sequence[Word], number: int, book: Gazetteer) -> tuple[Stretch, tuple[Landmark, ...]] | None:
    for count in range(_LONGEST, 0, -1):
        run = words[number : number + count]
        if len(run) == count and (places := book.landmarks.get("".join(word.key for word in run))):
            return Stretch(run[0].start, run[-1].end, (places[0].name.lower(),)), places
    return None
