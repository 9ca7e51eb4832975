"""What a message says is so, and not only where: "di depan warung yang lampunya mati" tells of no lamp. Pure."""

import re
from collections.abc import Iterable

from normalizer.report import Candidate, Report
from normalizer.sorting.candidates import candidates
from normalizer.sorting.categories import Categories
from normalizer.words.wordlists import BEFORE_PLACES

#: So many words tell one thing from others of its kind ("yang lampunya mati").
_IN_PASSING = re.compile(r"\b(?:yang|yg|which|that)(?: +[^\s,.;]+){1,3}", re.IGNORECASE)
#: What stands right behind these is a place ("di saluran air", "tempat parkir"), but "a hole in the road" is one.
_PLACED = re.compile(
    r"\b(?:di|d|tempat|lokasi|at|in|on) +(?!(?:the +)?(?:road|street|sidewalk|way|fire)\b)[^\s,.;]+", re.IGNORECASE
)
#: And more words of one that all begins with.
_PLACED_FIRST = re.compile(
    rf"\A(?:{'|'.join(sorted(BEFORE_PLACES))}|deket|dkt|dpn)(?: +[^\s,.;]+){{1,3}}", re.IGNORECASE
)


def stated(report: Report, categories: Categories) -> float:
    """How likely its first category is by those of its words that do not only say where something is; 0 without one."""
    best = next(iter(report.categories), None)
    if best is None:
        return 0.0
    told = _PLACED.sub(" ", _PLACED_FIRST.sub("", _IN_PASSING.sub(" ", report.text)))
    return min(best.score, _score(candidates(categories, None, told), best.code))


def _score(found: Iterable[Candidate], code: str) -> float:
    return next((one.score for one in found if one.code == code), 0.0)
