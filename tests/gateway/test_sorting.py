"""What a case is about and where, and so who has it: the category that its sender chose or its words make certain, and
the area that its pin assigns; words only suggest one."""

from pathlib import Path
from typing import Any

import pytest

from gateway import control
from gateway.errors import OperationRefused
from normalizer.message import Place
from tests.gateway.borders import BETWEEN, imported, pin
from tests.gateway.support import Row, Running, channel, keep, letter, of, running, settings_in, until

DUMPED = "Sampah menumpuk di kel. Bangka"
FALLEN, FLOODED = "Pohon tumbang di kel. Bangka", "Air masuk rumah di RT 3, kec. Mampang Prapatan"
#: What is said under which category, and category, area and unit of the case.
SENT: dict[str, tuple[str, str, str | None, str | None, str]] = {
    "both are known": (FALLEN, "pohon-tumbang", "pohon-tumbang", "31.74.03.1002", "sudin-pertamanan-31.74"),
    "the area is a larger one": (FLOODED, "banjir", "banjir", "31.74.03", "sudin-sda-31.74"),
    "the area is only guessed": (
        "Sampah menumpuk di slipi",
        "sampah-menumpuk",
        "sampah-menumpuk",
        None,
        "dinas-lingkungan-hidup",
    ),
    "the area is only in words": ("Banjir di kel. Slipi", "banjir", "banjir", None, "dinas-sda"),
    "there is no such category": (
        "Tiang di kel. Kuningan Barat",
        "kabel",
        None,
        "31.74.03.1005",
        "kelurahan-31.74.03.1005",
    ),
    "it accuses": (
        "Diminta uang untuk surat di kel. Pela Mampang",
        "pungutan-liar",
        "pungutan-liar",
        "31.74.03.1003",
        "inspektorat",
    ),
}
PINS: dict[str, Place] = {
    "both are known": pin("Bangka"),
    "the area is a larger one": BETWEEN,
    "there is no such category": pin("Kuningan Barat"),
    "it accuses": pin("Pela Mampang"),
}
CHOSEN: dict[str, tuple[dict[str, Any], list[str | None]]] = {
    "category": ({"category": "banjir"}, ["banjir", "banjir"]),
    "area": ({"area": "31.74.03.1002"}, ["pohon-tumbang"]),
    "areas within it": ({"area": "31.74"}, ["pohon-tumbang", "banjir", None, "pungutan-liar"]),
    "a code is no beginning of another": ({"area": "31.7"}, []),
    "unit": ({"unit": "sudin-sda-31.74"}, ["banjir"]),
    "two of them": ({"area": "31.74.03", "category": "banjir"}, ["banjir"]),
}


@pytest.mark.usefixtures("poison")
async def test_cases_have_what_is_certain_and_are_listed_by_it(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, channel("poison"))
    imported(tmp_path / "data")
    letters = [
        letter(name, text, fields={"category": category}, sender=f"+62811100000{number}", place=PINS.get(name))
        for number, (name, (text, category, *_)) in enumerate(SENT.items())
    ]
    await keep(loaded, letters)
    async with running(loaded) as gateway:
        reports: list[dict[str, Any]] = await until(lambda: gateway.reported(len(SENT)), "the reports")
        found = [(row["category"], row["area"], row["unit"]) for row in gateway.all("cases")]
        assert found == [one[2:] for one in SENT.values()]
        assert [row["triage"] for row in reports] == [[], [], [], [], ["unknown-category"], ["violation"]]
        for wanted, categories in CHOSEN.values():
            assert of(gateway.views.cases(newest=False, **wanted), "category") == categories
        fallen, flooded, dumped, drain, _, accusing = gateway.all("cases")
        [opened] = gateway.views.history(fallen["code"])
        assert (opened["detail"]["unit"], opened["detail"]["routed"]) == (
            "sudin-pertamanan-31.74",
            "diteruskan ke Suku Dinas Pertamanan dan Hutan Kota Jakarta Selatan karena kelompok Pohon, taman dan makam"
            " (aturan pohon)",
        )
        assert [one["where"] for one in (fallen, dumped, drain)] == ["kel. Bangka", "slipi?", "kel. Slipi?"]
        await _placed_by_hand(gateway, drain["code"])
        await _moved_by_hand(gateway, fallen["code"], accusing["code"])
        await _joined_and_parted(gateway, dumped, flooded)
        with pytest.raises(OperationRefused, match=r"accuses an official: join .* into it instead"):
            join = {"code": accusing["code"], "into": flooded["code"], "actor": "camat"}
            await control.ask(gateway.folder, "join", join)


