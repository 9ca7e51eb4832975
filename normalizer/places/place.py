"""Where a report is about, by its words: streets, house and neighbourhood numbers, and the areas they may name.

Suggestions with reasons only: assigning a place takes a pin, a desk or the citizen's own choice.
"""

import math
import re
from collections.abc import Sequence
from operator import itemgetter

import msgspec

from normalizer.message import Place
from normalizer.persons.masking import mask
from normalizer.places.atlas import NO_ATLAS, Atlas
from normalizer.places.clues import asked_for, landmark_clues, name_clues, postal_clues, street_clues
from normalizer.places.gazetteer import Gazetteer, gazetteer
from normalizer.places.landmarks import landmarks_in
from normalizer.places.mentions import Mention, mentions
from normalizer.places.numbers import numbers_in
from normalizer.places.outside import is_outside, outside_clues
from normalizer.places.ranking import ranked
from normalizer.places.streets import streets_in
from normalizer.places.typed import words_of
from normalizer.report import Candidate, Outcome, ReportPlace
from normalizer.words.stretch import Stretch, forms_of
from normalizer.words.text import clean

#: Text beyond this many characters is not searched for places.
SEARCHED = 4_000
#: Of a list longer than this the rest is not looked at.
MOST_FINDS = 40
#: Each is held against each other.
MOST_CLUES = 60

#: A score of this much, and nothing beside it, is taken for the truth.
CERTAIN = 0.9

_NOWHERE = ReportPlace()
_GAP = re.compile(r"[\s,./;:()-]{0,4}")


class _Said(msgspec.Struct, frozen=True, gc=False):
    """What a text says of where; `finds` are all stretches of addresses."""

    streets: Sequence[Stretch]
    numbers: Sequence[Stretch]
    landmarks: Sequence[Stretch]
    finds: Sequence[Stretch | Mention]
    areas: tuple[Candidate, ...]


def find_place(
    text: str, given: Place | None = None, province: str = "31", atlas: Atlas = NO_ATLAS
) -> ReportPlace | None:
    """What `text` and the channel's `given` place say of where; None if nothing.

    `text` is clean and masked. `areas` are at most five, best first, each with reasons in the officers' words;
    `province` is the Kemendagri code of the province or city whose areas are looked for, `atlas` what was imported of
    it. `words` are the channel's own, or the stretch of `text` that names the place.
    """
    pin = _pin(given)
    told = clean(given.words) if given and given.words else ""
    asked = f"{mask(told, province)}\n" if told else ""
    original = f"{asked}{text}"[:SEARCHED]
    lowered = original.lower()
    if len(lowered) != len(original):
        original = lowered
    said = _said(lowered, original, gazetteer(province, atlas), len(asked))
    best = _longest_cluster(lowered, said.finds)
    place = ReportPlace(
        latitude=pin.latitude,
        longitude=pin.longitude,
        accuracy_m=pin.accuracy_m,
        words=told or (original[slice(*best)].strip() if best else None),
        streets=forms_of(said.streets),
        numbers=forms_of(said.numbers),
        landmarks=forms_of(said.landmarks),
        areas=said.areas,
        outcome=_outcome(said.areas, province),
    )
    return None if place == _NOWHERE else place


def _outcome(areas: Sequence[Candidate], region: str) -> Outcome:
    """Words only suggest."""
    if is_outside(areas, region):
        return Outcome.OUTSIDE
    return Outcome.SUGGESTED if areas else Outcome.UNKNOWN


def _said(lowered: str, original: str, book: Gazetteer, told: int) -> _Said:
    """The first `told` characters are the channel's own words of the place: whoever fills that in means it."""
    words = words_of(lowered)
    named = mentions(lowered, words, book)[:MOST_FINDS]
    streets = streets_in(lowered, words, {mention.start for mention in named if mention.areas})[:MOST_FINDS]
    numbers = numbers_in(lowered)[:MOST_FINDS]
    known = list(landmark_clues(words, book))[:MOST_FINDS]
    clues = [
        *name_clues(named, streets, original),
        *outside_clues(named, streets, numbers, original),
        *street_clues(streets, book),
        *(clue for _, clue in known if clue),
        *postal_clues(lowered, book),
    ][:MOST_CLUES]
    if told:
        clues = [asked_for(clue) if clue.source < told else clue for clue in clues]
    landmarks = [*[stretch for stretch, _ in known], *landmarks_in(lowered, words)][:MOST_FINDS]
    sources = {clue.source for clue in clues}
    apart = [
        mention
        for mention in named
        if mention.start in sources and not any(street.holds(mention.start) for street in streets)
    ]
    finds: list[Stretch | Mention] = [*streets, *numbers, *apart]
    return _Said(streets, numbers, landmarks, finds, ranked(clues, book.code) if clues else ())


def _pin(given: Place | None) -> Place:
    """The given point if it is one on Earth; (0, 0) is what broken clients send for "unknown"."""
    if not given or given.latitude is None or given.longitude is None:
        return Place()
    sane = abs(given.latitude) <= 90 and abs(given.longitude) <= 180 and (given.latitude, given.longitude) != (0, 0)
    accuracy = given.accuracy_m
    known = accuracy is not None and 0 <= accuracy < math.inf
    return Place(given.latitude, given.longitude, accuracy if known else None) if sane else Place()


def _longest_cluster(text: str, found: Sequence[Stretch | Mention]) -> tuple[int, int] | None:
    """Start and end of the run of neighbouring finds that says most."""
    if len(found) < 2:
        return (found[0].start, found[0].end) if found else None
    clusters: list[tuple[int, int, int]] = []
    (begin, last), *others = sorted([(one.start, one.end) for one in found])
    count = 1
    for start, end in others:
        if _GAP.fullmatch(text, last, start):
            count += 1
        else:
            clusters.append((count, begin, last))
            begin, count = start, 1
        last = end
    clusters.append((count, begin, last))
    return max(clusters, key=itemgetter(0))[1:]
