"""What a list may be narrowed down to, in words."""

from collections.abc import Iterable, Mapping, Sequence

from gateway.cases import Status
from gateway.console.inbox.asked import MINE, NOBODYS, Asked
from gateway.console.visit import Visit
from gateway.store.inbox import ALL
from normalizer.places.areas import DISTRICT, area_name, areas_below

Options = Sequence[tuple[str, str]]
#: Fields of `Asked` that are on or off.
SWITCHES = ("late", "urgent", "reminded", "by_due")


def choices(visit: Visit, units: Iterable[str], asked: Asked) -> Mapping[str, Options]:
    """By field of `Asked`: codes and what people call them; `units` are those that have something in hand. What was
    asked for is among them, as the village that a burst leads to."""
    offered = _offered(visit, units)
    return {field: _with(options, getattr(asked, field)) for field, options in offered.items()}


def _with(options: Options, code: str) -> Options:
    is_new = code not in dict(options)
    return (*options, (code, area_name(code) or code)) if is_new else options


def _offered(visit: Visit, units: Iterable[str]) -> Mapping[str, Options]:
    rules, t = visit.means.rules, visit.t
    any_ = ("", t("inbox.any"))
    statuses = [(str(one), t(f"base.status.{one}")) for one in Status]
    return {
        "status": (("", t("inbox.open")), *statuses, (ALL, t("inbox.every_status"))),
        "unit": (any_, *sorted(((code, rules.routing.name(code)) for code in units), key=lambda one: one[1])),
        "category": (any_, *((one.code, one.name.in_(visit.language)) for one in rules.book.categories.offered())),
        "area": (any_, *((one.code, one.name) for one in areas_below(visit.means.settings.gateway.areas, DISTRICT))),
        "whose": (any_, (MINE, t("inbox.mine")), (NOBODYS, t("inbox.nobodys"))),
        "channel": (any_, *((name, name) for name in visit.means.lineup.channels)),
    }


def chosen(visit: Visit, asked: Asked, offered: Mapping[str, Options]) -> Sequence[str]:
    """By what a list is narrowed down or sorted, in words."""
    given = ((options, getattr(asked, field)) for field, options in offered.items())
    words = [asked.words] if asked.words else []
    switched = [visit.t(f"inbox.{field}") for field in SWITCHES if getattr(asked, field)]
    return [*words, *(dict(options)[code] for options, code in given if code), *switched]