async def _placed_by_hand(gateway: Running, case: str) -> None:
    """What words suggested a person confirms: the case goes to the unit of that area, and stays where he sends it."""

    async def place(area: str) -> Row:
        asked = {"code": case, "area": area, "actor": "camat", "why": "ditelepon 0812-3456-7890"}
        done: Row = await control.ask(gateway.folder, "place", asked)
        return done

    assert (await place("31.73.07.1002"))["unit"] == "sudin-sda-31.73"
    row = gateway.case(case)
    assert (row["area"], row["unit"], row["where"]) == ("31.73.07.1002", "sudin-sda-31.73", "kel. Slipi")
    detail = gateway.views.history(case)[-1]["detail"]
    assert (detail["name"], detail["why"], detail["unit"]) == ("Slipi", "ditelepon [telepon]", "sudin-sda-31.73")
    refused = {"already": "31.73.07.1002", "there is no area": "31.99", "as in 31.74": "3173071002", "outside": "33.18"}
    for why, wrong in refused.items():
        with pytest.raises(OperationRefused, match=why):
            await place(wrong)
    handed = {"code": case, "status": "koordinasi", "actor": "camat", "unit": "dinas-sda"}
    await control.ask(gateway.folder, "move", handed)
    assert (await place("31.74.03.1002"))["unit"] is None
    assert gateway.case(case)["unit"] == "dinas-sda"


async def _moved_by_hand(gateway: Running, case: str, accusing: str) -> None:
    """To a unit of ours, of which citizens read the name; an accusation to no office of an area."""

    async def move(code: str, unit: str) -> None:
        await control.ask(
            gateway.folder, "move", {"code": code, "status": "koordinasi", "actor": "camat", "unit": unit}
        )

    await move(case, "kelurahan-31.74.03.1002")
    assert gateway.case(case)["unit"] == "kelurahan-31.74.03.1002"
    assert gateway.told()[-1] == f"Laporan {case}: diteruskan. Instansi: Kelurahan Bangka."
    with pytest.raises(OperationRefused, match="accuses an official"):
        await move(accusing, "kelurahan-31.74.03.1003")
    assert gateway.case(accusing)["unit"] == "inspektorat"


async def _joined_and_parted(gateway: Running, lesser: Row, root: Row) -> None:
    """One case goes on under the other's unit, as its history says, and has its own again once they are parted."""
    before = [(row["code"], row["category"], row["unit"]) for row in (root, lesser)]
    asked = {"code": lesser["code"], "actor": "camat"}
    await control.ask(gateway.folder, "join", asked | {"into": root["code"]})
    joined = gateway.views.history(lesser["code"])[-1]
    assert (joined["event"], joined["detail"]) == ("joined", {"into": root["code"], "unit": root["unit"]})
    await control.ask(gateway.folder, "part", asked)
    after = [gateway.case(row["code"]) for row in (root, lesser)]
    assert [(row["code"], row["category"], row["unit"]) for row in after] == before


@pytest.mark.usefixtures("poison")
async def test_what_accuses_an_official_goes_into_no_case_of_his_office(tmp_path: Path) -> None:
    """However alike they are, or if it quotes the code: it stands apart, and a person is told why it may be one."""
    loaded = settings_in(tmp_path, channel("poison"))
    imported(tmp_path / "data")
    await keep(loaded, [letter("m1", DUMPED, fields={"category": "sampah-menumpuk"}, place=pin("Bangka"))])
    async with running(loaded) as gateway:
        [case] = await until(lambda: gateway.all("cases"), "the case")
    quoting = f"{DUMPED}. Kode {case['code']}"
    await keep(loaded, [letter("m2", quoting, fields={"category": "pungutan-liar"}), letter("m3", quoting)])
    async with running(loaded) as gateway:
        reports = await until(lambda: gateway.reported(3), "the others")
        assert of(gateway.all("cases"), "unit") == ["sudin-lingkungan-hidup-31.74", "inspektorat"]
        assert [row["case"] == case["code"] for row in reports] == [True, False, True]
        [link] = gateway.views.links(reports[1]["id"])
        assert (link["kind"], link["other"]) == ("unsure", reports[0]["id"])
