"""Reminds units of the cases that they are to take a step in, and those above them of what is late.

What is to be looked at and what was given are rows, so that nothing is forgotten or given twice over a restart, or when
the clock is set.
"""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from hashlib import sha256

import msgspec
import structlog

from gateway import reminding, roles
from gateway.clock import Clock, Reminder
from gateway.filing import MACHINE, NOISE, Rules
from gateway.reminding import Point
from gateway.store.contract import About, CaseRow, HistoryRow, NoticeRow
from gateway.store.reminders import Given, Looked, ReminderStore, ToRemind
from gateway.timers import WallClock

AT_ONCE = 200
SECONDS = 10.0
#: When the clock was set by more, reminders wait for as long: whoever set it wrong can set it right before they leave.
HELD_SECONDS = 3600.0

log = structlog.get_logger()


class Reminding:
    """`rules` gives those in force."""

    def __init__(self, store: ReminderStore, rules: Callable[[], Rules]) -> None:
        self._store = store
        self._rules = rules
        self._clock = WallClock()
        self._held_until = 0.0
        self._table: tuple[Reminder, ...] | None = None

    async def run(self) -> None:
        while True:
            now, jump = self._clock.read()
            if abs(jump) > HELD_SECONDS:
                self._held_until = time.monotonic() + HELD_SECONDS
                log.warning("the clock was set: reminders wait", seconds=HELD_SECONDS)
            if time.monotonic() >= self._held_until:
                await self.look(now)
            await asyncio.sleep(SECONDS)

    async def look(self, now: float) -> None:
        """Write down all reminders that are to be given by `now`."""
        rules = self._rules()
        await self._take_table(rules.clock, now)
        found = await self._store.to_remind(now, AT_ONCE, NOISE)
        while found:
            await self._store.looked([_looked(one, rules, now) for one in found])
            found = await self._store.to_remind(now, AT_ONCE, NOISE) if len(found) == AT_ONCE else []

    async def _take_table(self, clock: Clock, now: float) -> None:
        if clock.reminders != self._table:
            await self._store.remind_by(sha256(msgspec.json.encode(clock.reminders)).hexdigest(), now)
            self._table = clock.reminders


def _looked(one: ToRemind, rules: Rules, now: float) -> Looked:
    """Nobody is reminded of what only machines have said."""
    case = one.case
    assert case.remind_at is not None
    told = {
        point: roles.units(point.reminder.tell, case, rules.routing)
        for point in reminding.due(case, rules.clock, one.known, now)
        if not one.is_noise
    }
    return Looked(
        case=case.code,
        seen=case.remind_at,
        remind_at=reminding.next_look(case, rules.clock, now),
        given=tuple(Given(case.code, point.reminder.code, point.by, now) for point in told),
        notices=tuple(row for point, units in told.items() for row in _notices(case, point, units, rules, now)),
        history=tuple(_history(case, point, units, rules.clock, now) for point, units in told.items()),
    )


def _notices(case: CaseRow, point: Point, units: Sequence[str], rules: Rules, now: float) -> Iterator[NoticeRow]:
    leaves_at = reminding.leaves_at(point.reminder, rules.clock, now)
    for unit in units:
        about = About.REMINDER if unit == case.unit else About.ESCALATION
        made = rules.noticing.rows(case, about, now, unit=unit, step=point.reminder.step, by=point.by)
        yield from (msgspec.structs.replace(row, due_at=leaves_at) for row in made)


def _history(case: CaseRow, point: Point, units: tuple[str, ...], clock: Clock, now: float) -> HistoryRow:
    by = datetime.fromtimestamp(point.by, clock.zone).isoformat(timespec="minutes")
    detail = {"step": point.reminder.step, "at": f"{point.reminder.at}%", "by": by, "told": ", ".join(units)}
    return HistoryRow(case=case.code, at=now, event="reminded", actor=MACHINE, detail=detail)
