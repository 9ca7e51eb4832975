"""What a message is: a report, unless more speaks for a question, an answer, praise, chatter, advertising or a prank.

Each sign is worth some points for a kind; the scores are the kinds' shares of the points' exponentials (softmax).
"""

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import filterfalse
from math import exp

import msgspec

from normalizer.report import Candidate, Kind, Level, Urgency
from normalizer.sorting.signs import Signs, Told
from normalizer.words.phrases import STOP, Hit

NAMES = {
    Kind.REPORT: "laporan",
    Kind.QUESTION: "pertanyaan tentang laporan",
    Kind.ANSWER: "jawaban",
    Kind.PRAISE: "pujian",
    Kind.CHATTER: "obrolan",
    Kind.ADVERTISING: "iklan",
    Kind.PRANK: "kelakar",
}

_BASE = 1.5
#: Against a report, where no word speaks for one; for chatter, where no word speaks for anything.
_NOTHING_WRONG = 1.0
_KINDS = tuple(Kind)
_LEAST = 0.05
_MOST_REASONS = 5
_LINK_SIGNS = ("://", "www.", ".ly/", ".me/", ".ee/", ".id/")
_LINK = re.compile(r"https?://|www\.|\bbit\.ly/|\bwa\.me/|\bt\.me/|\blinktr\.ee/|\bs\.id/")
_MONEY = frozenset({"rp", "rb", "ribu", "jt", "juta"})
_PRICE = re.compile(r"rp\d+|\d+(?:rb|ribu|jt|juta|k)\Z")
_NUMBER = re.compile(r"[a-z]{2}\d{10}\Z")
_CODE = re.compile(r"\b[a-z]{2,5}-[0-9a-z]{4}-[0-9a-z]{4}\b")
_PLACES = frozenset(
    {"gang", "rt", "rw", "kelurahan", "kecamatan", "perum", "komplek", "kompleks", "blok", "kampung", "desa"}
)
_CONTRAST = frozenset({"tapi", "namun", "tetapi", "cuma", "sayang", "masih", "lagi", "belum", "but", "still"})
#: What a message is shows in its first words.
_READ = 400
#: So few words that all of them must be looked at: "iya pak", "halo min".
_FEW = 6
_SHORT = 12

#: Points of a word of the table, and of a strong one; the first of a kind counts most.
_POINTS = {
    Kind.REPORT: (0.9, 1.1),
    Kind.QUESTION: (0.7, 1.6),
    Kind.ANSWER: (0.0, 1.0),
    Kind.PRAISE: (0.8, 1.9),
    Kind.CHATTER: (0.0, 1.1),
    Kind.ADVERTISING: (0.6, 2.6),
    Kind.PRANK: (1.0, 4.0),
}
_START = {kind: _BASE if kind is Kind.REPORT else 0.0 for kind in _KINDS}
_MOST = {**dict.fromkeys(_KINDS, 9.0), Kind.REPORT: 4.0, Kind.QUESTION: 3.2, Kind.CHATTER: 3.3}


class Said(msgspec.Struct, frozen=True, gc=False):
    """A message as it is sorted. `chosen`: its sender named a category or filled in a form; `shown`: a pin, a picture
    or sound came with it; `enclosed`: any file; `phone`: it gives a number; `replies`: it answers another message."""

    text: str
    words: tuple[str, ...]
    phone: bool = False
    chosen: bool = False
    shown: bool = False
    enclosed: bool = False
    replies: bool = False


def kinds(said: Said, urgency: Urgency, signs: Signs) -> tuple[Candidate, ...]:
    """All that the message may be, best first. Never raises; the reasons are words of the table and our own."""
    points = {**_START}
    reasons: dict[Kind, list[str]] = {}
    for kind, worth, reason in (*_by_table(said.words, signs), *_by_form(said, urgency, signs)):
        own = reasons.setdefault(kind, [])
        if reason not in own:
            own.append(reason)
            points[kind] = min(points[kind] + worth, _MOST[kind])
    if not reasons:
        points[Kind.CHATTER] += _NOTHING_WRONG
        reasons[Kind.CHATTER] = ["tidak menyebut masalah"]
    if Kind.REPORT not in reasons:
        points[Kind.REPORT] -= _NOTHING_WRONG
    return _ranked(points, reasons)


