"""What somebody can do here, in which language, and what to do in an emergency."""

from typing import Any

import pytest

from gateway.bot.dialogue import Dialogue
from gateway.bot.dialogues.help import danger, help_, language
from gateway.bot.steps import Language
from gateway.bot.testing import BUTTONS, converse

HELP = "Tulis laporan dan tempatnya, atau kode laporan untuk tahu kabarnya."
TALKS: dict[str, tuple[Dialogue, dict[str, Any], str]] = {
    "help": (
        help_,
        {},
        f"""
        > bantuan
        < {HELP} PETUGAS: bicara dengan petugas. BATAL: berhenti. STOP: jangan dikabari.
        """,
    ),
    "a language": (
        language,
        {"capabilities": BUTTONS},
        """
        > bahasa
        < Bahasa apa? Which language?
          [Bahasa Indonesia] [English]
        > [Bahasa Indonesia]
        < Baik, kami memakai bahasa Indonesia.
        """,
    ),
    "a language that is named": (
        language,
        {"facts": {"language": "en"}, "language": "en"},
        """
        > English please
        < All right, we write in English.
        """,
    ),
    "an emergency": (
        danger,
        {},
        """
        > darurat
        < Darurat? Segera telepon 112.
          Apa yang terjadi? Tulis singkat.
        > rumah saya kebakaran
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > lewati
        < Sudah kami catat. Jika nyawa terancam, telepon 112 sekarang.
        """,
    ),
    "an emergency of which the number was told": (
        danger,
        {"facts": {"emergency": True}},
        """
        > sos
        < Apa yang terjadi? Tulis singkat.
        > lewati
        < Di mana tempatnya? Tulis jalan, patokan dan kelurahannya, atau kirim lokasi. Tulis LEWATI jika tidak tahu.
        > lewati
        < Sudah kami catat. Jika nyawa terancam, telepon 112 sekarang.
        """,
    ),
}


@pytest.mark.parametrize(("dialogue", "values", "said"), TALKS.values(), ids=TALKS)
def test_a_short_talk(dialogue: Dialogue, values: dict[str, Any], said: str) -> None:
    assert converse(dialogue, said, **values).state is None


def test_the_language_that_was_chosen_is_wished_for() -> None:
    _, values, said = TALKS["a language that is named"]
    assert converse(language, said, **values).wishes == [Language("set", code="en")]
