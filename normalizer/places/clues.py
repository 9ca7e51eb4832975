"""What speaks for an area: its name, a street in it, a landmark, a postal code; each with how often that is right."""

import re
from collections.abc import Iterator, Sequence

import msgspec

from normalizer.places.areas import CITY, DISTRICT, PROVINCE, VILLAGE, Area
from normalizer.places.gazetteer import Gazetteer, street_key
from normalizer.places.landmarks import known_landmarks
from normalizer.places.mentions import How, Mention, Where
from normalizer.places.typed import Words
from normalizer.words.stretch import Stretch

#: How often such a mention, bare or with its marker, was the right place in real reports: a bare kelurahan name 140
#: times in 244, "kel. X" 38 in 41; a bare kecamatan name 47 times in 61, a city's 33 in 36.
_SCORES = {VILLAGE: (0.57, 0.93), DISTRICT: (0.75, 0.93), CITY: (0.9, 0.95), PROVINCE: (0.9, 0.95)}
#: A bare name that a kecamatan bears too meant the kelurahan 4 times in 34.
_SHARED_VILLAGE = 0.2
_IN_STREET = 0.5
_AS_WRITTEN = {How.EXACT: 1.0, How.PART: 1.0, How.ALIAS: 0.97, How.HASTY: 0.85}
_AS_SAID = {Where.HERE: 1.0, Where.PLAIN: 1.0, Where.WAY: 0.4, Where.LIKE: 0.2}
#: A street of that name elsewhere is seldom imported: names of a word or two were right 6 times in 15, longer 8 in 8.
_SHORT_STREET, _LONG_STREET, _LONG, _MOST_STREET_AREAS = 0.45, 0.8, 4, 6
_LANDMARK, _MOST_LANDMARKS = 0.7, 4
_POSTAL = 0.9
_POSTAL_CODE = re.compile(r"(?:\b(?:kode ?pos|kodepos)[ .:]{0,3}|[a-z][,. ]{1,3})(\d{5})(?![\d.,]*\d)", re.ASCII)
_FIVE_DIGITS = re.compile(r"\d{5}", re.ASCII)
_MONEY_OR_NUMBER = re.compile(r"(?:\b(?:rp|no|nomor|idr|seharga|sebesar|plat|polisi|id))[,. ]{1,3}\Z")


class Clue(msgspec.Struct, frozen=True, gc=False):
    """`score` is the share of such clues that are right, `source` where in the text it begins: two clues from one
    source do not confirm each other, nor does a name said twice. `by` is "name", "street", "landmark" or "postal"."""

    area: Area
    score: float
    reasons: tuple[str, ...]
    source: int
    by: str = "name"


def name_clues(named: Sequence[Mention], streets: Sequence[Stretch], text: str) -> Iterator[Clue]:
    """Of the region's areas that are named."""
    for mention in named:
        street = next((street for street in streets if street.holds(mention.start)), None)
        words = text[mention.start : mention.end]
        for area in mention.areas:
            score, reasons = _named(mention, area, words)
            if street:
                score, reasons = score * _IN_STREET, [f"'{words}' hanya bagian nama jalan '{street.forms[0]}'"]
            yield Clue(area, score, tuple(reasons), mention.start)


def _named(mention: Mention, area: Area, words: str) -> tuple[float, list[str]]:
    levels = [one.level for one in mention.areas]
    score = _SCORES[area.level][mention.marked] / levels.count(area.level)
    score *= _AS_WRITTEN[mention.how] * _AS_SAID[mention.where]
    if levels.count(area.level) == len(levels):
        return score, [_said(words, mention, area)]
    least = min(score, _SHARED_VILLAGE) if area.level == VILLAGE else score
    return least, [_said(words, mention, area), "kecamatan dan kelurahan bernama sama"]


def street_clues(streets: Sequence[Stretch], book: Gazetteer) -> Iterator[Clue]:
    """Of the areas that an imported street runs through, if they are few."""
    starts: dict[str, int] = {}
    for street in streets if book.streets else ():
        starts.setdefault(street.forms[0], street.start)
    for form, start in starts.items():
        name, codes = _known_street(form, book)
        if len(codes) <= _MOST_STREET_AREAS:
            yield from _in_street(name, [area for code in codes if (area := book.areas.get(code))], start)


def _in_street(name: str, areas: Sequence[Area], start: int) -> Iterator[Clue]:
    score = _LONG_STREET if len(name.split()) >= _LONG else _SHORT_STREET
    also = f" dan {len(areas) - 1} kelurahan lain" if len(areas) > 1 else ""
    for area in areas:
        yield Clue(area, score / len(areas), (f"{name} ada di {spoken(area)}{also}",), start, "street")


def landmark_clues(words: Words, book: Gazetteer) -> Iterator[tuple[Stretch, Clue | None]]:
    """Imported landmarks, and of the areas that they lie in."""
    for stretch, places in known_landmarks(words, book) if book.landmarks else ():
        codes = dict.fromkeys(place.area for place in places if place.area in book.areas)
        if not 0 < len(codes) <= _MOST_LANDMARKS:
            yield stretch, None
        for code in codes if len(codes) <= _MOST_LANDMARKS else ():
            area = book.areas[code]
            reason = f"{places[0].name} ada di {spoken(area)}"
            yield stretch, Clue(area, _LANDMARK / len(codes), (reason,), stretch.start, "landmark")


def postal_clues(text: str, book: Gazetteer) -> Iterator[Clue]:
    """Five digits after a word, if they are a postal code of the region and no price or number."""
    for match in _POSTAL_CODE.finditer(text) if _FIVE_DIGITS.search(text) else ():
        areas = book.postal.get(match[1], ())
        if areas and not _MONEY_OR_NUMBER.search(text, max(0, match.start() - 10), match.start(1)):
            for area in areas:
                reason = f"kode pos {match[1]}" + (f", {len(areas)} kelurahan" if len(areas) > 1 else "")
                yield Clue(area, _POSTAL / len(areas), (reason,), match.start(1), "postal")


def asked_for(clue: Clue) -> Clue:
    """The clue, found where a channel asked for the place: its doubt is halved."""
    return msgspec.structs.replace(clue, score=(1 + clue.score) / 2, reasons=(*clue.reasons, "dari isian lokasi"))


def spoken(area: Area) -> str:
    return area.name if area.level <= CITY else f"{area.kind} {area.name}"


def _said(words: str, mention: Mention, area: Area) -> str:
    said = f"'{words}' disebut" if mention.how is How.EXACT else f"'{words}' dapat berarti {area.name}"
    match mention.where:
        case Where.WAY:
            return f"{said}, sebagai arah"
        case Where.LIKE:
            return f"{said}, sebagai perbandingan"
        case _:
            return said


def _known_street(form: str, book: Gazetteer) -> tuple[str, tuple[str, ...]]:
    """The longest beginning of the street that was imported, or its name without the number at the end."""
    kind, *words = form.split()
    for count in range(len(words), 0, -1):
        if codes := book.streets.get(street_key(words[:count])):
            return " ".join((kind, *words[:count])), codes
    return "", ()
