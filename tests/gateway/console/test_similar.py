"""Who writes a report sees open ones that may be the same, and nothing of who made them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from adapters import Place
from gateway.console.similar import similar
from tests.gateway.support import BUDI, FLOOD, LAMP, RINA, SAME_FLOOD, Running, channel, letter, running, settings_in
from tests.poison import poison_installed

OFFICIAL = "Lurah minta uang untuk tanda tangan surat di Jl. Antasari"
PRIVATE = "Nama saya Budi Santoso, hubungi 0812-3456-7890"
HERE = Place(latitude=-6.2607, longitude=106.8137)
NEAR = Place(latitude=-6.2609, longitude=106.8138)

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("poison")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("similar")
    with poison_installed(tmp_path_factory.mktemp("site")):
        async with running(settings_in(folder, channel("poison"))) as gateway:
            await gateway.judging()
            await gateway.post(
                letter("1", f"{FLOOD}. {PRIVATE}", BUDI, place=HERE),
                letter("2", SAME_FLOOD, RINA),
                letter("3", LAMP, "+6281110000003", public=True),
                letter("4", OFFICIAL, "+6281110000004"),
            )
            yield gateway


@pytest.mark.parametrize(
    ("words", "place", "expected"),
    [
        pytest.param("banjir jl kemang raya", None, [SAME_FLOOD], id="as far as it is written"),
        pytest.param("lampu mati jl fatmawati", None, [LAMP], id="another"),
        pytest.param("", NEAR, [FLOOD], id="a point alone: what is near"),
        pytest.param("", Place(latitude=-6.3, longitude=106.9), [], id="nothing is near"),
        pytest.param("ba", None, [], id="too little is said"),
        pytest.param("lurah minta uang tanda tangan surat jl antasari", None, [], id="what accuses is not shown"),
        pytest.param("sampah menumpuk di pasar", None, [], id="nothing is alike"),
    ],
)
async def test_what_is_shown(gateway: Running, words: str, place: Place | None, expected: list[str]) -> None:
    found = await similar(gateway.app.site.means, words, place)
    assert [one.what[:20] for one in found] == [text[:20] for text in expected]


async def test_it_shows_enough_to_judge_by_and_nobody(gateway: Running) -> None:
    (flood,) = await similar(gateway.app.site.means, "banjir jl kemang raya")
    assert (flood.code, flood.reports) == (gateway.all("cases")[0]["code"], 2)
    assert "jalan yang sama (jl kemang raya)" in flood.reasons
    assert "Kemang" in flood.where
    assert not any(word in f"{flood.what} {flood.where} {flood.reasons}" for word in ("Santoso", "7890", BUDI, "PIN"))


async def test_of_what_is_private_the_public_sees_no_words(gateway: Running) -> None:
    means = gateway.app.site.means
    (flood,) = await similar(means, "banjir jl kemang raya", openly=True)
    (lamp,) = await similar(means, "lampu mati jl fatmawati", openly=True)
    assert (flood.what, flood.reasons, flood.photo) == ("Banjir atau genangan", (), "")
    assert flood.where.startswith("Jl Kemang Raya"), "the street without a number"
    assert lamp.what == LAMP


async def test_of_what_is_private_the_public_sees_no_house(gateway: Running) -> None:
    await gateway.post(letter("6", "Pohon tumbang menutup jalan di Jl. Mahakam No. 8", "+6281110000006"))
    (tree,) = await similar(gateway.app.site.means, "pohon tumbang jl mahakam no 8", openly=True)
    assert (tree.where.split(",")[0], "8" in tree.where) == ("Jl Mahakam", False)


async def test_a_public_report_is_not_hidden_by_a_private_one_of_its_case(gateway: Running) -> None:
    words = "Lampu jalan gelap total dekat Jl. Fatmawati"
    await gateway.post(letter("5", words, "+6281110000005"))
    private, public = gateway.all("reports")[-1]["case"], gateway.all("reports")[2]["case"]
    means = gateway.app.site.means
    if private != public:
        await means.ask("join", code=private, into=public, actor="rina", tell=False)
    (officers,) = await similar(means, words)
    (everybodys,) = await similar(means, words, openly=True)
    assert (officers.what, everybodys.what) == (words, LAMP)
