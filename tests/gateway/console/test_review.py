"""Pairs that the judge was unsure of: shown side by side, decided by a person, remembered, and taken back."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from msgspec.structs import replace

from gateway.accounts.account import Role
from gateway.console.review.comparing import marked
from gateway.settings import Settings
from gateway.store.contract import Link, Settlement
from tests.gateway.console.support import Seen, Visitor, account
from tests.gateway.support import BUDI, LAMP, RINA, Running, of, running, settings_in, sms, sms_channel

pytestmark = pytest.mark.asyncio(loop_scope="module")

OTHER_LAMP = "Lampu PJU padam dekat Fatmawati, gelap sekali <i>"
TREE = "Pohon tumbang menutup trotoar di Jl. Cipete"


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a gateway that took everything in."""
    folder = tmp_path_factory.mktemp("review")
    async with running(settings_of(folder)) as found:
        await found.judging()
        await found.send(sms("1", LAMP, BUDI), sms("2", OTHER_LAMP, RINA), sms("3", TREE, RINA))
        await doubt(found, 1, 0)
    return folder


def settings_of(folder: Path) -> Settings:
    way_out = {"send_url": "http://127.0.0.1:1/cgi-bin/sendsms", "username": "kanal", "password": {"file": "secret"}}
    return settings_in(folder, sms_channel(), sms_channel(name="kabar", number="1709", **way_out))


@pytest_asyncio.fixture(loop_scope="module")
async def gateway(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    shutil.copytree(filed, tmp_path, dirs_exist_ok=True)
    async with running(settings_of(tmp_path), process=False) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="module")
