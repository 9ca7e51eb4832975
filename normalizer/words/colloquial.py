"""One word in standard spelling: by the table, else by what is regular in how people write."""

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from normalizer.words.joined import parted
from normalizer.words.mistyped import slipped
from normalizer.words.skeletons import filled
from normalizer.words.speech import SPEECH
from normalizer.words.spellings import SPELLINGS
from normalizer.words.vocabulary import DENIED, ENGLISH, NAMES, RIGHT, SUFFERED, TAKING_I, TAKING_NONE, VOCABULARY
from normalizer.words.wordlists import UNITS

#: Longer words do not come again, and are no words: they stay as they are.
LONGEST = 24

_WRITTEN = {**SPEECH, **SPELLINGS}
_ROOTS = VOCABULARY | RIGHT
_ROMAN = re.compile(r"[ivxlc]+\Z")
_DOUBLED = re.compile(r"([a-z]{3,})-?[2²]-?(nya|an|kan|i)?\Z")
_STRETCHED = re.compile(r"([a-z])\1{2,}")
_TWICE = re.compile(r"([a-z])\1")
_ENDINGS = ("nya", "nye", "ny", "lah", "kah", "pun", "ku", "mu", "kn", "an")
_OWN = {"nye": "nya", "ny": "nya", "kn": "kan"}
_DENIED = re.compile(r"(?:e?ngg?ak?|kagak?|gak|ga|gk|tdk|tidak)(\w{3,})\Z")
_VOWELS = frozenset("aiueo")
_SHORTEST = 3


@lru_cache(maxsize=16_384)
def spelled(word: str) -> str:
    """The standard spelling of `word` (lower case), which may be two words ("gabisa") or doubled ("bolong2", "bolong-
    bolong"); the word itself where there is none, or where several would do."""
    if len(word) > LONGEST:
        return word
    if not word.isalpha():
        return _doubled(word)
    if word in _WRITTEN:
        return _WRITTEN[word]
    return _suffered(word) or (word if word in ENGLISH or is_standard(word) else _respelled(word) or word)


def _respelled(word: str) -> str | None:
    if _LAUGHTER.match(word):
        return "hahaha"
    return _unstretched(word) or parted(word) or _built(word) or slipped(word)


#: "wkwkwk", "hahah", "wkaka"; two syllables of it may be a word ("kaka").
_LAUGHTER = re.compile(r"(?=.{4})(?:(?:[wk]*(?:wk|kw)[wka]*)|a?(?:ha){2,}h?|(?:hah){2,}|(?:wak|kwa){2,}a?)\Z")


def plain(word: str) -> str:
    """The standard spelling of `word` (lower case) by what is beyond doubt: the table, and letters or words that are
    repeated. For comparing: a rule that takes a name for a word would make two places one."""
    if len(word) > LONGEST:
        return word
    if not word.isalpha():
        return _doubled(word)
    if word in SPELLINGS or not _STRETCHED.search(word) or _ROMAN.match(word):
        return SPELLINGS.get(word, word)
    short = _STRETCHED.sub(r"\1", word)
    return SPELLINGS.get(short, short)


def is_indonesian(word: str) -> bool:
    return word in SPELLINGS or is_standard(word)


#: Prefixes, each with the sound that the root has lost by it.
_BEGINNINGS = (
    *((prefix, "") for prefix in ("di", "ke", "se", "ber", "be", "ter", "per", "mem", "men", "meng", "me", "pe")),
    *((prefix, "") for prefix in ("pem", "pen", "peng", "memper", "diper", "keber", "berke", "berpe", "dike", "menge")),
    *(
        ("mem", "p"),
        ("pem", "p"),
        ("men", "t"),
        ("pen", "t"),
        ("meng", "k"),
        ("peng", "k"),
        ("meny", "s"),
        ("peny", "s"),
    ),
)


def is_standard(word: str) -> bool:
    """Whether it is in the vocabulary, as it stands or with affixes."""
    if word in _ROOTS or word in NAMES:
        return True
    return any(root in _ROOTS for bare in _without_ending(word) for root in _without_beginning(bare))


def _without_ending(word: str) -> Iterator[str]:
    for clitic in ("", "nya", "lah", "kah", "pun", "ku", "mu"):
        if word.endswith(clitic):
            bare = word[: len(word) - len(clitic)]
            yield from (bare.removesuffix(ending) for ending in ("", "kan", "an", "i") if bare.endswith(ending))


def _without_beginning(word: str) -> Iterator[str]:
    yield word
    for prefix, lost in _BEGINNINGS:
        if word.startswith(prefix):
            yield lost + word[len(prefix) :]


