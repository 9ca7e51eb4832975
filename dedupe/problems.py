"""Kinds of problem by the words that name them, so that a lamp and a pothole in one street stay two incidents."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

HOUR = 3600.0
DAY = 24 * HOUR

#: How long (seconds) an incident of a kind usually stays the same incident; twice as long is always another one.
PATIENCE = {"banjir": 12 * HOUR, "asap": 12 * HOUR, "kebakaran": 6 * HOUR, "pohon": 3 * DAY}
USUAL_PATIENCE = 30 * DAY
#: What a whole kelurahan has at once; it has a hundred broken lamps.
WIDE = frozenset({"banjir", "asap", "kebakaran", "air bersih"})

_WORDS = {
    "banjir": "banjir kebanjiran banjirnya genangan tergenang menggenang terendam rendaman rob",
    "saluran": "got gotnya selokan drainase gorong saluran salurannya mampet tersumbat",
    "lampu": "lampu lampunya pju penerangan gelap",
    "jalan rusak": "lubang berlubang lobang berlobang bolong aspal aspalnya amblas ambles",
    "pohon": "pohon pohonnya ranting dahan tumbang",
    "sampah": "sampah sampahnya",
    "asap": "asap asapnya bakaran membakar",
    "kebakaran": "kebakaran terbakar",
    "air bersih": "pdam pam keran ledeng",
    "kabel": "kabel kabelnya",
    "parkir": "parkir parkiran",
    "pedagang": "pkl pedagang jualan berjualan",
    "bising": "bising berisik kebisingan musik",
    "surat": "ktp ktpnya kk akta siup skck bpjs",
    "kejahatan": "begal dibegal jambret dijambret copet maling kemalingan pencurian dicuri tawuran",
}
#: Words that name a problem one after the other, where none other is named: a lamp may be a "lampu jalan", and "rusak".
_PAIRS = {("jalan", "rusak"): "jalan rusak"}
_PROBLEM_OF = dict(chain.from_iterable(((word, name) for word in words.split()) for name, words in _WORDS.items()))


def problems_in(words: Sequence[str]) -> tuple[str, ...]:
    """The kinds of problem that `words` (in the order in which they were said) name, sorted, each once."""
    single = {_PROBLEM_OF[word] for word in words if word in _PROBLEM_OF}
    return tuple(sorted(single or {_PAIRS[pair] for pair in pairwise(words) if pair in _PAIRS}))


def patience(problems: Iterable[str]) -> float:
    """Seconds within which reports of these problems are likely of one incident; the shortest one counts."""
    longest = USUAL_PATIENCE
    for problem in problems:
        longest = min(longest, PATIENCE.get(problem, USUAL_PATIENCE))
    return longest
