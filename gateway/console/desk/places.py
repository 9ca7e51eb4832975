"""Streets and areas, suggested while somebody writes where it is."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from adapters import Response
from gateway.console import answers
from gateway.console.desk import offices
from gateway.console.visit import Visit
from normalizer.book import Book
from normalizer.places.areas import area_name
from normalizer.places.atlas import Atlas

FEWEST = 3
MOST = 12


async def show(visit: Visit) -> Response:
    found = suggested(visit.means.rules.book, visit.asked("q"))
    return answers.file(msgspec.json.encode(found), "application/json")


def suggested(book: Book, words: str) -> Sequence[str]:
    """Those that begin with the words come first, and short ones before long ones."""
    wanted = words.strip().lower()
    if len(wanted) < FEWEST:
        return ()
    found = [name for lowered, name in _names(book.areas, book.atlas) if wanted in lowered]
    return sorted(found, key=lambda name: (not name.lower().startswith(wanted), len(name), name))[:MOST]


@lru_cache(maxsize=2)
def _names(region: str, atlas: Atlas) -> Sequence[tuple[str, str]]:
    """In small letters, and as they are written."""
    return tuple((name.lower(), name) for name in dict.fromkeys((*_streets(atlas), *_areas(region))))


def _streets(atlas: Atlas) -> Iterator[str]:
    for street in atlas.streets:
        area = area_name(street.areas[0]) if street.areas else None
        yield f"{street.name}, {area}" if area else street.name


def _areas(region: str) -> Iterator[str]:
    for district in offices.areas(region, ""):
        yield from (f"{name}, {district.name}" for _, name in district.areas)