def _ranked(points: dict[Kind, float], reasons: dict[Kind, list[str]]) -> tuple[Candidate, ...]:
    weights = {kind: exp(worth) for kind, worth in points.items()}
    total = sum(weights.values())
    least = max(_LEAST * total, min(weights.values()) + 1e-9)
    likely = [kind for kind, weight in weights.items() if weight >= least]
    likely.sort(key=weights.__getitem__, reverse=True)
    return tuple([_candidate(kind, weights[kind] / total, reasons.get(kind, ())) for kind in likely])


def _candidate(kind: Kind, score: float, reasons: Sequence[str]) -> Candidate:
    return Candidate(code=str(kind), name=NAMES[kind], score=round(score, 2), reasons=tuple(reasons[:_MOST_REASONS]))


_Point = tuple[Kind, float, str]


def _by_table(words: tuple[str, ...], signs: Signs) -> list[_Point]:
    hits = signs.telling.find(words[:_READ])
    if excepted := [hit for hit in hits if hit.label.unless]:
        hits = [hit for hit in hits if not hit.label.unless and not _is_excepted(hit, excepted)]
    return [
        (hit.label.kind, _POINTS[hit.label.kind][hit.label.strong], " ".join(words[hit.start : hit.end]))
        for hit in hits
    ]


def _is_excepted(hit: Hit[Told], excepted: Collection[Hit[Told]]) -> bool:
    return any(one.label.kind is hit.label.kind and hit.start < one.end and one.start < hit.end for one in excepted)


def _by_form(said: Said, urgency: Urgency, signs: Signs) -> Iterator[_Point]:
    """What tells of the kind besides the words of the table."""
    words = [word for word in said.words if word != STOP]
    yield from _by_circumstances(said, urgency)
    if not _PLACES.isdisjoint(words):
        yield Kind.REPORT, 0.9, "menyebut tempat"
    if not _CONTRAST.isdisjoint(words):
        yield Kind.PRAISE, -1.5, "tetapi"
    if len(words) > _SHORT:
        yield Kind.REPORT, 0.5, "panjang"
    yield from _by_characters(said.text, words)
    if len(words) <= _FEW:
        yield from _by_all_words(said, words, signs)


def _by_characters(text: str, words: Sequence[str]) -> Iterator[_Point]:
    lowered = text.lower()
    numbers = [*filterfalse(str.isalpha, words)]
    mixed = [*filterfalse(str.isdigit, numbers)]
    if numbers and (any(map(_NUMBER.match, mixed)) or (text.count("-") > 1 and _CODE.search(lowered))):
        yield Kind.QUESTION, 1.4, "menyebut kode"
        yield Kind.REPORT, 0.5, "menyebut kode"
    if numbers and (not _MONEY.isdisjoint(words) or "%" in text or any(map(_PRICE.match, mixed))):
        yield Kind.ADVERTISING, 0.7, "harga"
    if "?" in text:
        yield Kind.QUESTION, 0.5, "bertanya"
    if any(map(lowered.__contains__, _LINK_SIGNS)) and _LINK.search(lowered):
        yield Kind.ADVERTISING, 0.6, "tautan"


def _by_circumstances(said: Said, urgency: Urgency) -> Iterator[_Point]:
    if said.phone:
        yield Kind.ADVERTISING, 0.5, "nomor telepon"
    if urgency.level is not Level.NORMAL:
        yield Kind.REPORT, 2.0, "mendesak"
    if said.chosen:
        yield Kind.REPORT, 4.0, "memilih kategori"
    if said.shown:
        yield Kind.REPORT, 1.5, "foto, rekaman atau lokasi"
    elif said.enclosed:
        yield Kind.REPORT, 0.9, "lampiran"
    if said.replies:
        yield Kind.ANSWER, 2.0, "membalas"


def _by_all_words(said: Said, words: Sequence[str], signs: Signs) -> Iterator[_Point]:
    """Of a message of few words: whether there is nothing else in it than a greeting or an answer."""
    if not any(word.isalpha() for word in words):
        kind = Kind.ANSWER if words and said.replies else Kind.CHATTER
        yield kind, 0.5 if said.shown or said.enclosed else 3.5, "tanpa kata"
        return
    for kind in (Kind.ANSWER, Kind.CHATTER):
        own = signs.small[kind]
        if all(word in own or word.isdigit() for word in words):
            yield kind, 3.0, "hanya sapaan" if kind is Kind.CHATTER else "hanya jawaban"
    if said.replies:
        yield Kind.ANSWER, 1.0, "pendek"
