"""What is no answer to the question that is open, with the shipped dialogues: transcripts over a real store."""

from pathlib import Path
from typing import Any

import pytest

from adapters import Attachment, Place
from gateway.bot.dialogues.report import report
from gateway.bot.dialogues.status import status
from tests.gateway.bot.talks import Bench, talking

ALL = (report, status)
WHERE = "Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu."
WHERE_IN = "Di kelurahan mana {}? Tulis kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu."
WHAT = "Apa yang terjadi? Tulis singkat."
WHICH = "Di kelurahan mana itu?"
DANGER = "Darurat? Segera telepon 112."
NOT_FOUND = "Kode atau PIN itu tidak kami temukan. Periksa lagi, atau tulis PETUGAS."
ADDED = "Sudah kami tambahkan."
PHOTO: dict[str, Any] = {"attachments": (Attachment("foto.jpg", "image/jpeg", 1000, digest="a" * 64),)}
PIN: dict[str, Any] = {"place": Place(latitude=-6.2, longitude=106.8)}
RUBBISH, HOLE = "sampah numpuk bau", "ada lubang gede di jalan"
TREE = "ada pohon tumbang juga nutupin jalan di jl fatmawati"
FIRE, GROWS = "tolong ada kebakaran", "api makin besar cepetan"
SHOCK = "tolong ada orang kesetrum di jl dewi sartika"
#: What is said, and how what is answered ends: "" is anything.
Line = tuple[str, dict[str, Any], str]

#: The lines of a talk, and the reports that there are afterwards: their words, and those of where they are.
TALKS: dict[str, tuple[list[Line], list[tuple[str, str | None]]]] = {
    "another matter is a report of its own, and the place is the newest's": (
        [(RUBBISH, {}, WHERE), (TREE, {}, WHERE_IN.format("jl fatmawati")), ("deket pasar anyar", {}, "")],
        [(RUBBISH, None), (TREE, "deket pasar anyar")],
    ),
    "who sends a pin alone tells what has happened there": (
        [("", PIN, WHAT), (HOLE, {}, "")],
        [(HOLE, None)],
    ),
    "who sends a photo alone tells what has happened, and then where": (
        [("", PHOTO, WHAT), (RUBBISH, {}, WHERE)],
        [(RUBBISH, None)],
    ),
    "an emergency where the pin is": ([("", PIN, WHAT), (FIRE, {}, "sudah kami lengkapi.")], [(FIRE, None)]),
    "an emergency that a photo shows": ([("", PHOTO, WHAT), (FIRE, {}, f"{DANGER}\n{WHERE}")], [(FIRE, None)]),
    "an emergency amid a question is answered and asked where it is": (
        [
            ("pohon mau tumbang", {}, WHERE),
            (SHOCK, {}, WHERE_IN.format("jl dewi sartika")),
            ("deket rs budhi asih", {}, ""),
        ],
        [("pohon mau tumbang", None), (SHOCK, "deket rs budhi asih")],
    ),
    "who is in danger tells of it line by line": (
        [(FIRE, {}, WHERE), (GROWS, {}, f"{DANGER}\n{WHERE}"), ("belakang pasar inpres", {}, WHICH)],
        [(f"{FIRE}\n{GROWS}", None)],
    ),
    "another danger is another emergency": (
        [(FIRE, {}, WHERE), ("tolong ada orang kesetrum", {}, WHERE)],
        [(FIRE, None), ("tolong ada orang kesetrum", None)],
    ),
    "a photo belongs to the report whatever is asked": (
        [(HOLE, {}, WHERE), ("", PHOTO, f"{ADDED}\n{WHERE}"), ("deket pasar anyar", PHOTO, WHICH)],
        [(HOLE, None)],
    ),
    "what is said with a photo is the report's, too": (
        [(HOLE, {}, WHERE), ("sudah bikin motor jatuh", PHOTO, f"{ADDED}\n{WHERE}")],
        [(f"{HOLE}\nsudah bikin motor jatuh", None)],
    ),
    "half a place is kept by who would rather not say more": (
        [(HOLE, {}, WHERE), ("deket pasar anyar", {}, WHICH), ("lewati", {}, "")],
        [(HOLE, "deket pasar anyar")],
    ),
    "half a place is kept by who ends the talk": (
        [(HOLE, {}, WHERE), ("deket pasar anyar", {}, WHICH), ("batal", {}, "")],
        [(HOLE, "deket pasar anyar")],
    ),
    "half a place is told in full later": (
        [(HOLE, {}, WHERE), ("deket pasar anyar", {}, WHICH), (TREE, {}, ""), ("lewati", {}, WHERE)],
        [(HOLE, "deket pasar anyar"), (TREE, None)],
    ),
    "words that are no answer tell more of the report": (
        [(HOLE, {}, WHERE), ("sudah bikin motor jatuh", {}, ""), ("deket pasar anyar", {}, WHICH)],
        [(f"{HOLE}\nsudah bikin motor jatuh", None)],
    ),
    "a code and PIN are no place": (
        [(HOLE, {}, WHERE), ("KNL-CGW3-WH73 123456", {}, NOT_FOUND)],
        [(HOLE, None)],
    ),
    "a code among a few words is no place": (
        [(HOLE, {}, WHERE), ("tolong cek KNL-CGW3-WH73 dong pak", {}, NOT_FOUND)],
        [(HOLE, None)],
    ),
    "a number of elsewhere is no place": (
        [(HOLE, {}, WHERE), ("JK2503050007", {}, NOT_FOUND)],
        [(HOLE, None)],
    ),
    "six digits are a PIN": (
        [("KNL-CGW3-WH73 123456", {}, NOT_FOUND), ("222222", {}, NOT_FOUND)],
        [],
    ),
    "six digits alone, to begin with": ([("222222", {}, NOT_FOUND)], []),
}


