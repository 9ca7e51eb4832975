"""Who is reminded of a case, by their role. Pure.

A role is "unit", which has the case in hand, if it is one of ours; "kecamatan" or "kota", the office over that area;
"default", the unit of last resort; or the code of a unit. Nobody is told of a complaint about officials who works in an
office of its area.
"""

from collections.abc import Iterable, Iterator

from gateway.routing import LEVELS, OFFICE, Routing, Unit
from gateway.store.contract import CaseRow

UNIT, DEFAULT = "unit", "default"
NAMES = (UNIT, DEFAULT, *LEVELS)


def is_known(role: str, routing: Routing) -> bool:
    return role in NAMES or routing.unit(role) is not None or role in routing.units


def units(roles: Iterable[str], case: CaseRow, routing: Routing) -> tuple[str, ...]:
    """The codes of the units that these are for this case; of the unit of last resort, if they are nobody."""
    found = dict.fromkeys(code for role in roles for code in _codes(role, case, routing))
    may = [code for code in found if routing.may_have(code, case.category)]
    return tuple(may) or (routing.default,)


def _codes(role: str, case: CaseRow, routing: Routing) -> Iterator[str]:
    if role == UNIT:
        yield from (unit.code for unit in (routing.unit(case.unit or "", _area(case)),) if unit)
    elif role == DEFAULT:
        yield routing.default
    elif unit := routing.unit(_over_area(role, routing) if role in LEVELS else role, _area(case)):
        yield unit.code


def _over_area(level: str, routing: Routing) -> str:
    """The unit that there is one of in each area of a level, and that is over all of it."""

    def is_over(unit: Unit) -> bool:
        return unit.each == unit.kind == level

    return next((code for code, unit in routing.units.items() if is_over(unit)), "")


def _area(case: CaseRow) -> str:
    """Where the case is, or else where the office is that has it."""
    office = OFFICE.fullmatch(case.unit or "")
    return case.area or (office[2] if office else "")
