"""Which unit a case goes to, and why."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway import categories, settings, units
from gateway.cli.commands import app
from gateway.errors import ConfigError, in_words
from gateway.routing import Routing

BANGKA, MAMPANG, JAKSEL = "31.74.03.1002", "31.74.03", "31.74"
Load = Callable[[str], Routing]


@pytest.fixture(scope="module")
def shipped() -> Routing:
    return units.load(None, categories.load(), "31")


@pytest.fixture
def changed(tmp_path: Path) -> Load:
    def load(text: str) -> Routing:
        (tmp_path / units.FILE).write_text(text)
        return units.load(tmp_path, categories.load(), "31")

    return load


ROUTES: dict[str, tuple[str | None, str | None, str, str]] = {
    "its group, and the office of its city": ("banjir", BANGKA, "", "sudin-sda-31.74"),
    "a fire": ("kebakaran", BANGKA, "", "sudin-pemadam-31.74"),
    "a theft": ("kejahatan", BANGKA, "", "satpol-pp-kota-31.74"),
    "a city is enough": ("jalan-rusak", JAKSEL, "", "sudin-bina-marga-31.74"),
    "no area is known": ("jalan-rusak", None, "", "dinas-bina-marga"),
    "only the province": ("jalan-rusak", "31", "", "dinas-bina-marga"),
    "a category goes before its group": ("air-bersih", BANGKA, "", "perumda-air"),
    "no category": (None, BANGKA, "", "kelurahan-31.74.03.1002"),
    "a category that no rule names": ("lain-lain", BANGKA, "", "kelurahan-31.74.03.1002"),
    "a category of yore": ("telepon-umum", BANGKA, "", "kelurahan-31.74.03.1002"),
    "only a kecamatan is known": (None, MAMPANG, "", "kecamatan-31.74.03"),
    "only a city is known": (None, JAKSEL, "", "biro-pemerintahan"),
    "nothing is known": (None, None, "", "biro-pemerintahan"),
    "there is no such kelurahan": (None, "31.74.03.9999", "", "kecamatan-31.74.03"),
    "there is no such area": (None, "31.79", "", "biro-pemerintahan"),
    "it accuses": ("pungutan-liar", BANGKA, "", "inspektorat"),
    "its words accuse": ("sampah-menumpuk", BANGKA, "Lurah minta UANG untuk angkut sampah", "biro-pemerintahan"),
    "and it has no category": (None, BANGKA, "ada pungli di kelurahan", "biro-pemerintahan"),
    "a part of a word accuses nobody": (None, BANGKA, "disuapi ibu-ibu PKK", "kelurahan-31.74.03.1002"),
}


@pytest.mark.parametrize(("category", "area", "words", "unit"), ROUTES.values(), ids=ROUTES)
def test_a_case_goes_where_the_most_specific_rule_says(
    shipped: Routing, category: str | None, area: str | None, words: str, unit: str
) -> None:
    assert shipped.route(category, area, words).unit.code == unit


def test_no_complaint_about_an_official_goes_to_an_office_of_its_area(shipped: Routing) -> None:
    accusing = [code for code in shipped.categories.categories if shipped.categories.accuses(code)]
    assert accusing and {shipped.route(code, BANGKA).unit.code for code in accusing} == {"inspektorat"}
    assert not shipped.may_have("kelurahan-31.74.03.1002", accusing[0])
    assert shipped.may_have("inspektorat", accusing[0]) and shipped.may_have("kelurahan-31.74.03.1002", "banjir")


def test_the_reason_is_in_the_officers_words(shipped: Routing, changed: Load) -> None:
    assert shipped.route("banjir", None).why == "kelompok Banjir, saluran dan air (aturan air)"
    own = changed(f'[rules.rawan]\nunit = "kecamatan"\ncategories = ["banjir"]\narea = "{MAMPANG}"')
    assert own.route("banjir", BANGKA).why == "kategori Banjir atau genangan, wilayah Mampang Prapatan (aturan rawan)"


def test_every_shipped_rule_and_unit_is_of_use(shipped: Routing) -> None:
    named = {code for rule in shipped.rules.values() for code in (rule.unit, rule.otherwise) if code}
    watching = {"walikota", "walikota-31.01"}  # over the offices of their area: of reminders
    desks = {"balai-kota"}  # whoever comes there is listened to
    assert named | {shipped.default, shipped.accusations} | watching | desks == set(shipped.units)
    assert shipped.name("walikota-31.01") == "Kantor Bupati Kepulauan Seribu"


SPECIFIC: dict[str, tuple[str, str, str | None]] = {
    "category and area": ("banjir", BANGKA, "a-category-here"),
    "category, elsewhere": ("banjir", "31.73", "b-category"),
    "group and area": ("saluran-tersumbat", BANGKA, "c-group-here"),
    "any in the area": ("lampu-jalan", "31.74.03.1001", "d-here"),
}


@pytest.mark.parametrize(("category", "area", "rule"), SPECIFIC.values(), ids=SPECIFIC)
def test_categories_go_before_groups_and_small_areas_before_large_ones(
    changed: Load, category: str, area: str, rule: str
) -> None:
    own = changed(f"""
        [rules.lampu]
        hidden = true
        [rules.a-category-here]
        categories = ["banjir"]
        area = "{JAKSEL}"
        unit = "dinas-sda"
        [rules.b-category]
        categories = ["banjir"]
        unit = "dinas-sosial"
        [rules.c-group-here]
        groups = ["air"]
        area = "{MAMPANG}"
        unit = "dinas-sda"
        [rules.d-here]
        area = "{MAMPANG}"
        unit = "kecamatan"
    """)
    assert f"(aturan {rule})" in own.route(category, area).why


def test_an_office_of_an_area_is_told_in_a_way_of_its_own(changed: Load) -> None:
    own = changed(f"""
        [units.kelurahan]
        mail = ["kel.{{slug}}@example.go.id"]
        [units."kelurahan-{BANGKA}"]
        telegram = "-1001"
        [units.sudin-sda]
        webhook = "https://sda.example.go.id/{{code}}"
    """)
    bangka, slipi = own.unit("kelurahan", BANGKA), own.unit("kelurahan-31.73.07.1002")
    assert bangka and (bangka.name, bangka.mail, bangka.telegram) == (
        "Kelurahan Bangka",
        ("kel.bangka@example.go.id",),
        "-1001",
    )
    assert slipi and (slipi.name, slipi.mail, slipi.telegram) == ("Kelurahan Slipi", ("kel.slipi@example.go.id",), "")
    drains = own.unit("sudin-sda", BANGKA)
    assert drains and drains.webhook == "https://sda.example.go.id/31.74"
    assert own.unit("kelurahan-31.74") is None and own.unit("Sudin SDA") is None
    assert (own.name(f"kelurahan-{BANGKA}"), own.name("Sudin SDA")) == ("Kelurahan Bangka", "Sudin SDA")


def test_another_city_begins_with_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / units.FILE).write_text("""
        shipped = false
        default = "bupati"
        accusations = "inspektorat"
        [units.bupati]
        name = "Kantor Bupati"
        kind = "kabupaten"
        [units.inspektorat]
        name = "Inspektorat"
        kind = "inspektorat"
    """)
    own = units.load(tmp_path, categories.load(), "33.18")
    assert own.route("banjir", "33.18.10").unit.name == "Kantor Bupati"


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        ('[rules.x]\nunit = "dinas-sdaa"\narea = "31.74"', ["rules.x.unit: no unit has the code 'dinas-sdaa' → did"]),
        ('[rules.air]\notherwise = "x"', ["rules.air.otherwise: no unit has the code 'x'"]),
        ('[rules.x]\nunit = "dinas-sda"\ncategories = ["banjr"]', ["no category has the code 'banjr' → did you mean"]),
        ('[rules.x]\nunit = "dinas-sda"\ngroups = ["airr"]', ["rules.x.groups: no group has the code 'airr'"]),
        ('[rules.x]\nunit = "dinas-sda"\narea = "31.99"', ["rules.x.area: no area has the code '31.99'"]),
        (
            '[rules.x]\nunit = "dinas-sda"\narea = "33.18"',
            ["rules.x: it can never match: 33.18 lies outside of [gatew"],
        ),
        (
            '[rules.x]\nunit = "dinas-sda"\ncategories = ["pungutan-liar"]\ngroups = ["aparatur"]',
            ["rules.x: it can never match 'pungutan-liar': compl", "rules.x: it can never match 'aparatur': compl"],
        ),
        (
            '[rules.x]\nunit = "dinas-sda"\ngroups = ["air"]',
            ["rules.x: it can never match air in any area: rule 'air' does → change [rules.air], or hide it"],
        ),
        ('[rules.x]\nunit = "dinas-sda"', ["it can never match any category in any area: rule 'wilayah' does"]),
        ('default = "kelurahan"', ["default: 'kelurahan' is an office in each area, not one unit"]),
        ("accusations = 1", ["accusations: no unit has the code '1'"]),
        (
            '[units."kelurahan-31.74"]\ntelegram = "1"',
            ["'kelurahan' has no office in '31.74' → the code of one of its"],
        ),
        ('[units.dinas-sda]\nmail = ["sda"]', ["units.dinas-sda.mail: 'sda' is no mail address → name@domain"]),
        ('[units.dinas-sda]\nwebhook = "sda.go.id"', ["units.dinas-sda.webhook: must begin with https://"]),
        ('[units.dinas-sda]\neach = "rw"', ["units.dinas-sda.each: must be "]),
    ],
)
def test_all_that_is_wrong_is_told(changed: Load, text: str, complaints: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        changed(text)
    said = [in_words(problem) for problem in caught.value.problems]
    assert len(said) == len(complaints)
    for line, complaint in zip(said, complaints, strict=True):
        assert complaint in line and units.FILE in line


def test_a_check_of_the_settings_looks_at_them(tmp_path: Path) -> None:
    (tmp_path / units.FILE).write_text('default = "nobody"')
    with pytest.raises(ConfigError, match="default: no unit has the code 'nobody'"):
        settings.load(data=tmp_path, thorough=True)


ASKED: dict[str, tuple[list[str], int, str]] = {
    "by category and area": (["--category", "banjir", "--area", BANGKA], 0, "sudin-sda-31.74  Suku Dinas Sumber Daya"),
    "why": (["--category", "banjir"], 0, "karena kelompok Banjir, saluran dan air (aturan air)"),
    "a unit that nothing tells": ([], 0, 'nothing tells it: give it a way under [units."biro-pemerintahan"]'),
    "for programs": (["--area", BANGKA, "--json"], 0, '{"unit":"kelurahan-31.74.03.1002","name":"Kelurahan Bangka"'),
    "by words": (["--area", BANGKA, "--words", "pungli"], 0, "biro-pemerintahan"),
    "no such category": (["--category", "banjr"], 2, "there is no category 'banjr': did you mean 'banjir'?"),
    "no such area": (["--area", "99"], 2, "there is no area 99"),
}


@pytest.mark.parametrize(("words", "code", "says"), ASKED.values(), ids=ASKED)
def test_a_command_says_where_a_case_would_go(tmp_path: Path, words: list[str], code: int, says: str) -> None:
    result = CliRunner().invoke(app, ["route", *words, "--data", str(tmp_path)])
    assert (result.exit_code, says in result.output) == (code, True), result.output
