"""No city is built in: neither code nor shipped tables name a province, a city or an area of the two examples.

Left out are the examples, which are of cities, and what the demonstration plays: an afternoon in one city, with the
settings to begin with, which an operator replaces.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from normalizer.places.areas import CITY, areas_below
from normalizer.places.typed import area_words

ROOT = Path(__file__).parents[1]
CODE = ("gateway", "adapters", "normalizer", "dedupe", "config")
#: The examples' cities: all their kecamatan and kelurahan are looked for, too.
EXAMPLES = ("31", "33.18")
LEFT_OUT = ("config/examples", "config/demo", "gateway/demo", "config/kanal.toml")
#: A name of the time zone database.
ZONES = re.compile(r"\bAsia/\w+")
#: Words of every day, of which lists of words consist, and what means them.
ORDINARY = {
    "a lie or a turn": "bali",
    "adjectives and nouns of where": "baru tengah puncak gunung padang karang pangkalan",
    "stones, stems and trees": "batang batu bungur galur jati kapuk karet kembang serdang rambutan sumur",
    "what people do": "buru larangan malang serang",
    "persons' names": "bima guntur kamal kartini kenari",
    "hamlets, houses and halls": "dukuh gedong gelora pulo",
    "Saturday, a lake, Monday": "setu senen",
    "a tank": "tangki",
    "Javanese: with": "karo",
    "informal spellings of new and of there is none": "barru ngada",
}


#: After whom streets and schools are called, and a bridge of iron.
OTHERS = {"setia budi", "wijaya kusuma", "jembatan besi"}
WORD = re.compile(r"[^\W_]+")


def test_no_place_is_named() -> None:
    names = _names()
    longest = max(len(name.split()) for name in names)
    found = {f"{path}: {run}" for path, words in _texts() for run in _runs(words, longest) if run in names}
    assert found == set()


def test_what_counts_as_a_word_of_every_day_is_still_needed() -> None:
    assert _ordinary() - {word for _, words in _texts() for word in words} == set()


def _ordinary() -> set[str]:
    return {word for words in ORDINARY.values() for word in words.split()}


def _names() -> set[str]:
    areas = (*areas_below(None, CITY), *(area for code in EXAMPLES for area in areas_below(code)))
    return {" ".join(area_words(area)) for area in areas} - _ordinary() - OTHERS


def _runs(words: Sequence[str], longest: int) -> Iterator[str]:
    for count in range(1, longest + 1):
        yield from (" ".join(words[start : start + count]) for start in range(len(words) - count + 1))


def _texts() -> Iterator[tuple[str, list[str]]]:
    """Each file's name and words."""
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*")):
            name = path.relative_to(ROOT).as_posix()
            if path.is_file() and "__pycache__" not in name and not name.startswith(LEFT_OUT):
                text = path.read_text("utf-8", errors="replace")
                yield name, WORD.findall(ZONES.sub("", text).lower())
