"""Areas outside the region: when the words say that the report is about one, and do not merely mention it."""

import re
from collections.abc import Iterator, Sequence

from normalizer.places.areas import CITY, DISTRICT, PROVINCE, VILLAGE
from normalizer.places.clues import Clue
from normalizer.places.mentions import Mention, Where
from normalizer.report import Candidate
from normalizer.words.stretch import Stretch
from normalizer.words.wordlists import IN_WORDS, LIKE_WORDS, NOT_STREETS, WAY_WORDS

#: So sure must the words be of an area outside, and surer than of any inside.
CLEAR = 0.8
_MARKED = {PROVINCE: 0.9, CITY: 0.9, DISTRICT: 0.9, VILLAGE: 0.85}
_HERE = {PROVINCE: 0.8, CITY: 0.85, DISTRICT: 0.8, VILLAGE: 0.4}
_ADJACENT = {PROVINCE: 0.6, CITY: 0.8, DISTRICT: 0.8, VILLAGE: 0.4}
#: So far back is looked for the "kel." of an area that stands before the name of its city.
_BACK = 48
#: Without a marker it takes "di", and a comma before the city ("di Y, X").
_NAMED_BEFORE = re.compile(
    r"\b(?:(?:kel|kelurahan|kelurhan|klrhn|desa|ds|kec|kecamatan|kcmtn)(?:[.:] ?| )((?:[^\W\d_]+(?: |, ?)){1,3})"
    r"|di ((?:[^\W\d_]+ ){0,2}[^\W\d_]+, ?))\Z",
    re.IGNORECASE,
)
_NO_NAMES = NOT_STREETS | IN_WORDS | WAY_WORDS | LIKE_WORDS | {"sini", "sana", "situ", "mana"}
_SAID_ALL = re.compile(r"\s*(?:\Z|[.,;!?\n)])")


def outside_clues(
    named: Sequence[Mention], streets: Sequence[Stretch], numbers: Sequence[Stretch], text: str
) -> Iterator[Clue]:
    """Of areas elsewhere that are named as where the report is about: "di X", "kab. X", or after a street, a number or
    an area ("kel. Y X"): the city that is named says which one is meant."""
    for mention in named:
        if mention.areas or any(street.holds(mention.start) for street in streets):
            continue
        scores = _scores(mention, (*named, *streets), numbers, text)
        for area in mention.outside if scores else ():
            reason = f"'{text[mention.start : mention.end]}' disebut, di luar wilayah"
            yield Clue(area, scores[area.level], (reason,), mention.start)


def is_outside(areas: Sequence[Candidate], region: str) -> bool:
    """Is the best of these an area outside, and as good as said?"""
    return bool(areas) and areas[0].score >= CLEAR and not f"{areas[0].code}.".startswith(f"{region}.")


def _scores(
    mention: Mention, finds: Sequence[Mention | Stretch], numbers: Sequence[Stretch], text: str
) -> dict[int, float]:
    if mention.where in (Where.WAY, Where.LIKE):
        return {}
    if mention.marked:
        return _MARKED
    if mention.where is Where.HERE:
        return _HERE
    if any(_follows(mention, find, numbers, text) for find in (*finds, *numbers)):
        return _ADJACENT
    return _ADJACENT if _names_city(mention, finds, text) else {}


def _names_city(mention: Mention, finds: Sequence[Mention | Stretch], text: str) -> bool:
    """After a "kel." or "kec." whose name the region does not know, or that the city's name ends."""
    before = [find for find in finds if isinstance(find, Mention) and find.end <= mention.start <= find.end + 1]
    if any(find.marked for find in before):
        return any(find.outside for find in before) or _SAID_ALL.match(text, mention.end) is not None
    found = _NAMED_BEFORE.search(text[max(0, mention.start - _BACK) : mention.start])
    if not found or any(mention.start - len(found[0]) <= find.start < mention.start for find in finds):
        return False
    return _NO_NAMES.isdisjoint((found[1] or found[2]).lower().replace(",", " ").split())


def _follows(mention: Mention, find: Mention | Stretch, numbers: Sequence[Stretch], text: str) -> bool:
    """After a comma, or right after a number: as the last part of an address."""
    gap = text[find.end : mention.start] if find.end <= mention.start <= find.end + 3 else "-"
    return gap.strip() == "," or (gap == " " and find in numbers)
