"""What a list may be narrowed down to, in words."""

from collections.abc import Iterable, Mapping, Sequence

from gateway.cases import Status
from gateway.console.inbox.asked import MINE, NOBODYS
from gateway.console.visit import Visit
from gateway.store.inbox import ALL
from normalizer.places.areas import DISTRICT, areas_below

Options = Sequence[tuple[str, str]]


def choices(visit: Visit, units: Iterable[str]) -> Mapping[str, Options]:
    """By field of `Asked`: codes and what people call them; `units` are those that have something in hand."""
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
