"""What a report is compared by: a few hundred bytes of it."""

import re
from collections.abc import Iterable, Set

import msgspec

from dedupe.photos import telling
from dedupe.problems import problems_in
from dedupe.wording import tone, wording
from normalizer.report import IMPORTED, Candidate, Report, ReportPlace
from normalizer.sorting.candidates import chosen
from normalizer.words.memo import remembered
from normalizer.words.pieces import pieces

MOST_WORDS = 40
LONGEST_WORD = 24
MOST_BYTES = 280
MOST_TEXT = 4000
MOST_PLACES = 4
LIKELY_AREA = 0.5

_CODE = re.compile(r"\b(?:KNL-[0-9A-Z]{4}-[0-9A-Z]{4}|[A-Z]{2}\d{10})\b")
#: As it stands in the subject of our letters, and so of all that is answered to them, whatever that tells of.
_CODE_IN_SUBJECT = re.compile(r"\b(?:[A-Z]+-[0-9A-Z]{4}-[0-9A-Z]{4}|[A-Z]{2}\d{10})\b")
_CODE_SIGN = re.compile(r"KNL-|[A-Z]\d{10}")
_MARKER = (
    "depan|dpn|dekat|deket|dkt|samping|belakang|sebelah|seberang|perumahan|perum|komplek|kompleks|pasar|stasiun|halte"
    "|terminal|masjid|gereja|rs|rsud|puskesmas|kantor|jembatan|sungai|underpass|flyover|waduk|situ|taman|kampung|kp"
    "|kolong|simpang|bundaran|gedung|hotel|apartemen|rusun|arah|perempatan|pertigaan"
)
_MARKERS = frozenset(_MARKER.split("|"))
_WORD = re.compile(r"\w+")
_LANDMARK = re.compile(rf"\b(?:{_MARKER}) (?!(?:{_MARKER})\b)([a-z]{{4,24}})")
#: What stands beside a thousand incidents tells no two of them apart.
_EVERYWHERE_TEXT = """
    rumah rumahnya warga jalan jalanan sekolah gang lampu merah kali kereta masuk keluar utama raya besar kota tidak
    sana sini ruko toko warung indomaret alfamart alfa bensin lapangan bola polisi kelurahan kecamatan mesjid
    musholla mushola barat timur utara selatan pusat baru lama tempat tinggal umum banjir
"""
_EVERYWHERE = frozenset(_EVERYWHERE_TEXT.split())
#: Stand before names and numbers, which say more.
_TITLES = frozenset({"jalan", "jl", "rt", "rw", "no", "nomor", "kelurahan", "kecamatan"})


class Fingerprint(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A report, reduced to what tells incidents apart.

    `time` is when we received it (epoch seconds: the sender's own clock may lie). `words` are sorted and unique, those
    of streets included; `problems` and `landmarks` are read from the text; `numbers` are "rt 3", "rw 5", "no 12" or
    "gg 4"; `areas` are official codes; `accuracy` is in metres; `photos` stand for files, by their digests,
    and `images` for what pictures show, by their dHash, without those that are flat (see `dedupe.photos`).
    `category` is the one that the sender named: a guess is made of the same words, and would count them twice.
    """

    report: str
    reporter: str
    time: float
    words: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    category: str | None = None
    codes: tuple[str, ...] = ()
    closed: bool = False
    problems: tuple[str, ...] = ()
    landmarks: tuple[str, ...] = ()
    photos: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    tone: str = ""


def fingerprint(
    report: Report, common: Set[str] = frozenset(), pictures: Iterable[str | None] | None = None
) -> Fingerprint:
    """The fingerprint of `report`, at most some 500 bytes as msgpack however long the report is. `common` are words
    that say nothing in the whole city, as its name; `pictures` are the hashes of its pictures, which a masked report
    has no more."""
    place = report.place or ReportPlace()
    streets, lanes = _lanes_apart(place.streets)
    subject = _CODE_IN_SUBJECT.sub(" ", report.subject) if report.subject else ""
    text = (f"{subject} {report.text}" if subject else report.text)[:MOST_TEXT]
    told = text if not place.words or place.words in text else f"{text} {place.words[:MOST_TEXT]}"
    words = tuple([word for word in wording(told) if word not in common])
    return Fingerprint(
        report=report.id,
        reporter=report.reporter,
        time=happened_at(report),
        words=_words(words),
        numbers=_few((*place.numbers, *lanes)),
        streets=_few(streets),
        areas=_few(area.code for area in _areas(place)),
        latitude=place.latitude,
        longitude=place.longitude,
        accuracy=place.accuracy_m,
        category=chosen(report.categories),
        codes=_few(_CODE.findall(text)) if _CODE_SIGN.search(text) else (),
        problems=problems_in(words)[:MOST_PLACES],
        landmarks=_landmarks(text, words),
        photos=_few(attachment.digest[:12] for attachment in report.attachments if attachment.digest),
        images=_few(filter(None, map(telling, hashes(report) if pictures is None else pictures))),
        tone=tone(text).value,
    )


def hashes(report: Report) -> list[str | None]:
    """Of its pictures, the dHash of each that has one."""
    return [attachment.image_hash for attachment in report.attachments]


def happened_at(report: Report) -> float:
    """When it is compared as having been reported, in seconds since the epoch: what was imported came in long after."""
    told = report.reported_at if IMPORTED in report.triage else None
    return (told or report.received_at).timestamp()


def _areas(place: ReportPlace) -> Iterable[Candidate]:
    """The one that was assigned; without one those that are likely."""
    return (place.area,) if place.area else (area for area in place.areas if area.score >= LIKELY_AREA)


def _lanes_apart(streets: Iterable[str]) -> tuple[list[str], list[str]]:
    """Streets with a name, and lanes with only a number: "gg 3" is a number like RT 3, every quarter has one."""
    named: list[str] = []
    lanes: list[str] = []
    for street in streets:
        (lanes if street.startswith("gg ") and street[3:].isdigit() else named).append(street)
    return named, lanes


def _words(words: Iterable[str]) -> tuple[str, ...]:
    kept: set[str] = set()
    room = MOST_BYTES
    for word in words:
        short = word[:LONGEST_WORD]
        if short in _TITLES or short in kept:
            continue
        room -= len(short.encode())
        if len(kept) == MOST_WORDS or room < 0:
            break
        kept.add(short)
    return tuple(sorted(kept))


def _landmarks(text: str, words: Iterable[str]) -> tuple[str, ...]:
    if not any(map(_has_marker, pieces(text))):
        return ()
    telling = set(words) - _EVERYWHERE
    return _few(word for word in _LANDMARK.findall(text.casefold()) if word in telling)


@remembered
def _has_marker(piece: str) -> bool:
    """Most texts name no landmark, which take time to look for."""
    return not _MARKERS.isdisjoint(_WORD.findall(piece))


def _few(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([value[:40] for value in values]))[:MOST_PLACES]
