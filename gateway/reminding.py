"""Whom to remind of a case, and when. Pure."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple

from gateway.clock import HOUR, Clock, Reminder, Step
from gateway.store.contract import CaseRow


class Point(NamedTuple):
    """A reminder that is to be given at that time, of a step that is to be taken by a time."""

    reminder: Reminder
    by: float
    at: float


def pending(case: CaseRow) -> dict[Step, float]:
    """The steps that an open case still has before it, and by when they are to be taken."""
    by = {
        Step.COORDINATE: case.coordinate_by if case.coordinated_at is None else None,
        Step.ACT: case.act_by if case.acted_at is None else None,
        Step.DONE: case.due_at,
        Step.LAST: case.last_by,
    }
    return {step: at for step, at in by.items() if at is not None and case.closed_at is None}


def points(case: CaseRow, clock: Clock) -> Iterator[Point]:
    """All reminders of a case's pending steps."""
    start, ends = case.counted_from or case.opened_at, pending(case)
    for reminder in clock.reminders:
        if (by := ends.get(reminder.step)) is not None:
            yield Point(reminder, by, start + (by - start) * reminder.at / 100)


def due(case: CaseRow, clock: Clock, known: Collection[tuple[str, float]], now: float) -> list[Point]:
    """The reminders to be given now, of each step the latest; `known` are those that were given, by code and `by`."""
    latest: dict[Step, Point] = {}
    for point in points(case, clock):
        before = latest.get(point.reminder.step)
        if point.at <= now and (before is None or before.at <= point.at):
            latest[point.reminder.step] = point
    return [point for point in latest.values() if (point.reminder.code, point.by) not in known]


def leaves_at(reminder: Reminder, clock: Clock, now: float) -> float:
    """When the units are told: what is urgent by the next full hour, all else with the next digest, so that a unit gets
    one message of however many cases."""
    if reminder.urgent:
        return ceil(now / HOUR) * HOUR
    today = datetime.fromtimestamp(now, clock.zone)
    digest = datetime.combine(today.date(), clock.digest_at, clock.zone)
    return (digest if today <= digest else digest + timedelta(days=1)).timestamp()


def next_look(case: CaseRow, clock: Clock, now: float) -> float | None:
    """When the next reminder is to be given."""
    return min((point.at for point in points(case, clock) if point.at > now), default=None)
