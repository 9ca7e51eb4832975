"""Where a case is: the pin of its report on the city's own map."""

from pathlib import Path

import pytest

from tests.gateway import borders
from tests.gateway.console.support import Visitor, account
from tests.gateway.support import channel, letter, running, settings_in
from tests.poison import poison_installed


@pytest.mark.parametrize("is_drawn", [True, False], ids=["with borders", "without"])
async def test_a_pin_is_shown_where_there_is_a_map(tmp_path: Path, is_drawn: bool) -> None:
    if is_drawn:
        borders.imported(tmp_path / "data")
    site = tmp_path / "site"
    site.mkdir()
    with poison_installed(site):
        async with running(settings_in(tmp_path, channel("poison"))) as gateway:
            await gateway.judging()
            await gateway.post(letter("1", "Lampu jalan padam", place=borders.BETWEEN))
            [case] = gateway.all("cases")
            visitor = Visitor(gateway.app, account())
            seen = await visitor.get(f"/petugas/kasus/{case['code']}")
            assert seen.status == 200
            assert ('class="map-other"' in seen.html) is is_drawn
            assert (await visitor.get(f"/petugas/kasus/{case['code']}/serupa")).status == 200