async def processing(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    """One that files what comes in, too."""
    shutil.copytree(filed, tmp_path, dirs_exist_ok=True)
    async with running(settings_of(tmp_path)) as found:
        yield found


async def doubt(gateway: Running, one: int, other: int, kind: str = "unsure", score: float = 0.55) -> None:
    """Have the judge be unsure of two reports."""
    reports = of(gateway.all("reports"), "id")
    link = Link(
        report=reports[one],
        kind=kind,
        other=reports[other],
        score=score,
        reasons=("jalan yang sama (fatmawati)",),
        actor="kanal",
        at=1.0,
    )
    await gateway.app.store.settle(Settlement(links=[link]))


def operator(gateway: Running, **values: str) -> Visitor:
    return Visitor(gateway.app, account(Role.OPERATOR, **values))


def codes(gateway: Running) -> list[str]:
    return of(gateway.all("cases"), "code")


def shown(seen: Seen) -> list[str]:
    return re.findall(r'class="code" href="/petugas/kasus/([^"]+)"', seen.html)


def posts_to(seen: Seen, ends: str = "") -> str:
    found = re.search(rf'action="(/petugas/ragu/\d+{ends})"', seen.html)
    assert found
    return found[1]


def joins_told(gateway: Running) -> list[str]:
    """How the letters stand that tell of a join."""
    return [row["state"] for row in gateway.all("replies") if row["about"] == "cases_joined"]


async def test_two_reports_stand_side_by_side_with_what_speaks_for_it(gateway: Running) -> None:
    lamp, other, _ = codes(gateway)
    seen = await operator(gateway).get("/petugas/ragu")
    assert shown(seen) == [other, lamp]
    for words in ("jalan yang sama (fatmawati)", "Cukup mirip (55%)", "Ragu 1"):
        assert words in seen.text
    assert "<mark>padam</mark>" in seen.html
    assert "<mark>gelap</mark>" not in seen.html
    assert "<i>" not in seen.html


async def test_only_who_will_be_told_is_said_to_be_told(processing: Running) -> None:
    at, gateway = operator(processing), processing
    mute = await at.get("/petugas/ragu")
    assert "beri tahu sendiri, karena kanalnya tidak bisa mengirim: 1 orang lewat sms." in mute.text
    assert "yang diberi tahu" not in mute.text
    await gateway.app.site.means.accept([replace(sms("4", "Pohon tumbang di Cipete"), channel="kabar")], None)
    await gateway.settled()
    await doubt(gateway, 3, 2)
    heard = await at.get("/petugas/ragu")
    assert "Bila sama, yang diberi tahu: 1 orang lewat kabar." in heard.text
    assert "beri tahu sendiri" not in heard.text


async def test_what_is_the_same_is_joined_and_parted_again(gateway: Running) -> None:
    lamp, other, _ = codes(gateway)
    at = operator(gateway)
    done = await at.post(posts_to(await at.get("/petugas/ragu")), {"putusan": "sama"})
    assert gateway.case(other)["joined_into"] == lamp
    assert joins_told(gateway) == ["kept"]
    after = await at.get(done.to)
    assert f"{lamp}: kedua laporan kini satu kasus. 1 jawaban" in after.text
    assert "Tidak ada lagi" in after.text
    again = await at.post(posts_to(after, "/urung"))
    assert gateway.case(other)["joined_into"] is None
    assert joins_told(gateway) == ["withheld"]
    asked = await at.get(again.to)
    assert (shown(asked), "Keputusan diurungkan" in asked.text) == ([other, lamp], True)
    assert [(row["kind"], row["actor"]) for row in gateway.links()][-2:] == [
        ("same", "operator"),
        ("undecided", "operator"),
    ]


async def test_what_is_different_is_not_asked_again_nor_joined_by_the_machine(gateway: Running) -> None:
    lamp, other, _ = codes(gateway)
    at = operator(gateway)
    done = await at.post(posts_to(await at.get("/petugas/ragu")), {"putusan": "beda"})
    await doubt(gateway, 0, 1)
    after = await at.get(done.to)
    assert f"{other} dan {lamp} dicatat berbeda" in after.text
    assert shown(await at.get("/petugas/ragu")) == []
    one, two, _ = of(gateway.all("reports"), "id")
    assert gateway.app.store.told_apart(one, two)
    assert gateway.app.store.told_apart(two, one)
    assert [row["event"] for row in gateway.views.history(lamp)][-1] == "told apart"
    await at.post(posts_to(after, "/urung"))
    assert not gateway.app.store.told_apart(one, two)
    assert shown(await at.get("/petugas/ragu")) != []


async def test_what_is_skipped_waits(gateway: Running) -> None:
    await doubt(gateway, 2, 0)
    at = operator(gateway)
    first = await at.get("/petugas/ragu")
    skip = re.search(r'href="(/petugas/ragu\?setelah=\d+)"', first.html)
    assert skip
    second = await at.get(skip[1])
    assert shown(first) != shown(second) != []
    assert shown(await at.get("/petugas/ragu?setelah=omong")) == shown(first)


async def test_all_candidates_of_a_report_are_shown_the_best_first_and_each_beside_it(gateway: Running) -> None:
    lamp, other, tree = codes(gateway)
    await doubt(gateway, 1, 2, score=0.51)
    await doubt(gateway, 1, 0, score=0.62)
    at = operator(gateway)
    first = await at.get("/petugas/ragu")
    assert shown(first) == [other, lamp, tree]
    assert "Calon lain: 1" in first.text
    compare = re.search(r'href="(/petugas/ragu\?pasangan=\d+)"', first.html)
    assert compare
    second = await at.get(compare[1])
    assert shown(second) == [other, tree, lamp]
    await at.post(posts_to(second), {"putusan": "sama"})
    assert gateway.case(tree)["joined_into"] == other or gateway.case(other)["joined_into"] == tree
    assert shown(await at.get("/petugas/ragu?pasangan=999")) != []


async def test_what_does_not_fit_its_case_any_more_is_kept_there_or_parted_on_its_page(gateway: Running) -> None:
    lamp, other, _ = codes(gateway)
    at = operator(gateway)
    await at.post(posts_to(await at.get("/petugas/ragu")), {"putusan": "sama"})
    await doubt(gateway, 1, 0, kind="misfit", score=0.0)
    asked = await at.get("/petugas/ragu")
    report = of(gateway.all("reports"), "id")[1]
    assert ("Perlu dilihat" in asked.text, "Ragu 1" in asked.text) == (True, True)
    assert f'href="/petugas/kasus/{lamp}#{report}"' in asked.html
    done = await at.post(posts_to(asked), {"putusan": "sama"})
    assert "tetap satu kasus" in (await at.get(done.to)).text
    assert shown(await at.get("/petugas/ragu")) == []
    assert gateway.case(other)["joined_into"] == lamp


async def test_what_is_decided_already_is_refused_in_words(gateway: Running) -> None:
    at = operator(gateway)
    address = posts_to(await at.get("/petugas/ragu"))
    assert (await at.post(address, {"putusan": "sama"})).status == 303
    assert (await at.post(address, {"putusan": "beda"})).status == 409
    for missing in ("/petugas/ragu/999", "/petugas/ragu/omong", "/petugas/ragu/999/urung"):
        assert (await at.post(missing, {"putusan": "beda"})).status == 404


@pytest.mark.threat("P0-33")
async def test_a_pair_that_accuses_is_kept_from_the_accused_and_from_units(gateway: Running) -> None:
    values = {"code": codes(gateway)[0], "category": "pungutan-liar", "why": "salah kategori", "actor": "budi"}
    await gateway.app.site.means.ask("category", **values)
    whole = await operator(gateway).get("/petugas/ragu")
    assert shown(whole) != []
    accused = operator(gateway, office="kelurahan-31.74.03.1002")
    assert shown(await accused.get("/petugas/ragu")) == []
    assert (await accused.post(posts_to(whole), {"putusan": "sama"})).status == 404
    assert (await Visitor(gateway.app, account(Role.UNIT, unit="dinas-sda")).get("/petugas/ragu")).status == 403


async def test_the_one_that_accuses_takes_in_the_other(gateway: Running) -> None:
    lamp, other, _ = codes(gateway)
    values = {"code": other, "category": "pungutan-liar", "why": "salah kategori", "actor": "budi"}
    await gateway.app.site.means.ask("category", **values)
    at = operator(gateway)
    await at.post(posts_to(await at.get("/petugas/ragu")), {"putusan": "sama"})
    assert gateway.case(lamp)["joined_into"] == other


@pytest.mark.parametrize(
    ("text", "other", "found"),
    [
        ("Lampu padam", "padam LAMPU", "<mark>Lampu</mark> <mark>padam</mark>"),
        ("di RT 3", "rt 3 di", "di RT <mark>3</mark>"),
        ("<b>padam</b>", "padam", "&lt;b&gt;<mark>padam</mark>&lt;/b&gt;"),
        ("a\u202eb", "", "a⟨202E⟩b"),
        ("", "apa", ""),
    ],
)
async def test_words_in_common_are_marked(text: str, other: str, found: str) -> None:
    assert marked(text, other) == f"<bdi>{found}</bdi>"