def _doubled(word: str) -> str:
    """ "kira2", "bolong²nya", "berkali2", "jalan-jalan" and what is doubled in odd spelling."""
    if word in _WRITTEN:
        return _WRITTEN[word]
    found = _DOUBLED.match(word)
    if found and found[1] not in UNITS:
        return _twice(spelled(found[1]), found[2] or "") or word
    first, hyphen, second = word.partition("-")
    return (_twice(spelled(first), "") or word) if hyphen and first == second and first.isalpha() else word


def _twice(once: str, ending: str) -> str | None:
    """Of a word with a prefix only the root is said again: "berkali-kali"."""
    if not once.isalpha():
        return None
    roots = (once.removeprefix(prefix) for prefix in ("ber", "ke", "se", "di") if once not in VOCABULARY)
    root = next((root for root in roots if root != once and root in VOCABULARY), once)
    return f"{once}-{root}{ending}"


def _known(word: str) -> str | None:
    return _WRITTEN.get(word) or (word if is_standard(word) else None)


def _unstretched(word: str) -> str | None:
    """ "tolooong" is "tolong", "minn" is "min"; but "iii" is a number, and "maaf" a word."""
    if not _TWICE.search(word) or _ROMAN.match(word):
        return None
    short = _STRETCHED.sub(r"\1", word)
    last = re.sub(r"([a-z])\1\Z", r"\1", short)
    for candidate in (short, last, "".join(letter for letter, _ in groupby(word))):
        if candidate != word and (candidate in _WRITTEN or candidate in VOCABULARY):
            return _WRITTEN.get(candidate, candidate)
    return _built(last) or (short if short != word else None)


def _built(word: str) -> str | None:
    """A word whose parts are known: with an ending, with a colloquial prefix or suffix, with another vowel."""
    return _ended(word) or _colloquial(word) or _shifted(word) or _befallen(word) or _denied(word) or _shortened(word)


def _denied(word: str) -> str | None:
    """ "gajelas" is "tidak jelas", "gakngerti" "tidak mengerti"."""
    found = _DENIED.match(word)
    meant = _WRITTEN.get(found[1], found[1]) if found else None
    meant = meant and (meant if meant in DENIED else _shifted(meant))
    return f"tidak {meant}" if meant in DENIED else None


def _befallen(word: str) -> str | None:
    """ "kelaperan" is "kelaparan", "keujanan" is "kehujanan"."""
    found = _BEFALLEN.match(word)
    root = _root(found[1]) if found else None
    return f"ke{root}an" if root else None


_BEFALLEN = re.compile(r"ke(\w{3,})an\Z")


def _ended(word: str) -> str | None:
    if word.endswith("anya") and is_standard(word[:-2]):
        return f"{word[:-2]}nya"
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _SHORTEST:
            whole = (
                _shifted(stem)
                if ending == "an"
                else _known(stem) or _colloquial(stem) or _shifted(stem) or _shortened(stem)
            )
            if whole and whole.isalpha():
                return whole + _OWN.get(ending, ending)
    return None


def _colloquial(word: str) -> str | None:
    return _given(word) or _passive(word) or _active(word)


def _root(word: str) -> str | None:
    """The root that `word` is, in whatever spelling; no made-up shortening of it."""
    if word in VOCABULARY:
        return word
    found = (_WRITTEN.get(word) if len(word) > _SHORTEST else None) or _shifted(word)
    return found if found in VOCABULARY else None


def _given(word: str) -> str | None:
    """ "bersihin" is "bersihkan", "nambahin" is "menambahkan", "dibenerin" is "dibenarkan"."""
    stem = word.removesuffix("in")
    if stem == word or len(stem) <= _SHORTEST:
        return None
    if root := _root(stem):
        return f"{root}{_given_by(root)}"
    if root := _passive_root(stem):
        return f"di{root}{_given_by(root)}"
    root = next(filter(None, map(_root, _active_roots(stem))), None)
    return f"{with_me(root)}{_given_by(root)}" if root else None


def _given_by(root: str) -> str:
    if root in TAKING_NONE:
        return ""
    return "i" if root in TAKING_I else "kan"


def _suffered(word: str) -> str | None:
    """ "ketutup" is "tertutup"."""
    root = word[2:] if word.startswith("ke") else ""
    return f"ter{root}" if root in SUFFERED else None


def _passive(word: str) -> str | None:
    """ "dibales" is "dibalas", "dcari" is "dicari"."""
    root = _passive_root(word)
    return f"di{root}" if root else None


def _passive_root(word: str) -> str | None:
    found = _PASSIVE.match(word)
    return _root(found[1]) if found else None


