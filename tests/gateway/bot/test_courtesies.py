"""Who only greets, thanks, calls for help or asks about a report makes no case: transcripts over a real store."""

from pathlib import Path

import pytest

from gateway.bot.dialogues.help import help_
from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from tests.gateway.bot.talks import Bench, talking
from tests.gateway.support import LAMP, RINA

ALL = (report, status, help_)
INVITED = "Silakan tulis laporan Anda dan tempatnya."
HELP = "Tulis laporan dan tempatnya, atau kode laporan untuk tahu kabarnya."
DANGER = f"Darurat? Segera telepon 112.\n{INVITED}"
WELCOME = "Terima kasih kembali."
WHICH = "Laporan yang mana? Tulis kode laporannya."
#: What is said to begin with, and how what is answered begins.
ALONE = {
    "halo": INVITED,
    "haloooo min": INVITED,
    "assalamualaikum wr wb": INVITED,
    "selamat pagi min mau lapor": INVITED,
    "mau tanya dong": INVITED,
    "tes": INVITED,
    "wkwkwk": INVITED,
    "": INVITED,
    "😭😭": INVITED,
    "terima kasih banyak": WELCOME,
    "sudah ditangani, makasih": WELCOME,
    "mantap": WELCOME,
    "tolong": DANGER,
    "min tolong dong": DANGER,
    "urgent": DANGER,
    "gimana cara lapor?": HELP,
    "ini siapa ya?": HELP,
    "ini bot ya kak": HELP,
    "1": HELP,
    "ya": HELP,
    "laporan saya kapan dikerjakan": WHICH,
    "gimana laporan saya kemarin kok blm ada kabar?": WHICH,
}
#: These may be reports.
FILED = (
    "ada orang?",
    "tolong pak jalan depan rumah saya",
    "selamat pagi, lampu jalan mati",
    "kapan diperbaiki",
    "kapan jalan di kampung melayu diperbaiki",
    "gue lagi galau nih sama pacar gue semalam hehe",
    "makasih ya, tapi sampahnya masih numpuk",
)


async def cases(bench: Bench) -> int:
    return len(await bench.rows("SELECT 1 FROM cases"))


@pytest.mark.parametrize(("said", "answer"), ALONE.items(), ids=ALONE)
async def test_nothing_is_reported_yet(tmp_path: Path, said: str, answer: str) -> None:
    async with talking(tmp_path, *ALL) as bench:
        (heard,) = await bench.say(said)
        assert heard.startswith(answer)
        assert await cases(bench) == 0
        assert len(await bench.rows("SELECT 1 FROM messages")) == 1


async def test_who_sends_a_sticker_or_somebodys_number_is_asked_for_words(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        assert await bench.say(fields={"unsupported": "sticker"}) == [INVITED]
        assert await bench.say("Pak RT Kebon Jeruk +62 811-1000-002", fields={"card": "yes"}) == [INVITED]
        assert await cases(bench) == 0
        (answer,) = await bench.say(LAMP)
        assert answer.startswith("Laporan Anda kami terima.")


async def test_who_slips_in_a_command_reports_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        (heard,) = await bench.say("bantaun")
        assert heard.startswith(HELP)
        assert await bench.say("petgas") == [
            "Percakapan ini kami teruskan kepada petugas. Mohon tunggu balasannya di sini."
        ]
        assert await cases(bench) == 0


@pytest.mark.parametrize("said", FILED)
async def test_what_may_be_a_report_is_one(tmp_path: Path, said: str) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say(said)
        assert await cases(bench) == 1


async def test_what_comes_after_a_greeting_is_the_report(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        assert await bench.say("selamat pagi") == [INVITED]
        (answer,) = await bench.say(LAMP)
        assert answer.startswith("Laporan Anda kami terima.")
        assert await bench.rows("SELECT what FROM cases") == [(LAMP,)]


async def test_a_greeting_waits_for_what_comes_after_it(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL, quiet_seconds=5) as bench:
        assert await bench.say("selamat pagi") == []
        assert await bench.say("pak", after=2) == []
        assert await bench.say(LAMP, after=2) == []
        (answer,) = await bench.wait(6)
        assert answer.startswith("Laporan Anda kami terima.")
        assert await bench.say("halo", RINA) == []
        assert await bench.wait(6) == [INVITED]
        assert await bench.wait(6) == []


async def test_who_greets_without_end_is_not_answered_without_end(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL, quiet_seconds=5, per_person_per_hour=2) as bench:
        said = [line for _ in range(4) for line in (*await bench.say("halo"), *await bench.wait(6))]
        assert said == [INVITED] * 2


async def test_who_greets_in_public_is_answered_in_public(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.take(bench.message("halo min", public=True, conversation="post-1"))
        (reply,) = await bench.answers()
        assert (reply.text, reply.public, reply.conversation) == (INVITED, True, "post-1")
        assert await cases(bench) == 0


ASKED = (
    "laporan saya kapan dikerjakan",
    "kapan diperbaiki",
    "sampai mana prosesnya",
    "kalau yg kemarin gimana pak?",
    "udah sampe mana ya pak",
    "kok belum ada kabar ya min",
)


@pytest.mark.parametrize("said", ASKED)
async def test_who_asks_of_their_own_report_is_told_of_it(tmp_path: Path, said: str) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say(LAMP)
        (answer,) = await bench.say(said)
        assert "diterima." in answer and answer.startswith("Laporan KNL-")
        assert await cases(bench) == 1
        assert bench.memory().state  # what the report lacks may still be answered


async def test_who_asks_of_something_else_is_not_told_of_their_own_report(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say(LAMP)
        await bench.say("batal")
        await bench.say("kapan ada pasar murah pak")
        assert await cases(bench) == 2


async def test_praise_amid_a_question_is_kept_with_the_report(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say(LAMP)
        assert await bench.say("sudah ditangani, makasih") == [WELCOME]
        (row,) = await bench.rows("SELECT id FROM reports")
        found = bench.store.reporter(row[0])
        assert found and found[0].report.text.endswith("sudah ditangani, makasih")
