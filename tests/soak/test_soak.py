"""The soak itself, for a few seconds; and that its books tell what is missing."""

import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from tests.soak.__main__ import drawn, soaked
from tests.soak.playing import Plan, Played, Said
from tests.soak.proof import Books, complaints, missing
from tests.soak.weather import Past

GOOD = Books(
    kept=frozenset({"s0-00001", "s0-00002"}),
    reports=Counter(["s0-00001"]),
    quarantine={"s0-00002": "Unreadable"},
    confirmed=Counter(["s0-00001"]),
    with_people=frozenset(),
    complaints=(),
)
SAID = (Said("s0-00001", "sms", lambda: 1), Said("s0-00002", "sms", lambda: 0))
PLAYED = Played(SAID, (), (100.0,) * 60, {}, {})
SILENT = replace(PLAYED, said=(Said("s0-00001", "sms", lambda: 0),))

WRONG: dict[str, tuple[Played, Books, str]] = {
    "not taken": (replace(PLAYED, refused=["s0-00003 by sms"]), GOOD, "not taken"),
    "never brought": (replace(PLAYED, held={"feed": 2}), GOOD, "never brought by feed"),
    "ill": (replace(PLAYED, ill={"x": "down: X cannot be reached"}), GOOD, "x has not recovered, it is down"),
    "lost": (PLAYED, replace(GOOD, kept=frozenset({"s0-00002"})), "lost: s0-00001"),
    "doubled": (PLAYED, replace(GOOD, reports=Counter(["s0-00001"] * 2)), "more than once"),
    "reported and in quarantine": (PLAYED, replace(GOOD, quarantine={"s0-00001": "x", "s0-00002": "x"}), "more than"),
    "in quarantine without a reason": (PLAYED, replace(GOOD, quarantine={"s0-00002": None}), "neither"),
    "unanswered": (SILENT, GOOD, "not answered"),
    "confirmed twice": (PLAYED, replace(GOOD, confirmed=Counter(["s0-00001"] * 2)), "answered more than once"),
    "grown": (replace(PLAYED, memory=[100.0] * 45 + [120.0] * 15), GOOD, "from 100 to 120 MB"),
    "logged": (PLAYED, replace(GOOD, complaints=["a part failed"]), "logged: a part failed"),
}


@pytest.mark.parametrize(("played", "found", "words"), WRONG.values(), ids=WRONG)
def test_whatever_is_wrong_is_told(played: Played, found: Books, words: str) -> None:
    told = {"sms": Counter[str]()}
    assert [words in one for one in missing(played, found, told)] == [True]


def test_where_all_is_well_nothing_is_told() -> None:
    cut = {"sms": Counter(["cut"])}
    assert list(missing(PLAYED, GOOD, cut)) == []
    assert list(missing(SILENT, replace(GOOD, with_people=frozenset({"s0-00001"})), cut)) == []
    assert list(missing(replace(PLAYED, said=(Said("s0-00001", "sms", lambda: 2), SAID[1])), GOOD, cut)) == []


LOGGED: dict[str, tuple[dict[str, str], bool]] = {
    "an error": ({"level": "error", "event": "a part failed", "channel": "sms"}, True),
    "a channel that is in trouble": ({"level": "error", "event": "the way in is closed", "channel": "sms"}, False),
    "a channel that is not": ({"level": "error", "event": "the way in is closed", "channel": "x"}, True),
    "a warning": ({"level": "warning", "event": "a channel is degraded", "channel": "x"}, False),
}


@pytest.mark.parametrize(("event", "is_told"), LOGGED.values(), ids=LOGGED)
def test_an_error_that_no_fault_excuses_is_told(event: dict[str, str], is_told: bool) -> None:
    line = json.dumps({**event, "timestamp": "2026-11-23T10:00:00.5Z"})
    past = [Past("sms", *(datetime(2026, 11, 23, 10, minute, tzinfo=UTC).timestamp() for minute in (0, 1)))]
    assert list(complaints(f"  web  http://127.0.0.1\n{line}", past)) == [line] * is_told


def test_what_is_no_event_but_an_exception_is_told() -> None:
    assert list(complaints("Traceback (most recent call last):", [])) == ["Traceback (most recent call last):"]


def test_a_short_soak_accounts_for_every_message(tmp_path: Path) -> None:
    shown = Console(file=io.StringIO(), width=110)
    table, wrong = soaked(tmp_path, Plan(seconds=2, rate=20, seed=7, hurries=True), shown, workers=1)
    assert wrong == []
    assert sum(row.sent for row in table) == sum(row.kept for row in table) >= 20
    shown.print(drawn(table))
    assert "telegram" in shown.file.getvalue()  # type: ignore[attr-defined]
