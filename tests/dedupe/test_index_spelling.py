"""One word however people spell it, and two words where they mean two."""

import pytest

from dedupe.index import Index
from dedupe.spelling import skeleton, street
from tests.dedupe.reports import said


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("padam", "pdm", True, id="without vowels"),
        pytest.param("padam", "p4d4m", True, id="digits for vowels"),
        pytest.param("puskesmas", "pusk3smas", True, id="one digit"),
        pytest.param("roda", "radio", False, id="too short to tell"),
        pytest.param("air", "ar", False, id="two letters"),
        pytest.param("tiang14", "tiang13", False, id="a number at the end"),
        pytest.param("14", "13", False, id="a number"),
        pytest.param("ambruk", "embruk", False, id="another first letter"),
        pytest.param("", "a", False, id="nothing"),
    ],
)
def test_skeletons_of_words(one: str, other: str, same: bool) -> None:
    assert (skeleton(one) == skeleton(other)) is same


@pytest.mark.parametrize("word", ["padam", "p4d4m", "air", "tiang14", "a1b", "ß", ""])
def test_a_skeleton_is_its_own(word: str) -> None:
    assert skeleton(skeleton(word)) == skeleton(word)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("jl radio", "jl rado", True, id="a vowel less"),
        pytest.param("jl pinus 9", "jl pns 9", True, id="no vowels"),
        pytest.param("jl pinus 9", "jl pinus 8", False, id="another number"),
        pytest.param("jl mawar", "jl melati", False, id="another name"),
    ],
)
def test_streets(one: str, other: str, same: bool) -> None:
    assert (street(one) == street(other)) is same


def test_finds_a_misspelt_street_first() -> None:
    index = Index()
    pinus, mawar = said("gelap sekali di jl pinus 9"), said("gelap sekali di jl mawar 9")
    for each in (pinus, mawar):
        index.add(each)
    assert index.candidates(said("lampu mati jl pns 9"), limit=1) == [pinus]
