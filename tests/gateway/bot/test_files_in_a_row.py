"""Several pictures in a row are of one report where the provider has no albums, too: each is a message of its own."""

from pathlib import Path

import pytest

from adapters import Attachment, Capabilities, Delivery
from gateway.bot.dialogues.report import report
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import BUDI, LAMP

HOLE = "ada lubang gede di jalan"
TREE = "Pohon tumbang di Jl. Kramat Raya, Kwitang"
ADDED = "Sudah kami tambahkan."
#: Of a channel that takes pictures.
CAN = Capabilities(takes_files=True, attachments=True)


def picture(bench: Bench, number: int, text: str = "", after: float = 1) -> Delivery:
    file = Attachment(f"{number}.jpg", "image/jpeg", 1000, reference=f"file-{number}")
    return bench.message(text, BUDI, after, attachments=(file,))


async def reports(bench: Bench) -> list[tuple[str, int]]:
    """Their words, and how many files they have."""
    ids = [row[0] for row in await bench.rows("SELECT id FROM reports ORDER BY seq")]
    rows = [row.report for one in ids if (row := bench.store.report(one))]
    return [(row.text, len(row.attachments)) for row in rows]


async def said(bench: Bench) -> list[str]:
    return [row.text for row in await bench.answers()]


async def ask_for_a_photo(bench: Bench) -> None:
    await bench.say(TREE)
    await bench.wait(6)
    (asked,) = await bench.say("kwitang")
    assert asked.startswith("Ada fotonya?")


async def show(bench: Bench, at_once: bool, *pictures: Delivery) -> None:
    for batch in [pictures] if at_once else [(one,) for one in pictures]:
        await bench.take(*batch)


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
@pytest.mark.parametrize("quiet_seconds", [0, 5])
async def test_those_that_answer_a_question_are_answered_once(
    tmp_path: Path, quiet_seconds: int, at_once: bool
) -> None:
    async with talking(tmp_path, report, capabilities=CAN, quiet_seconds=quiet_seconds) as bench:
        await ask_for_a_photo(bench)
        await show(bench, at_once, *(picture(bench, one) for one in range(3)))
        (thanks,) = await said(bench)
        assert thanks.startswith("Terima kasih.")
        assert await reports(bench) == [(TREE, 3)]


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
async def test_those_that_come_to_another_question_are_added_and_it_is_asked_again_once(
    tmp_path: Path, at_once: bool
) -> None:
    async with talking(tmp_path, report, capabilities=CAN, quiet_seconds=5) as bench:
        await bench.say(HOLE)
        (asked,) = await bench.wait(6)
        await show(bench, at_once, *(picture(bench, one, after=2) for one in range(3)))
        (again,) = await said(bench)
        assert again.startswith(ADDED) and "Di mana tempatnya?" in again
        assert await reports(bench) == [(HOLE, 3)]
        assert "lewati" in asked.lower()
        assert (await bench.say("lewati"))[0].startswith("Terima kasih.")


async def test_one_that_was_sent_right_after_an_answer_is_the_next_answer(tmp_path: Path) -> None:
    """It comes in before the question that it answers was asked."""
    async with talking(tmp_path, report, capabilities=CAN) as bench:
        await bench.say(HOLE)
        await bench.take(bench.message("lewati", after=60), picture(bench, 1, after=0))
        answers = await said(bench)
        assert answers[-1].startswith("Terima kasih.")
        assert await reports(bench) == [(HOLE, 1)]


async def test_one_with_words_that_report_something_is_a_report_of_its_own(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=CAN) as bench:
        await ask_for_a_photo(bench)
        await bench.take(picture(bench, 1, after=60), picture(bench, 2, LAMP))
        assert await reports(bench) == [(TREE, 1), (LAMP, 1)]


async def test_one_that_comes_later_stands_for_itself(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=CAN) as bench:
        await ask_for_a_photo(bench)
        await bench.take(picture(bench, 1, after=60), picture(bench, 2, after=16))
        assert await reports(bench) == [(TREE, 1), ("", 1)]
