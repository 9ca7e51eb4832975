"""What people who work on a case do together: they write to citizens by hand, note, assign, and see what they are about
to tell before they tell it."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from gateway.errors import OperationRefused
from gateway.store.contract import Settlement
from tests.gateway.support import (
    BUDI,
    FLOOD,
    LAMP,
    RINA,
    SAME_FLOOD,
    Row,
    Running,
    channel,
    letter,
    running,
    settings_in,
    sms,
    sms_channel,
)
from tests.poison import poison_installed

pytestmark = pytest.mark.asyncio(loop_scope="module")
BY = {"actor": "rina"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    with poison_installed(tmp_path_factory.mktemp("site")):
        folder = tmp_path_factory.mktemp("team")
        async with running(settings_in(folder, sms_channel(), channel("poison"))) as found:
            await found.judging()
            await found.send(sms("1", FLOOD, BUDI), sms("2", SAME_FLOOD, RINA))
            await found.post(letter("3", LAMP, RINA), letter("4", "Pohon tumbang di Jl. Barito", None))
            yield found


async def ask(gateway: Running, verb: str, **values: Any) -> Any:
    return await gateway.app.site.means.ask(verb, **BY | values)


def reported(gateway: Running, words: str) -> Row:
    return next(row for row in gateway.all("reports") if words in row["text"])


def said(gateway: Running, words: str) -> Row:
    return next(row for row in gateway.all("replies") if words in (row["text"] or ""))


async def test_what_is_foreseen_is_what_is_told_and_changes_nothing(gateway: Running) -> None:
    code = reported(gateway, "setinggi lutut")["case"]
    wanted = {"code": code, "status": "proses", "note": "Pompa sudah dikirim"}
    before = (len(gateway.all("replies")), gateway.views.history(code))
    foreseen = await ask(gateway, "foresee", act="move", **wanted)
    assert (len(gateway.all("replies")), gateway.views.history(code)) == before
    assert (await ask(gateway, "move", **wanted))["told"] == sum(one["people"] for one in foreseen) == 2
    told = [row["text"] for row in gateway.all("replies")[before[0] :]]
    assert set(told) == {one["text"] for one in foreseen}


async def test_what_would_be_refused_is_not_foreseen(gateway: Running) -> None:
    code = reported(gateway, "Lampu")["case"]
    with pytest.raises(OperationRefused, match="can go to"):
        await ask(gateway, "foresee", act="move", code=code, status="selesai-diusulkan")
    with pytest.raises(OperationRefused, match="nothing is foreseen"):
        await ask(gateway, "foresee", act="erase", code=code)


async def test_the_joining_of_two_cases_and_the_parting_of_a_report_are_foreseen(gateway: Running) -> None:
    flood, lamp = reported(gateway, "setinggi lutut"), reported(gateway, "Lampu")
    [joined] = await ask(gateway, "foresee", act="join", code=lamp["case"], into=flood["case"])
    assert (joined["channel"], joined["people"]) == ("poison", 1)
    second = reported(gateway, "selutut")["id"]
    [parted] = await ask(gateway, "foresee", act="part", code=flood["case"], report=second)
    assert "PIN ••••••" in parted["text"]


async def test_who_saw_less_than_happened_is_refused(gateway: Running) -> None:
    code = reported(gateway, "Lampu")["case"]
    seen = len(gateway.views.history(code))
    await ask(gateway, "move", code=code, status="koordinasi", seen=seen)
    with pytest.raises(OperationRefused, match="meanwhile"):
        await ask(gateway, "move", code=code, status="proses", seen=seen)
    await ask(gateway, "move", code=code, status="proses", seen=seen + 1)


async def test_a_reporter_is_answered_on_their_channel_about_their_report(gateway: Running) -> None:
    report = reported(gateway, "setinggi lutut")
    await ask(gateway, "draft", code=report["case"], of="answer", text="Apakah air")
    done = await ask(gateway, "answer_report", report=report["id"], text="Apakah air sudah surut?")
    row = said(gateway, "sudah surut")
    assert (row["id"], row["channel"], row["about"]) == (done["replies"][0], "sms", "person")
    assert (row["case"], row["report"]) == (report["case"], report["id"])
    assert gateway.views.drafts(report["case"], "rina") == {}


async def test_who_wants_no_news_is_not_written_to(gateway: Running) -> None:
    report = reported(gateway, "Lampu")
    [(_, contact)] = gateway.app.store.reporters(report["case"])
    assert contact is not None
    await gateway.app.store.settle(Settlement(stopped=[contact.id]))
    try:
        with pytest.raises(OperationRefused, match="STOP"):
            await ask(gateway, "answer_report", report=report["id"], text="Halo")
    finally:
        await gateway.app.store.settle(Settlement(started=[contact.id]))


async def test_nobody_is_written_to_without_end(gateway: Running) -> None:
    report = reported(gateway, "Lampu")
    with pytest.raises(OperationRefused, match="enough"):
        for number in range(99):
            await ask(gateway, "answer_report", report=report["id"], text=f"Pesan {number}")


@pytest.mark.parametrize(
    ("words", "text", "why"),
    [("Pohon", "Halo", "nobody knows who"), ("setinggi lutut", " ", "characters"), ("selutut", "x" * 1001, "1001")],
)
async def test_some_answers_cannot_be_given(gateway: Running, words: str, text: str, why: str) -> None:
    with pytest.raises(OperationRefused, match=why):
        await ask(gateway, "answer_report", report=reported(gateway, words)["id"], text=text)


async def test_a_note_is_for_colleagues_and_takes_the_place_of_its_draft(gateway: Running) -> None:
    code = reported(gateway, "selutut")["case"]
    await ask(gateway, "draft", code=code, of="note", text="Pak RT bilang")
    assert gateway.views.drafts(code, "rina") == {"note": "Pak RT bilang"}
    await ask(gateway, "note", code=code, text="Pak RT bilang pompa rusak, hubungi 0812-3456-7890")
    assert gateway.views.drafts(code, "rina") == {}
    assert [row["text"] for row in gateway.views.notes([code])] == ["Pak RT bilang pompa rusak, hubungi [telepon]"]
    for text in (" ", "x" * 4001):
        with pytest.raises(OperationRefused, match="characters"):
            await ask(gateway, "note", code=code, text=text)
    with pytest.raises(OperationRefused, match="a draft is of"):
        await ask(gateway, "draft", code=code, of="letter", text="x")


async def test_a_case_is_assigned_to_a_colleague_and_its_history_says_so(gateway: Running) -> None:
    code = reported(gateway, "selutut")["case"]
    await ask(gateway, "assign", code=code, to="joko")
    assert gateway.case(code)["assignee"] == "joko"
    with pytest.raises(OperationRefused, match="already"):
        await ask(gateway, "assign", code=code, to="joko")
    await ask(gateway, "assign", code=code, to="")
    assert gateway.case(code)["assignee"] is None
    told = [row["detail"] for row in gateway.views.history(code) if row["event"] == "assigned"]
    assert told == [{"from": "", "to": "joko"}, {"from": "joko", "to": ""}]
