"""What is corrected right after a talk has ended belongs to its report, and opens no case."""

from pathlib import Path

import pytest

from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import LAMP, RINA

ADDED = (["Sudah kami tambahkan."], ["We added it."])
SAID = ("banjir nih", "kp melayu dekat halte RT 3", "lewati")

CORRECTIONS = {
    "a slip": "eh salah, RT 5",
    "a street": "salah, maksudnya jl kemang timur",
    "with thanks": "maaf keliru, yang benar RT 05 RW 03",
    "no place that is known": "maksud saya dekat indomaret",
    "only where": "jl kemang raya no 12",
    "in English": "sorry, wrong street, it is RT 5",
}
OTHERS = {
    "another matter": LAMP,
    "another matter that is called a correction": "ralat: lampu jalan mati di jl kemang utara",
    "a question": "kapan selesai?",
    "danger": "tolong ada kebakaran di rt 5",
}


async def texts(bench: Bench) -> list[str]:
    ids = [row[0] for row in await bench.rows("SELECT id FROM reports ORDER BY seq")]
    return [row.report.text for one in ids if (row := bench.store.report(one))]


async def ended(bench: Bench) -> None:
    for words in SAID:
        await bench.say(words)


@pytest.mark.parametrize("words", CORRECTIONS.values(), ids=CORRECTIONS)
async def test_a_correction_is_added_to_the_report(tmp_path: Path, words: str) -> None:
    async with talking(tmp_path, report, status) as bench:
        await ended(bench)
        assert await bench.say(words) in ADDED
        assert await texts(bench) == [f"{SAID[0]}\n{words}"]


@pytest.mark.parametrize("words", OTHERS.values(), ids=OTHERS)
async def test_what_is_no_correction_is_none(tmp_path: Path, words: str) -> None:
    async with talking(tmp_path, report, status) as bench:
        await ended(bench)
        assert await bench.say(words) not in ADDED
        assert (await texts(bench))[0] == SAID[0]


async def test_much_later_it_is_a_report(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        await ended(bench)
        assert await bench.say("jl kemang raya no 12", after=3600) not in ADDED


async def test_what_another_person_says_is_theirs(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        await ended(bench)
        assert await bench.say("eh salah, RT 5", RINA) not in ADDED


async def test_nothing_is_added_to_what_is_closed(tmp_path: Path) -> None:
    async with talking(tmp_path, report, status) as bench:
        await ended(bench)
        await bench.close_cases()
        assert await bench.say("eh salah, RT 5") not in ADDED
