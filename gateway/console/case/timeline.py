"""All that came in, went out and happened in a case, in one line of time. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from gateway.console.case.reading import CaseFile, Row

#: What the reports and answers themselves show.
_SHOWN_ALREADY = frozenset({"opened", "reported", "passed_on"})
#: Details that say something to people; what they hold is told by its name.
_DETAILS = (
    "status",
    "unit",
    "note",
    "estimate",
    "reason",
    "disputed",
    "score",
    "why",
    "name",
    "step",
    "told",
    "store",
    "number",
)


class Item(msgspec.Struct, frozen=True):
    """`sort` is "report", "reply", "note" or "event", and names how `row` is shown; `details` are those of an event
    that are for people."""

    at: str
    sort: str
    row: Row
    details: Mapping[str, Any] = {}


def timeline(file: CaseFile) -> list[Item]:
    """Newest last."""
    items = [*_reports(file), *_replies(file), *_notes(file), *_events(file)]
    return sorted(items, key=lambda item: item.at)


def _reports(file: CaseFile) -> Iterator[Item]:
    for row in file.reports:
        yield Item(row["received_at"], "report", row)


def _replies(file: CaseFile) -> Iterator[Item]:
    """What is kept and left by another way stands there as what left."""
    for row in file.replies:
        if row["state"] != "kept" or not row["passed_on"]:
            yield Item(row["created_at"], "reply", row)


def _notes(file: CaseFile) -> Iterator[Item]:
    for row in file.notes:
        yield Item(row["at"], "note", row)


def _events(file: CaseFile) -> Iterator[Item]:
    for row in file.history:
        if row["event"] not in _SHOWN_ALREADY:
            given = {name: row["detail"][name] for name in _DETAILS if row["detail"].get(name)}
            yield Item(row["at"], "event", row, given)
