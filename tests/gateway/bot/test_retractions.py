"""What its sender takes back is marked, shown to nobody in public, and answered no more."""

from pathlib import Path

import pytest

from adapters import Retracted
from gateway.bot.dialogues.report import report
from gateway.store.contract import ReplyState
from normalizer.report import PARTLY_RETRACTED, RETRACTED
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import FLOOD


async def marked(bench: Bench) -> list[tuple[tuple[str, ...], bool]]:
    """The marks of the reports, and whether they are shown in public."""
    found = []
    for identity, public in await bench.rows("SELECT id, public FROM reports ORDER BY seq"):
        row = bench.store.report(identity)
        assert row
        found.append((tuple(one for one in row.report.triage if "retracted" in one), bool(public)))
    return found


async def events(bench: Bench) -> list[str]:
    return [row[0] for row in await bench.rows("SELECT event FROM history ORDER BY seq")]


def back(message: str = "m1") -> Retracted:
    return Retracted("echo", message)


@pytest.mark.parametrize("can_talk", [True, False], ids=["answered", "without a way out"])
async def test_a_report_that_is_taken_back_is_marked_and_hidden(tmp_path: Path, can_talk: bool) -> None:
    async with talking(tmp_path, report) as bench:
        bench.can_talk = can_talk
        await bench.take(bench.message(FLOOD, public=True, confidential=False, conversation="post"))
        assert await marked(bench) == [((), True)]
        assert await bench.tell(back()) == []
        assert await bench.tell(back()) == []
        assert await marked(bench) == [((RETRACTED,), False)]
        assert await events(bench) == ["opened", "retracted"]
        assert await bench.rows("SELECT marked, aside FROM cases") == [("retracted", 0)]


async def test_what_is_not_said_yet_is_not_said(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(bench.message("banjir nih"))
        await bench.take(bench.event(back()))
        assert await bench.answers() == []
        assert await bench.rows("SELECT DISTINCT state FROM replies") == [(ReplyState.WITHHELD,)]
        assert bench.memory().state is None


async def test_what_waits_for_more_is_not_answered_either(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say("banjir nih")
        assert await bench.tell(back(), after=1) == []
        assert await bench.wait(10) == []


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
async def test_what_is_taken_back_before_it_comes_is_marked_when_it_comes(tmp_path: Path, at_once: bool) -> None:
    async with talking(tmp_path, report) as bench:
        both = bench.event(back()), bench.message(FLOOD, id="m1")
        for batch in [both] if at_once else [both[:1], both[1:]]:
            await bench.take(*batch)
        assert await bench.answers() == []
        assert await marked(bench) == [((RETRACTED,), False)]


async def test_a_message_and_its_retraction_may_come_together(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.take(bench.message(FLOOD), bench.event(back()))
        assert await bench.answers() == []
        assert await marked(bench) == [((RETRACTED,), False)]


async def test_one_message_of_several_is_no_whole_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report, quiet_seconds=5) as bench:
        await bench.say("banjir nih")
        await bench.say("kp melayu dekat halte", after=1)
        await bench.tell(back(), after=1)
        assert await marked(bench) == [((PARTLY_RETRACTED,), False)]
        assert len(await bench.wait(10)) == 1
        await bench.tell(back("m2"))
        assert await marked(bench) == [((PARTLY_RETRACTED, RETRACTED), False)]


async def test_what_led_to_no_report_may_be_taken_back(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("halo pak")
        assert await bench.tell(back()) == []
        assert await events(bench) == []
