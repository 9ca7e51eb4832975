"""What is shown of a pair: two reports with their cases, and what speaks for and against."""

from collections.abc import Iterator, Set
from datetime import datetime, timedelta
from typing import Any

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.places import metres_apart
from gateway.families import MISFIT
from gateway.store import pairs
from gateway.store.views import Row, Views

_fingerprint = msgspec.msgpack.Decoder(Fingerprint)
#: The pairs that are waited for besides the one that is shown.
ALL = 1e18
#: So many further ones are looked at.
MOST_OTHERS = 8


class Pair(msgspec.Struct, frozen=True):
    """`link` is what the judge said; `sides` are the reports, each with its `case` as it stands now. `metres` is None
    where not both have a pin. `others` are the further reports that the first may repeat, with what was said of them,
    the best first."""

    link: Row
    sides: tuple[Row, Row]
    metres: float | None
    between: timedelta
    others: tuple[Row, ...] = ()

    @property
    def is_misfit(self) -> bool:
        """Are they in one case, and may be of two?"""
        return bool(self.link["kind"] == MISFIT)

    @property
    def likeness(self) -> str:
        """In a word, by the score that the judge gave it."""
        score = self.link["score"]
        return "much" if score >= 0.7 else "some" if score >= 0.4 else "little"


def next_pair(views: Views, hidden: Set[str], before: float) -> Pair | None:
    """The newest that nobody decided yet, of those with a number below `before`."""
    found = pairs.undecided(views.connection, hidden, before, 1) + pairs.misfits(views.connection, hidden, before, 1)
    return _pair(views, max(found, key=lambda link: link["seq"]), hidden) if found else None


def one_pair(views: Views, hidden: Set[str], seq: int) -> Pair | None:
    """The one with this number, if nobody decided it yet."""
    link = decided(views, seq, hidden)
    waits = pairs.undecided(views.connection, hidden, seq + 1, 1, link["report"]) if link else []
    return _pair(views, waits[0], hidden) if waits and waits[0]["seq"] == seq else None


def decided(views: Views, seq: int, hidden: Set[str]) -> Row | None:
    """A pair's link as far as it may be seen, decided or not."""
    found = pairs.pair(views.connection, seq)
    return found if found and hidden.isdisjoint({found["one_category"], found["two_category"]}) else None


def _pair(views: Views, link: Row, hidden: Set[str]) -> Pair:
    one, two = (_side(views, link[report], link[case]) for report, case in (("report", "one"), ("other", "two")))
    known = [_compared(views, report["id"]) for report in (one, two)]
    metres = metres_apart(known[0], known[1]) if known[0] and known[1] else None
    others = [] if link["kind"] == MISFIT else _others(views, link, hidden)
    return Pair(link, (one, two), metres, abs(_time(one) - _time(two)), tuple(others))


def _others(views: Views, link: Row, hidden: Set[str]) -> Iterator[Row]:
    """The best of each further case."""
    known = {link["two"]}
    for other in pairs.undecided(views.connection, hidden, ALL, MOST_OTHERS, link["report"]):
        if other["two"] not in known:
            known.add(other["two"])
            yield other | {"side": _side(views, other["other"], other["two"])}


def _side(views: Views, report: str, case: str) -> Row:
    found: dict[str, Any] = {**(views.report(report) or {}), "now_in": views.case(case)}
    place = found.get("place") or {}
    return found | {"where": place.get("words") or (place.get("area") or {}).get("name") or ""}


def _time(report: Row) -> datetime:
    return datetime.fromisoformat(report["received_at"])


def _compared(views: Views, report: str) -> Fingerprint | None:
    sql = "SELECT fingerprint FROM reports WHERE id = ?"
    (packed,) = views.connection.execute(sql, (report,)).fetchone()
    try:
        return _fingerprint.decode(packed)
    except msgspec.DecodeError:  # the disk damaged it
        return None
