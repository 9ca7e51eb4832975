"""Who is told that a case is done is asked how content they are, once, and in no talk about something else."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway import channels, moving
from gateway.bot.state import Memory, State, Talk
from gateway.conversation import remembered
from gateway.lookup import Attempts
from gateway.metrics import Metrics
from gateway.moving import Wanted
from gateway.naming import talk_id
from gateway.rating import Rating
from gateway.store.contract import ReplyRow, ReportRow, Settlement, TalkMode, TalkRow
from gateway.telling import Telling
from tests.gateway.bot.filings import AT, Filings, filings
from tests.gateway.support import BUDI, FLOOD, RINA, settings_in, sms_channel

LATER = AT + 3600
WAY_OUT = {"send_url": "http://127.0.0.1:9/send", "username": "kanal", "password": {"file": "secret"}}


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Filings]:
    async with filings(tmp_path) as city:
        yield city


class Closing:
    """Closes cases of a city whose SMS channel has a way out."""

    def __init__(self, city: Filings, folder: Path) -> None:
        self.city = city
        self.channels = channels.build(settings_in(folder, sms_channel(**WAY_OUT)))
        self.telling = Telling(city.rules, self.channels, city.store)

    async def close(self, row: ReportRow) -> list[ReplyRow]:
        """What is asked."""
        store, rules = self.city.store, self.city.rules
        reporters = store.reporters(row.case)
        settlement = moving.settlement(
            self.city.case(row.case),
            [],
            reporters,
            Wanted(status="selesai", outside=True),
            actor="camat",
            now=LATER,
            rules=rules,
            telling=self.telling,
        )
        news = len(settlement.replies)
        rating = Rating(store, rules, self.channels, self.telling, Attempts(), Metrics())
        rating.add(settlement, reporters, LATER)
        await store.settle(settlement)
        return settlement.replies[news:]


async def test_each_reporter_is_asked_after_the_news(city: Filings, tmp_path: Path) -> None:
    row = await city.file(FLOOD)
    other = await city.file("Sama", RINA, into=city.case(row.case))
    asked = await Closing(city, tmp_path).close(row)
    assert [one.report for one in asked] == [row.report.id, other.report.id]
    assert asked[0].text == (
        f"Puas dengan penanganan laporan {row.case}?"
        " Tulis angka 1 (tidak puas) sampai 5 (puas sekali), atau BELUM SELESAI."
    )
    talk = city.store.talk(talk_id(city.rules.key, "sms", city.contact(BUDI).id, ""))
    assert talk and (talk.mode, talk.dialogue, talk.asked) == (TalkMode.OPEN, "rating", "score")
    assert (talk.case, talk.report) == (row.case, row.report.id)


async def busy(city: Filings, **values: Any) -> None:
    contact = city.contact(BUDI).id
    state = State(dialogue="report", version="1", talk=Talk(), asked="where")
    made: dict[str, Any] = {
        "id": talk_id(city.rules.key, "sms", contact, ""),
        "channel": "sms",
        "contact": contact,
        "mode": TalkMode.OPEN,
        "since": AT,
        "heard_at": AT,
        "memory": msgspec.msgpack.encode(Memory(state=state)),
    }
    await city.store.settle(Settlement(talks=[TalkRow(**made | values)]))


async def test_no_talk_about_something_else_is_broken_into(city: Filings, tmp_path: Path) -> None:
    row = await city.file(FLOOD)
    await busy(city)
    assert await Closing(city, tmp_path).close(row) == []


async def test_what_the_report_lacked_does_not_matter_any_more(city: Filings, tmp_path: Path) -> None:
    row = await city.file(FLOOD)
    state = State(dialogue="report", version="1", talk=Talk(report=row.report.id), asked="photo")
    await busy(city, memory=msgspec.msgpack.encode(Memory(state=state)))
    assert len(await Closing(city, tmp_path).close(row)) == 1
    talk = city.store.talk(talk_id(city.rules.key, "sms", city.contact(BUDI).id, ""))
    assert talk
    assert remembered(talk.memory).last is None


async def test_nobody_is_asked_while_a_person_goes_on_with_the_talk(city: Filings, tmp_path: Path) -> None:
    row = await city.file(FLOOD)
    await busy(city, mode=TalkMode.PERSON, memory=b"")
    assert await Closing(city, tmp_path).close(row) == []


async def test_who_wants_no_news_is_asked_nothing(city: Filings, tmp_path: Path) -> None:
    row = await city.file(FLOOD)
    await city.store.settle(Settlement(stopped=[city.contact(BUDI).id]))
    assert await Closing(city, tmp_path).close(row) == []


async def test_who_has_answered_is_not_asked_again(city: Filings, tmp_path: Path) -> None:
    row = await city.file(FLOOD)
    detail = {"report": row.report.id, "score": "4"}
    rated = msgspec.structs.replace(city.store.history(row.case)[0], event="rated", actor="pelapor", detail=detail)
    await city.store.settle(Settlement(history=[rated]))
    assert await Closing(city, tmp_path).close(row) == []
