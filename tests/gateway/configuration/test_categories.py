"""The categories that Kanal ships, and what an operator makes of them in the data folder."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from gateway import categories, settings
from gateway.errors import ConfigError, in_words
from normalizer.sorting.categories import Categories, Datatype, Handling

Write = Callable[[str], Path]


@pytest.fixture(scope="module")
def shipped() -> Categories:
    return categories.load()


@pytest.fixture
def changed(tmp_path: Path) -> Callable[[str], Categories]:
    def load(text: str) -> Categories:
        (tmp_path / categories.FILE).write_text(text)
        return categories.load(tmp_path)

    return load


def test_the_shipped_ones_are_what_a_city_needs(shipped: Categories) -> None:
    assert 25 <= len(shipped.offered()) <= 45
    assert {"jalan-rusak", "banjir", "lampu-jalan", "pungutan-liar", "usul"} <= shipped.categories.keys()
    assert {category.group for category in shipped.offered()} == shipped.groups.keys()
    named = [category.name.in_(language) for category in shipped.offered() for language in ("id", "en")]
    assert len(set(named)) == len(named)
    assert all(re.fullmatch(r"[\w ,.()-]+", name) for name in named)


def test_no_two_shipped_ones_have_a_keyword_in_common(shipped: Categories) -> None:
    words = [word for category in shipped.offered() for word in category.keywords]
    assert len(set(words)) == len(words)


def test_a_category_by_its_code(shipped: Categories) -> None:
    flood = shipped.get("banjir")
    depth = flood.attribute("kedalaman") if flood else None
    assert depth and depth.datatype is Datatype.ONE_OF and not depth.required
    assert [(value.code, value.name.en) for value in depth.values][1] == ("lutut", "To the knee")
    assert (shipped.name("banjir"), shipped.name("banjir", "en")) == ("Banjir atau genangan", "Flood or standing water")
    assert (shipped.get("benjir"), shipped.name("benjir"), shipped.name(None)) == (None, "benjir", "")
    assert [shipped.categories[code].handling for code in ("banjir", "usul", "pertanyaan")] == list(Handling)


@pytest.mark.parametrize(
    ("code", "accuses"), [("pungutan-liar", True), ("pelayanan-petugas", True), ("banjir", False), (None, False)]
)
def test_some_are_about_officials(shipped: Categories, code: str | None, accuses: bool) -> None:
    assert shipped.accuses(code) == accuses


def test_an_operator_changes_hides_and_adds(shipped: Categories, changed: Callable[[str], Categories]) -> None:
    own = changed("""
        [categories.banjir]
        name = { id = "Banjir rob", en = "Tidal flood" }

        [categories.rumah-susun]
        hidden = true

        [groups.laut]
        name = { id = "Laut", en = "Sea" }

        [categories.dermaga]
        name = { id = "Dermaga rusak", en = "Damaged jetty" }
        group = "laut"
    """)
    assert (own.name("banjir"), own.categories["banjir"].attributes) == (
        "Banjir rob",
        shipped.categories["banjir"].attributes,
    )
    offered = [category.code for category in own.offered()]
    assert offered[-1] == "dermaga" and "rumah-susun" not in offered
    assert own.get("rumah-susun")
    assert len(offered) == len(shipped.offered())


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ("[categories.banjir]\nhiden = 1", ["categories.banjir: unknown key 'hiden' → did you mean 'hidden'?"]),
        ('[categories.banjir]\ngroup = "airr"', ["categories.banjir.group: no group is called 'airr' → did you mean"]),
        (
            '[categories."Rob Besar"]\ngroup = "air"',
            ["categories.Rob Besar.code: must be text matching", "categories.Rob Besar.name: is missing"],
        ),
        ('[categories.banjir]\nkeywords = ["Banjir"]', ["'Banjir' has capital letters → write 'banjir'"]),
        ("[categories]\nbanjir = 1", ["categories.banjir: must be a table"]),
        ("categories = 1", ["categories: must be tables → begin each with [categories.its-code]"]),
        ("[kategori.x]", ["kategori: unknown table or key → did you mean 'categories'?"]),
        (
            '[[categories.banjir.attributes]]\ncode = "a"\nname = { id = "A", en = "A" }\ndatatype = "singlevaluelist"',
            ["attributes.a.values: a list needs something to choose from"],
        ),
        (
            '[categories.banjir]\nattributes = [{ code = "a", name = { id = "A", en = "A" }, datatype = "list" }]',
            ["categories.banjir.attributes[0].datatype: "],
        ),
        (
            '[[categories.banjir.attributes]]\ncode = "a"\nname = { id = "A", en = "A" }\ndatatype = "text"\n'
            'values = [{ code = "v", name = { id = "V", en = "V" } }, { code = "v", name = { id = "W", en = "W" } }]',
            ["values: a text has none", "values: two of them are called 'v'"],
        ),
        ("[categories.banjir", ["cannot be read: "]),
    ],
)
def test_all_that_is_wrong_is_told(changed: Callable[[str], Categories], text: str, complaints: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        changed(text)
    said = [in_words(problem) for problem in caught.value.problems]
    assert len(said) == len(complaints)
    for line, complaint in zip(said, complaints, strict=True):
        assert complaint in line and categories.FILE in line


def test_a_check_of_the_settings_looks_at_them(tmp_path: Path) -> None:
    (tmp_path / categories.FILE).write_text("[categories.banjir]\nhiden = true")
    with pytest.raises(ConfigError, match="unknown key 'hiden' → did you mean 'hidden'"):
        settings.load(data=tmp_path, thorough=True)
