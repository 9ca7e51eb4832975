"""What the store holds, read as the commands read it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from gateway.demo.proof import ARRIVED, Held, Kept
from gateway.store.views import Views

ALL = 1 << 62
#: What a report is marked with that its sender took back.
TAKEN_BACK = "retracted"


class Figures(msgspec.Struct, frozen=True):
    """Of one channel: deliveries received, cases it opened, reports that repeat one, replies sent, what waits."""

    received: int = 0
    cases: int = 0
    duplicates: int = 0
    answered: int = 0
    waiting: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        pairs = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Figures(*(one + another for one, another in pairs))


class Filings(msgspec.Struct, frozen=True):
    """Of the case store: cases it has, cases that wait for it, and whether it is down."""

    filed: int
    waiting: int
    down: bool


def outside(views: Views, down: bool) -> Filings:
    states = Counter(row["state"] for row in views.filings(limit=ALL))
    return Filings(states["filed"] + states["covered"], states["due"] + states["filing"], down)


def by_channel(views: Views) -> Mapping[str, Figures]:
    opened, repeated = _cases(views)
    replies = _answered(views)
    due = Counter(row["channel"] for state in ("due", "sending") for row in views.replies(state=state, limit=ALL))
    return {
        name: Figures(
            received=row.get("came_in", 0),
            cases=opened[name],
            duplicates=repeated[name],
            answered=replies[name],
            waiting=row.get("waiting", 0) + due[name],
        )
        for name, row in views.traffic(0.0).items()
    }


def _answered(views: Views) -> Counter[str]:
    """By the channel that was asked, whichever the answer left by."""
    rows = {row["id"]: row for row in views.replies(limit=ALL)}
    return Counter(rows.get(row["instead_of"], row)["channel"] for row in rows.values() if row["state"] in ARRIVED)


def kept(views: Views) -> Kept:
    """All that the proof needs."""
    reports = list(views.reports(limit=ALL))
    return Kept(
        deliveries=[_held(views.with_body(row)) for row in list(views.deliveries(limit=ALL))],
        reports=[row["case"] for row in reports],
        cases={row["code"]: row["reports"] for row in views.cases(limit=ALL)},
        replies=[row["state"] for row in views.replies(limit=ALL)],
        report_ids=[row["id"] for row in reports if TAKEN_BACK not in row.get("triage", ())],
        filings=[row["state"] for row in views.filings(limit=ALL)],
    )


def latest_answers(views: Views) -> Mapping[str, str]:
    """What who wrote by each channel was told last, without PINs, whichever way it left by."""
    rows = {row["id"]: row for row in views.replies(limit=ALL, newest=False)}
    arrived = (row for row in rows.values() if row["state"] in ARRIVED)
    return {rows.get(row["instead_of"], row)["channel"]: row["text"] or "" for row in arrived}


def _held(row: Mapping[str, Any]) -> Held:
    words = "\n".join(_leaves(_document(row.get("body", ""))))
    return Held(row["channel"], row.get("sha256", ""), row["state"], words)


def _document(body: str) -> Any:
    """JSON, or a form."""
    try:
        return json.loads(body)
    except ValueError:
        return [value for _, value in parse_qsl(body)]


def _leaves(told: Any) -> Iterator[str]:
    """All that is said in a document, without the names of its fields."""
    if isinstance(told, Mapping):
        told = list(told.values())
    if isinstance(told, list):
        for one in told:
            yield from _leaves(one)
    else:
        yield str(told)


def largest_cases(views: Views, count: int) -> Sequence[Mapping[str, object]]:
    """Those that most reported, as `kanal cases list` shows them."""
    rows = list(views.cases(limit=ALL, newest=False))
    return sorted(rows, key=lambda row: -int(row["reports"]))[:count]


def _cases(views: Views) -> tuple[Counter[str], Counter[str]]:
    """How many cases each channel opened, and how many of its reports repeat one."""
    opened: Counter[str] = Counter()
    repeated: Counter[str] = Counter()
    known: set[str] = set()
    for row in views.reports(limit=ALL, newest=False):
        (repeated if row["case"] in known else opened)[row["channel"]] += 1
        known.add(row["case"])
    return opened, repeated
