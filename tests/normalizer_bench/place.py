"""Areas by words alone: with an atlas of streets, other spellings and neighbours imported, as an operator's would be.

Known places are the kelurahan that 2023's reports were filed under and the pins of 2017's flood reports (all inside
the city); pins of the made set are invented, so it serves for explicit names only.

- "kel. X is X": texts where "kel.", "kelurahan", "lurah" or the like stands before words that are, or nearly are, an
  official name or other spelling (by rapidfuzz, which the finder does not use so). Right if the first kelurahan of the
  candidates is one so named. Slips that change more of a name are not counted.
- "right area": texts with a known place for which some area is suggested; right if that area, of whatever level, has
  the place. "kelurahan" counts those for which a kelurahan is suggested, right if it is the very one.
  "Offered by the bot" are the three areas that a citizen may choose among who answers so.
- "score": the share of first candidates that are right, by their score.
- "wrongly assigned": reports without pin whose area would be filed without a person, and is wrong.
- "outside": of texts about places inside, those called outside; of complaints to another city that name an area of it
  after "kec.", those that are.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec
from rapidfuzz import fuzz, process

from gateway.bot.readers.places import areas_named
from normalizer.book import Book
from normalizer.message import Message
from normalizer.normalize import normalize
from normalizer.places.areas import DISTRICT, VILLAGE, areas_below
from normalizer.places.atlas import Atlas
from normalizer.places.ground import area_at
from normalizer.report import Candidate, Outcome, ReportPlace
from tests.normalizer_bench.gazetteer_data import REGION, atlas
from tests.normalizer_bench.halves import HALVES, halves
from tests.normalizer_bench.rows import Goal, Row, share

TITLE = "areas by words alone"
NOW = datetime(2026, 1, 12, 15, 0, tzinfo=UTC)
NAMED, UNASSIGNED = Goal(0.98), Goal(0.01, below=True)
SCORES = ((0.0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01))

_MARKED = re.compile(r"\b(?:kel|kelurahan|lurah|klrhn)\b[ .:]{1,2}((?:[a-z]+[ ]?){1,3})", re.ASCII)
_DISTRICT = re.compile(r"\bkec(?:amatan)?\b[ .:]{1,2}([a-z]+)", re.ASCII)
_NAMED_LIKE = 88.0
_STRETCHED = re.compile(r"(.)\1{2,}")
#: The city of the complaints.
OTHER = "35.78"


class Text(NamedTuple):
    """`truth` is the code of the kelurahan, "" where not known."""

    source: str
    words: str
    truth: str


class Line(msgspec.Struct, frozen=True):
    """A labelled report, as far as it is read here."""

    text: str
    lat: float | None = None
    lon: float | None = None


class Read(NamedTuple):
    text: Text
    half: str
    place: ReportPlace

    @property
    def first(self) -> Candidate | None:
        return self.place.areas[0] if self.place.areas else None

    @property
    def kelurahan(self) -> Candidate | None:
        return next((area for area in self.place.areas if area.code.count(".") == VILLAGE - 1), None)

    def is_among(self, areas: Iterable[Candidate | None]) -> bool:
        """Does one of them have the place?"""
        return any(area is not None and f"{self.text.truth}.".startswith(f"{area.code}.") for area in areas)


def measure(data: Path) -> Iterable[Row]:
    city = atlas(data)
    book = Book(REGION, atlas=city)
    texts = [*_filed(data), *_pinned(data, city), *_made(data)]
    halved = zip(texts, halves([text.words for text in texts]), strict=True)
    reads = [Read(text, half, place_of(text.words, book)) for text, half in halved]
    explicit = [read for read in reads if _named(read, city)]
    yield from _by_half("kel. X is X", explicit, lambda read: _right(read, city), NAMED)
    yield from _known([read for read in reads if read.text.truth])
    yield from _abroad(data, book)


def place_of(words: str, book: Book) -> ReportPlace:
    """What is read of a message without a pin."""
    message = Message(id="1", channel="bench", sender=None, text=words)
    return normalize(message, NOW, book).place or ReportPlace()


def _known(reads: Sequence[Read]) -> Iterator[Row]:
    suggested = [read for read in reads if read.first]
    exact = [read for read in reads if read.kelurahan]
    yield from _by_half("an area is suggested", reads, lambda read: bool(read.first))
    yield from _by_half("right area first", suggested, lambda read: read.is_among(read.place.areas[:1]))
    yield from _by_half("right area among three", suggested, lambda read: read.is_among(read.place.areas[:3]))
    yield from _by_half("right area offered by the bot", suggested, _is_offered)
    yield from _by_half("right kelurahan first", exact, lambda read: read.is_among([read.kelurahan]))
    for low, high in SCORES:
        scored = [read for read in suggested if low <= read.place.areas[0].score < high]
        name = f"score {low:.1f} to {min(high, 1.0):.1f}"
        yield from _by_half(name, scored, lambda read: read.is_among(read.place.areas[:1]))
    yield from _by_half("wrongly assigned", reads, _is_wrongly_assigned, UNASSIGNED)
    yield from _by_half("inside, called outside", reads, _is_called_outside, UNASSIGNED)


def _is_offered(read: Read) -> bool:
    """By the question that follows such an answer."""
    return any(f"{read.text.truth}.".startswith(f"{code}.") for code, _ in areas_named(read.place, REGION))


def _is_wrongly_assigned(read: Read) -> bool:
    return read.place.area is not None and not read.is_among([read.place.area])


def _is_called_outside(read: Read) -> bool:
    return read.place.outcome is Outcome.OUTSIDE


def _abroad(data: Path, book: Book) -> Iterator[Row]:
    districts = {area.name.lower().split()[0] for area in areas_below(OTHER, DISTRICT)}
    texts = [text for text in _complaints(data) if not districts.isdisjoint(_DISTRICT.findall(text.lower()))]
    halved = zip(texts, halves(texts), strict=True)
    reads = [Read(Text("other", text, ""), half, place_of(text, book)) for text, half in halved]
    yield from _by_half("outside, called so", reads, _is_called_outside)


def _by_half(
    measure: str, reads: Sequence[Read], is_hit: Callable[[Read], bool], goal: Goal | None = None
) -> Iterator[Row]:
    for half in HALVES:
        own = [read for read in reads if read.half == half]
        yield share(measure, sum(map(is_hit, own)), len(own), half=half, goal=goal)


def _named(read: Read, city: Atlas) -> set[str]:
    """Codes of the kelurahan that explicit words of the text are, or are nearly."""
    found = (_nearest(words, city) for words in _MARKED.findall(read.text.words.lower()))
    return {code for code in found if code}


def _right(read: Read, city: Atlas) -> bool:
    return read.kelurahan is not None and read.kelurahan.code in _named(read, city)


@cache
def _nearest(words: str, city: Atlas) -> str:
    names = _names(city)
    pieces = _STRETCHED.sub(r"\1", words).split()
    runs = ["".join(pieces[:count]) for count in range(1, len(pieces) + 1)]
    found = (process.extractOne(run, names.keys(), scorer=fuzz.ratio, score_cutoff=_NAMED_LIKE) for run in runs)
    best = max((hit for hit in found if hit), key=lambda hit: len(hit[0]), default=None)
    return names[best[0]] if best else ""


@cache
def _names(city: Atlas) -> dict[str, str]:
    official = {area.name: area.code for area in areas_below(REGION) if area.level == VILLAGE}
    aliases = {alias.name: alias.code for alias in city.aliases}
    return {name.lower().replace(" ", ""): code for name, code in {**aliases, **official}.items()}


def _filed(data: Path) -> Iterator[Text]:
    with (data / "samples" / "crm_2023_dev.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield Text("filed", row["text"], row["kelurahan_code"])


def _pinned(data: Path, city: Atlas) -> Iterator[Text]:
    for row in _lines(data / "duplicates" / "pb.jsonl"):
        if row.lat is not None and row.lon is not None and (area := area_at(city, row.lat, row.lon).area):
            yield Text("pinned", row.text, area.code)


def _made(data: Path) -> Iterator[Text]:
    for row in _lines(data / "duplicates" / "jkt.jsonl"):
        if _MARKED.search(row.text.lower()):
            yield Text("made", row.text, "")


def _complaints(data: Path) -> Iterator[str]:
    for row in _lines(data / "duplicates" / "sby.jsonl"):
        yield row.text


def _lines(path: Path) -> Iterator[Line]:
    for line in path.read_bytes().splitlines():
        yield msgspec.json.decode(line, type=Line)
