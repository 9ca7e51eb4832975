"""The weights by which two reports are taken for one incident: a readable file, a logistic regression."""

from collections.abc import Mapping, Sequence
from math import exp, isfinite

import msgspec

#: What this code reads.
VERSION = 1
_LARGEST = 40.0


class ModelError(ValueError):
    """The file is no model, or not one for this version of Kanal. The message says what is wrong with it."""


class Weight(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature adds to the log-odds where it is 1; `meaning` is for who reads the file."""

    feature: str
    weight: float
    meaning: str = ""


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """Probabilities: from `link` on a report is linked without a person, from `doubt` on a person should look; at
    `even` it is as likely as not that both are of one incident."""

    link: float
    even: float
    doubt: float


class Model(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`trained` says in words what it was learnt from. `common` is, for the commonest words of complaints, the share of
    reports that have it."""

    version: int
    trained: str
    thresholds: Thresholds
    bias: float
    weights: tuple[Weight, ...]
    common: Mapping[str, float] = {}

    def probability(self, features: Sequence[float]) -> float:
        """That two reports of these features (in the order of `weights`) are of one incident; 0 to 1."""
        odds = self.bias
        for one, value in zip(self.weights, features, strict=True):
            odds += one.weight * value
        return 1 / (1 + exp(-min(max(odds, -_LARGEST), _LARGEST)))


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
    if unknown := sorted(given.keys() - set(features)):
        raise ModelError(f"has weights for unknown features: {', '.join(unknown)}")
    if missing := [name for name in features if name not in given]:
        raise ModelError(f"has no weight for: {', '.join(missing)}")
    return msgspec.structs.replace(model, weights=tuple([given[name] for name in features]))


def _check_numbers(model: Model) -> None:
    """JSON has no NaN, but a number may be too large for a float."""
    numbers = [model.bias, *(one.weight for one in model.weights)]
    if not all(map(isfinite, numbers)):
        raise ModelError("has a weight that is no finite number")
    limits = model.thresholds
    if not 0 <= limits.doubt <= limits.even <= limits.link <= 1:
        raise ModelError("needs 0 <= doubt <= even <= link <= 1")
    if not all(0 < share <= 1 for share in model.common.values()):
        raise ModelError("has a common word whose share is not between 0 and 1")
