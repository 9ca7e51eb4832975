"""Why two reports are taken for one incident, or are not: the features that the judge sees, and their weights. Pure."""

from collections.abc import Iterable

import msgspec

from dedupe.features import MEANINGS, features
from dedupe.fingerprint import Fingerprint
from dedupe.judge import judge
from dedupe.learning import table
from dedupe.likeness import Likeness, liken
from dedupe.model import Model
from dedupe.reasons import reasons
from dedupe.verdict import Verdict
from dedupe.window import Window
from gateway.judges import Guarded, Judgement


class Feature(msgspec.Struct, frozen=True):
    """What it adds to the log-odds is `weight` times `value`."""

    name: str
    meaning: str
    value: float
    weight: float

    @property
    def adds(self) -> float:
        return self.value * self.weight


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Of a report `new` that came in when `old` was known already, in a `window` of so many open ones. `bias` is the
    log-odds of two reports of which nothing is known; `score` is the probability that all features make of it. The
    `verdict` is that of the judge in force, who may be another's: `features` are ours all the same. `bits` differ
    between their most alike photos, None where they show nothing in common."""

    new: str
    old: str
    features: tuple[Feature, ...]
    bias: float
    score: float
    verdict: Verdict
    reasons: tuple[str, ...]
    window: int
    bits: int | None = None


def explained(
    one: Fingerprint, other: Fingerprint, window: Window, model: Model, judgement: Judgement | None = None
) -> Explanation:
    """The younger as new. Raises `gateway.judges.JudgeFailed`, if another's judge does."""
    old, new = sorted((one, other), key=lambda report: (report.time, report.report))
    likeness = liken(new, old, model.common, window)
    own = judge(new, [old], window, model=model)
    return Explanation(
        new=new.report,
        old=old.report,
        features=_features(likeness, model),
        bias=float(model.odds(table([[0.0] * len(model.weights)]))[0]),
        score=model.probability(features(likeness)),
        verdict=Guarded(judgement).judge(new, [old], window) if judgement else own,
        reasons=reasons(likeness),
        window=window.open,
        bits=likeness.bits,
    )


def likeliest(
    ones: Iterable[Fingerprint], others: Iterable[Fingerprint], model: Model
) -> tuple[Fingerprint, Fingerprint]:
    """Of two cases the reports that are most alike. Raises ValueError if either has none."""
    theirs = list(others)
    pairs = [(one, other) for one in ones for other in theirs if one.report != other.report]
    return max(pairs, key=lambda pair: model.probability(features(liken(pair[0], pair[1], model.common))))


def _features(likeness: Likeness, model: Model) -> tuple[Feature, ...]:
    """With the weight that each has in this pair: what else holds may make it more or less."""
    values = features(likeness)
    return tuple(
        Feature(
            one.feature, one.meaning or MEANINGS.get(one.feature, ""), float(value), share / value if value else 0.0
        )
        for one, value, share in zip(model.weights, values, model.shares(values), strict=True)
    )
