"""What is measured: fingerprints, the index of open reports, and the judge, as the judge's process uses them."""

import time
from collections.abc import Iterable, Set
from operator import itemgetter
from typing import NamedTuple

from dedupe.features import features
from dedupe.fingerprint import Fingerprint, fingerprint
from dedupe.index import Index
from dedupe.judge import judge
from dedupe.likeness import Comparison
from dedupe.model import Model
from dedupe.verdict import Kind, Verdict
from dedupe.window import Window
from gateway.duplicates import decoded
from normalizer.report import Report

#: Kinds by which a report is linked without a person.
AUTOMATIC = frozenset({Kind.RETRY, Kind.AGAIN, Kind.SAME})
#: The one that is shipped.
MODEL = decoded(b"")


class Seconds(NamedTuple):
    """Of this thread's processor."""

    fingerprint: float
    candidates: float
    judge: float

    @property
    def total(self) -> float:
        return sum(self)


class Judged(NamedTuple):
    """What was found of a report, and the candidates that were judged (best first)."""

    new: Fingerprint
    verdict: Verdict
    candidates: list[Fingerprint]
    seconds: Seconds


class Engine:
    """The open reports, and what is said of new ones."""

    def __init__(self, common: Set[str] = frozenset(), model: Model = MODEL) -> None:
        self.index = Index()
        self._common = common
        self._model = model

    def judged(self, report: Report) -> Judged:
        """`report` compared with those that are open; it is not added."""
        began = time.thread_time()
        new = fingerprint(report, self._common)
        return self.compared(new, time.thread_time() - began)

    def compared(self, new: Fingerprint, seconds: float = 0.0) -> Judged:
        """As `judged`, of a fingerprint that took so many seconds to make."""
        began = time.thread_time()
        found = self.index.candidates(new)
        looked = time.thread_time()
        verdict = self.verdict(new, found, self.index.window(new))
        judged = time.thread_time()
        return Judged(new, verdict, found, Seconds(seconds, looked - began, judged - looked))

    def verdict(self, new: Fingerprint, others: Iterable[Fingerprint], window: Window | None = None) -> Verdict:
        """What the judge says of `new` and these, whoever chose them."""
        return judge(new, others, window or self.index.window(new), model=self._model)

    def nearest(self, new: Fingerprint) -> str | None:
        """The id of the candidate that is most probably the same, however improbable."""
        found = self.index.candidates(new)
        comparison = Comparison(new, self.index.window(new), self._model.common)
        scores = self._model.probabilities([features(comparison.likeness(old)) for old in found])
        return max(zip(scores, found, strict=True), key=itemgetter(0))[1].report if found else None


def is_even(verdict: Verdict) -> bool:
    """Is the report more likely than not of the same incident?"""
    return verdict.same_as is not None and verdict.score >= MODEL.thresholds.even
