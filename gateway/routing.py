"""Which unit handles a case: by rules on what it is about and where. Pure.

The most specific rule wins: one of the case's category before one of its group, that before one of neither, and among
equals the one of the smallest area. A unit that there is one of in each area stands for the one of the case's own.

A report about an official never goes to an office of its area: complaints of such a category go to the unit for them,
and a report of any other whose words accuse somebody waits with the unit of last resort for a person to look at it.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from normalizer.places.areas import area_name
from normalizer.sorting.categories import Categories, Slug, Words

#: How many dots the code of an area of each level has.
LEVELS = {"kota": 1, "kecamatan": 2, "kelurahan": 3}
#: Text beyond this many characters is not searched for words that accuse.
SEARCHED = 4_000
OFFICE = re.compile(r"(.+)-(\d{2}(?:\.\d+){1,3})")


class Unit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An office, and the ways to reach it. With `each` it stands for one in each area of that level, whose code is the
    unit's with the area's, as in kelurahan-31.74.03.1002; {area}, {slug} and {code} in its name and addresses are the
    area's name, that in small letters with dashes, and its code."""

    code: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9.]+)*$", max_length=60)]
    name: Words
    kind: Slug
    each: Literal["", "kota", "kecamatan", "kelurahan"] = ""
    mail: tuple[str, ...] = ()
    webhook: str = ""
    telegram: str = ""

    def in_area(self, area: str, name: str) -> "Unit":
        """The one of the offices it stands for that is in `area`, which is called `name`."""

        def filled(text: str) -> str:
            return text.replace("{area}", name).replace("{slug}", _slug(name)).replace("{code}", area)

        return msgspec.structs.replace(
            self,
            code=f"{self.code}-{area}",
            name=filled(self.name),
            each="",
            mail=tuple(map(filled, self.mail)),
            webhook=filled(self.webhook),
        )


class Target(msgspec.Struct, frozen=True):
    """What a rule matches: a category, a group, or any, in an area or anywhere."""

    category: str = ""
    group: str = ""
    area: str = ""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Cases of these categories and groups (of any, where it names neither) in this area (Kemendagri code; anywhere,
    where it names none) go to this unit; to `otherwise` while it is not known which of its offices is meant."""

    code: Slug
    unit: str
    otherwise: str = ""
    categories: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    area: str = ""
    hidden: bool = False

    def targets(self) -> list[Target]:
        about = [Target(category=one, area=self.area) for one in self.categories]
        about += [Target(group=one, area=self.area) for one in self.groups]
        return about or [Target(area=self.area)]


class Routed(msgspec.Struct, frozen=True):
    """Where a case goes, and why, in the officers' words; `is_last_resort`: no rule says so."""

    unit: Unit
    why: str
    is_last_resort: bool = False


class Routing(msgspec.Struct, frozen=True, kw_only=True):
    """`default` has what no rule matches, `accusations` complaints about officials."""

    units: Mapping[str, Unit]
    rules: Mapping[Target, Rule]
    default: str
    accusations: str
    categories: Categories

    def route(self, category: str | None, area: str | None, words: str = "") -> Routed:
        """`category` and `area` are codes; `words` are the report's, which may accuse somebody."""
        if self.categories.accuses(category):
            return Routed(self.units[self.accusations], "pengaduan tentang pegawai tidak ke kantor wilayahnya")
        if self.categories.accused_in(words[:SEARCHED]):
            return Routed(self.units[self.default], "mungkin tentang pegawai, jadi petugas memilahnya dulu")
        for target in self._targets(category, area or ""):
            rule = self.rules.get(target)
            units = (self.unit(code, area or "") for code in (rule.unit, rule.otherwise)) if rule else ()
            if rule and (unit := next(filter(None, units), None)):
                return Routed(unit, self._why(target, rule))
        return Routed(self.units[self.default], "tidak ada aturan yang cocok", is_last_resort=True)

    def unit(self, code: str, area: str = "") -> Unit | None:
        """The unit with this code; of one that there is in each area, the office in `area`, None if that is too large
        to say which."""
        unit = self.units.get(code)
        if unit and unit.each:
            return self._office(unit, area)
        if unit is None and (named := OFFICE.fullmatch(code)):
            unit = self._office(self.units.get(named[1]), named[2])
            return unit if unit and unit.code == code else None
        return unit

    def name(self, code: str) -> str:
        """What people call a unit; what is none of ours as it is."""
        unit = self.unit(code)
        return unit.name if unit else code

    def may_have(self, unit: str, category: str | None) -> bool:
        """No complaint about officials is for an office of an area."""
        office = OFFICE.fullmatch(unit)
        return not self.categories.accuses(category) or office is None or office[1] not in self.units

    def _office(self, unit: Unit | None, area: str) -> Unit | None:
        if unit is None or not unit.each or area.count(".") < LEVELS[unit.each]:
            return None
        code = ".".join(area.split(".")[: LEVELS[unit.each] + 1])
        name = area_name(code)
        listed = self.units.get(f"{unit.code}-{code}")
        return listed or (unit.in_area(code, name) if name else None)

    def _targets(self, category: str | None, area: str) -> Iterator[Target]:
        known = self.categories.get(category)
        kinds = [Target(category=known.code), Target(group=known.group)] if known else []
        for kind in (*kinds, Target()):
            yield from (msgspec.structs.replace(kind, area=within) for within in _upwards(area))

    def _why(self, target: Target, rule: Rule) -> str:
        about = [
            f"kategori {self.categories.name(target.category)}" if target.category else "",
            f"kelompok {self.categories.groups[target.group].name.id}" if target.group else "",
            f"wilayah {area_name(target.area)}" if target.area else "",
        ]
        return f"{', '.join(filter(None, about)) or 'semua yang lain di wilayahnya'} (aturan {rule.code})"


def _upwards(area: str) -> Iterator[str]:
    """An area and those that it lies in, and at last "", anywhere."""
    while area:
        yield area
        area = area.rpartition(".")[0]
    yield ""


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))
