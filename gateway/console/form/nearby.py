"""Open reports that may be the same, for whoever writes one: "saya juga"."""

import time
from collections.abc import Sequence
from typing import NamedTuple

from adapters import Response
from adapters.hosts import source_of
from gateway.console import tickets
from gateway.console.form.entry import JOINS, joined, key
from gateway.console.map import chosen
from gateway.console.similar import Similar, similar
from gateway.console.visit import Visit
from normalizer.message import Place


class Near(NamedTuple):
    """An open case as everybody may see it; `ticket` is what joins it."""

    ticket: str
    case: Similar


async def nearby(visit: Visit) -> Sequence[Near]:
    """None, too, for an address that asks again and again."""
    form = visit.form
    if not visit.means.gate.may_ask(source_of(visit.request.peer), time.monotonic()):
        return ()
    pin, words = chosen(form), form.one("where") or None
    place = Place(pin.latitude, pin.longitude, pin.accuracy_m, words) if pin else Place(words=words)
    found = await similar(visit.means, form.one("what"), place, openly=True)
    sealing = key(visit, JOINS)
    return [Near(tickets.seal(sealing, one.code, ""), one) for one in found if one.what]


async def fragment(visit: Visit) -> Response:
    """The part of the page that shows them."""
    return visit.page("form/nearby.html", found=await nearby(visit), joins=joined(visit, visit.form))
