"""Recognises our own words that come back: from another installation, a forwarder, an echo. Pure.

A text is cut into sentences, and so is each of the catalogue, whose values may be any words; a message is ours if all
of its sentences are ours, and one of them is nothing that somebody would say by chance.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

#: Longer ones are none of ours.
LONGEST = 2_000
#: Sentences of so many letters besides the values tell.
TELLING = 20
#: With fewer, a sentence that begins with a value could be anything.
FEWEST = 10

_BREAK = re.compile(r"(?<=[.?!])\s+|\s*\n\s*")
_MARKER = re.compile(r"\([1-9]/[1-9]\)(?=\s|$)")
_VALUE = re.compile(r"\{\w+\}")
#: A part in brackets that is a sentence of its own, which may come or not.
_SENTENCE = re.compile(r"(?<=[.?!\]])\[( [^\[\]]*)\]|\[([^\[\]]*[.?!] ?)\]")
_WITHIN = re.compile(r"\[([^\[\]]*)\]")
#: What is offered, as `gateway.bot.render` puts it below a question.
_OFFER = re.compile(r"[1-9]\d? .{1,100}")
#: Values may hold what looks like the end of a sentence ("Jl. Kemang"): so many pieces may be one.
_MOST_PIECES = 5
_ANY = ".{1,200}"
#: What stands for one word or figure.
_SHORT = re.compile(r"\{(?:code|other|old|new|pin|days|minutes|number|count|people)\}")
_ANYTHING = "{"


class Ours:
    """Built of the `templates` of catalogues, in all languages."""

    def __init__(self, templates: Iterable[str]) -> None:
        found: dict[str, set[str]] = defaultdict(set)
        for sentence in {sentence for template in templates for sentence in _sentences(template)}:
            if (key := _key(sentence)) != _ANYTHING or _letters(sentence) >= FEWEST:
                found[key].add(sentence)
        self._patterns = {key: _Pattern(sentences) for key, sentences in found.items()}

    def recognises(self, text: str) -> bool:
        """Is it all ours? Most others are told by their first word. What a citizen pastes from us, to go on elsewhere
        by its code and PIN, is recognised too: look for those first."""
        first = text[:100].split(maxsplit=1)
        if not first or len(text) > LONGEST or not (first[0] in self._patterns or first[0][0].isdigit()):
            return False
        opening = _pieces(text, _MOST_PIECES)[:_MOST_PIECES]
        return any(self._ends(opening, 0)) and self._are_ours(_pieces(text))

    def _are_ours(self, pieces: Sequence[str]) -> bool:
        """From sentence to sentence, to each place where one may end: has any until there told?"""
        reached = {0: False}
        for start in range(len(pieces)):
            if start in reached:
                for end, tells in self._ends(pieces, start):
                    reached[end] = reached.get(end, False) or reached[start] or tells
        return reached.get(len(pieces), False)

    def _ends(self, pieces: Sequence[str], start: int) -> Iterator[tuple[int, bool]]:
        patterns = [self._patterns.get(key) for key in (_key(pieces[start]), _ANYTHING)]
        for end in range(start + 1, min(start + _MOST_PIECES, len(pieces)) + 1):
            sentence = " ".join(pieces[start:end])
            yield from ((end, pattern.tells(sentence)) for pattern in patterns if pattern and pattern.matches(sentence))
            if start and _OFFER.fullmatch(sentence):
                yield end, False


class _Pattern:
    """Sentences that begin with the same word."""

    def __init__(self, sentences: Iterable[str]) -> None:
        self._any = re.compile("|".join(map(_regex, sentences)))
        self._telling = re.compile("|".join(map(_regex, filter(_tells, sentences))) or r"(?!)")

    def matches(self, sentence: str) -> bool:
        return self._any.fullmatch(sentence) is not None

    def tells(self, sentence: str) -> bool:
        return self._telling.fullmatch(sentence) is not None


def _pieces(text: str, most: int = 0) -> list[str]:
    """What may be sentences; after the first `most`, all else is one more."""
    return [" ".join(piece.split()) for piece in _BREAK.split(_MARKER.sub("", text).strip(), maxsplit=most)]


def _sentences(template: str) -> list[str]:
    apart = _SENTENCE.sub(lambda part: part[1] or part[2], template)
    return [" ".join(sentence.split()) for sentence in _BREAK.split(apart.strip())]


def _key(sentence: str) -> str:
    """The first word, if that is always the same."""
    word = sentence.split(maxsplit=1)[0]
    return _ANYTHING if "{" in word or "[" in word else word


def _regex(sentence: str) -> str:
    pieces = [_plain(piece) for piece in _WITHIN.split(sentence)]
    return "".join(piece if number % 2 == 0 else f"(?:{piece})?" for number, piece in enumerate(pieces))


def _plain(piece: str) -> str:
    words = (_ANY.join(map(re.escape, _VALUE.split(part))) for part in _SHORT.split(piece))
    return r"\S{1,40}".join(words)


def _tells(sentence: str) -> bool:
    """What does not end as a sentence is an option's label, which citizens repeat."""
    return sentence[-1] in ".?!" and _letters(sentence) >= TELLING


def _letters(sentence: str) -> int:
    return sum(map(str.isalpha, _VALUE.sub("", _WITHIN.sub("", sentence))))
