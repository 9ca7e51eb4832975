"""How much there is to do, as the navigation shows it beside each page's name."""

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import NamedTuple
from urllib.parse import urlsplit

from adapters import Response
from gateway.accounts.account import Right
from gateway.channels import status
from gateway.console.inbox.asked import Asked
from gateway.console.rendering import grouped
from gateway.console.seeing import scope
from gateway.console.visit import Visit
from gateway.health.condition import HELD, State
from gateway.store import inbox

#: In the order in which they are shown, with the sign of each.
SIGNS = {State.OK: "●", State.STARTING: "◐", State.DEGRADED: "◐", HELD: "◐"} | dict.fromkeys(
    (State.SILENT, State.DOWN, State.PAUSED), "○"
)


class Count(NamedTuple):
    """What is shown, and that in words for who does not see signs."""

    shown: str
    words: str = ""


async def counted(visit: Visit) -> Mapping[str, Count]:
    """By the path of the page that it is the number of."""
    wanted = Asked().wanted(scope(visit.person, visit.means.rules.routing))
    found = await visit.means.look(partial(_found, wanted=wanted, everything=visit.may(Right.REVIEW)))
    numbers = {
        "/petugas": found.listed,
        "/petugas/telat": found.late,
        "/petugas/ragu": found.unsure,
        "/petugas/pilah": found.marked,
        "/petugas/karantina": found.quarantine,
    }
    return {path: Count(grouped(number)) for path, number in numbers.items()} | {"/petugas/kanal": _channels(visit)}


def _found(views: inbox.Reading, wanted: inbox.Wanted, everything: bool) -> inbox.Counts:
    return inbox.counts(views.connection, wanted, everything)


def _channels(visit: Visit) -> Count:
    states = Counter(status(one).state for one in visit.means.lineup.channels.values() if not one.rests)
    signs: Counter[str] = Counter()
    for state, number in states.items():
        signs[SIGNS[state]] += number
    words = (visit.t(f"channels.count.{state}", n=states[state]) for state in SIGNS if states[state])
    return Count(" ".join(f"{sign}{signs[sign]}" for sign in "●◐○" if signs[sign]), ", ".join(words))


async def numbers(visit: Visit) -> Response:
    """The navigation alone, for pages that refresh it (they are named by htmx's header)."""
    here = urlsplit(visit.request.headers.get("HX-Current-URL", "")).path
    return visit.page("parts/navigation.html", counts=await counted(visit), here=here)
