"""News reach who reported, at decent hours, and nobody who does not want them."""

from collections.abc import AsyncIterator
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from gateway.newshours import NewsHours
from gateway.store.contract import ReplyState, Settlement
from gateway.telling import Telling
from tests.gateway.bot.filings import Filings, filings
from tests.gateway.support import BUDI, FLOOD, RINA

FIRE = "Kebakaran rumah, ada orang terjebak, tolong!"


@pytest.fixture
async def city(tmp_path: Path) -> AsyncIterator[Filings]:
    async with filings(tmp_path) as city:
        city.rules = replace(city.rules, news_hours=NewsHours(time(7), time(21), city.rules.clock.zone))
        yield city


def told(city: Filings, code: str, hour: int, asked: bool = False) -> list[tuple[ReplyState, timedelta]]:
    """The state of each of the replies, and how long after the move they are due."""
    at = datetime(2026, 3, 2, hour, tzinfo=city.rules.clock.zone).timestamp()
    telling = Telling(city.rules, {}, city.store)
    replies = telling.replies(
        city.store.reporters(code), at, "moved", city.case(code), status="proses", asked=asked, unit=""
    )
    return [(one.state, timedelta(seconds=one.due_at - at)) for one in replies]


NOW, IN_THE_MORNING = timedelta(), timedelta(hours=8)


async def test_news_of_the_night_are_told_in_the_morning(city: Filings) -> None:
    row = await city.file(FLOOD)
    assert told(city, row.case, 12) == [(ReplyState.KEPT, NOW)]
    assert told(city, row.case, 23) == [(ReplyState.KEPT, IN_THE_MORNING)]


async def test_of_an_emergency_and_what_was_asked_for_they_are_told_at_once(city: Filings) -> None:
    fire, flood = await city.file(FIRE), await city.file(FLOOD)
    assert told(city, fire.case, 23) == [(ReplyState.KEPT, NOW)]
    assert told(city, flood.case, 23, asked=True) == [(ReplyState.KEPT, NOW)]


async def test_who_wants_none_is_told_none(city: Filings) -> None:
    row = await city.file(FLOOD, BUDI)
    await city.file("Sama", RINA, into=city.case(row.case))
    await city.store.settle(Settlement(stopped=[city.contact(BUDI).id]))
    assert [state for state, _ in told(city, row.case, 12)] == [ReplyState.WITHHELD, ReplyState.KEPT]
    assert [state for state, _ in told(city, row.case, 12, asked=True)] == [ReplyState.KEPT, ReplyState.KEPT]