_PASSIVE = re.compile(r"(?:di|d(?![aiueo]))(\w{3,})\Z")


#: By the sound that a verb begins with in speech, what its root may begin with.
_NASALS = (
    ("nge", ("ke", "")),
    ("ny", ("s", "c", "j")),
    ("ng", ("k", "", "g")),
    ("n", ("t",)),
    ("m", ("p",)),
)


def _active(word: str) -> str | None:
    """ "ngirim" is "mengirim", "nyari" is "mencari", "nuker" is "menukar"."""
    roots = _active_roots(word)
    root = next((root for root in roots if root in VOCABULARY), None) or next(filter(None, map(_shifted, roots)), None)
    return with_me(root) if root else None


def _active_roots(word: str) -> list[str]:
    """What the root may be of an active verb of speech."""
    if len(word) <= _SHORTEST + 1 or word.startswith("me"):
        return []
    return [f"{first}{word[len(sound) :]}" for sound, firsts in _NASALS if word.startswith(sound) for first in firsts]


def with_me(root: str) -> str:
    """The active verb of a root: me-, and the sound that joins them."""
    first = root[0]
    if first in "aiueogh":
        return f"meng{root}"
    if first == "k":
        return f"meng{root[1:]}"
    if first in "bfv":
        return f"mem{root}"
    if first == "p":
        return f"mem{root[1:]}"
    if first in "dcjz":
        return f"men{root}"
    if first == "t":
        return f"men{root[1:]}"
    return f"meny{root[1:]}" if first == "s" else f"me{root}"


def _shifted(word: str) -> str | None:
    """With the vowels and breaths of speech: "cepet", "belom", "rame", "ilang", "udah", "fikir"."""
    if len(word) < _SHORTEST + 1:
        return None
    return next((each for each in _shifts(word) if each in VOCABULARY), None)


_LAST_VOWEL = re.compile(r"([aiueo])([^aiueo]+)\Z")


def _shifts(word: str) -> Iterator[str]:
    last = _LAST_VOWEL.search(word)
    if last and (written := {"e": "ai", "o": "u"}.get(last[1])):
        for vowel in written:
            yield f"{word[: last.start()]}{vowel}{last[2]}"
    if word.endswith("e"):
        yield f"{word[:-1]}ai"
    if word.endswith("o"):
        yield f"{word[:-1]}au"
    if word[0] in _VOWELS:
        yield f"h{word}"
    yield f"{word}h"
    if word.endswith("p"):
        yield f"{word[:-1]}f"
    if "f" in word or "v" in word:
        yield word.replace("f", "p").replace("v", "f")
    if last and last[1] == "e" and word.count("e") > 1:
        yield word.replace("e", "a")


def _skeleton(word: str) -> str:
    return "".join(letter for letter in word if letter not in _VOWELS)


def _by_skeleton() -> dict[str, tuple[str, ...]]:
    shelves: dict[str, list[str]] = {}
    for word in sorted(VOCABULARY):
        shelves.setdefault(word[0] + _skeleton(word[1:]), []).append(word)
    return {skeleton: tuple(words) for skeleton, words in shelves.items()}


_SKELETONS = _by_skeleton()


#: Consonants that no Indonesian word begins with, has within or ends on.
_CROWDED = re.compile(
    r"\A(?!ng|ny|kh|sy|[kpbdgt]r|[kpbgfs]l|s[ptkwm]|str|kw)[^aiueo]{2}|(?!ng[gkshl]|n[sdt]r|mp[rl]|str|nst|ng[bt])[^aiueo]{3}"
    r"|(?!ng|[nr][kst]|ks|ps|kh|sy)[^aiueo]{2}\Z"
)


def _shortened(word: str) -> str | None:
    """Without some of its vowels, if only one word has these letters: "pnjang", "wrna"; "prangkat"."""
    if len(word) > _SHORTEST and not _VOWELS & {word[0], word[1]} and _opened(word):
        return f"{word[0]}e{word[1:]}"
    if len(word) > _SHORTEST and _CROWDED.search(word):
        found = [
            each
            for each in _SKELETONS.get(word[0] + _skeleton(word[1:]), ())
            if len(word) < len(each) <= 2 * len(word) and _within(word, each)
        ]
        if len(found) == 1:
            return found[0]
    return filled(word)


def _opened(word: str) -> bool:
    """Whether an "e" after its first letter makes a word of it; of short ones, one that stands in the vocabulary."""
    opened = f"{word[0]}e{word[1:]}"
    return opened in VOCABULARY or (len(opened) > 6 and is_standard(opened))


def _within(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)
