"""News of the outside case store move our case once, in their order, and its reporters are told."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from gateway import control
from gateway.casestore import News, Status
from gateway.casestore.skeleton.fake_crm import FakeCrm, fake_crm
from gateway.store.contract import BadRow, FilingDue, Settlement
from gateway.store.filings import FilingOutcome, FilingState
from tests.gateway.casestore.support import CRM, crm_table, filed, filing, report, stands
from tests.gateway.support import Running, running, settings_in, sms, until

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
TOMORROW = datetime.now(UTC).date() + timedelta(days=2)

pytestmark = pytest.mark.usefixtures("crm")
Filing = tuple[Running, FakeCrm, str, str]


@pytest.fixture
async def one(tmp_path: Path) -> AsyncIterator[Filing]:
    """The gateway, the other side, and a case's code and number there."""
    async with filing(tmp_path) as (gateway, crm):
        code = await report(gateway, 1)
        (number,) = await filed(crm)
        await stands(gateway, "filed")
        yield gateway, crm, code, number


async def hear(gateway: Running, *news: News, store: str = CRM) -> None:
    """As a callback brings them; returns once they are taken over or set aside."""
    await gateway.app.take_news(store, news)
    left = "SELECT count(*) FROM news WHERE state = 'new'"
    await until(lambda: not gateway.views.connection.execute(left).fetchone()[0], "the news to be taken over")


def news(number: str, status: str | None, order: int | None = None, **values: Any) -> News:
    return News(number=number, status=Status(status) if status else None, order=order, **{"at": AT} | values)


def events(gateway: Running, code: str) -> list[tuple[str, str]]:
    """What happened to a case, but for its being filed."""
    found = gateway.views.history(code)
    return [(row["event"], row["detail"].get("to", "")) for row in found if row["event"] in {"moved", "news"}]


def told(gateway: Running) -> list[str]:
    return [row["about"] for row in gateway.all("replies")]


async def test_news_that_are_polled_move_the_case_and_tell_its_reporter(one: Filing) -> None:
    gateway, crm, code, number = one
    crm.tell(number, Status.PROSES)
    await until(lambda: gateway.case(code)["status"] == "proses", "the move")
    assert (events(gateway, code), told(gateway)) == ([("moved", "proses")], ["received", "moved"])
    assert [row["actor"] for row in gateway.views.history(code)][-1] == CRM


async def test_what_the_outside_said_is_not_said_back(one: Filing) -> None:
    gateway, crm, code, number = one
    await hear(gateway, news(number, "proses", 1))
    await control.ask(
        gateway.folder,
        "move",
        {"code": code, "status": "estimasi", "actor": "camat", "estimate": TOMORROW.isoformat(), "reason": "hujan"},
    )
    await until(lambda: len(crm.cases[number]) > 1, "our own move")
    assert [said["status"] for said in crm.cases[number]] == ["menunggu", "estimasi"]


IN_TURN = {
    "repeated": ([("proses", 1), ("proses", 1), ("proses", 1)], "proses", 1),
    "in the wrong order": ([("selesai", 3), ("proses", 2), ("koordinasi", 1)], "selesai", 1),
    "one that is late": ([("proses", 1), ("selesai", 3), ("proses", 2)], "selesai", 2),
    "where our own people could not go at once": ([("selesai", 1)], "selesai", 1),
    "back again, and newer": ([("selesai", 1), ("proses", 2)], "proses", 2),
}


async def test_an_older_state_never_overwrites_a_newer_one(one: Filing) -> None:
    gateway, _, _, _ = one
    for number, (name, (heard, status, moves)) in enumerate(IN_TURN.items(), 2):
        code = await report(gateway, number)
        await stands(gateway, "filed", number)
        for word, order in heard:
            await hear(gateway, news(gateway.views.numbers(code)[CRM], word, order))
        assert gateway.case(code)["status"] == status, name
        assert [event for event, _ in events(gateway, code)].count("moved") == moves, name
    assert told(gateway).count("moved") == sum(moves for _, _, moves in IN_TURN.values())


async def test_without_an_order_the_time_decides(one: Filing) -> None:
    gateway, _, code, number = one
    await hear(gateway, news(number, "selesai", at=AT + timedelta(hours=1)), news(number, "proses", at=AT))
    assert gateway.case(code)["status"] == "selesai"


async def test_what_an_officer_did_since_stands(one: Filing) -> None:
    gateway, _, code, number = one
    await control.ask(gateway.folder, "move", {"code": code, "status": "proses", "actor": "camat"})
    moved = datetime.now(UTC)
    await hear(gateway, news(number, "koordinasi", at=moved - timedelta(minutes=10)))
    assert (gateway.case(code)["status"], told(gateway)) == ("proses", ["received", "moved"])
    await hear(gateway, news(number, "selesai", at=moved + timedelta(seconds=1)))
    await hear(gateway, news(number, "proses", at=moved + timedelta(seconds=2)))
    assert events(gateway, code) == [("moved", "proses"), ("news", ""), ("moved", "selesai"), ("moved", "proses")]


async def test_unit_estimate_note_and_proof_come_with_it(one: Filing) -> None:
    gateway, _, code, number = one
    proof = b"\x89PNG foto"
    await hear(
        gateway, news(number, "proses", 1, unit="sda", estimate=TOMORROW, note="pompa sedang dikirim", proof=proof)
    )
    case, line = gateway.case(code), gateway.views.history(code)[-1]
    assert (case["status"], case["unit"]) == ("proses", "sda")
    assert line["detail"]["estimate"] == TOMORROW.isoformat() and len(line["detail"]["proof"]) == 64
    assert "pompa sedang dikirim" in gateway.told()[-1]


