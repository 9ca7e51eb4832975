"""The clock table: `config/clock.toml`, with the operators' `clock.toml` in the data folder on top."""

from collections.abc import Iterator, Mapping
from datetime import date, time
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from gateway import roles
from gateway.clock import Clock, Limits, Reminder, Span, Step, Unit
from gateway.overlay import Overlay
from gateway.routing import Routing
from gateway.suggest import did_you_mean
from gateway.workdays import Workdays
from normalizer.sorting.categories import Categories

FILE = "clock.toml"
OTHERS = "others"
Spans = dict[Step, Span]


class Times(msgspec.Struct, frozen=True, kw_only=True):
    """How long the steps of a category may take; what is left out is as with all others."""

    code: str
    coordinate: str | None = None
    act: str | None = None
    done: str | None = None
    last: str | None = None


def load(folder: Path, zone: ZoneInfo, routing: Routing, deadline_days: int | None = None) -> Clock:
    """The table with what `folder` changes in it; `deadline_days` goes before what it says of all other categories.

    Raises `ConfigError` with everything that is wrong.
    """
    overlay = Overlay(FILE, folder, ("times", "reminders"), ("holidays", "digest_at"))
    rows = {name: _spans(overlay, times) for name, times in overlay.structs("times", Times).items()}
    others = rows.pop(OTHERS, {})
    if deadline_days is not None:
        others |= _within(deadline_days, others)
    by_category = {name: others | spans for name, spans in rows.items()}
    _check(overlay, {OTHERS: others} | by_category, routing.categories)
    reminders = tuple(_reminders(overlay, routing))
    holidays, digest_at = frozenset(_days(overlay)), _digest_at(overlay)
    overlay.finish()
    return Clock(
        zone=zone,
        others=_limits(others),
        by_category={name: _limits(spans) for name, spans in by_category.items()},
        workdays=Workdays(holidays),
        reminders=reminders,
        digest_at=digest_at,
    )


def _spans(overlay: Overlay, times: Times) -> Spans:
    """What is said of each step, as far as it can be read."""
    spans: Spans = {}
    for step in Step:
        text = getattr(times, step)
        try:
            spans |= {step: Span.of(text)} if text is not None else {}
        except ValueError as error:
            overlay.complain(f"times.{times.code}.{step}", f"'{text}' is no time", str(error))
    return spans


def _within(days: int, others: Spans) -> Spans:
    """The last line is not before that."""
    done = Span(days, Unit.DAYS)
    return {Step.DONE: done, Step.LAST: max(others.get(Step.LAST, done), done, key=_usual_seconds)}


def _check(overlay: Overlay, rows: Mapping[str, Spans], known: Categories) -> None:
    for name, spans in rows.items():
        if name != OTHERS and known.get(name) is None:
            overlay.complain(f"times.{name}", "there is no such category", did_you_mean(name, known.categories))
        for earlier, later in pairwise(step for step in Step if step in spans):
            if spans[earlier].usual_seconds > spans[later].usual_seconds:
                hint = "the steps follow one another: coordinate, act, done, last"
                overlay.complain(f"times.{name}.{earlier}", f"it takes longer than '{later}'", hint)


def _reminders(overlay: Overlay, routing: Routing) -> Iterator[Reminder]:
    for reminder in overlay.structs("reminders", Reminder).values():
        for role in reminder.tell:
            if not roles.is_known(role, routing):
                hint = did_you_mean(role, (*roles.NAMES, *routing.units))
                overlay.complain(f"reminders.{reminder.code}.tell", f"there is no role or unit '{role}'", hint)
        if not reminder.hidden:
            yield reminder


def _digest_at(overlay: Overlay) -> time:
    at = overlay.value("digest_at")
    if isinstance(at, time):
        return at
    overlay.complain("digest_at", "must be a time of day, without quotes", "as in 07:00:00")
    return time()


def _days(overlay: Overlay) -> Iterator[date]:
    named: Any = overlay.value("holidays")
    for number, day in enumerate(named if isinstance(named, list) else [named]):
        if type(day) is date:
            yield day
        else:
            overlay.complain(f"holidays[{number}]", "must be a date, without quotes", "as in [2029-02-14, 2029-02-15]")


def _usual_seconds(span: Span) -> float:
    return span.usual_seconds


def _limits(spans: Spans) -> Limits:
    return Limits(**{str(step): span for step, span in spans.items()})
