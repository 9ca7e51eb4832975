"""What people do with cases: move, join, part; over the socket of a running gateway, or while none runs."""

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from gateway import cases, control
from gateway.cases import Status
from gateway.cli import options
from gateway.errors import OperationRefused
from gateway.store.contract import Settlement
from gateway.store.views import Views
from tests.gateway.support import (
    FLOOD,
    LAMP,
    RINA,
    SAME_FLOOD,
    Row,
    Running,
    copy,
    of,
    prepare,
    running,
    settings_in,
    sms,
)

PROOF = b"foto sebelum dan sesudah"
TOMORROW = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()


def test_every_status_has_a_word_for_citizens() -> None:
    assert {status: bool(cases.citizens_word(status)) for status in Status} == dict.fromkeys(Status, True)


Do = Callable[..., Awaitable[Any]]


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("filed")
    messages = (sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", LAMP))
    prepare(settings_in(folder), lambda gateway: gateway.send(*messages))
    return folder


@pytest.fixture
async def gateway(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    """A flood that two reported, and a lamp; nothing new is filed."""
    copy(filed, tmp_path)
    async with running(settings_in(tmp_path), process=False) as gateway:
        yield gateway


@pytest.fixture
async def working(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    """A flood that two reported, and a lamp; what comes is filed."""
    copy(filed, tmp_path)
    async with running(settings_in(tmp_path)) as gateway:
        await gateway.judging()
        yield gateway


async def do(gateway: Running, verb: str, **values: Any) -> Any:
    return await control.ask(gateway.folder, verb, {"actor": "camat"} | values)


def codes(gateway: Running) -> list[str]:
    return of(gateway.all("cases"), "code")


def told(gateway: Running, about: str) -> list[str]:
    return [row["text"] for row in gateway.all("replies") if row["about"] == about]


async def test_what_is_withheld_is_told(gateway: Running) -> None:
    flood, _ = codes(gateway)
    row = gateway.app.store.report(gateway.all("reports")[0]["id"])
    assert row
    await gateway.app.store.settle(Settlement(stopped=[row.report.reporter]))
    done = await do(gateway, "move", code=flood, status="proses")
    assert (done["told"], done["withheld"]) == (1, 1)


async def test_a_moved_case_says_so_to_each_reporter_once(gateway: Running) -> None:
    flood, _ = codes(gateway)
    done = await do(gateway, "move", code=flood.lower(), status="proses", unit="dinas-sda", note="pompa dikirim")
    assert done == {
        "code": flood,
        "status": "proses",
        "told": 2,
        "withheld": 0,
        "proof_also_in": [],
        "proof_sent_in": [],
    }
    (case, *_) = gateway.all("cases")
    assert (case["status"], case["unit"]) == ("proses", "dinas-sda")
    assert (
        told(gateway, "moved")
        == [f"Laporan {flood}: dikerjakan. Instansi: Dinas Sumber Daya Air. Catatan: pompa dikirim"] * 2
    )
    moved = gateway.views.history(flood)[-1]
    assert (moved["event"], moved["actor"]) == ("moved", "camat")
    assert moved["detail"] == {"from": "menunggu", "to": "proses", "unit": "dinas-sda", "note": "pompa dikirim"}


async def test_news_too_long_for_one_message_are_told_in_several(gateway: Running) -> None:
    flood, _ = codes(gateway)
    note = " ".join(["pompa dikirim"] * 50)
    await do(gateway, "move", code=flood, status="proses", unit="dinas-sda", note=note)
    moved = [row for row in gateway.all("replies") if row["about"] == "moved"]
    assert [row["id"].partition(".")[2] for row in moved] == ["", "2", "", "2"]
    first, second = (row["text"] for row in moved[:2])
    assert first.endswith(" (1/2)")
    assert second.endswith(" (2/2)")
    whole = f"Laporan {flood}: dikerjakan. Instansi: Dinas Sumber Daya Air. Catatan: {note}"
    assert f"{first.removesuffix(' (1/2)')} {second.removesuffix(' (2/2)')}" == whole


async def test_an_estimate_is_told_with_its_reason_and_the_first_due_date_is_kept(gateway: Running) -> None:
    flood, _ = codes(gateway)
    before = gateway.case(flood)
    await do(gateway, "move", code=flood, status="proses", unit="dinas-sda")
    await do(gateway, "move", code=flood, status="estimasi", estimate=TOMORROW, reason="menunggu pompa.")
    day = f"{TOMORROW[8:]}/{TOMORROW[5:7]}/{TOMORROW[:4]}"
    text = (
        f"Laporan {flood}: dikerjakan. Instansi: Dinas Sumber Daya Air. Perkiraan selesai {day}. Sebab: menunggu pompa."
    )
    assert told(gateway, "moved")[2:] == [text] * 2
    after = gateway.case(flood)
    assert after["due_at"] == after["estimate_at"] == f"{TOMORROW}T16:59:59+00:00"
    assert (after["first_due_at"], after["estimate_reason"]) == (before["due_at"], "menunggu pompa.")
    assert gateway.views.history(flood)[-1]["detail"]["estimate"] == TOMORROW


async def test_a_case_is_handed_on_within_its_status_and_its_reporters_are_told_to_whom(gateway: Running) -> None:
    flood, _ = codes(gateway)
    for unit in ("dinas-sda", "dinas-bina-marga"):
        await do(gateway, "move", code=flood, status="koordinasi", unit=unit)
    assert (gateway.case(flood)["unit"], gateway.case(flood)["status"]) == ("dinas-bina-marga", "koordinasi")
    assert told(gateway, "moved")[2:] == [f"Laporan {flood}: diteruskan. Instansi: Dinas Bina Marga."] * 2


UNITS = {
    "a slip": ("dinas-sdaa", "there is no unit 'dinas-sdaa': did you mean 'dinas-sda'"),
    "a name": ("Dinas Sumber Daya Air", "there is no unit 'Dinas Sumber Daya Air'"),
    "one of many": ("kelurahan", "there is a 'kelurahan' in each area: say which, as in kelurahan-31.74"),
    "an area that there is not": ("kelurahan-31.99", "there is no unit 'kelurahan-31.99'"),
}


async def test_a_case_is_handed_to_units_that_there_are(gateway: Running) -> None:
    flood, _ = codes(gateway)
    before = gateway.case(flood)
    for unit, says in UNITS.values():
        with pytest.raises(OperationRefused, match=says):
            await do(gateway, "move", code=flood, status="proses", unit=unit)
    assert gateway.case(flood) == before


async def test_a_day_that_is_none_is_refused(gateway: Running) -> None:
    flood, _ = codes(gateway)
    with pytest.raises(OperationRefused, match="'besok' is no date: write it as 2026-12-31"):
        await do(gateway, "move", code=flood, status="proses", estimate="besok", reason="pompa")


async def test_who_reported_twice_is_told_once(working: Running) -> None:
    flood, _ = codes(working)
    await working.send(sms("m4", f"{flood} masih banjir"))
    assert (await do(working, "move", code=flood, status="koordinasi"))["told"] == 2


async def test_a_refused_move_changes_nothing(gateway: Running) -> None:
    flood, _ = codes(gateway)
    with pytest.raises(OperationRefused, match="from 'menunggu' a case can go to"):
        await do(gateway, "move", code=flood, status="selesai")
    assert (gateway.all("cases")[0]["status"], told(gateway, "moved")) == ("menunggu", [])


async def test_a_proof_used_before_is_reported(gateway: Running) -> None:
    proof = base64.b64encode(PROOF).decode()
    flood, lamp = codes(gateway)
    for code in (flood, lamp):
        await do(gateway, "move", code=code, status="proses")
    first = await do(gateway, "move", code=flood, status="selesai-diusulkan", proof=proof)
    second = await do(gateway, "move", code=lamp, status="selesai-diusulkan", proof=PROOF)
    assert (first["proof_also_in"], second["proof_also_in"]) == ([], [flood])
    digest = gateway.views.history(lamp)[-1]["detail"]["proof"]
    assert PROOF not in (gateway.folder / "blobs" / digest[:2] / digest).read_bytes()


async def test_a_closed_case_is_left_alone_by_new_reports_until_it_is_opened_again(working: Running) -> None:
    flood, _ = codes(working)
    await do(working, "move", code=flood, status="ditolak", note="di luar wilayah")
    await working.send(sms("m4", SAME_FLOOD, "+6281110000003"))
    newer = working.all("reports")[-1]["case"]
    assert newer != flood
    await working.send(sms("m5", f"{flood} kenapa ditolak?", "+6281110000004"))
    assert working.all("reports")[-1]["case"] not in {flood, newer}
    await do(working, "move", code=newer, status="ditolak", note="sama")
    await do(working, "move", code=flood, status="menunggu")
    await working.send(sms("m6", SAME_FLOOD, "+6281110000005"))
    assert working.all("reports")[-1]["case"] == flood
    assert working.case(flood)["closed_at"] is None


async def test_joined_cases_go_on_under_both_codes_and_part_again(working: Running) -> None:
    flood, lamp = codes(working)
    done = await do(working, "join", code=lamp, into=flood)
    assert done == {"code": lamp, "joined_into": flood, "told": 1, "withheld": 0}
    assert (flood in told(working, "cases_joined")[0], lamp in told(working, "cases_joined")[0]) == (True, True)
    await do(working, "move", code=lamp, status="proses")
    assert {code: working.case(code)["status"] for code in (flood, lamp)} == dict.fromkeys((flood, lamp), "proses")
    assert sorted(text.split(":")[0].split()[1] for text in told(working, "moved")) == sorted([flood, flood])
    await working.send(sms("m4", f"{lamp} masih padam", RINA))
    assert working.all("reports")[-1]["case"] == flood
    assert await do(working, "part", code=lamp) == {"code": lamp, "parted_from": flood}
    await do(working, "move", code=lamp, status="estimasi", estimate=TOMORROW, reason="suku cadang")
    assert {code: working.case(code)["status"] for code in (flood, lamp)} == {flood: "proses", lamp: "estimasi"}


async def test_what_is_refused_says_why(gateway: Running) -> None:
    flood, lamp = codes(gateway)
    only = gateway.all("reports")[2]["id"]
    refused: list[tuple[str, dict[str, str], str]] = [
        ("join", {"code": flood, "into": flood, "actor": "camat"}, "are one case already"),
        ("join", {"code": "KNL-0000-0000", "into": flood, "actor": "camat"}, "there is no case"),
        ("part", {"code": flood, "actor": "camat"}, "to part one of its reports: r-"),
        ("part", {"code": flood, "report": "r-0", "actor": "camat"}, "has no report r-0"),
        ("part", {"code": lamp, "report": only, "actor": "camat"}, "is the only report"),
        ("resend", {"reply": "a-0"}, "there is no reply a-0"),
        ("paint", {}, "does not know 'paint'"),
        ("move", {"colour": "red"}, "it failed: TypeError"),
    ]
    for verb, values, says in refused:
        with pytest.raises(OperationRefused, match=says):
            await control.ask(gateway.folder, verb, values)


async def test_a_closed_case_is_not_joined(gateway: Running) -> None:
    flood, lamp = codes(gateway)
    await do(gateway, "move", code=lamp, status="ditolak", note="sudah baik")
    with pytest.raises(OperationRefused, match="only open cases can be joined"):
        await do(gateway, "join", code=lamp, into=flood)


async def test_a_parted_report_gets_a_code_and_a_pin_of_its_own_and_is_found_again(working: Running) -> None:
    flood, _ = codes(working)
    report = working.all("reports")[1]["id"]
    done = await do(working, "part", code=flood, report=report)
    new = done["code"]
    assert (done["parted_from"], done["told"], new in codes(working)) == (flood, 1, True)
    (text,) = told(working, "parted")
    assert (flood in text, new in text, "PIN" in text) == (True, True, True)
    case = working.case(new)
    assert (case["what"], case["status"], case["reports"]) == (SAME_FLOOD, "menunggu", 1)
    assert working.views.links(report)[-1]["kind"] == "parted"
    assert len(working.app.store.pins(new)) == 1
    await do(working, "move", code=flood, status="ditolak", note="lain")
    await working.send(sms("m4", FLOOD, "+6281110000003"))
    assert working.all("reports")[-1]["case"] == new


async def test_a_report_parted_from_a_closed_case_is_open_to_others(working: Running) -> None:
    flood, _ = codes(working)
    await do(working, "move", code=flood, status="ditolak", note="lain")
    done = await do(working, "part", code=flood, report=working.all("reports")[1]["id"])
    await working.send(sms("m4", SAME_FLOOD, "+6281110000003"))
    assert working.all("reports")[-1]["case"] == done["code"]


async def test_the_socket_answers_garbage_and_is_only_for_its_owner(gateway: Running) -> None:
    socket = gateway.folder / control.FILE
    assert (socket.stat().st_mode & 0o777, gateway.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    reader, writer = await asyncio.open_unix_connection(str(socket))
    for garbage in (b"no json\n", b"{}\n", b"[1]\n", b'{"do": 7}\n'):
        writer.write(garbage)
        assert b'"refused":"it failed: ' in await reader.readline()
    writer.close()
    statuses = await control.ask(gateway.folder, "channels", {})
    assert [(row["name"], row["state"]) for row in statuses] == [("sms", "ok")]


async def test_of_moves_that_race_one_is_done(gateway: Running) -> None:
    flood, _ = codes(gateway)
    moves = [do(gateway, "move", code=flood, status="proses") for _ in range(5)]
    outcomes = await asyncio.gather(*moves, return_exceptions=True)
    assert [isinstance(outcome, OperationRefused) for outcome in outcomes].count(False) == 1
    assert len(told(gateway, "moved")) == 2


def changed(folder: Path, verb: str, **values: Any) -> Any:
    return options.change(folder / "kanal.toml", None, verb, {"actor": "camat"} | values)


@pytest.fixture
def stopped(tmp_path: Path, filed: Path) -> Path:
    """The folder of a gateway that has stopped, its settings in a file."""
    (tmp_path / "kanal.toml").write_text(
        '[gateway]\ndata = "data"\n[[channels]]\nname = "sms"\nkind = "sms"\nnumber = "1708"\n'
        'secret = { file = "secret" }\n'
    )
    settings_in(tmp_path)
    copy(filed, tmp_path)
    return tmp_path


def rows(folder: Path) -> list[Row]:
    with Views(folder / "data") as views:
        return list(views.cases(newest=False, joined=True))


def test_without_a_gateway_the_command_does_it_itself(stopped: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flood, lamp = of(rows(stopped), "code")
    changed(stopped, "move", code=flood, status="proses")
    changed(stopped, "move", code=flood, status="estimasi", estimate=TOMORROW, reason="suku cadang")
    assert rows(stopped)[0]["estimate_reason"] == "suku cadang"
    changed(stopped, "move", code=flood, status="selesai-diusulkan", proof=PROOF)
    changed(stopped, "join", code=lamp, into=flood)
    assert of(rows(stopped), "joined_into") == [None, flood]
    assert changed(stopped, "part", code=lamp) == {"code": lamp, "parted_from": flood}
    with pytest.raises(typer.Exit) as exit_:
        changed(stopped, "move", code="KNL-0000-0000", status="proses")
    assert (exit_.value.exit_code, "there is no case" in capsys.readouterr().err) == (1, True)


async def test_a_person_says_what_a_case_is_about_and_its_clock_and_unit_follow(gateway: Running) -> None:
    flood, _ = codes(gateway)
    before = gateway.case(flood)
    done = await do(gateway, "category", code=flood, category="banjir", why="dipastikan lewat telepon 081234567890")
    after = gateway.case(flood)
    assert (done["category"], done["unit"], after["category"]) == ("banjir", after["unit"], "banjir")
    assert after["unit"].startswith(("dinas-sda", "sudin-sda")) and after["unit"] != before["unit"]
    said = gateway.views.history(flood)[-1]
    assert (said["event"], said["actor"], said["detail"]["from"], said["detail"]["to"]) == (
        "category",
        "camat",
        "",
        "banjir",
    )
    assert said["detail"]["why"] == "dipastikan lewat telepon [telepon]"


async def test_a_case_in_hand_stays_with_its_unit_whatever_it_is_about(gateway: Running) -> None:
    flood, _ = codes(gateway)
    await do(gateway, "move", code=flood, status="proses", unit="dinas-bina-marga")
    done = await do(gateway, "category", code=flood, category="banjir", why="lihat foto")
    assert (done["unit"], done["moved"]) == ("dinas-bina-marga", False)


@pytest.mark.parametrize(
    ("category", "refusal"), [("banjirr", "did you mean 'banjir'"), ("", "there is no category ''")]
)
async def test_a_category_that_there_is_not_is_refused(gateway: Running, category: str, refusal: str) -> None:
    flood, _ = codes(gateway)
    with pytest.raises(OperationRefused, match=refusal):
        await do(gateway, "category", code=flood, category=category, why="coba")


async def test_a_case_that_is_said_to_accuse_leaves_the_offices_of_its_area(gateway: Running) -> None:
    flood, _ = codes(gateway)
    await do(gateway, "move", code=flood, status="proses", unit="kelurahan-31.74.03.1002")
    await do(gateway, "category", code=flood, category="pungutan-liar", why="menyebut pungutan")
    assert gateway.case(flood)["unit"] == "inspektorat"