async def test_what_is_said_beside_an_estimate_is_its_reason_and_told_once(one: Filing) -> None:
    gateway, _, code, number = one
    await hear(gateway, news(number, "proses", 1, estimate=TOMORROW, note="pompa sedang dikirim"))
    assert gateway.told()[-1].endswith("Sebab: pompa sedang dikirim.")
    assert gateway.views.history(code)[-1]["detail"].keys() >= {"estimate", "reason"}


async def test_news_that_change_nothing_stand_in_the_history(one: Filing) -> None:
    gateway, _, code, number = one
    await hear(gateway, news(number, "menunggu", 1))
    assert (events(gateway, code), told(gateway)) == ([("news", "")], ["received"])


async def test_every_reporter_of_the_case_is_told(one: Filing) -> None:
    gateway, _, code, number = one
    other = await report(gateway, 2, sender="+6281110000077")
    await control.ask(gateway.folder, "join", {"code": other, "into": code, "actor": "camat", "tell": False})
    await hear(gateway, news(number, "proses", 1))
    assert told(gateway).count("moved") == 2


async def test_who_only_quotes_the_code_is_told_nothing(one: Filing) -> None:
    gateway, _, code, number = one
    await gateway.send(sms("m2", f"Melanjutkan laporan {code}: makin gelap", "+6281110000077"))
    await hear(gateway, news(number, "proses", 1))
    assert told(gateway).count("moved") == 1


async def test_a_citizen_may_use_the_number(one: Filing) -> None:
    gateway, _, code, number = one
    answer = await gateway.ask(f"/lacak/{number.lower()}")
    assert (answer.status, answer.text) == (200, f"Laporan {number}: diterima.\n")
    await gateway.send(sms("m2", f"Melanjutkan laporan {number}: belum selesai", "+6281110000077"))
    assert [row["case"] for row in gateway.all("reports")] == [code, code]
    assert (await control.ask(gateway.folder, "move", {"code": number, "status": "proses", "actor": "camat"}))[
        "code"
    ] == code


async def test_a_number_that_two_case_stores_gave_leads_nowhere_by_itself(one: Filing) -> None:
    gateway, _, _, number = one
    other = await report(gateway, 2)
    store = gateway.app.store
    await store.settle(Settlement(filings=[FilingDue(other, "other", 0.0)]))
    taken = FilingOutcome(case=other, store="other", version=1, state=FilingState.FILED, at=0.0, number=number)
    await store.settle_filings([taken])
    assert (await gateway.ask(f"/lacak/{number}")).status == 404
    await gateway.send(sms("m9", f"Melanjutkan laporan {number}: tiang listrik roboh di Jl. Barito", "+6281110000077"))
    assert len(gateway.all("cases")) == 3


async def test_news_before_the_receipt_wait_for_it(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        loaded = settings_in(tmp_path, case_stores=[crm_table(tmp_path, crm)])
        async with running(loaded) as gateway:
            await hear(gateway, news("JK2611020001", "proses", 1))
            code = await report(gateway, 1)
            assert await filed(crm) == ["JK2611020001"]
            await until(lambda: gateway.case(code)["status"] == "proses", "the news to find their case")


async def test_news_by_our_code_need_no_number(one: Filing) -> None:
    gateway, _, code, _ = one
    await hear(gateway, News(code=code, status=Status.PROSES, at=AT))
    assert gateway.case(code)["status"] == "proses"


async def test_a_case_store_moves_only_what_it_was_given(tmp_path: Path) -> None:
    async with fake_crm() as crm:
        tables = [crm_table(tmp_path, crm), crm_table(tmp_path, crm, "other", areas=["31.75"])]
        async with running(settings_in(tmp_path, case_stores=tables)) as gateway:
            code = await report(gateway, 1)
            (number,) = await filed(crm)
            forged = [News(code=code, status=Status.SELESAI, at=AT), news(number, "selesai", 1)]
            await hear(gateway, *forged, store="other")
            assert gateway.case(code)["status"] == "menunggu"


async def test_news_of_a_joined_case_move_the_one_that_it_is_part_of(one: Filing) -> None:
    gateway, _, code, number = one
    greater = await report(gateway, 2)
    await control.ask(gateway.folder, "join", {"code": code, "into": greater, "actor": "camat"})
    await hear(gateway, news(number, "proses", 1))
    assert (gateway.case(greater)["status"], gateway.case(code)["status"]) == ("proses", "proses")


@pytest.mark.threat("P1-40")
async def test_odd_news_stop_no_others(one: Filing) -> None:
    gateway, _, code, number = one
    other = await report(gateway, 2)
    await stands(gateway, "filed", 2)
    odd = [news("JK9", "proses", 1 << 70), news(number, None, id="\ud800"), news("\x1b[2J", "proses")]
    await hear(gateway, *odd, news(number, "proses", at=datetime.min.replace(tzinfo=timezone(timedelta(hours=7)))))
    await hear(gateway, news(gateway.views.numbers(other)[CRM], "selesai", 1 << 70))
    assert (gateway.case(code)["status"], gateway.case(other)["status"]) == ("proses", "selesai")
    with pytest.raises(BadRow):
        await gateway.app.take_news(CRM, odd[1:])


async def test_two_pieces_of_news_of_one_moment_both_count(one: Filing) -> None:
    gateway, _, code, number = one
    await hear(gateway, news(number, "proses", id="1"), news(number, "selesai", id="2"))
    assert (gateway.case(code)["status"], told(gateway).count("moved")) == ("selesai", 2)
