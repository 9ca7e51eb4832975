"""The weights by which two reports are taken for one incident: a readable file.

A logistic regression over named features, and a few combinations of them: what a near pin means depends on what is
said, and what is said alike means little where everybody says it.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from math import exp, isfinite
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:  # who only reads a model need not load it
    import numpy as np
    from numpy.typing import NDArray

#: What this code reads.
VERSION = 1
#: The feature that tells how many reports are open, and what it is for a hundred thousand.
WINDOW, NARROW = "window", 2.0
_LARGEST = 40.0
_STEPS = 200


class ModelError(ValueError):
    """The file is no model, or not one for this version of Kanal. The message says what is wrong with it."""


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature adds to the log-odds where it is 1; `meaning` is for who reads the file."""

    feature: str
    weight: float
    meaning: str = ""


class Combination(msgspec.Struct, frozen=True, kw_only=True):
    """Adds `weight` times the hyperbolic tangent of `bias` and the sum of features times what `of` gives for them."""

    weight: float
    bias: float
    of: Mapping[str, float]


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities: from `link` on a report is linked without a person, from `doubt` on a person should look; at
    `even` it is as likely as not that both are of one incident."""

    link: float
    even: float
    doubt: float


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """Makes probabilities of log-odds: they are multiplied by `scale` and moved by `shift` (Platt 1999), and by
    `tenfold` for each time that ten times as many as a hundred thousand reports are open."""

    scale: float = 1.0
    shift: float = 0.0
    tenfold: float = 0.0
    meaning: str = ""


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, dict=True):
    """`trained` says in words what it was learnt from. `common` is, for the commonest words of complaints, the share of
    reports that have it."""

    version: int
    trained: str
    thresholds: Thresholds
    bias: float
    weights: tuple[Weight, ...]
    combinations: tuple[Combination, ...] = ()
    calibration: Calibration = Calibration()
    common: Mapping[str, float] = {}

    def probability(self, features: Sequence[float]) -> float:
        """That two reports of these features (in the order of `weights`) are of one incident; 0 to 1."""
        return self.probabilities([features])[0]

    def probabilities(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """As `probability`, of several pairs at once."""
        if not rows:
            return []
        import numpy as np  # noqa: PLC0415

        odds = self.odds(np.array(rows, dtype=np.float64))
        return [1 / (1 + exp(-min(max(one, -_LARGEST), _LARGEST))) for one in odds.tolist()]

    def odds(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """The log-odds of several pairs, one row of features for each."""
        weights, combined = self._arrays[0], self.combined(rows)
        given = self.calibration
        return given.scale * (self.bias + rows @ weights + combined) + given.shift + given.tenfold * self._wide(rows)

    def _wide(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """How often ten times as many as a hundred thousand reports are open."""
        import numpy as np  # noqa: PLC0415

        wide: NDArray[np.float64] = np.maximum(0.0, rows[:, self._windows].sum(axis=1) - NARROW)
        return wide

    def combined(self, rows: "NDArray[np.float64]") -> "NDArray[np.float64]":
        """What combinations add to the log-odds, beside the weights."""
        import numpy as np  # noqa: PLC0415

        _, parts, biases, worth = self._arrays
        return np.tanh(rows @ parts + biases) @ worth

    def shares(self, features: Sequence[float]) -> list[float]:
        """What each feature adds to the log-odds, beside those of a pair of which all features are 0: the gradient
        along the way from there, summed up (Sundararajan and others 2017). Together they make the whole difference."""
        import numpy as np  # noqa: PLC0415

        weights, parts, biases, worth = self._arrays
        row = np.array(features, dtype=np.float64)
        ways = (np.arange(_STEPS) + 0.5)[:, None] / _STEPS * (row @ parts)[None, :]
        bends = (1 - np.tanh(ways + biases) ** 2).mean(axis=0) * worth
        found = self.calibration.scale * row * (weights + parts @ bends)
        sizes = np.abs(found)
        rest = self.odds(row[None, :])[0] - self.odds(np.zeros((1, len(row))))[0] - found.sum()
        shares: list[float] = (found + rest * sizes / max(sizes.sum(), 1e-12)).tolist()
        return shares

    @cached_property
    def _windows(self) -> list[int]:
        """Where the features say how many reports are open."""
        return [number for number, one in enumerate(self.weights) if one.feature == WINDOW]

    @cached_property
    def _arrays(self) -> "tuple[NDArray[np.float64], ...]":
        import numpy as np  # noqa: PLC0415

        names = [one.feature for one in self.weights]
        parts = [[one.of.get(name, 0.0) for one in self.combinations] for name in names]
        return (
            np.array([one.weight for one in self.weights]),
            np.array(parts).reshape(len(names), len(self.combinations)),
            np.array([one.bias for one in self.combinations]),
            np.array([one.weight for one in self.combinations]),
        )


def read(data: bytes, features: Sequence[str]) -> Model:
    """The model of the bytes of a file, for these features, in their order. Raises `ModelError`."""
    try:
        model = msgspec.json.decode(data, type=Model)
    except msgspec.DecodeError as error:
        raise ModelError(f"is no model: {error}") from error
    if model.version != VERSION:
        raise ModelError(f"is a model of version {model.version}, where {VERSION} is read")
    _check_numbers(model)
    given = {one.feature: one for one in model.weights}
    if len(given) != len(model.weights):
        raise ModelError("has two weights for one feature")
    named = given.keys() | set().union(*(one.of for one in model.combinations))
    if unknown := sorted(named - set(features)):
        raise ModelError(f"has weights for unknown features: {', '.join(unknown)}")
    if missing := [name for name in features if name not in given]:
        raise ModelError(f"has no weight for: {', '.join(missing)}")
    return msgspec.structs.replace(model, weights=tuple([given[name] for name in features]))


def _check_numbers(model: Model) -> None:
    """JSON has no NaN, but a number may be too large for a float."""
    if not all(map(isfinite, _numbers(model))):
        raise ModelError("has a weight that is no finite number")
    limits = model.thresholds
    if not 0 <= limits.doubt <= limits.even <= limits.link <= 1:
        raise ModelError("needs 0 <= doubt <= even <= link <= 1")
    if not all(0 < share <= 1 for share in model.common.values()):
        raise ModelError("has a common word whose share is not between 0 and 1")


def _numbers(model: Model) -> Iterable[float]:
    given = model.calibration
    yield from (model.bias, given.scale, given.shift, given.tenfold)
    yield from (one.weight for one in model.weights)
    for one in model.combinations:
        yield from (one.weight, one.bias, *one.of.values())
