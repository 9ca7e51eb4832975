"""What a message is in a talk, and what is answered: transcripts over a real store."""

import re
from pathlib import Path

import pytest

from gateway.bot import Ask, Say, Steps, Talk, choice, command, dialogue, keyword, yes_no
from gateway.bot.dialogues.help import language
from gateway.bot.dialogues.news import news
from gateway.bot.dialogues.report import report as shipped_report
from gateway.bot.dialogues.status import status
from gateway.store.contract import TalkMode
from tests.gateway.bot.talks import talking
from tests.gateway.support import FLOOD, LAMP

TEXTS = {
    "id": {
        "where": "Di mana?",
        "depth": "Sedalam apa?",
        "thanks": "Terima kasih.",
        "ankle": "Semata kaki",
        "knee": "Selutut",
        "again_choice": "Pilih satu.",
        "again_yes_no": "Ya atau tidak.",
        "photo": "Ada foto?",
    }
}


@dialogue("report", files=True, texts=TEXTS)
def report(talk: Talk) -> Steps:
    """Asks how deep it is."""
    depth = yield Ask("depth", read=choice("ankle", "knee"))
    if depth == "knee":
        yield Ask("photo", read=yes_no)
    yield Say("thanks")


@dialogue("survey", opens=(keyword("survei"), command("tanya")), texts=TEXTS)
def survey(talk: Talk) -> Steps:
    """Asks for a place in any words."""
    yield Ask("where")
    yield Say("thanks")


@dialogue("silent", opens=keyword("diam"), texts=TEXTS)
def silent(talk: Talk) -> Steps:
    """Says something and asks nothing."""
    yield Say("thanks")


@dialogue("broken", opens=keyword("rusak"), texts=TEXTS)
def broken(talk: Talk) -> Steps:
    """Is wrong."""
    yield Say("no such text")


ALL = (report, survey, silent, broken)


