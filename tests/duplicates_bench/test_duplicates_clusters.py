"""Clusters are compared with labels as the definitions say; the examples are counted by hand."""

import pytest

from tests.duplicates_bench.clusters import Link, b_cubed, best, clusters, curve, pairwise
from tests.duplicates_bench.figures import line

LABELS = {"a": "1", "b": "1", "c": "1", "d": "2", "e": "2", "f": "3"}


def grouped(*groups: str) -> dict[str, str]:
    return {report: group for group in groups for report in group}


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(grouped("abc", "de", "f"), (1.0, 1.0, 1.0), id="all right"),
        # Right pairs: ab, de. Found: ab, cd, ce, de. True: ab, ac, bc, de.
        pytest.param(grouped("ab", "cde", "f"), (2 / 4, 2 / 4, 0.5), id="one in the wrong cluster"),
        pytest.param(grouped("abcdef"), (4 / 15, 1.0, 8 / 19), id="one cluster"),
        pytest.param(grouped(*"abcdef"), (1.0, 0.0, 0.0), id="each alone"),
    ],
)
def test_pairs(found: dict[str, str], expected: tuple[float, float, float]) -> None:
    agreement = pairwise(found, LABELS)
    assert (agreement.precision, agreement.recall, agreement.f1) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        pytest.param(grouped("abc", "de", "f"), (1.0, 1.0), id="all right"),
        # Precision: a 1, b 1, c 1/3, d 2/3, e 2/3, f 1. Recall: a 2/3, b 2/3, c 1/3, d 1, e 1, f 1.
        pytest.param(grouped("ab", "cde", "f"), (14 / 18, 14 / 18), id="one in the wrong cluster"),
        pytest.param(grouped("abcdef"), ((3 * 3 + 2 * 2 + 1) / 36, 1.0), id="one cluster"),
        pytest.param(grouped(*"abcdef"), (1.0, (3 / 3 + 2 / 2 + 1) / 6), id="each alone"),
    ],
)
def test_b_cubed(found: dict[str, str], expected: tuple[float, float]) -> None:
    agreement = b_cubed(found, LABELS)
    assert (agreement.precision, agreement.recall) == pytest.approx(expected)


def test_nothing_is_all_right() -> None:
    assert (b_cubed({}, {}).f1, pairwise({}, {}).f1) == (1.0, 1.0)


def test_links_join_whatever_their_order() -> None:
    links = [Link("d", "c", 0.5), Link("b", "a", 0.5), Link("c", "b", 0.5), Link("c", "a", 0.5)]
    for order in (links, links[::-1]):
        found = clusters("abcdef", order)
        assert len({found[report] for report in "abcd"}) == 1
        assert len(set(found.values())) == 3


def test_the_curve_is_what_each_threshold_gives() -> None:
    links = [Link("b", "a", 0.9), Link("d", "c", 0.8), Link("e", "d", 0.8), Link("c", "b", 0.3)]
    points = curve(LABELS, links)
    assert [point.threshold for point in points] == [0.9, 0.8, 0.3]
    for point in points:
        taken = [link for link in links if link.score >= point.threshold]
        assert point.agreement == pairwise(clusters(LABELS, taken), LABELS)
    assert best(points).threshold == 0.3
    assert best([]).agreement.f1 == 0.0


def test_a_line_of_figures() -> None:
    found = grouped("ab", "cde", "f")
    text = line("jkt-text", pairwise(found, LABELS), b_cubed(found, LABELS))
    assert text == "jkt-text F1 0.500 P 0.500 R 0.500 B3 0.778"
