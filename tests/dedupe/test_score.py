"""Likeness of two reports: symmetric, bounded, and higher the more they share."""

import pytest
from hypothesis import given, settings

from dedupe.fingerprint import Fingerprint
from dedupe.places import Agreement, areas_agree, numbers_agree, streets_agree
from dedupe.score import WEIGHTS, is_hopeless, liken, probability, signs
from tests.dedupe.fingerprints import fingerprints
from tests.dedupe.reports import said


@given(fingerprints(), fingerprints())
@settings(max_examples=200, deadline=None)
def test_is_symmetric_and_between_0_and_1(one: Fingerprint, other: Fingerprint) -> None:
    forwards, backwards = probability(liken(one, other)), probability(liken(other, one))
    assert forwards == pytest.approx(backwards)
    assert 0 <= forwards <= 1


@given(fingerprints(), fingerprints())
@settings(max_examples=200, deadline=None)
def test_what_is_hopeless_is_improbable(one: Fingerprint, other: Fingerprint) -> None:
    assert not is_hopeless(one, other) or probability(liken(one, other)) < 0.5


@pytest.mark.parametrize(
    ("one", "other", "hopeless"),
    [
        ("lampu padam di jl bangka", "sampah menumpuk di jl ampera", True),
        ("lampu padam di jl bangka", "lampu padam di jl ampera", False),  # nearly the same words: compared in full
        ("lampu padam di jl bangka", "sampah menumpuk di jl bangka", False),
        ("lampu padam di jl bangka", "sampah menumpuk", False),
    ],
)
def test_only_other_streets_and_other_words_are_hopeless(one: str, other: str, hopeless: bool) -> None:
    assert is_hopeless(said(one), said(other)) is hopeless


def test_every_sign_has_a_weight() -> None:
    assert len(signs(liken(said("banjir"), said("banjir")))) == len(WEIGHTS)


CLOSER = {
    "the same house": ("lampu padam di jl bangka no 6", "lampu padam di jl bangka"),
    "the same street": ("lampu padam di jl bangka", "lampu padam"),
    "nothing about the place": ("lampu padam", "lampu padam di jl ampera"),
    "more of the same words": ("lampu padam di jl bangka no 6", "lampu gelap di jl bangka no 6"),
}


@pytest.mark.parametrize(("closer", "further"), CLOSER.values(), ids=CLOSER.keys())
def test_is_more_for(closer: str, further: str) -> None:
    old = said("lampu padam di jl bangka no 6")
    assert probability(liken(said(closer), old)) > probability(liken(said(further), old))


def test_decays_with_time_faster_for_a_flood_than_for_a_pothole() -> None:
    def lost(text: str) -> float:
        return probability(liken(said(text), said(text))) - probability(liken(said(text), said(text, minutes=24 * 60)))

    assert lost("banjir di jl bangka") > lost("jalan berlubang di jl bangka") > 0


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        pytest.param(("jl bangka 4",), ("jl bangka 4",), Agreement.SAME, id="the same"),
        pytest.param(("jl bangka raya",), ("jl bangak raya",), Agreement.SAME, id="a typing error"),
        pytest.param(("jl bangka 4",), ("jl bangka 5",), Agreement.CONFLICT, id="another number"),
        pytest.param(("jl bangka",), ("jl bangka 5",), Agreement.UNKNOWN, id="a number more"),
        pytest.param(("jl bogor",), ("jl raya bogor",), Agreement.UNKNOWN, id="a word more"),
        pytest.param(("jl bangka",), ("jl ampera",), Agreement.CONFLICT, id="another name"),
        pytest.param((), ("jl ampera",), Agreement.UNKNOWN, id="nothing said"),
        pytest.param(("jl bangka", "jl ampera"), ("jl ampera",), Agreement.SAME, id="one of two"),
        pytest.param(("jl bangka", "jl ampera"), ("jl ampera", "jl kemang"), Agreement.CONFLICT, id="each one more"),
    ],
)
def test_streets(one: tuple[str, ...], other: tuple[str, ...], agreement: Agreement) -> None:
    assert streets_agree(one, other)[0] is agreement
    assert streets_agree(other, one)[0] is agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        pytest.param(("rt 3", "rw 5"), ("rt 3",), Agreement.SAME, id="the same RT"),
        pytest.param(("rt 3", "rw 5"), ("rt 3", "rw 6"), Agreement.CONFLICT, id="another RW"),
        pytest.param(("rt 3",), ("no 3",), Agreement.UNKNOWN, id="other kinds"),
        pytest.param(("no 12", "no 14"), ("no 14",), Agreement.SAME, id="one of two houses"),
        pytest.param((), ("no 14",), Agreement.UNKNOWN, id="nothing said"),
    ],
)
def test_numbers(one: tuple[str, ...], other: tuple[str, ...], agreement: Agreement) -> None:
    assert numbers_agree(one, other)[0] is agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        pytest.param(("31.74.03.1001",), ("31.74.03.1001", "31.73.01.1002"), Agreement.SAME, id="one kelurahan"),
        pytest.param(("31.74.03.1001",), ("31.74.03.1002",), Agreement.CONFLICT, id="the next kelurahan"),
        pytest.param(("31.74.03.1001",), ("31.74.03",), Agreement.UNKNOWN, id="its kecamatan"),
        pytest.param(("31.74.03",), ("31.74.03",), Agreement.UNKNOWN, id="one kecamatan is too wide"),
        pytest.param(("31.74",), ("31.73.01.1002",), Agreement.CONFLICT, id="another city"),
    ],
)
def test_areas(one: tuple[str, ...], other: tuple[str, ...], agreement: Agreement) -> None:
    assert areas_agree(one, other) is agreement
    assert areas_agree(other, one) is agreement