async def test_a_report_is_filed_at_once_and_asked_about_after_its_acknowledgement(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        (first,) = await bench.say(FLOOD)
        assert first.startswith("Laporan Anda kami terima. Kode KNL-")
        assert first.endswith("\nSedalam apa?\n1 Semata kaki\n2 Selutut")
        assert await bench.say("2") == ["Ada foto?\n1 Ya\n2 Tidak"]
        assert await bench.say("gak ada") == ["Terima kasih."]
        assert bench.talk().mode is TalkMode.ENDED
        assert len(await bench.rows("SELECT id FROM reports")) == 1
        assert len(await bench.rows("SELECT id FROM messages")) == 3


#: What is said, and what is answered: "*" stands for an acknowledgement, "…" for nothing.
Line = tuple[str, str]
DEPTH = "Sedalam apa?\n1 Semata kaki\n2 Selutut"
PHOTO = "Ada foto?\n1 Ya\n2 Tidak"
HELP = "Tulis laporan dan tempatnya"
TRANSCRIPTS: dict[str, list[Line]] = {
    "an answer that is not understood is asked for again": [
        (FLOOD, f"*\n{DEPTH}"),
        ("entahlah ya", f"Pilih satu. {DEPTH}"),
        ("1", "Terima kasih."),
    ],
    "a report of its own is no answer, and the question stays": [
        (FLOOD, f"*\n{DEPTH}"),
        (f"{LAMP} sejak kemarin malam", "*"),
        ("dua", PHOTO),
    ],
    "cancelling where nothing was reported": [("survei", "Di mana?"), ("batal", "Baik, kami batalkan.")],
    "an answer to nothing is no report": [
        (FLOOD, f"*\n{DEPTH}"),
        ("1", "Terima kasih."),
        ("ya", "Baik."),
        ("sip", "Baik."),
    ],
    "somebody's first words answer nothing": [("tidak", HELP), ("ok", HELP), ("lewati", HELP)],
    "thanks are no report": [
        ("terima kasih banyak", "Terima kasih kembali."),
        (FLOOD, f"*\n{DEPTH}"),
        ("1", "Terima kasih."),
        ("makasih ya min", "Terima kasih kembali."),
    ],
    "a place is a report, however short": [("jl melati", "*" + f"\n{DEPTH}")],
    "cancelling ends the dialogue, and the report stays": [
        (FLOOD, f"*\n{DEPTH}"),
        ("batal", "Baik, kami batalkan. Laporan yang sudah masuk tetap kami tangani."),
        ("2", HELP),
    ],
    "what asks nothing breaks into nothing": [
        (FLOOD, f"*\n{DEPTH}"),
        ("diam", "Terima kasih."),
        ("1", "Terima kasih."),
    ],
    "what was broken into goes on afterwards": [
        (FLOOD, f"*\n{DEPTH}"),
        ("survei", "Di mana?"),
        ("Pasar Minggu", f"Terima kasih.\n{DEPTH}"),
        ("1", "Terima kasih."),
    ],
    "a command is the whole message": [("tanya", "Di mana?"), ("di pasar", "Terima kasih.")],
    "a keyword begins one": [("Survei dong min", "Di mana?"), ("di pasar", "Terima kasih.")],
    "a person is asked for": [
        ("petugas", "Percakapan ini kami teruskan kepada petugas. Mohon tunggu balasannya di sini."),
        ("halo?", "…"),
        (FLOOD, "…"),
        ("bantuan", "…"),
    ],
    "help, where no dialogue gives it": [("bantuan", HELP)],
    "beginning says what can be done": [("/start", HELP)],
    "who stops is told so, and may come back": [
        ("STOP", "Baik, kami tidak mengirim kabar lagi."),
        ("mulai", "Baik, kami kabari lagi perkembangan laporan Anda."),
        ("mulai", HELP),
    ],
    "three vain answers are enough": [
        (FLOOD, f"*\n{DEPTH}"),
        ("apa ya", f"Pilih satu. {DEPTH}"),
        ("hmm", f"Pilih satu. {DEPTH}"),
        ("oh begitu", "Maaf, kami belum paham juga. Petugas kami akan melanjutkan percakapan ini."),
        ("1", "…"),
    ],
    "an emergency is no answer": [
        (FLOOD, f"*\n{DEPTH}"),
        ("Kebakaran rumah di Jl. Fatmawati, ada orang terjebak!", "Darurat? Segera telepon 112.*"),
        ("2", PHOTO),
    ],
    "a dialogue that is wrong goes to a person": [
        ("rusak", "Percakapan ini kami teruskan kepada petugas. Mohon tunggu balasannya di sini."),
        ("halo?", "…"),
    ],
    "who only greets is asked for their report": [("selamat pagi min", "Silakan tulis laporan Anda dan tempatnya.")],
    "who is about to report is asked to": [("mau lapor", "Silakan tulis laporan Anda dan tempatnya.")],
    "thanks are answered by no code": [("terima kasih banyak", "Terima kasih kembali.")],
    "a number is no report": [("2", HELP)],
}


@pytest.mark.parametrize("lines", TRANSCRIPTS.values(), ids=TRANSCRIPTS)
async def test_a_talk(tmp_path: Path, lines: list[Line]) -> None:
    async with talking(tmp_path, *ALL) as bench:
        for said, wanted in lines:
            heard = "\n".join(await bench.say(said)) or "…"
            assert matches(heard, wanted), f"{said!r} is answered {heard!r}"


def matches(heard: str, wanted: str) -> bool:
    acknowledged = r"[^\n]*Laporan [^\n]* Kode KNL-[^\n]*"
    form = re.escape(wanted).replace(r"\*", acknowledged) + (".*" if "\n" not in wanted else "")
    return re.fullmatch(form, heard, re.DOTALL) is not None


async def test_what_a_report_lacked_is_not_asked_after_its_closing_is_disputed(tmp_path: Path) -> None:
    async with talking(tmp_path, report, news) as bench:
        assert len(await bench.say(FLOOD)) == 1
        await bench.close_cases()
        assert await bench.say("belum selesai") == ["Apa yang belum selesai? Tulis singkat."]
        (said,) = await bench.say("air masih setinggi lutut di depan rumah")
        assert said.endswith("kami buka lagi, dan petugas kami minta memeriksanya.")


async def test_short_words_from_before_the_question_are_neither_answer_nor_report(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.take(bench.message("survei"), bench.message("Budi"), bench.message(LAMP))
        asked, filed = [one.text for one in await bench.answers()]
        assert asked == "Di mana?"
        assert matches(filed, f"*\n{DEPTH}")
        assert await bench.rows("SELECT count(*) FROM reports") == [(1,)]
        assert await bench.say("1") == ["Terima kasih.\nDi mana?"]
        assert await bench.say("Pasar Minggu") == ["Terima kasih."]


async def test_courtesies_make_no_cases(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        for said in ("makasih", "ya", "sip", "lewati", "terima kasih banyak atas bantuannya"):
            assert len(await bench.say(said)) == 1
        assert await bench.rows("SELECT count(*) FROM cases") == [(0,)]
        assert await bench.rows("SELECT count(*) FROM messages") == [(5,)]


async def test_who_opens_a_dialogue_again_has_ended_it_before(tmp_path: Path) -> None:
    async with talking(tmp_path, report, language) as bench:
        await bench.say(LAMP)
        await bench.say("bahasa")
        said = await bench.say("english")
        assert said[0].startswith("All right, we write in English.") and "Bahasa apa?" not in "".join(said)
        memory = bench.memory()
        assert memory.state and (memory.state.dialogue, memory.last) == ("report", None)


async def test_a_talk_stays_in_the_language_that_it_was_begun_in(tmp_path: Path) -> None:
    async with talking(tmp_path, shipped_report, status) as bench:
        (first,) = await bench.say("the street light is broken in front of the mosque")
        assert "Where is it?" in first
        (second,) = await bench.say("menteng")
        assert second.startswith("Which of these is it?")
        await bench.say("2")
        (third,) = await bench.say("my report")
        assert ": received." in third
        (last,) = await bench.say("sekarang ada banjir di jalan kemang raya, tolong segera ditangani ya pak")
        assert last.startswith("Laporan Anda kami terima.")
