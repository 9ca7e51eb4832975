"""After a report was filed: what is missing is asked for, the most useful first."""

from typing import Any

import pytest

from gateway.bot.dialogues.report import report
from gateway.bot.steps import Join, Part, Remember
from gateway.bot.testing import BUTTONS, converse

KNOWN: dict[str, Any] = {
    "place": "assigned",
    "has_words": True,
    "has_photo": True,
    "categories": [],
    "category_sure": True,
    "violation": False,
    "emergency": False,
    "verdict": "new",
    "people": 1,
    "other": None,
    "can_attach": True,
    "days": 7,
    "needs_second_address": False,
}
UNSURE = [
    ["banjir", "Banjir atau genangan"],
    ["saluran-tersumbat", "Saluran tersumbat"],
    ["jalan-rusak", "Jalan rusak"],
]
CODE = "KNL-7F3K-92QX"

TALKS: dict[str, tuple[dict[str, Any], str]] = {
    "nothing is missing": ({}, "> Banjir di Jl. Melati"),
    "where, by its kelurahan": (
        {"place": "unknown"},
        """
        > banjir nih
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > deket halte
        < Di kelurahan mana itu?
        > tidak tahu
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "what happened, of a pin alone": (
        {"has_words": False},
        """
        > [-6.1823, 106.8287]
        < Apa yang terjadi? Tulis singkat.
        > banjir selutut
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "one of the areas that its words may name": (
        {
            "place": "suggested",
            "areas": [["31.74.03.1002", "Bangka, Mampang Prapatan"], ["31.73.05.1001", "Duri Kepa"]],
        },
        """
        > banjir nih
        < Yang mana tempatnya?
          1 Bangka, Mampang Prapatan
          2 Duri Kepa
          3 Tidak ada yang cocok
        > yang pertama
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "what, and a photo": (
        {"categories": UNSURE, "category_sure": False, "has_photo": False},
        """
        > ada masalah air
        < Laporan ini tentang apa?
          1 Banjir atau genangan
          2 Saluran tersumbat
          3 Jalan rusak
          4 Lainnya
        > 2
        < Ada fotonya? Kirim sekarang, atau tulis LEWATI.
        > (photo)
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "a yes means the only category": (
        {"categories": UNSURE[:1], "category_sure": False},
        """
        > ada masalah air
        < Laporan ini tentang apa?
          1 Banjir atau genangan
          2 Lainnya
        > betul
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "who stays outside is told so, and asked no more": (
        {"place": "outside", "has_photo": False},
        """
        > lubang di luar kota
        < Tempat itu tampaknya di luar wilayah kami. Di mana tepatnya? Tulis jalan dan kelurahannya, atau LEWATI.
        > lewati
        < Laporan KNL-7F3K-92QX kami simpan. Di luar wilayah kami, laporkan juga kepada pemerintah daerah setempat.
        """,
    ),
    "another category, in their words": (
        {"categories": UNSURE, "category_sure": False},
        """
        > ada masalah
        < Laporan ini tentang apa?
          1 Banjir atau genangan
          2 Saluran tersumbat
          3 Jalan rusak
          4 Lainnya
        > pohon tumbang menutup jalan
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "no photo of somebody who breaks a rule": ({"has_photo": False, "violation": True}, "> ada yang parkir liar"),
    "no photo where none can be sent": ({"has_photo": False, "can_attach": False}, "> banjir"),
    "of a photo it is asked once": (
        {"has_photo": False},
        """
        > banjir
        < Ada fotonya? Kirim sekarang, atau tulis LEWATI.
        > wah tidak sempat memotret
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "in an emergency only the place": (
        {"emergency": True, "place": "unknown", "has_photo": False, "verdict": "same", "people": 3},
        """
        > kebakaran
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > lewati
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "three questions at most": (
        {
            "verdict": "unsure",
            "other": {"code": "KNL-1", "what": "Banjir", "where": "Bangka"},
            "place": "unknown",
            "categories": UNSURE,
            "category_sure": False,
            "has_photo": False,
        },
        """
        > banjir
        < Apakah ini sama dengan laporan Banjir di Bangka?
          1 Ya
          2 Tidak
        > 2
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > lewati
        < Laporan ini tentang apa?
          1 Banjir atau genangan
          2 Saluran tersumbat
          3 Jalan rusak
          4 Lainnya
        > banjir
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "what it may be the same as is not to be told of": (
        {"verdict": "unsure", "other": None, "place": "unknown"},
        """
        > banjir
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > lewati
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "of what others reported, where and what it is, is known": (
        {
            "verdict": "same",
            "people": 2,
            "place": "unknown",
            "categories": UNSURE,
            "category_sure": False,
            "has_photo": False,
        },
        """
        > banjir
        < Apakah kejadian Anda sama dengan laporan 1 orang lain itu?
          1 Ya
          2 Ini kejadian lain
        > ya
        < Ada fotonya? Kirim sekarang, atau tulis LEWATI.
        > makasih ya min
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "a street, so that only its kelurahan is asked for": (
        {"place": "unknown", "street": "jl kemang raya"},
        """
        > jalan berlubang di jl kemang raya
        < Di kelurahan mana jl kemang raya? Tulis kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > dekat masjid
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,
    ),
    "what is no place is asked again, in one SMS": (
        {"place": "unknown"},
        """
        > banjir nih
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > goblok
        < Maaf, tempat itu belum kami kenali. Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > siapa yg bisa lihat nama saya?
        < Maaf, tempat itu belum kami kenali. Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > kok lama sih
        < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
        """,  # noqa: E501
    ),
    "of a greeting nothing is missing": ({"place": "unknown", "kind": "greeting"}, "> mau lapor"),
    "of a question nothing is missing": ({"place": "unknown", "kind": "question"}, "> kapan dikerjakan"),
    "the same news again": ({"verdict": "again", "place": "unknown"}, "> sudah sebulan"),
}


@pytest.mark.parametrize(("facts", "said"), TALKS.values(), ids=TALKS)
def test_a_talk_about_a_new_report(facts: dict[str, Any], said: str) -> None:
    assert converse(report, said, facts=KNOWN | facts, code=CODE).state is None


AMENDED: dict[str, tuple[dict[str, Any], str, str, Any]] = {
    "by its number": ({"categories": UNSURE, "category_sure": False}, "3", "category", "jalan-rusak"),
    "by a slip": ({"categories": UNSURE, "category_sure": False}, "salurn tersumbat", "category", "saluran-tersumbat"),
    "another, in words": ({"categories": UNSURE, "category_sure": False}, "pohon tumbang", "category", "pohon-tumbang"),
}


@pytest.mark.parametrize(("facts", "answer", "field", "value"), AMENDED.values(), ids=AMENDED)
def test_an_answer_amends_the_report(facts: dict[str, Any], answer: str, field: str, value: Any) -> None:
    said = f"""
    > ada masalah
    < Laporan ini tentang apa?
      1 Banjir atau genangan
      2 Saluran tersumbat
      3 Jalan rusak
      4 Lainnya
    > {answer}
    < Terima kasih. Laporan {CODE} sudah kami lengkapi.
    """
    (amended,) = converse(report, said, facts=KNOWN | facts, code=CODE).amends
    assert (amended.field, amended.value) == (field, value)


def test_another_category_than_those_offered_amends_nothing() -> None:
    said = """
    > ada masalah
    < Laporan ini tentang apa?
      1 Banjir atau genangan
      2 Saluran tersumbat
      3 Jalan rusak
      4 Lainnya
    > lainnya
    < Terima kasih. Laporan sudah kami lengkapi.
    """
    assert converse(report, said, facts=KNOWN | {"categories": UNSURE, "category_sure": False}).amends == []


def test_who_reports_another_incident_than_it_was_taken_for_gets_a_case_of_their_own() -> None:
    said = """
    > banjir
    < Apakah kejadian Anda sama dengan laporan 2 orang lain itu?
      [Ya] [Ini kejadian lain]
    > [Ini kejadian lain]
    < Terima kasih. Laporan KNL-Q2MT-0A1B sudah kami lengkapi.
    """
    played = converse(
        report,
        said,
        facts=KNOWN | {"verdict": "same", "people": 3},
        world={Part: "KNL-Q2MT-0A1B"},
        capabilities=BUTTONS,
        code=CODE,
    )
    assert played.wishes == [Part("part")]


@pytest.mark.parametrize(("answer", "wishes"), [("ya", [Join("join", code="KNL-1")]), ("bukan", [])])
def test_whether_it_is_what_others_reported_is_asked_where_that_is_unsure(answer: str, wishes: list[Any]) -> None:
    said = f"""
    > banjir
    < Apakah ini sama dengan laporan Banjir di Bangka?
      1 Ya
      2 Tidak
    > {answer}
    < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
    """
    other = {"code": "KNL-1", "what": "Banjir", "where": "Bangka"}
    played = converse(report, said, facts=KNOWN | {"verdict": "unsure", "other": other}, world={Join: True}, code=CODE)
    assert played.wishes == wishes


def test_where_and_what_it_is_is_not_asked_of_who_says_that_it_is_what_others_reported() -> None:
    said = """
    > banjir
    < Apakah ini sama dengan laporan Banjir di Bangka?
      1 Ya
      2 Tidak
    > ya
    < Ada fotonya? Kirim sekarang, atau tulis LEWATI.
    > lewati
    < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
    """
    other = {"code": "KNL-1", "what": "Banjir", "where": "Bangka"}
    unclear = {"place": "unknown", "categories": UNSURE, "category_sure": False, "has_photo": False}
    facts = KNOWN | unclear | {"verdict": "unsure", "other": other}
    assert converse(report, said, facts=facts, world={Join: True}, code=CODE).state is None


ADDRESSES = {
    "a number": ("0812 3456 7890", [Remember("remember", kind="phone", value="+6281234567890")]),
    "a mail address": ("ke budi@example.org.", [Remember("remember", kind="email", value="budi@example.org")]),
    "none": ("lewati", []),
}


@pytest.mark.parametrize(("answer", "wishes"), ADDRESSES.values(), ids=ADDRESSES)
def test_a_further_address_is_asked_for_after_the_notice_of_the_law(answer: str, wishes: list[Any]) -> None:
    said = f"""
    > banjir
    < Data diri Anda hanya dipakai untuk menangani laporan dan mengabari Anda, sebagai pelayanan publik (UU 27/2022 pasal 20).
      Agar kabar tetap sampai, tulis nomor HP atau alamat email Anda, atau LEWATI.
    > {answer}
    < Terima kasih. Laporan KNL-7F3K-92QX sudah kami lengkapi.
    """  # noqa: E501
    facts = KNOWN | {"needs_second_address": True}
    assert converse(report, said, facts=facts, capabilities=BUTTONS, code=CODE).wishes == wishes


def test_in_public_nothing_is_asked() -> None:
    assert converse(report, "> banjir", facts=KNOWN | {"place": "unknown"}, public=True).state is None
