"""A channel with a monthly cap: slower as it nears, then still; nothing is lost, and a person is told."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gateway import budget, spending
from gateway.channels import status
from gateway.errors import OperationRefused
from gateway.store.contract import Spending, TalkMode
from gateway.store.sqlite import SqliteStore
from tests.gateway.support import FLOOD, channel, running, settings_in, sms, until, with_store
from tests.gateway.test_costs import TEXTS, box
from tests.gateway.test_replies import kannel
from tests.poison import installed


@pytest.fixture(scope="module", autouse=True)
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with installed(tmp_path_factory.mktemp("site"), "kanal-folder", folder="kanal_counter:Folder"):
        yield


def at(*date: int) -> float:
    return datetime(*date, tzinfo=UTC).timestamp()  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("used", "gone", "times"),
    [
        (0.0, 0.0, 1),
        (0.49, 0.01, 1),
        (0.8, 0.9, 1),
        (0.5, 0.5, 1),
        (0.6, 0.5, 1.5),
        (0.8, 0.5, 4),
        (0.99, 0.5, 60),
        (1.0, 0.99, 60),
        (3.0, 0.0, 60),
        (0.9, 1.0, 1),
    ],
)
def test_how_much_more_seldom_a_channel_is_asked(used: float, gone: float, times: float) -> None:
    assert budget.slower(used, gone) == pytest.approx(times)


def test_a_month_is_one_of_utc() -> None:
    assert budget.gone(at(2026, 11, 16)) == pytest.approx(0.5)
    assert [budget.ends(one) for one in (at(2026, 12, 1), at(2026, 12, 31, 23, 59))] == [at(2027, 1, 1)] * 2


async def spend(loaded: Any, name: str, cost: float, currency: str) -> None:
    day = spending.day(time.time())
    one = Spending(channel=name, day=day, unit="read", currency=currency, count=1, cost=cost)

    async def work(store: SqliteStore) -> None:
        await store.append([], None, name, [one])

    await with_store(loaded, work)


async def test_at_the_cap_a_channel_is_asked_no_more_and_a_person_is_told_until_it_is_raised(tmp_path: Path) -> None:
    folder = str(box(tmp_path, *TEXTS))
    capped = channel("folder", "box", folder=folder, costs={"currency": "USD", "monthly_cap": 1})
    async with running(settings_in(tmp_path, capped)) as gateway:
        await until(lambda: gateway.reported(2), "two of three reports")
        await until(lambda: status(gateway.app.channels["box"]).why, "the cap to be seen")
        shown = status(gateway.app.channels["box"])
        assert (shown.state, shown.why, shown.values["spent"], shown.values["cap"]) == (
            "degraded",
            "cap_reached",
            "$1.00",
            "$1.00",
        )
        with pytest.raises(OperationRefused, match="monthly cap"):
            await gateway.app._lineup.polling.backfill("box", datetime.now(UTC))
        gateway.app._resumed(["box"])
        await gateway.app._watch.tick()
        (gap,) = gateway.views.gaps("box", 9)
        assert (gap.why, gap.ended, len(gateway.all("reports"))) == ("cap_reached", None, 2)
    raised = channel("folder", "box", folder=folder, costs={"currency": "USD", "monthly_cap": 2})
    async with running(settings_in(tmp_path, raised)) as gateway:
        await until(lambda: gateway.reported(3), "the third")


async def test_near_the_cap_a_channel_is_asked_more_seldom(tmp_path: Path) -> None:
    capped = channel(
        "folder", "box", folder=str(box(tmp_path, TEXTS[0])), costs={"currency": "USD", "monthly_cap": 100}
    )
    loaded = settings_in(tmp_path, capped)
    await spend(loaded, "box", 99.2, "USD")
    async with running(loaded) as gateway:
        await until(lambda: gateway.reported(1), "the report")
        shown = gateway.app.channels["box"]
        waits = budget.Budget(gateway.app.store, lambda: budget.ends(time.time()) - 20 * budget.DAY).wait(shown, 0.02)
        assert (waits > 60, shown.part("costs").why) == (True, "cap_near")
        assert budget.Budget(gateway.app.store, lambda: budget.ends(time.time()) + 1).wait(shown, 0.02) == 0.02
        assert shown.part("costs").why == ""


async def test_what_is_to_be_said_at_the_cap_is_left_to_a_person(tmp_path: Path) -> None:
    async with kannel() as (server, by_sms):
        loaded = settings_in(tmp_path, by_sms | {"costs": {"segment": 350, "monthly_cap": 1000}})
        await spend(loaded, "sms", 1000, "IDR")
        async with running(loaded) as gateway:
            await gateway.send(sms("m1", FLOOD))
            await until(lambda: gateway.replies() == [("received", "failed")], "it to be given up")
            (row,) = gateway.all("replies")
            assert (server.sent, row["error"]) == ([], budget.CAPPED)
            await until(
                lambda: [one.mode for one in gateway.app.store.handed_over()] == [TalkMode.PERSON], "a person's task"
            )
            assert status(gateway.app.channels["sms"]).why == "cap_reached_out"


async def test_a_question_that_is_about_no_report_is_left_to_a_person_as_well(tmp_path: Path) -> None:
    async with kannel() as (server, by_sms):
        loaded = settings_in(tmp_path, by_sms | {"costs": {"segment": 350, "monthly_cap": 1000}})
        await spend(loaded, "sms", 1000, "IDR")
        async with running(loaded) as gateway:
            await gateway.send(sms("m1", "status KNL-7F3K-92QX"))
            await until(gateway.app.store.handed_over, "a person's task")
            (row,) = gateway.all("replies")
            assert (row["report"], row["state"], row["error"], server.sent) == (None, "failed", budget.CAPPED, [])
