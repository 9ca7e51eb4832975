"""Where something is: a pin, or words that are narrowed down to an area. Words alone assign none: whoever wrote them
chooses among the areas that they may name, and a person places what stays open."""

from collections.abc import Iterable, Sequence

from gateway.bot.readers.placewords import as_said, where_in
from gateway.bot.reading import Again, Heard, Label, More, Reader
from gateway.bot.state import Option, Place
from gateway.bot.understanding import chosen, denies
from normalizer.places.areas import DISTRICT, area_name
from normalizer.report import Candidate, Outcome, ReportPlace

#: The option that none of the areas is the right one.
NONE = "none"
MOST_AREAS = 3
#: So often is asked in all; then what was said is taken as it is.
MOST_ASKED = 3
_NOWHERE = ReportPlace()


class _Vague(Exception):
    """What was said names no area."""


class _Where(Reader[Place]):
    """The ladder: pin, words, a choice among areas, the name of the kelurahan, words as they are."""

    gives = Place
    hint = "again_place"

    def __init__(self, areas: tuple[Label, ...], is_known: bool = False) -> None:
        self._areas = areas
        self._is_known = is_known

    def options(self) -> tuple[Label, ...]:
        return _with_none(self._areas)

    def read(self, heard: Heard) -> Place:
        try:
            return _pinned(heard) or _chosen(heard) or _described(heard)
        except _Vague:
            return self._as_said(heard)

    def so_far(self, heard: Heard) -> Place | None:
        words = _said_before(heard)
        return Place(words=words) if words else None

    def _as_said(self, heard: Heard) -> Place:
        """What was said, once its kelurahan was asked for in vain."""
        is_asked = _before(heard) or self._areas or self._is_known
        if not _is_last(heard) and (heard.offered or not is_asked):
            raise More("which_kelurahan")
        words = _words(heard)
        if not words:
            raise Again
        return Place(words=words)


def place_among(areas: Iterable[tuple[str, str]], is_known: bool = False) -> Reader[Place]:
    """As `place`, where some areas (code and what it is called) may be meant already and are offered at once.
    `is_known`: the street or a landmark is, and only its kelurahan is asked for."""
    return _Where(tuple(Label(code, words=called) for code, called in areas), is_known)


place: Reader[Place] = _Where(())


def areas_named(place: ReportPlace | None, region: str) -> list[tuple[str, str]]:
    """The areas of the region that words may name, best first: code, and what citizens call it. If they are few, the
    kecamatan of the kelurahan are among them: people often name the one next to where they are."""
    named = {area.code: area for area in (place or _NOWHERE).areas if _is_offered(area.code, region)}
    codes = [*named][:MOST_AREAS]
    around = [code for one in codes if _is_offered(code := one.rpartition(".")[0], region)]
    return [(code, _called(code, named.get(code))) for code in [*dict.fromkeys((*codes, *around))][:MOST_AREAS]]


def _is_offered(code: str, region: str) -> bool:
    """A city says too little."""
    return code.count(".") + 1 >= DISTRICT and code.startswith(f"{region}.")


def _called(code: str, area: Candidate | None) -> str:
    """ "Anggrek, Melati" is a kelurahan with its kecamatan, "Kecamatan Melati" no kelurahan of that name."""
    name = area.name if area else area_name(code) or code
    if code.count(".") + 1 == DISTRICT:
        kind = (area and area.kind) or "kecamatan"
        return f"{kind.capitalize()} {name}"
    around = area_name(code.rpartition(".")[0])
    return f"{name}, {around}" if around else name


def _pinned(heard: Heard) -> Place | None:
    found = heard.report.place or _NOWHERE
    if found.latitude is None or found.longitude is None:
        return None
    if found.outcome is Outcome.OUTSIDE:
        raise Again("outside")
    return Place(
        words=_words(heard),
        latitude=found.latitude,
        longitude=found.longitude,
        accuracy_m=found.accuracy_m,
        area=found.area.code if found.area else None,
        area_name=found.area.name if found.area else "",
    )


def _chosen(heard: Heard) -> Place | None:
    """An area that was offered."""
    if not heard.offered:
        return None
    option = chosen(heard.text, heard.choice, heard.offered, heard.words) or _agreed(heard) or _named(heard)
    if option is None and heard.words.answer(heard.text) != "no":
        return None
    if option is None or option.id == NONE:
        raise _Vague
    return Place(words=_said_before(heard), area=option.id, area_name=option.label)


def _agreed(heard: Heard) -> Option | None:
    """A yes means the one area, if all others that are offered only lie around it."""
    areas = [option for option in heard.offered if option.id != NONE]
    is_one = all(areas[0].id.startswith(f"{other.id}.") for other in areas[1:])
    return areas[0] if areas and is_one and heard.words.answer(heard.text) == "yes" else None


def _named(heard: Heard) -> Option | None:
    """The one of those offered whose name is said among other words."""
    if denies(heard.text):
        return None
    said = {area.code for area in (heard.report.place or _NOWHERE).areas}
    found = [option for option in heard.offered if option.id in said]
    return found[0] if len(found) == 1 else None


def _described(heard: Heard) -> Place:
    found = heard.report.place or _NOWHERE
    if not _words(heard):
        raise Again("again_choice" if heard.offered else "")
    if found.outcome is Outcome.OUTSIDE and not heard.before:
        raise Again("outside")
    areas = areas_named(found, heard.book.areas)
    if not areas:
        raise _Vague
    if _is_last(heard):
        return Place(words=_words(heard))
    raise More("which_area", _with_none([Label(code, words=called) for code, called in areas]))


def _is_last(heard: Heard) -> bool:
    return len(heard.before) + 1 >= MOST_ASKED


def _with_none(areas: Sequence[Label]) -> tuple[Label, ...]:
    return (*areas, Label(NONE, text="none_of_these")) if areas else ()


def _words(heard: Heard) -> str:
    """All that was said of where."""
    return _joined((*_before(heard), _said(heard)))


def _said(heard: Heard) -> str:
    """At last words are taken that no rule knows, too."""
    told = heard.message.place.words if heard.message.place else None
    return where_in(told or heard.text, heard) or (as_said(heard) if _is_last(heard) else "")


def _said_before(heard: Heard) -> str:
    return _joined(_before(heard))


def _before(heard: Heard) -> list[str]:
    return [told for one in heard.before if (told := where_in(one, heard))]


def _joined(said: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(filter(None, said)))
