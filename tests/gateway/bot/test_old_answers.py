"""Buttons and numbers answer the question that they were offered with: days later, and not too late."""

from pathlib import Path

import pytest

from gateway.bot import Ask, Say, Steps, Talk, choice, dialogue, keyword
from gateway.store.contract import TalkMode
from tests.gateway.bot.talks import RICH, talking
from tests.gateway.support import FLOOD, LAMP

DAY = 86_400.0
TEXTS = {
    "id": {
        "deep": "Sedalam apa?",
        "since": "Sejak kapan?",
        "ankle": "Semata kaki",
        "knee": "Selutut",
        "today": "Hari ini",
        "before": "Sebelumnya",
        "thanks": "Terima kasih.",
        "again_choice": "Pilih satu.",
    }
}


@dialogue("report", files=True, texts=TEXTS)
def report(talk: Talk) -> Steps:
    """Asks two questions."""
    yield Ask("deep", read=choice("ankle", "knee"))
    yield Ask("since", read=choice("today", "before"))
    yield Say("thanks")


@dialogue("survey", opens=keyword("survei"), texts=TEXTS)
def survey(talk: Talk) -> Steps:
    """Asks one question."""
    yield Ask("deep", read=choice("ankle", "knee"))


OLD = "Pilihan itu sudah lama, jadi kami tanyakan sekali lagi."


async def test_a_button_answers_its_question(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=RICH) as bench:
        await bench.take(bench.message(FLOOD, after=1))
        (row,) = await bench.answers()
        assert [one.label for one in row.choices] == ["Semata kaki", "Selutut"]
        assert await bench.say(choice=row.choices[1].id) == ["Sejak kapan?"]
        assert bench.memory().state is not None


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "in one batch"])
async def test_who_taps_a_button_twice_is_answered_once(tmp_path: Path, at_once: bool) -> None:
    async with talking(tmp_path, report, capabilities=RICH) as bench:
        await bench.take(bench.message(FLOOD, after=1))
        (row,) = await bench.answers()
        for text in ("Sejak kapan?", "Terima kasih."):
            taps = [bench.message(row.choices[1].label, choice=row.choices[1].id, after=one) for one in (60, 1, 3)]
            for batch in [taps] if at_once else [[one] for one in taps]:
                await bench.take(*batch)
            (row,) = await bench.answers()
            assert row.text == text
        assert len(await bench.rows("SELECT id FROM reports")) == 1


async def test_who_taps_another_button_right_after_is_told_that_it_was_asked_before(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=RICH) as bench:
        await bench.take(bench.message(FLOOD, after=1))
        (row,) = await bench.answers()
        await bench.say(choice=row.choices[1].id)
        assert await bench.say(choice=row.choices[0].id, after=1) == [f"{OLD}\nSejak kapan?"]
        assert await bench.say(choice=row.choices[1].id, after=60) == [f"{OLD}\nSejak kapan?"]


async def test_a_button_of_an_earlier_question_is_explained_and_the_open_one_asked_again(tmp_path: Path) -> None:
    async with talking(tmp_path, report, capabilities=RICH) as bench:
        await bench.take(bench.message(FLOOD, after=1))
        (row,) = await bench.answers()
        await bench.say(choice=row.choices[0].id)
        assert await bench.say(choice=row.choices[1].id) == [f"{OLD}\nSejak kapan?"]
        assert await bench.say("hari ini") == ["Terima kasih."]
        (answer,) = await bench.say(choice=row.choices[1].id)
        assert answer.startswith("Tulis laporan dan tempatnya")


async def test_a_number_is_understood_days_later_and_explained_when_it_is_too_late(tmp_path: Path) -> None:
    async with talking(tmp_path, report, question_days=7) as bench:
        await bench.say(FLOOD)
        (second,) = await bench.say("2", after=6 * DAY)
        assert second.startswith("Sejak kapan?")
        assert await bench.say("2", after=20 * DAY) == [f"{OLD}\nSejak kapan?\n1 Hari ini\n2 Sebelumnya"]


async def test_what_comes_too_late_and_is_a_report_is_filed(tmp_path: Path) -> None:
    async with talking(tmp_path, report, question_days=7) as bench:
        await bench.say(FLOOD)
        (answer,) = await bench.say(LAMP, after=8 * DAY)
        assert answer.startswith("Laporan Anda kami terima.")
        assert "Sedalam apa?" in answer


async def test_nobody_is_asked_again_about_what_is_closed(tmp_path: Path) -> None:
    async with talking(tmp_path, report, question_days=7) as bench:
        await bench.say(FLOOD)
        await bench.close_cases()
        (answer,) = await bench.say("2", after=8 * DAY)
        assert answer.startswith("Tulis laporan dan tempatnya")
        assert bench.talk().mode is TalkMode.ENDED


async def test_who_wrote_before_they_could_read_the_question_does_not_answer_it(tmp_path: Path) -> None:
    async with talking(tmp_path, survey) as bench:
        await bench.take(bench.message("survei"), bench.message("1"))
        assert bench.memory().state is not None


async def test_beyond_so_many_answers_an_hour_the_bot_is_silent(tmp_path: Path) -> None:
    async with talking(tmp_path, survey, per_person_per_hour=3) as bench:
        said = [await bench.say("bantuan") for _ in range(5)]
        assert [len(one) for one in said] == [1, 1, 1, 0, 0]
        assert len(await bench.say("petugas")) == 1  # that a person comes is told, and nothing more
        assert await bench.say("petugas") == []
