"""Informal tokens brought to the standard form, and right ones spoilt, on `duplicates/stif.jsonl`.

Each pair of the set is a sentence as somebody wrote it and its formal version by a human annotator. Both are cut at
blanks, lower case, without punctuation, digits and masks ("xxxuserxxx"); "bisa - bisa" is one token. `alignment.py`
says which belong together. Counted as replaced are those that differ; the rest of what was changed (left out, put in,
moved) cannot be judged token by token, and the share of what can be is given as coverage. One token may stand for two
words ("gabisa"): those that annotators put in beside it may be its second.

- *every replacement* is strict: also rewordings (cek -> periksa, mau -> ingin), of which annotators chose now one, now
  another, so that no method comes near 1.
- *informal words* leaves out those written in formal sentences too: it keeps the tokens that formal sentences of the
  whole set have less than half as often as informal ones (yg, udah, pake; not kenapa, mau, bisa).
- *spelling variants* are those of the former that are the same word written otherwise (`alignment.variant`).
- *in any usual form* takes for right what annotators put for the same informal word in two other sentences at least:
  for one "kok" they wrote "mengapa", for another "kenapa", and both are standard.
- *spoilt* are tokens that the annotator left as they were and we change; *of formal words* leaves out those that are
  informal all the same ("gimana", "jd"), which annotators overlooked.
"""

import re
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from normalizer.words.standard import standard
from tests.normalizer_bench.alignment import Nearness, aligned, nearness, variant
from tests.normalizer_bench.halves import HALVES, halves
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "informal spelling to standard (stif)"
FILE = "duplicates/stif.jsonl"
#: A word is informal if formal sentences have it less often than this, beside informal ones.
KEPT = 0.5
#: In so many sentences something is put for a word that is one of its standard forms.
USUAL = 2

_PAIRED = re.compile(r"\b(\w*?(\w{2,})) - (\2\w*)\b")
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


class Match(msgspec.Struct, frozen=True):
    """A token, the word that stands for it in the formal sentence, also with a word put in beside it, and ours."""

    informal: str
    formal: str
    wider: tuple[str, ...]
    ours: str

    @property
    def right(self) -> bool:
        return self.ours == self.formal or self.ours in self.wider


def measure(data: Path) -> Iterable[Row]:
    sentences = _sentences(data / FILE)
    informal = [texts["i"] for texts in sentences]
    split = halves(informal)
    pairs = [pair(texts["i"], texts["f"]) for texts in sentences]
    words = informal_words(pairs)
    near = nearness([(each.informal, each.formal) for each in pairs])
    matches = {
        half: [matched(each, near) for each, of in zip(pairs, split, strict=True) if of == half] for half in HALVES
    }
    found = {
        half: [one for each in part for one in each if one.informal != one.formal] for half, part in matches.items()
    }
    yield from _shares("every replacement", found, Goal(0.8))
    informals = {half: [one for one in rows if one.informal in words] for half, rows in found.items()}
    yield from _shares("informal words", informals, Goal(0.8))
    usual = usual_forms(one for rows in found.values() for one in rows)
    yield from _shares("informal words in any usual form", informals, Goal(0.8), usual)
    variants = {half: [one for one in rows if variant(one.informal, one.formal)] for half, rows in informals.items()}
    yield from _shares("spelling variants", variants, Goal(0.8))
    kept = {
        half: [one for each in part for one in each if one.informal == one.formal] for half, part in matches.items()
    }
    for half, rows in kept.items():
        yield share(
            "right tokens spoilt", sum(not one.right for one in rows), len(rows), half=half, goal=Goal(0.01, below=True)
        )
    for half, rows in kept.items():
        right = [one for one in rows if one.informal not in words]
        spoilt = sum(not one.right for one in right)
        yield share("right tokens spoilt, of formal words", spoilt, len(right), half=half, goal=Goal(0.01, below=True))
    for half, rows in found.items():
        written = sum(len(each.informal) for each, of in zip(pairs, split, strict=True) if of == half)
        yield share("coverage: replaced one to one", len(rows), written - len(kept[half]), half=half)


def _shares(
    measure: str, rows: Mapping[str, Sequence[Match]], goal: Goal, usual: Container[tuple[str, str]] = ()
) -> Iterator[Row]:
    for half, found in rows.items():
        right = sum(one.right or (one.informal, one.ours) in usual for one in found)
        yield share(measure, right, len(found), half=half, goal=goal)


def usual_forms(found: Iterable[Match]) -> frozenset[tuple[str, str]]:
    """Informal words with what annotators put for them in `USUAL` sentences or more."""
    counted = Counter((one.informal, one.formal) for one in found)
    return frozenset(pair for pair, count in counted.items() if count >= USUAL)


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
    wanted = [token.lower() for token in _joined(_natural(formal)).split() if _counts(token)]
    tokens = list(_tokens(informal, frozenset(wanted)))
    return Pair(
        informal=tuple(_joined(informal[slice(*span)].lower(), glue) for *span, glue in tokens),
        formal=tuple(wanted),
        ours=tuple(_joined(made.text[slice(*made.forth(*span))].lower(), glue) for *span, glue in tokens),
    )


_TOKEN = re.compile(r"terima kasih\b|\S+", re.IGNORECASE)


def _tokens(text: str, wanted: Container[str]) -> Iterator[tuple[int, int, str]]:
    """Where each begins and ends, and what stands for blanks in it: two that the annotator wrote as one are one, only
    written apart ("hp nya", "tiba tiba")."""
    waiting: tuple[int, int] | None = None
    for start, end in (found.span() for found in _TOKEN.finditer(text) if _counts(found[0])):
        both = [text[slice(*waiting)].lower(), text[start:end].lower()] if waiting else []
        glue = next((each for each in ("", "-") if both and each.join(both) in wanted), None)
        if waiting and glue is not None:
            yield waiting[0], end, glue
            waiting = None
            continue
        if waiting:
            yield *waiting, " "
        waiting = start, end
    if waiting:
        yield *waiting, " "


def _natural(text: str) -> str:
    """With an account and a number for their masks, and doubled words with their hyphen alone."""
    text = _PAIRED.sub(r"\1-\3", text)
    return text.replace("xxxuserxxx", "@warga").replace("xxxnumberxxx", "12")


def _joined(text: str, glue: str = " ") -> str:
    """What people write as one word: "makasih"."""
    text = text.replace("terima kasih", "terima_kasih")
    return text.replace(" ", glue)


def _counts(token: str) -> bool:
    return bool(_LETTERS.search(token)) and not token.startswith(("xxx", "@"))


def matched(pair: Pair, near: Nearness) -> list[Match]:
    found = aligned(pair.informal, pair.formal, near)
    taken = {column for _, column in found}
    return [
        Match(pair.informal[row], pair.formal[column], tuple(_wider(pair.formal, column, taken)), pair.ours[row])
        for row, column in found
    ]


def _wider(formal: Sequence[str], column: int, taken: Container[int]) -> Iterator[str]:
    for first in (column - 1, column):
        other = first if first < column else column + 1
        if 0 <= other < len(formal) and other not in taken:
            yield " ".join(formal[first : first + 2])


def informal_words(pairs: Iterable[Pair]) -> frozenset[str]:
    informal: Counter[str] = Counter()
    formal: Counter[str] = Counter()
    for each in pairs:
        informal.update(each.informal)
        formal.update(each.formal)
    return frozenset(word for word, count in informal.items() if formal[word] < KEPT * count)
