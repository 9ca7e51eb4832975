"""The map of the areas, as pages get it."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters.forms import Form
from gateway.app import App
from gateway.console.map import chosen
from normalizer.message import Place
from tests.gateway import borders
from tests.gateway.console.support import Visitor
from tests.gateway.support import running, settings_in

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def app(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[App]:
    folder = tmp_path_factory.mktemp("map")
    borders.imported(folder / "data")
    async with running(settings_in(folder), process=False) as gateway:
        yield gateway.app


async def test_only_the_newest_drawing_is_there(app: App) -> None:
    assert (await Visitor(app).get("/peta/0000/peta.svg")).status == 404


@pytest.mark.parametrize(
    ("query", "status", "said"),
    [
        ("lat=-6.255&lon=106.815", 200, {"area": "Kelurahan Bangka, Mampang Prapatan", "outside": False}),
        ("lat=-6.0&lon=107.5", 200, {"area": "", "outside": False}),
        ("lat=nan&lon=106.8", 400, None),
        ("lat=91&lon=106.8", 400, None),
        ("lat=&lon=", 400, None),
    ],
)
async def test_it_is_said_in_which_area_a_point_lies(app: App, query: str, status: int, said: object) -> None:
    seen = await Visitor(app).get(f"/peta/di?{query}")
    assert seen.status == status
    assert said is None or json.loads(seen.body) == said


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"lat": "-6.2", "lon": "106.8", "accuracy": "12"}, Place(-6.2, 106.8, 12)),
        ({"lat": "-6.2", "lon": "106.8", "accuracy": "-1"}, Place(-6.2, 106.8)),
        ({"lat": "-6.2", "lon": "106.8", "accuracy": "inf"}, Place(-6.2, 106.8)),
        ({"lat": "-6.2"}, None),
        ({"lat": "inf", "lon": "106.8"}, None),
        ({"lat": "utara", "lon": "timur"}, None),
    ],
)
async def test_only_a_point_on_earth_is_one(fields: dict[str, str], place: Place | None) -> None:
    assert chosen(Form({name: [value] for name, value in fields.items()})) == place
