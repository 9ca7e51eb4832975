"""What is said in public is answered without anything personal, and goes on in private with the same report."""

from pathlib import Path
from typing import Any

import pytest

from gateway.bot import Ask, Steps, Talk, dialogue
from gateway.store.contract import ReplyRow
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, FLOOD, RINA


@dialogue("report", files=True, texts={"id": {"told": "Di mana?"}})
def report(talk: Talk) -> Steps:
    """Asks one thing."""
    yield Ask("place", text="told", amends="text")


POST: dict[str, Any] = {"public": True, "conversation": "post-1"}


@pytest.mark.threat("P0-34")
async def test_a_public_answer_has_no_code_and_asks_for_a_private_message(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        (answer,) = await bench.say(FLOOD, **POST)
        assert "KNL-" not in answer
        assert "PIN" not in answer
        assert "pesan pribadi" in answer
        assert "Di mana?" not in answer


@pytest.mark.threat("P0-34")
async def test_what_accuses_an_official_is_answered_and_told_of_in_private(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("ada pungli oleh petugas kelurahan", **POST)
        (told,) = await news(bench, "moved", status="proses", unit="")
        assert (told.public, told.conversation) == (False, "")
        ((public,),) = await bench.rows("SELECT public FROM replies")
        assert not public


async def test_the_private_talk_goes_on_with_the_same_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(FLOOD, **POST)
        (answer,) = await bench.say("halo min, ini soal tadi", after=3600)
        assert answer.startswith("Laporan Anda kami terima. Kode KNL-")
        assert "PIN" in answer
        assert answer.endswith("Di mana?")
        await bench.say("di dekat pasar")
        assert [row[0] for row in await bench.rows("SELECT count(*) FROM reports")] == [1]
        (pinned,) = await bench.rows("SELECT pin_hash FROM reports")
        assert pinned[0]


async def test_who_else_writes_in_private_learns_nothing_of_it(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(FLOOD, **POST)
        await bench.say("kenapa ini", RINA)
        assert len(await bench.rows("SELECT 1 FROM reports")) == 2


async def test_in_public_no_command_is_heard(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say("petugas", BUDI, **POST)
        assert len(await bench.rows("SELECT 1 FROM reports")) == 1
        assert await bench.rows("SELECT 1 FROM talks WHERE mode = 'person'") == []


async def test_news_have_no_code_where_everybody_reads_along(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(FLOOD, **POST)
        (told,) = await news(bench, "moved", status="proses", unit="")
        assert (told.public, told.conversation, told.text) == (True, "post-1", "Laporan Anda: dikerjakan.")
        assert await news(bench, "cases_joined", other="KNL-2222-2222") == []


async def test_news_are_told_in_private_once_they_wrote_there(tmp_path: Path) -> None:
    async with talking(tmp_path, report) as bench:
        await bench.say(FLOOD, **POST)
        await bench.say("ini soal tadi", after=3600)
        (told,) = await news(bench, "moved", status="proses", unit="")
        assert (told.public, told.conversation) == (False, "")
        assert told.text.startswith("Laporan KNL-")


async def news(bench: Bench, name: str, **values: Any) -> list[ReplyRow]:
    ((code,),) = await bench.rows("SELECT code FROM cases")
    case = bench.store.case(code)
    assert case
    return bench.means.telling.replies(bench.store.reporters(code), 0.0, name, case, **values)
