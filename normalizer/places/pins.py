"""What a pin says of where: within imported borders it assigns an area, and where they leave doubt it suggests some."""

from typing import NamedTuple

from msgspec.structs import replace

from normalizer.places.areas import area_of
from normalizer.places.atlas import MICRO, Atlas, Shape
from normalizer.places.ground import Fix, area_at
from normalizer.places.place import CERTAIN
from normalizer.report import Candidate, Outcome, ReportPlace

CHOSEN = "wilayah yang dipilih saat melapor"
_MOST_AREAS = 5
_MIDDLE, _REACHED = 0.8, 0.4
#: Microdegrees, some five metres: what an app sends by itself, it sends alike each time.
_ALIKE = 50


class Assigned(NamedTuple):
    """An area by its official code, and why it is the one."""

    code: str
    name: str
    kind: str | None
    reason: str


def assign(place: ReportPlace | None, area: Assigned) -> ReportPlace:
    """The place with an area that is no suggestion any more: by a pin, a desk, or the citizen's own choice."""
    found = Candidate(code=area.code, name=area.name, kind=area.kind, score=1.0, reasons=(area.reason,))
    return replace(place or ReportPlace(), area=found, outcome=Outcome.ASSIGNED)


def placed(place: ReportPlace | None, atlas: Atlas) -> ReportPlace | None:
    """The place with what its pin says. Without borders a pin stays a pin; a point that apps send by themselves is
    taken away. What words suggest stays, after what the pin suggests."""
    if place is None or place.latitude is None or place.longitude is None:
        return place
    if _is_placeholder(atlas, place.latitude, place.longitude):
        reasons = (*place.reasons, "titik lokasi bawaan aplikasi, bukan dari pelapor")
        return replace(place, latitude=None, longitude=None, accuracy_m=None, reasons=reasons)
    found = area_at(atlas, place.latitude, place.longitude, place.accuracy_m)
    if found.outside:
        return replace(place, outcome=Outcome.OUTSIDE, reasons=(_outside(found), *place.reasons))
    if not found.reaches:
        return place
    margin = _margin(place.accuracy_m)
    suggested = replace(place, outcome=Outcome.SUGGESTED, areas=_ranked(found, margin, place.areas))
    return assign(suggested, _assigned(found.area, margin)) if found.area else suggested


def chosen(place: ReportPlace | None, code: str | None, region: str) -> ReportPlace | None:
    """The place with the area that was chosen from a list, unless its pin lies in a part of that; what is no area of
    the region is not taken."""
    if not code or not _is_part(code, region) or (place and place.area and _is_part(place.area.code, code)):
        return place
    area = area_of(code)
    return assign(place, Assigned(area.code, area.name, area.kind, CHOSEN)) if area else place


def _is_part(code: str, of: str) -> bool:
    return f"{code}.".startswith(f"{of}.")


def differs(place: ReportPlace | None) -> bool:
    """Do the words name, as good as certainly, another area than the assigned one?"""
    if place is None or place.area is None or not place.areas:
        return False
    assigned, said = f"{place.area.code}.", [area for area in place.areas if area.score >= CERTAIN]
    return bool(said) and not any(_is_within(assigned, f"{area.code}.") for area in said)


def _is_within(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)


def _is_placeholder(atlas: Atlas, latitude: float, longitude: float) -> bool:
    return any(
        abs(north - latitude * MICRO) <= _ALIKE and abs(east - longitude * MICRO) <= _ALIKE
        for north, east in atlas.placeholders
    )


def _assigned(area: Shape, margin: str) -> Assigned:
    return Assigned(area.code, area.name, area.kind, f"titik lokasi{margin} di dalam {_spoken(area)}")


def _ranked(found: Fix, margin: str, said: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
    """What the circle reaches, but for what is assigned, and then what words say."""
    pinned = [_suggested(area, margin, is_middle=n == 0) for n, area in enumerate(found.reaches) if area != found.area]
    known = {area.code for area in pinned}
    return tuple([*pinned, *(area for area in said if area.code not in known)][:_MOST_AREAS])


def _suggested(area: Shape, margin: str, is_middle: bool) -> Candidate:
    reason = f"titik lokasi di dalam {_spoken(area)}" if is_middle else f"titik lokasi{margin} mencapai {_spoken(area)}"
    return Candidate(
        code=area.code,
        name=area.name,
        kind=area.kind,
        score=_MIDDLE if is_middle else _REACHED,
        reasons=(f"{reason}, tetapi tidak pasti" if is_middle else reason,),
    )


def _outside(found: Fix) -> str:
    where = f"di {_spoken(found.reaches[0])}, " if found.reaches else ""
    return f"titik lokasi {where}{_distance(found.distance_m)} di luar batas wilayah"


def _distance(metres: float) -> str:
    return f"{metres:.0f} m" if metres < 1_000 else f"{metres / 1_000:.1f} km".replace(".", ",")


def _margin(accuracy: float | None) -> str:
    return f" (±{_distance(accuracy)})" if accuracy and accuracy >= 1 else ""


def _spoken(area: Shape) -> str:
    return f"{area.kind} {area.name}".strip()
