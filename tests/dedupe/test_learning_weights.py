"""Weights are found from labelled pairs, and stay what they were where pairs say nothing."""

import numpy as np
import pytest

from dedupe.learning import calibrated, learn, table, threshold

NOTHING = np.zeros(3)
FIRM = np.full(3, 0.1)


def pairs(count: int = 4000) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(1)
    features = random.normal(size=(count, 2))
    odds = -1.0 + 2.0 * features[:, 0]
    return features, (random.random(count) < 1 / (1 + np.exp(-odds))).astype(float)


def test_finds_the_weights_that_made_the_labels() -> None:
    features, labels = pairs()
    found = learn(features, labels, np.ones(len(labels)), NOTHING, FIRM)
    assert found == pytest.approx([-1.0, 2.0, 0.0], abs=0.2)


def test_what_is_added_beside_is_not_learnt_again() -> None:
    features, labels = pairs()
    aside = 2.0 * features[:, 0]
    found = learn(features, labels, np.ones(len(labels)), NOTHING, FIRM, aside)
    assert found == pytest.approx([-1.0, 0.0, 0.0], abs=0.2)


def test_without_pairs_nothing_changes_and_few_change_little() -> None:
    before = np.array([1.0, 2.0, 3.0])
    nothing = np.empty((0, 2)), np.empty(0), np.empty(0)
    assert learn(*nothing, before, FIRM) == pytest.approx(before)
    one = learn(table([[1.0, 1.0]]), np.zeros(1), np.ones(1), before, np.full(3, 100.0))
    assert one == pytest.approx(before, abs=0.05)


def test_pairs_that_can_be_told_apart_wholly_make_no_endless_weights() -> None:
    features = table([[-1.0, 0.0], [1.0, 0.0]] * 50)
    found = learn(features, (features[:, 0] > 0).astype(float), np.ones(100), NOTHING, FIRM)
    assert np.isfinite(found).all() and 1 < found[1] < 20


@pytest.mark.parametrize("odd", [np.nan, np.inf])
def test_what_is_not_finite_is_refused(odd: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        learn(table([[odd, 1.0]]), np.zeros(1), np.ones(1), NOTHING, FIRM)


def test_shapes_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(ValueError, match="belong together"):
        learn(table([[1.0, 1.0]]), np.zeros(2), np.ones(1), NOTHING, FIRM)


def test_scores_that_say_too_much_are_calibrated() -> None:
    features, labels = pairs()
    slope, shift = calibrated(4.0 * features[:, 0], labels, np.ones(len(labels)))
    assert slope == pytest.approx(0.5, abs=0.1)
    assert shift == pytest.approx(-1.0, abs=0.2)


def test_a_threshold_keeps_what_is_right_often_enough() -> None:
    scores, right = np.array([0.9, 0.8, 0.7, 0.6]), np.array([1.0, 1.0, 0.0, 1.0])
    assert threshold(scores, right, 1.0) == 0.8
    assert threshold(scores, right, 0.75) == 0.6
    assert threshold(scores, np.zeros(4), 0.5) == 1.0
