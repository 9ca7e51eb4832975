"""What a case is about and where: the category that its sender chose, and the area where that is certain."""

from pathlib import Path
from typing import Any

import pytest

from tests.gateway.support import channel, keep, letter, of, running, settings_in, until

FALLEN, FLOODED = "Pohon tumbang di kel. Bangka", "Air masuk rumah di RT 3, kec. Mampang Prapatan"
SENT: dict[str, tuple[str, str, str | None, str | None]] = {
    "both are known": (FALLEN, "pohon-tumbang", "pohon-tumbang", "31.74.03.1002"),
    "the area is a larger one": (FLOODED, "banjir", "banjir", "31.74.03"),
    "the area is only guessed": ("Sampah menumpuk di slipi", "sampah-menumpuk", "sampah-menumpuk", None),
    "there is no such category": ("Kabel menjuntai di kel. Kuningan Barat", "kabel", None, "31.74.03.1005"),
}
CHOSEN: dict[str, tuple[dict[str, Any], list[str | None]]] = {
    "category": ({"category": "banjir"}, ["banjir"]),
    "area": ({"area": "31.74.03.1002"}, ["pohon-tumbang"]),
    "areas within it": ({"area": "31.74"}, ["pohon-tumbang", "banjir", None]),
    "a code is no beginning of another": ({"area": "31.7"}, []),
    "both": ({"area": "31.74.03", "category": "banjir"}, ["banjir"]),
}


@pytest.mark.usefixtures("poison")
async def test_cases_have_what_is_certain_and_are_listed_by_it(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, channel("poison"))
    letters = [
        letter(name, text, fields={"category": category}, sender=f"+62811100000{number}")
        for number, (name, (text, category, *_)) in enumerate(SENT.items())
    ]
    await keep(loaded, letters)
    async with running(loaded) as gateway:
        reports: list[dict[str, Any]] = await until(lambda: gateway.reported(len(SENT)), "the reports")
        found = [(row["category"], row["area"]) for row in gateway.all("cases")]
        assert found == [(category, area) for _, _, category, area in SENT.values()]
        assert [row["triage"] for row in reports] == [[], [], [], ["unknown-category"]]
        for wanted, categories in CHOSEN.values():
            assert of(gateway.views.cases(newest=False, **wanted), "category") == categories
