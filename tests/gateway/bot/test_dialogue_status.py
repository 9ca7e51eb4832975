"""What became of a report: to who has the code the status, to who reported it more."""

from typing import Any

import msgspec
import pytest

from gateway.bot.dialogues.status import status
from gateway.bot.steps import Adopt, Case, FindCase, MayTry, MyCases
from gateway.bot.testing import BUTTONS, World, converse

BRIEF = Case(code="KNL-7F3K-92QX", status="status_working", is_open=True, word="dikerjakan")
OWN = msgspec.structs.replace(
    BRIEF,
    own=True,
    what="Banjir selutut",
    where="Bangka",
    days=3,
    unit="Dinas Sumber Daya Air",
    history=("20/11/2026 diterima", "21/11/2026 dikerjakan, Dinas Sumber Daya Air"),
    report="r-1",
)
LATE = msgspec.structs.replace(OWN, until="30/11/2026", why="Menunggu pompa")
DONE = msgspec.structs.replace(
    OWN, code="KNL-Q2MT-0A1B", what="Lampu padam", status="status_done", word="selesai", is_open=False, days=None
)
HISTORY = "Riwayat: 20/11/2026 diterima; 21/11/2026 dikerjakan, Dinas Sumber Daya Air."

TALKS: dict[str, tuple[World, str]] = {
    "a stranger": (
        {FindCase: [BRIEF]},
        """
        > KNL-7F3K-92QX
        < Laporan KNL-7F3K-92QX: dikerjakan.
          Untuk keterangan lengkap tulis PIN laporan ini, atau LEWATI.
        > lewati
        < Baik.
        """,
    ),
    "a stranger who goes on about something else": (
        {FindCase: [BRIEF]},
        """
        > gimana kabar KNL-7F3K-92QX?
        < Laporan KNL-7F3K-92QX: dikerjakan.
          Untuk keterangan lengkap tulis PIN laporan ini, atau LEWATI.
        > terima kasih
        < Baik.
        """,
    ),
    "the reporter": (
        {FindCase: [OWN]},
        f"""
        > KNL-7F3K-92QX
        < Laporan KNL-7F3K-92QX: dikerjakan. Instansi: Dinas Sumber Daya Air. Sisa 3 hari.
          {HISTORY}
        """,
    ),
    "an estimate": (
        {FindCase: [msgspec.structs.replace(LATE, history=("20/11/2026 diterima",))]},
        """
        > KNL-7F3K-92QX
        < Laporan KNL-7F3K-92QX: dikerjakan. Instansi: Dinas Sumber Daya Air. Perkiraan selesai 30/11/2026. Sebab: Menunggu pompa.
        """,  # noqa: E501
    ),
    "what is closed": (
        {MyCases: (DONE,)},
        f"""
        > status
        < Laporan KNL-Q2MT-0A1B: selesai.
          {HISTORY}
          Belum selesai? Tulis BELUM SELESAI.
        """,
    ),
    "several": (
        {MyCases: (OWN, DONE)},
        f"""
        > laporan saya
        < Laporan yang mana?
          1 dikerjakan: Banjir selutut
          2 selesai: Lampu padam
        > dua
        < Laporan KNL-Q2MT-0A1B: selesai.
          {HISTORY}
          Belum selesai? Tulis BELUM SELESAI.
        """,
    ),
    "none that is known here": (
        {MyCases: (), FindCase: [BRIEF]},
        """
        > status
        < Laporan yang mana? Tulis kode laporannya.
        > knl 7f3k 92qx
        < Laporan KNL-7F3K-92QX: dikerjakan.
          Untuk keterangan lengkap tulis PIN laporan ini, atau LEWATI.
        > lewati
        < Baik.
        """,
    ),
    "code and PIN when asked for": (
        {MyCases: (), FindCase: [BRIEF, OWN]},
        f"""
        > status
        < Laporan yang mana? Tulis kode laporannya.
        > KNL-7F3K-92QX 012345
        < Laporan KNL-7F3K-92QX: dikerjakan. Instansi: Dinas Sumber Daya Air. Sisa 3 hari.
          {HISTORY}
          Lanjutkan laporan ini di sini?
          1 Ya
          2 Tidak
        > tidak
        < Baik.
        """,
    ),
    "unknown": (
        {FindCase: [None]},
        """
        > KNL-0000-0000
        < Kode atau PIN itu tidak kami temukan. Periksa lagi, atau tulis PETUGAS.
        """,
    ),
}


@pytest.mark.parametrize(("world", "said"), TALKS.values(), ids=TALKS)
def test_a_talk_about_how_a_report_stands(world: World, said: str) -> None:
    assert converse(status, said, world=world).state is None


@pytest.mark.parametrize("gives", ["KNL-7F3K-92QX 012345", "PIN 012345 kode KNL-7F3K-92QX"])
def test_who_brings_code_and_pin_may_go_on_here(gives: str) -> None:
    said = f"""
    > {gives}
    < Laporan KNL-7F3K-92QX: dikerjakan. Instansi: Dinas Sumber Daya Air. Sisa 3 hari.
      {HISTORY}
      Lanjutkan laporan ini di sini?
      [Ya] [Tidak]
    > [Ya]
    < Baik, laporan ini kami lanjutkan di sini.
    """
    played = converse(status, said, world={FindCase: [BRIEF, OWN], Adopt: True}, capabilities=BUTTONS)
    assert played.wishes == [
        FindCase("found", code=gives),
        FindCase("opened", code="KNL-7F3K-92QX", pin="012345"),
        Adopt("adopt", code="KNL-7F3K-92QX", pin="012345"),
    ]


def test_a_wrong_pin_is_told_in_the_words_for_what_is_unknown() -> None:
    said = """
    > KNL-7F3K-92QX
    < Laporan KNL-7F3K-92QX: dikerjakan.
      Untuk keterangan lengkap tulis PIN laporan ini, atau LEWATI.
    > 999999
    < Kode atau PIN itu tidak kami temukan. Periksa lagi, atau tulis PETUGAS.
    """
    assert converse(status, said, world={FindCase: [BRIEF, None], MayTry: True}).state is None


def test_after_many_wrong_pins_it_is_said_when_to_try_again() -> None:
    said = """
    > KNL-7F3K-92QX 999999
    < PIN laporan ini sudah banyak dicoba. Coba lagi 60 menit lagi, atau tulis PETUGAS.
    """
    assert converse(status, said, world={FindCase: [BRIEF, None], MayTry: False}).state is None


def test_in_public_nobody_is_asked_for_a_pin() -> None:
    said = """
    > KNL-7F3K-92QX
    < Laporan KNL-7F3K-92QX: dikerjakan.
    """
    assert converse(status, said, world={FindCase: [BRIEF]}, public=True).state is None


def test_a_reply_that_asks_is_about_what_it_replies_to() -> None:
    said = f"""
    > sudah sampai mana?
    < Laporan KNL-7F3K-92QX: dikerjakan. Instansi: Dinas Sumber Daya Air. Sisa 3 hari.
      {HISTORY}
    """
    facts: dict[str, Any] = {"replied": True}
    played = converse(status, said, world={FindCase: [OWN]}, facts=facts, code="KNL-7F3K-92QX")
    assert played.wishes == [FindCase("found", code="KNL-7F3K-92QX")]


def test_a_code_needs_no_figure() -> None:
    said = """
    > KNL-QWER-TYPA
    < Laporan KNL-7F3K-92QX: dikerjakan.
      Untuk keterangan lengkap tulis PIN laporan ini, atau LEWATI.
    """
    assert converse(status, said, world={FindCase: [BRIEF]}, facts={"has_code": True}).state is not None
