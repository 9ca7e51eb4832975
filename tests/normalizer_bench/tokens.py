"""Informal tokens brought to the standard form, and right ones spoilt, on `duplicates/stif.jsonl`.

Each pair of the set is a sentence as somebody wrote it and its formal version by a human annotator. Both are cut at
blanks, lower case, without punctuation, digits and masks ("xxxuserxxx"); "bisa - bisa" is one token. `difflib` aligns
them. Counted as replaced one to one are the tokens of stretches that the annotator replaced by as many others; the rest
of what was changed (left out, put in, moved, one token for several) cannot be judged token by token, and the share of
what can be is given as coverage.

- *every replacement* is strict: also rewordings (cek -> periksa, mau -> ingin), of which annotators chose now one, now
  another, so that no method comes near 1.
- *informal words* leaves out those written in formal sentences too: it keeps the tokens that formal sentences of the
  whole set have less than half as often as informal ones (yg, udah, pake; not kenapa, mau, bisa).
- *spelling variants* are those of the former that are the same word written otherwise: letters left out or stretched
  (the shorter's letters stand in the longer's in their order, and both begin or end with the same letter), or two
  thirds of the letters alike.
- *spoilt* are tokens that the annotator left as they were and we change.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from pathlib import Path

import msgspec
from rapidfuzz.distance import LCSseq

from normalizer.words.standard import standard
from tests.normalizer_bench.halves import HALVES, halves
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "informal spelling to standard (stif)"
FILE = "duplicates/stif.jsonl"
#: A word is informal if formal sentences have it less often than this, beside informal ones.
KEPT = 0.5
ALIKE = 2 / 3

_PAIRED = re.compile(r"\b(\w+) - (\1\w*)\b")
_LETTERS = re.compile(r"[^\W\d_]")


class Sentence(msgspec.Struct, frozen=True):
    id: str
    text: str
    cluster_id: str


class Pair(msgspec.Struct, frozen=True):
    """A sentence as it was written, as an annotator would, and as we would, cut into as many tokens as the first."""

    informal: tuple[str, ...]
    formal: tuple[str, ...]
    ours: tuple[str, ...]


class Replaced(msgspec.Struct, frozen=True):
    informal: str
    formal: str
    ours: str

    @property
    def right(self) -> bool:
        return self.ours == self.formal


def measure(data: Path) -> Iterable[Row]:
    sentences = _sentences(data / FILE)
    informal = [texts["i"] for texts in sentences]
    split = halves(informal)
    pairs = [pair(texts["i"], texts["f"]) for texts in sentences]
    words = informal_words(pairs)
    parts = {half: [each for each, of in zip(pairs, split, strict=True) if of == half] for half in HALVES}
    found = {half: [one for each in part for one in replaced(each)] for half, part in parts.items()}
    yield from _shares("every replacement", {half: [*rows] for half, rows in found.items()}, Goal(0.8))
    informals = {half: [one for one in rows if one.informal in words] for half, rows in found.items()}
    yield from _shares("informal words", informals, Goal(0.8))
    variants = {half: [one for one in rows if variant(one.informal, one.formal)] for half, rows in informals.items()}
    yield from _shares("spelling variants", variants, Goal(0.8))
    for half, part in parts.items():
        kept = [one for each in part for one in unchanged(each)]
        spoilt = sum(not one.right for one in kept)
        yield share("right tokens spoilt", spoilt, len(kept), half=half, goal=Goal(0.01, below=True))
    for half, part in parts.items():
        count = sum(map(changed, part))
        yield share("coverage: replaced one to one", len(found[half]), count, half=half)


def _shares(measure: str, rows: Mapping[str, Sequence[Replaced]], goal: Goal) -> Iterator[Row]:
    for half, found in rows.items():
        yield share(measure, sum(one.right for one in found), len(found), half=half, goal=goal)


def _sentences(path: Path) -> list[dict[str, str]]:
    """Informal and formal text of each pair, by "i" and "f", in the order of the file."""
    pairs: dict[str, dict[str, str]] = {}
    for line in path.read_bytes().splitlines():
        one = msgspec.json.decode(line, type=Sentence)
        pairs.setdefault(one.cluster_id, {})[one.id[-1]] = one.text
    return [texts for texts in pairs.values() if len(texts) == 2]


def pair(informal: str, formal: str) -> Pair:
    informal = _natural(informal)
    made = standard(informal)
    tokens = [found.span() for found in re.finditer(r"\S+", informal) if _counts(found[0])]
    return Pair(
        informal=tuple(informal[start:end].lower() for start, end in tokens),
        formal=tuple(token.lower() for token in _joined(_natural(formal)).split() if _counts(token)),
        ours=tuple(_joined(made.text[slice(*made.forth(start, end))].lower()) for start, end in tokens),
    )


def _natural(text: str) -> str:
    """With an account and a number for their masks, and doubled words with their hyphen alone."""
    text = _PAIRED.sub(r"\1-\2", text)
    return text.replace("xxxuserxxx", "@warga").replace("xxxnumberxxx", "12")


def _joined(text: str) -> str:
    """What people write as one word: "makasih"."""
    return text.replace("terima kasih", "terima_kasih")


def _counts(token: str) -> bool:
    return bool(_LETTERS.search(token)) and not token.startswith(("xxx", "@"))


def replaced(pair: Pair) -> Iterator[Replaced]:
    for name, first, last, start, end in _aligned(pair):
        if name == "replace" and last - first == end - start:
            yield from map(Replaced, pair.informal[first:last], pair.formal[start:end], pair.ours[first:last])


def unchanged(pair: Pair) -> Iterator[Replaced]:
    for name, first, last, start, end in _aligned(pair):
        if name == "equal":
            yield from map(Replaced, pair.informal[first:last], pair.formal[start:end], pair.ours[first:last])


def changed(pair: Pair) -> int:
    """How many informal tokens the annotator did not leave as they were."""
    return sum(last - first for name, first, last, *_ in _aligned(pair) if name != "equal")


def _aligned(pair: Pair) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, pair.informal, pair.formal, autojunk=False).get_opcodes()


def informal_words(pairs: Iterable[Pair]) -> frozenset[str]:
    informal: Counter[str] = Counter()
    formal: Counter[str] = Counter()
    for each in pairs:
        informal.update(each.informal)
        formal.update(each.formal)
    return frozenset(word for word, count in informal.items() if formal[word] < KEPT * count)


def variant(first: str, second: str) -> bool:
    """Whether both are one word, written in two ways."""
    common = LCSseq.similarity(first, second)
    shortened = common == min(len(first), len(second)) and (first[0] == second[0] or first[-1] == second[-1])
    return shortened or 2 * common >= ALIKE * (len(first) + len(second))
