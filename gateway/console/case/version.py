"""How much of a case somebody has seen, as each form of its page carries it, and what is new since then. Pure."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from gateway.console.case.reading import CaseFile, Row
from gateway.console.case.timeline import Item
from gateway.speaking import PERSON
from gateway.teamwork import changes

_WRITTEN = re.compile(r"(\d{1,6})\.(\d{1,6})\.(\d{1,6})\.(\d{1,6})")


class Version(NamedTuple):
    """How many changes, reports, notes, and answers that people gave by hand."""

    events: int
    reports: int
    notes: int
    answers: int

    def __str__(self) -> str:
        return ".".join(map(str, self))


def version(file: CaseFile) -> Version:
    return Version(
        changes(row["event"] for row in _own(file)), len(file.reports), len(file.notes), len(_by_hand(file.replies))
    )


def since(file: CaseFile, written: str) -> list[Item]:
    """What happened in a case since it was of the version that is written so; nothing if none is."""
    found = _WRITTEN.fullmatch(written)
    if found is None:
        return []
    events, reports, notes, answers = map(int, found.groups())
    changed = [row for row in _own(file) if changes([row["event"]])]
    return [
        *(Item(row["received_at"], "report", row) for row in file.reports[reports:]),
        *(Item(row["at"], "event", row) for row in changed[events:]),
        *(Item(row["at"], "note", row) for row in file.notes[notes:]),
        *(Item(row["created_at"], "reply", row) for row in _by_hand(file.replies)[answers:]),
    ]


def _own(file: CaseFile) -> list[Row]:
    """Without what happened in the cases that were joined into it."""
    return [row for row in file.history if row["case"] == file.code]


def _by_hand(replies: Sequence[Row]) -> list[Row]:
    return [row for row in replies if row["about"] == PERSON]
