"""Landmarks in a text: stations, markets, mosques and the like with their names, and the imported ones."""

import re
from collections.abc import Iterator

from normalizer.places.atlas import Landmark
from normalizer.places.gazetteer import Gazetteer
from normalizer.places.typed import Words
from normalizer.words.stretch import Stretch
from normalizer.words.wordlists import FACILITIES, NOT_STREETS

_STEP = re.compile(r"[. ]{1,2}((?:[a-z]+(?:['-][a-z]+)?|\d{1,4})\b)", re.ASCII)
_MOST_WORDS = 3
_LONGEST = 5


def landmarks_in(text: str, words: Words) -> list[Stretch]:
    """Kinds of places followed by a name, in a text of small letters: "pasar mayestik", "sdn 03 pagi"."""
    if FACILITIES.keys().isdisjoint(words.keys):
        return []
    found = (
        _landmark(text, key, *span) for key, span in zip(words.keys, words.spans, strict=True) if key in FACILITIES
    )
    return [landmark for landmark in found if landmark]


def known_landmarks(words: Words, book: Gazetteer) -> Iterator[tuple[Stretch, tuple[Landmark, ...]]]:
    """The imported landmarks of one name, where all of the name stands in the text."""
    for number, key in enumerate(words.keys):
        if key in book.landmark_heads and (hit := _known(words, number, book)):
            yield hit


def _landmark(text: str, kind: str, start: int, end: int) -> Stretch | None:
    names: list[str] = []
    while len(names) < _MOST_WORDS and (step := _STEP.match(text, end)) and step[1] not in NOT_STREETS:
        names.append(step[1])
        end = step.end()
    return Stretch(start, end, (" ".join((FACILITIES[kind], *names)),)) if names else None


def _known(words: Words, number: int, book: Gazetteer) -> tuple[Stretch, tuple[Landmark, ...]] | None:
    for count in range(_LONGEST, 0, -1):
        run = words.keys[number : number + count]
        if len(run) == count and (places := book.landmarks.get("".join(run))):
            start, end = words.spans[number][0], words.spans[number + count - 1][1]
            return Stretch(start, end, (places[0].name.lower(),)), places
    return None
