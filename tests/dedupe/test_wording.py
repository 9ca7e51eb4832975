"""One word for what people write in many ways, and nothing for what everybody writes."""

import pytest

from dedupe.wording import Tone, tone, wording


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("Bratang Binangun VA-9", ("bratang", "binangun", "5a", "9"), id="a Roman house"),
        pytest.param("bratang binangun 5A", ("bratang", "binangun", "5a"), id="the same in digits"),
        pytest.param("dukuh setro 2 a", ("dukuh", "setro", "2a"), id="a letter apart"),
        pytest.param("bambu xi", ("bambu", "11"), id="a Roman number"),
        pytest.param("rt 010 rw 04", ("rt", "10", "rw", "4"), id="leading zeros"),
        pytest.param("rt3rw5", ("rt3rw5",), id="an RT is no disguise"),
        pytest.param("4s4pny4 b4nj1r", ("asapnya", "banjir"), id="digits for letters"),
        pytest.param("35 cm", ("35", "cm"), id="a measure"),
        pytest.param("sudah 3hari", ("3", "hari"), id="grown together"),
        pytest.param("pohon tumbang #banjir #macet", ("pohon", "tumbang"), id="tags beside words"),
        pytest.param("#banjir", ("banjir",), id="a tag alone"),
        pytest.param("lampu padam, mohon dinas terkait segera menindaklanjuti", ("lampu", "padam"), id="courtesies"),
    ],
)
def test_has_one_form(text: str, words: tuple[str, ...]) -> None:
    assert wording(text) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Terima kasih, lampu di jl manggis sudah diperbaiki", Tone.THANKS, id="thanks"),
        pytest.param("Jalan sudah diaspal. Terima kasih", Tone.THANKS, id="thanks at the end"),
        pytest.param("Sudah 1 bulan belum diperbaiki. Terima kasih", Tone.PLAIN, id="thanks as a courtesy"),
        pytest.param("Sudah diperbaiki tapi padam lagi, terima kasih", Tone.PLAIN, id="out again"),
        pytest.param("INI KELUHAN YANG KE 2 lampu padam", Tone.AGAIN, id="the second complaint"),
        pytest.param("Repost laporan saya nomor 206085279", Tone.AGAIN, id="a repost"),
        pytest.param("Lampu padam", Tone.PLAIN, id="a complaint"),
    ],
)
def test_has_a_tone(text: str, expected: Tone) -> None:
    assert tone(text) is expected
