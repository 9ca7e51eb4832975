"""A file of weights is read or refused with a reason, and gives probabilities."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from dedupe.features import MEANINGS, NAMES, features
from dedupe.fingerprint import Fingerprint
from dedupe.likeness import liken
from dedupe.model import ModelError, read
from tests.dedupe.fingerprints import fingerprints
from tests.dedupe.reports import MODEL, said

SMALL: dict[str, Any] = {
    "version": 1,
    "trained": "by hand",
    "thresholds": {"link": 0.9, "even": 0.5, "doubt": 0.3},
    "bias": -1.0,
    "weights": [{"feature": "b", "weight": 2.0}, {"feature": "a", "weight": 1.0, "meaning": "first"}],
    "combinations": [{"weight": 3.0, "bias": 0.0, "of": {"a": 1.0, "b": -1.0}}],
    "common": {"banjir": 0.1},
}


def test_weights_are_in_the_order_of_the_features() -> None:
    model = read(json.dumps(SMALL).encode(), ("a", "b"))
    assert [one.feature for one in model.weights] == ["a", "b"]
    assert model.probability((1.0, 1.0)) == pytest.approx(0.8808, abs=1e-4)
    assert model.probability((1.0, 0.0)) > model.probability((0.0, 1.0))


def test_log_odds_are_calibrated() -> None:
    given = {"scale": 2.0, "shift": 0.5, "meaning": "as was found on others"}
    plain, calibrated = (read(json.dumps(one).encode(), ("a", "b")) for one in (SMALL, {**SMALL, "calibration": given}))
    row = np.array([[1.0, 0.5]])
    assert calibrated.odds(row)[0] == pytest.approx(2 * plain.odds(row)[0] + 0.5)


def test_among_more_than_a_hundred_thousand_a_pair_is_less_probable() -> None:
    names = ("a", "b", "window")
    weights = [*SMALL["weights"], {"feature": "window", "weight": 0.0}]
    given = {**SMALL, "weights": weights, "calibration": {"tenfold": -2.0}}
    model = read(json.dumps(given).encode(), names)
    few, hundred_thousand, million = model.odds(np.array([[1.0, 1.0, size] for size in (0.0, 2.0, 3.0)]))
    assert few == hundred_thousand == pytest.approx(million + 2)


@pytest.mark.parametrize("given", [{}, {"calibration": {"scale": 1.5, "shift": -0.5}}], ids=["plain", "calibrated"])
def test_shares_make_the_whole_difference(given: dict[str, Any]) -> None:
    model = read(json.dumps({**SMALL, **given}).encode(), ("a", "b"))
    first, second = model.shares((2.0, 0.5))
    odds = model.odds(np.array([[2.0, 0.5], [0.0, 0.0]]))
    assert first + second == pytest.approx(odds[0] - odds[1])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"version": 2}, "version 2", id="another version"),
        pytest.param({"weights": SMALL["weights"][:1]}, "has no weight for: a", id="a missing one"),
        pytest.param(
            {"weights": [*SMALL["weights"], {"feature": "c", "weight": 1}]}, "unknown features: c", id="unknown"
        ),
        pytest.param({"weights": [*SMALL["weights"], SMALL["weights"][0]]}, "two weights for one", id="given twice"),
        pytest.param(
            {"combinations": [{"weight": 1, "bias": 0, "of": {"d": 1}}]}, "unknown features: d", id="unknown, combined"
        ),
        pytest.param({"bias": None}, "is no model", id="no number"),
        pytest.param(
            {"thresholds": {"link": 0.4, "even": 0.5, "doubt": 0.3}}, "doubt <= even <= link", id="thresholds"
        ),
        pytest.param({"common": {"banjir": 0}}, "share is not between", id="a share of nothing"),
        pytest.param({"more": 1}, "is no model", id="a field too many"),
    ],
)
def test_what_is_no_model_is_refused(change: dict[str, Any], reason: str) -> None:
    with pytest.raises(ModelError, match=reason):
        read(json.dumps({**SMALL, **change}).encode(), ("a", "b"))


def test_nothing_that_is_no_number_is_read() -> None:
    with pytest.raises(ModelError):
        read(json.dumps(SMALL).replace("-1.0", "NaN", 1).encode(), ("a", "b"))
    with pytest.raises(ModelError):
        read(json.dumps(SMALL).replace("-1.0", "1e999", 1).encode(), ("a", "b"))


def test_the_shipped_model_has_a_weight_for_every_feature() -> None:
    assert tuple(one.feature for one in MODEL.weights) == NAMES
    assert len(features(liken(said("banjir"), said("banjir")))) == len(NAMES) == len(MEANINGS)


@given(fingerprints(), fingerprints())
@settings(max_examples=150, deadline=None)
def test_is_symmetric_and_between_0_and_1(one: Fingerprint, other: Fingerprint) -> None:
    forwards = MODEL.probability(features(liken(one, other, MODEL.common)))
    backwards = MODEL.probability(features(liken(other, one, MODEL.common)))
    assert forwards == pytest.approx(backwards, abs=1e-6)
    assert 0 <= forwards <= 1


CLOSER = {
    "the same house": ("lampu padam di jl bangka no 6", "lampu padam di jl bangka no 40"),
    "the same street": ("lampu padam di jl bangka", "lampu padam di jl ampera"),
    "nothing about the place": ("lampu padam", "sampah menumpuk"),
    "more of the same words": ("lampu padam di jl bangka no 6", "lampu gelap di jl bangka no 6"),
}


@pytest.mark.parametrize(("closer", "further"), CLOSER.values(), ids=CLOSER.keys())
def test_is_more_for(closer: str, further: str) -> None:
    old = said("lampu padam di jl bangka no 6")
    first, second = (MODEL.probability(features(liken(said(text), old, MODEL.common))) for text in (closer, further))
    assert first > second
