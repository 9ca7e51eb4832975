"""What an attempt to file comes to."""

from typing import Any

import pytest

from gateway.casestore import Filed, Forget, Later, Pending, Refused
from gateway.filing_outcomes import FEWEST_TRIES, Attempted, Down, Result, outcome_of
from gateway.outgoing import Package
from gateway.store.filings import Filing, Sent

NOW, HOUR = 1_793_500_000.0, 3600.0
OLD = {"since": NOW - 73 * HOUR, "tries": FEWEST_TRIES}


def filing(**changes: Any) -> Filing:
    values: dict[str, Any] = {"number": None, "token": None, "told": {}, "tries": 1, "since": NOW, "filed_version": 0}
    return Filing(case="KNL-1", store="crm", version=1, forget=Forget.NOTHING, **values | changes)


def came_of(result: Result, how: dict[str, Any], **after: Any) -> Any:
    values: dict[str, Any] = {"is_down": False, "wait": 0.0, "first": 5.0, "give_up": 72 * HOUR, "confirm": 0.0}
    package = Package(None, {"r-1": 1}, Sent.MASKED)  # type: ignore[arg-type]
    return outcome_of(filing(**how), package, result, Attempted(**values | after), NOW)


@pytest.mark.parametrize(
    ("result", "how", "is_down", "state"),
    [
        pytest.param(Filed("JK1"), {}, False, "filed", id="filed"),
        pytest.param(Refused("422"), {}, False, "aside", id="refused"),
        pytest.param(Pending("t"), {}, False, "due", id="a token"),
        pytest.param(Pending("t"), OLD, False, "aside", id="a token that leads to nothing"),
        pytest.param(Later("500"), {}, False, "due", id="failed by itself"),
        pytest.param(Later("500"), OLD, False, "aside", id="failed by itself for days"),
        pytest.param(Later("500"), OLD | {"tries": 1}, False, "due", id="the clock alone ends nothing"),
        pytest.param(Down("503"), {}, False, "due", id="down"),
        pytest.param(Down("503"), OLD, True, "due", id="down for days"),
        pytest.param(Down("503"), OLD, False, "aside", id="down for this one alone, for days"),
    ],
)
def test_states(result: Result, how: dict[str, Any], is_down: bool, state: str) -> None:
    assert came_of(result, how, is_down=is_down).state == state


NO_NUMBERS = {
    "without end": "9" * 201,
    "of several lines": "JK261122000\r\nBcc: evil@example.com",
    "colours a terminal": "JK261122000\x1b[31m",
    "turns what follows round": "JK261122000\u202e",
    "blanks": "  ",
}


@pytest.mark.threat("P1-40")
@pytest.mark.parametrize("said", NO_NUMBERS.values(), ids=NO_NUMBERS.keys())
@pytest.mark.parametrize("result", [Filed, Pending])
def test_what_nobody_could_be_told_is_no_number(result: type[Filed | Pending], said: str) -> None:
    outcome = came_of(result(said), {})
    assert (outcome.state, outcome.number, outcome.token) == ("aside", None, None)
    assert said not in outcome.error


def test_what_is_filed_is_asked_for_once() -> None:
    assert came_of(Filed("JK1"), {}, confirm=900.0).confirm_at == NOW + 900
    assert came_of(Filed("JK1"), {"filed_version": 1}, confirm=900.0).confirm_at is None
    assert came_of(Filed("JK1"), {}).confirm_at is None


def test_the_next_try_is_not_sooner_than_was_asked_or_than_the_next_probe() -> None:
    assert came_of(Later("429", 100.0), {}).due_at >= NOW + 100
    assert came_of(Down("503"), {}, wait=300.0).due_at == NOW + 300
    assert NOW + 4 <= came_of(Down("503"), {}).due_at <= NOW + 6
