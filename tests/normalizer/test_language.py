"""The language of a text, told by its small words alone, and only where there are enough of them."""

import pytest

from normalizer.words.language import language

TEXTS = {
    "Indonesian": ("Lampu jalan di depan rumah saya sudah mati tiga hari", "id"),
    "Indonesian of the chat": ("pohon tumbang nih min, udah lapor gak ada yg dateng", "id"),
    "Indonesian that a Malay would write": ("Saya mahu lapor jalan rosak dan air di longkang tidak mengalir", "id"),
    "English": ("The street light in front of our house has been out for three days", "en"),
    "Javanese": ("Dalan ngarep omahku rusak wis suwe, durung ono sing ndandani nganti saiki", "jv"),
    "Javanese, politely": ("Nuwun sewu, lampu ing dalan mriki sampun pejah, dereng enten ingkang ndandosi niku", "jv"),
    "Sundanese": ("Punten, ieu jalan payuneun bumi abdi geus ruksak, teu acan aya nu ngalereskeun", "su"),
    "Indonesian with Javanese": ("Jalan rusak di depan rumah, tolong segera diperbaiki, wis suwe iki", "id"),
    "Indonesian with Sundanese": ("Lampu mati di gang kami sudah lama, belum ada yang datang euy, kumaha ieu", "id"),
    "Indonesian with English": ("Please dong, lampu di sini sudah mati dan tidak ada yang fix", "id"),
    "nineteen letters": ("jalan di sini rusak yg", None),
    "names and numbers": ("Jl Mawar Melati Kenanga Anggrek 12345", None),
    "no letters": ("12345 !!! 😭", None),
    "Arabic letters": ("الشارع مظلم جدا في الليل", None),
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.values(), ids=TEXTS)
def test_language(text: str, expected: str | None) -> None:
    assert language(text) == expected