async def reports(bench: Bench) -> list[tuple[str, str | None]]:
    rows = await bench.rows("SELECT id FROM reports ORDER BY seq")
    found = [bench.store.reporter(row[0]) for row in rows]
    made = [one[0].report for one in found if one]
    return [(one.text, one.place.words if one.place else None) for one in made]


@pytest.mark.parametrize(("lines", "filed"), TALKS.values(), ids=TALKS)
async def test_a_talk(tmp_path: Path, lines: list[Line], filed: list[tuple[str, str | None]]) -> None:
    async with talking(tmp_path, *ALL) as bench:
        for said, values, wanted in lines:
            heard = "\n".join(await bench.say(said, **values))
            assert heard.endswith(wanted), f"{said!r} is answered {heard!r}"
        for (text, words), (wanted, where) in zip(await reports(bench), filed, strict=True):
            assert text == wanted
            assert where is None or (words and where in words)


async def test_a_question_that_is_asked_again_later_names_its_report(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say(RUBBISH)
        await bench.say("manggarai")
        (said,) = await bench.say(TREE)
        assert "Tentang laporan" not in said
        (said,) = await bench.say("lewati")
        (first,) = await bench.rows("SELECT code FROM cases WHERE what LIKE 'sampah%'")
        offered = "1 Manggarai, Tebet\n2 Kecamatan Tebet\n3 Tidak ada yang cocok"
        assert said.endswith(f"\nTentang laporan {first[0]}:\n{WHERE}\n{offered}")
        await bench.say("1")
        ((area,),) = await bench.rows("SELECT area FROM cases WHERE what LIKE 'sampah%'")
        assert area.startswith("31.74.01.")


async def test_what_was_sent_is_not_asked_for(tmp_path: Path) -> None:
    async with talking(tmp_path, *ALL) as bench:
        await bench.say(HOLE)
        await bench.say(**PHOTO)
        (said,) = await bench.say(**PIN)
        assert said.endswith("sudah kami lengkapi.")
        (row,) = await bench.rows("SELECT id FROM reports")
        found = bench.store.reporter(row[0])
        assert found and found[0].report.attachments[0].digest == "a" * 64
        assert found[0].report.place and found[0].report.place.latitude == -6.2
        assert len(await bench.rows("SELECT 1 FROM cases")) == 1
