"""By when a case is to be taken up, worked on and closed, and whether it was. Pure."""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from gateway.clock import Step
from gateway.console.case.reading import Row

_STEPS = {
    Step.COORDINATE: ("coordinate_by", "coordinated_at"),
    Step.ACT: ("act_by", "acted_at"),
    Step.DONE: ("due_at", "closed_at"),
    Step.LAST: ("last_by", "closed_at"),
}


class Due(msgspec.Struct, frozen=True):
    """A step of the clock: by when, when it was taken (None: not yet), and whether that was or is too late. Times are
    ISO 8601."""

    step: Step
    by: str
    taken_at: str | None
    is_late: bool


def steps(case: Row, now: datetime) -> Iterator[Due]:
    for step, (by, taken) in _STEPS.items():
        if limit := case[by]:
            moment = datetime.fromisoformat(case[taken]) if case[taken] else now
            yield Due(step, limit, case[taken], moment > datetime.fromisoformat(limit))
