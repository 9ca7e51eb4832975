"""One form for a word however it is spelt: people leave vowels out, or write digits for them."""

from collections.abc import Iterable

from normalizer.words.memo import remembered

#: Words with fewer consonants would fall together with too many others.
FEWEST_LETTERS = 3
_VOWELS = str.maketrans(dict.fromkeys("aeiou"))
_DIGITS_FOR_VOWELS = str.maketrans(dict.fromkeys("aeiou4130"))


@remembered
def skeleton(word: str) -> str:
    """The first letter and the consonants after it: "pdm" for "padam", "p4d4m" and "pdm". What is short or a number
    stays as it is."""
    bones = _bones(word)
    return bones if len(bones) >= FEWEST_LETTERS else word


def skeletons(words: Iterable[str]) -> set[str]:
    return set(map(skeleton, words))


@remembered
def street(name: str) -> str:
    """As `skeleton`, of each word of the name of a street, however short."""
    return " ".join(map(_bones, name.split()))


def _bones(word: str) -> str:
    """A digit at the end counts something."""
    table = _VOWELS if word[-1:].isdigit() else _DIGITS_FOR_VOWELS
    return word[:1] + word[1:].translate(table)
