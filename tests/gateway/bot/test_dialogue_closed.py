"""After a case was closed: how content its reporters are, and who says that it is not done."""

from typing import Any

import msgspec
import pytest

from gateway.bot.dialogues.news import news
from gateway.bot.dialogues.rating import rating
from gateway.bot.steps import Case, Dispute, FindCase, MyCases, Rate
from gateway.bot.testing import World, converse

CODE = "KNL-7F3K-92QX"
DONE = Case(code=CODE, status="status_done", is_open=False, word="selesai", own=True, what="Banjir", report="r-1")
LAMP = msgspec.structs.replace(DONE, code="KNL-Q2MT-0A1B", what="Lampu padam", report="r-2")
OPEN = msgspec.structs.replace(DONE, status="status_working", is_open=True, word="dikerjakan")
ASKED = (
    "< Puas dengan penanganan laporan KNL-7F3K-92QX?"
    " Tulis angka 1 (tidak puas) sampai 5 (puas sekali), atau BELUM SELESAI."
)
OPENED = "< Terima kasih. Laporan KNL-7F3K-92QX kami buka lagi, dan petugas kami minta memeriksanya."

RATINGS: dict[str, tuple[str, list[Any]]] = {
    "a number, and why": (
        f"""
        {ASKED}
        > 4
        < Terima kasih. Boleh tahu sebabnya? Tulis singkat, atau LEWATI.
        > cepat ditangani
        < Terima kasih atas penilaian Anda.
        """,
        [Rate("rate", code=CODE, score=4), Rate("rate_why", code=CODE, score=4, why="cepat ditangani")],
    ),
    "in a word, and no reason": (
        f"""
        {ASKED}
        > lima
        < Terima kasih. Boleh tahu sebabnya? Tulis singkat, atau LEWATI.
        > lewati
        < Terima kasih atas penilaian Anda.
        """,
        [Rate("rate", code=CODE, score=5)],
    ),
    "none": (f"{ASKED}\n> lewati\n< Baik.", []),
    "too high": (
        f"""
        {ASKED}
        > 10
        < Tulis satu angka, 1 sampai 5. {ASKED[2:]}
        > 10 dari 10
        < Baik.
        """,
        [],
    ),
    "it is not done": (
        f"""
        {ASKED}
        > belum selesai
        < Apa yang belum selesai? Tulis singkat.
        > air masih tinggi
        {OPENED}
        """,
        [FindCase("case", code=CODE), Dispute("dispute", code=CODE, reason="air masih tinggi")],
    ),
    "it lasts": (
        f"""
        {ASKED}
        > masih mati
        {OPENED}
        """,
        [FindCase("case", code=CODE), Dispute("dispute", code=CODE, reason="masih mati")],
    ),
    "they have not seen it": (
        f"""
        {ASKED}
        > belum sempat lihat pak
        < Tulis satu angka, 1 sampai 5. {ASKED[2:]}
        > 3, lampunya masih redup
        < Terima kasih. Boleh tahu sebabnya? Tulis singkat, atau LEWATI.
        > lewati
        < Terima kasih atas penilaian Anda.
        """,
        [Rate("rate", code=CODE, score=3)],
    ),
    "it is not done, with a reason": (
        f"""
        {ASKED}
        > Belum selesai pak, air masih tinggi
        {OPENED}
        """,
        [FindCase("case", code=CODE), Dispute("dispute", code=CODE, reason="Belum selesai pak, air masih tinggi")],
    ),
}


@pytest.mark.parametrize(("said", "wishes"), RATINGS.values(), ids=RATINGS)
def test_who_reported_is_asked_once_how_content_they_are(said: str, wishes: list[Any]) -> None:
    played = converse(rating, said, world={FindCase: DONE, Dispute: True, Rate: True}, code=CODE, report="r-1")
    assert (played.wishes, played.state) == (wishes, None)


DISPUTES: dict[str, tuple[World, dict[str, Any], str]] = {
    "the one that the talk is about": (
        {FindCase: DONE, Dispute: True},
        {"code": CODE, "report": "r-1"},
        f"""
        > belum selesai
        < Apa yang belum selesai? Tulis singkat.
        > air masih tinggi
        {OPENED}
        """,
    ),
    "with a photo": (
        {FindCase: DONE, Dispute: True},
        {"code": CODE, "report": "r-1", "facts": {"can_attach": True}},
        f"""
        > belum selesai
        < Apa yang belum selesai? Tulis singkat.
        > air masih tinggi
        < Ada fotonya? Kirim sekarang, atau tulis LEWATI.
        > (photo)
        {OPENED}
        """,
    ),
    "one of several": (
        {FindCase: OPEN, MyCases: (OPEN, LAMP, DONE), Dispute: True},
        {"code": CODE},
        f"""
        > masih rusak
        < Laporan mana yang belum selesai?
          1 selesai: Lampu padam
          2 selesai: Banjir
        > banjir
        < Apa yang belum selesai? Tulis singkat.
        > lewati
        {OPENED}
        """,
    ),
    "one that nobody called done": (
        {MyCases: (OPEN,)},
        {},
        """
        > belum selesai
        < Laporan KNL-7F3K-92QX: dikerjakan.
        """,
    ),
    "none of several": (
        {MyCases: (OPEN, OPEN)},
        {},
        """
        > belum selesai
        < Belum ada laporan Anda yang dinyatakan selesai. Tulis STATUS untuk tahu kabarnya.
        """,
    ),
    "one that cannot be opened again": (
        {FindCase: DONE, Dispute: False},
        {"code": CODE},
        """
        > belum selesai
        < Apa yang belum selesai? Tulis singkat.
        > masih banjir
        < Percakapan ini kami teruskan kepada petugas. Mohon tunggu balasannya di sini.
        """,
    ),
}


@pytest.mark.parametrize(("world", "talk", "said"), DISPUTES.values(), ids=DISPUTES)
def test_what_is_called_done_is_disputed(world: World, talk: dict[str, Any], said: str) -> None:
    assert converse(news, said, world=world, **talk).state is None


def test_the_reason_and_the_photo_amend_the_report_that_the_talk_is_about() -> None:
    world, talk, said = DISPUTES["with a photo"]
    assert [one.field for one in converse(news, said, world=world, **talk).amends] == ["text", "photo"]


def test_what_cannot_be_opened_again_goes_to_a_person() -> None:
    world, talk, said = DISPUTES["one that cannot be opened again"]
    assert converse(news, said, world=world, **talk).person == "a closing is disputed that cannot be opened again"
