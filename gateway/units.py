"""The units of this city and the rules by which cases go to them: `config/units.toml`, and operators' changes."""

import re
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from adapters.settings import Problem
from gateway.overlay import Overlay, Tables
from gateway.routing import LEVELS, OFFICE, Routing, Rule, Target, Unit
from gateway.suggest import did_you_mean
from gateway.tables import NoticeSettings
from normalizer.places.areas import area_name
from normalizer.sorting.categories import Categories

FILE = "units.toml"

_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def load(folder: Path | None, categories: Categories, areas: str) -> Routing:
    """Read the shipped table and, over it, that of `folder`; `areas` is the code of the province or city that it is
    about. Raises `ConfigError` with all that is wrong."""
    overlay = Overlay(FILE, folder, ("units", "rules"), ("default", "accusations"))
    units = _units(overlay)
    rules = {code: rule for code, rule in overlay.structs("rules", Rule).items() if not rule.hidden}
    for rule in rules.values():
        _check_rule(overlay, rule, dict(overlay.tables("units")), categories, areas)
    routing = Routing(
        units=units,
        rules=_by_target(overlay, rules),
        default=_named(overlay, "default", units),
        accusations=_named(overlay, "accusations", units),
        categories=categories,
    )
    overlay.finish()
    return routing


def without_means(routing: Routing, notices: NoticeSettings) -> Iterator[Problem]:
    """A warning for each way in which units are to be told, but nothing is set to tell them by."""
    means = {
        "mail": ("mail_channel", notices.mail_channel),
        "webhook": ("webhook_secret", notices.webhook_secret),
        "telegram": ("telegram_token", notices.telegram_token),
    }
    for way, (setting, given) in means.items():
        count = sum(bool(getattr(unit, way)) for unit in routing.units.values())
        if count and not given:
            what = f"is not set, but {count} of the units in {FILE} have '{way}': they are not told in this way"
            yield Problem(f"notices.{setting}", what, "see docs/routing.md")


def looking_after(routing: Routing, notices: NoticeSettings) -> Iterator[Problem]:
    """What is wrong with who looks after the channels, if anybody does."""
    code = notices.channels_to
    if not code:
        return
    if (unit := routing.unit(code)) is None:
        yield Problem("notices.channels_to", f"no unit has the code '{code}'", did_you_mean(code, routing.units))
    elif not (unit.mail or unit.webhook or unit.telegram):
        hint = f"give it mail, webhook or telegram in {FILE}: see docs/routing.md"
        yield Problem("notices.channels_to", f"'{code}' can be told in no way", hint)


def _units(overlay: Overlay) -> dict[str, Unit]:
    """An office of an area is what its unit says of all of them, but for what is said of itself."""
    tables = dict(overlay.tables("units"))
    offices = {code: tables[named[1]] for code in tables if (named := OFFICE.fullmatch(code)) and named[1] in tables}
    whole: dict[str, Tables] = {code: {**offices.get(code, {}), **table} for code, table in tables.items()}
    units = overlay.structs("units", Unit, whole)
    for unit in units.values():
        _check_ways(overlay, unit)
    return {code: _settled(overlay, unit) if code in offices else unit for code, unit in units.items()}


def _settled(overlay: Overlay, unit: Unit) -> Unit:
    """An office that is listed itself: its name and addresses filled in."""
    code, _, area = unit.code.rpartition("-")
    name = area_name(area)
    if name is None or not unit.each or area.count(".") != LEVELS[unit.each]:
        overlay.complain(f"units.{unit.code}", f"'{code}' has no office in '{area}'", "the code of one of its areas")
    return msgspec.structs.replace(unit, code=code).in_area(area, name or "")


def _check_ways(overlay: Overlay, unit: Unit) -> None:
    where = f"units.{unit.code}"
    for address in unit.mail:
        if not _MAIL.fullmatch(address):
            overlay.complain(f"{where}.mail", f"'{address}' is no mail address", "name@domain")
    if unit.webhook and not re.match(r"https?://[^/\s]", unit.webhook):
        overlay.complain(f"{where}.webhook", "must begin with https:// or http:// and name a host")


def _check_rule(overlay: Overlay, rule: Rule, units: Collection[str], categories: Categories, areas: str) -> None:
    where = f"rules.{rule.code}"
    for key, code in (("unit", rule.unit), ("otherwise", rule.otherwise)):
        if code and code not in units:
            overlay.complain(f"{where}.{key}", f"no unit has the code '{code}'", did_you_mean(code, units))
    for code in (code for code in rule.categories if code not in categories.categories):
        hint = did_you_mean(code, categories.categories)
        overlay.complain(f"{where}.categories", f"no category has the code '{code}'", hint)
    for code in (code for code in rule.groups if code not in categories.groups):
        overlay.complain(f"{where}.groups", f"no group has the code '{code}'", did_you_mean(code, categories.groups))
    for code in _accusing(rule, categories):
        overlay.complain(where, f"it can never match '{code}': complaints about officials go to `accusations`")
    _check_area(overlay, where, rule.area, areas)


def _check_area(overlay: Overlay, where: str, area: str, areas: str) -> None:
    if area and area_name(area) is None:
        overlay.complain(f"{where}.area", f"no area has the code '{area}'", "as in 31.74 or 31.74.03.1002")
    elif area and not f"{area}.".startswith(f"{areas}."):
        overlay.complain(where, f"it can never match: {area} lies outside of [gateway] areas, {areas}")


def _accusing(rule: Rule, categories: Categories) -> Iterator[str]:
    yield from (code for code in rule.categories if categories.accuses(code))
    yield from (code for code in rule.groups if code in categories.groups and categories.groups[code].accuses)


def _by_target(overlay: Overlay, rules: dict[str, Rule]) -> dict[Target, Rule]:
    found: dict[Target, Rule] = {}
    for rule in rules.values():
        for target in rule.targets():
            first = found.setdefault(target, rule)
            if first is not rule:
                about = target.category or target.group or "any category"
                what = f"it can never match {about} in {target.area or 'any area'}: rule '{first.code}' does"
                overlay.complain(f"rules.{rule.code}", what, f"change [rules.{first.code}], or hide it")
    return found


def _named(overlay: Overlay, key: str, units: dict[str, Unit]) -> str:
    code = overlay.value(key)
    if not isinstance(code, str) or code not in units:
        overlay.complain(key, f"no unit has the code '{code}'", did_you_mean(str(code), units))
        return ""
    if units[code].each:
        overlay.complain(key, f"'{code}' is an office in each area, not one unit")
    return code
