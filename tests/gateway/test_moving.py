"""Where a case may go, what that needs, and what becomes of its dates."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from gateway import moving
from gateway.cases import MoveRefused, Status
from gateway.clock import Clock, Limits, Span
from gateway.moving import Wanted
from gateway.store.contract import CaseChange, CaseRow

JAKARTA = ZoneInfo("Asia/Jakarta")
HOUR, DAY = 3600.0, 86_400.0
OPENED = datetime(2026, 11, 2, 10, tzinfo=JAKARTA).timestamp()
NOW = OPENED + 2 * DAY
CLOCK = Clock(zone=JAKARTA, others=Limits(*map(Span.of, ("6 hours", "24 hours", "7 days", "1 month"))))
LAST = CLOCK.deadlines(OPENED).last
ALLOWED = {
    "menunggu": {"koordinasi", "disposisi", "proses", "ditolak"},
    "koordinasi": {"disposisi", "proses", "menunggu"},
    "disposisi": {"proses", "koordinasi"},
    "proses": {"estimasi", "selesai-diusulkan"},
    "estimasi": {"proses", "selesai-diusulkan"},
    "selesai-diusulkan": {"selesai", "proses"},
    "selesai": {"menunggu"},
    "ditolak": {"menunggu"},
}
NEEDS: dict[str, dict[str, Any]] = {
    "estimasi": {"estimate_at": NOW + DAY, "reason": "menunggu pompa"},
    "selesai-diusulkan": {"proof": "ab"},
    "ditolak": {"note": "di luar wilayah"},
}


def case(status: str = "proses", **changes: Any) -> CaseRow:
    by = CLOCK.deadlines(OPENED)
    made = CaseRow(
        code="KNL-1",
        status=status,
        opened_at=OPENED,
        due_at=by.done,
        what="",
        where="",
        unit="SDA",
        coordinate_by=by.coordinate,
        act_by=by.act,
        last_by=by.last,
    )
    return msgspec.structs.replace(made, **changes)


def moved(before: CaseRow, to: str, **values: Any) -> CaseChange:
    """What becomes of it; raises `MoveRefused`."""
    wanted = Wanted(status=to, **values)
    moving.refuse(before, wanted, NOW, CLOCK)
    return moving.change(before, wanted, NOW, CLOCK)


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_a_case_moves_only_as_the_citys_rules_allow(before: str, to: str) -> None:
    if to in ALLOWED[before]:
        change = moved(case(before), to, unit="Tata Air", **NEEDS.get(to, {}))
        assert (change.expected, change.status, change.unit) == (before, to, "Tata Air")
    else:
        with pytest.raises(MoveRefused, match="a case can go to"):
            moved(case(before), to, **NEEDS.get(to, {}) | {"estimate_at": None, "note": None})


@pytest.mark.parametrize("before", list(Status))
@pytest.mark.parametrize("to", list(Status))
def test_what_happened_outside_may_be_anything_new(before: str, to: str) -> None:
    if before == to:
        with pytest.raises(MoveRefused, match="already"):
            moved(case(before), to, outside=True)
    else:
        assert moved(case(before), to, outside=True).status == to


REFUSED: dict[str, tuple[str, str, dict[str, Any], str]] = {
    "no such status": ("menunggu", "beres", {}, "there is no status 'beres'; there are: menunggu, "),
    "done without proof": ("proses", "selesai-diusulkan", {"note": "sudah"}, "add --proof FILE"),
    "refused without a word": ("menunggu", "ditolak", {}, "the citizen is told why: add --note"),
    "an estimate without its date": ("proses", "estimasi", {"reason": "pompa"}, "--estimate DATE --reason TEXT"),
    "an estimate without a reason": ("proses", "estimasi", {"estimate_at": NOW + DAY}, "--estimate DATE --reason TEXT"),
    "a reason for nothing": ("menunggu", "proses", {"reason": "pompa"}, "--estimate DATE --reason TEXT"),
    "an estimate that is over": ("proses", "estimasi", {"estimate_at": NOW, "reason": "pompa"}, "in the future"),
    "an estimate of what is done": (
        "proses",
        "selesai-diusulkan",
        {"estimate_at": NOW + DAY, "reason": "pompa", "proof": "ab"},
        "leave out --estimate",
    ),
    "beyond the last line": (
        "proses",
        "estimasi",
        {"estimate_at": LAST + 1, "reason": "pompa"},
        "the last line of this case is 2026-12-02: give an earlier --estimate, or add --force",
    ),
    "handed on to whom has it": ("proses", "proses", {"unit": "SDA"}, "it is 'proses' already"),
    "a closed case handed on": ("selesai", "selesai", {"unit": "Bina Marga"}, "it is 'selesai' already"),
}


@pytest.mark.parametrize(("before", "to", "values", "says"), REFUSED.values(), ids=REFUSED)
def test_what_a_move_lacks_is_said(before: str, to: str, values: dict[str, Any], says: str) -> None:
    with pytest.raises(MoveRefused, match=says):
        moved(case(before), to, **values)


@pytest.mark.parametrize("status", ["menunggu", "koordinasi", "disposisi", "proses", "selesai-diusulkan"])
def test_a_case_is_handed_on_within_its_status(status: str) -> None:
    change = moved(case(status), status, unit="Bina Marga", proof="ab")
    assert (change.status, change.unit, change.closed_at) == (status, "Bina Marga", 0)


FIRSTS: dict[str, tuple[str, str, float | None, float | None]] = {
    "taken up": ("menunggu", "koordinasi", NOW, None),
    "taken up and worked on at once": ("menunggu", "proses", NOW, NOW),
    "refused": ("menunggu", "ditolak", NOW, NOW),
    "sent back": ("koordinasi", "menunggu", None, None),
}


@pytest.mark.parametrize(("before", "to", "coordinated_at", "acted_at"), FIRSTS.values(), ids=FIRSTS)
def test_when_it_was_first_taken_up_and_worked_on_is_kept(
    before: str, to: str, coordinated_at: float | None, acted_at: float | None
) -> None:
    change = moved(case(before), to, **NEEDS.get(to, {}))
    assert (change.coordinated_at, change.acted_at) == (coordinated_at, acted_at)


def test_only_the_first_time_counts() -> None:
    change = moved(case("disposisi", coordinated_at=OPENED + HOUR), "proses")
    assert (change.coordinated_at, change.acted_at) == (None, NOW)


def test_an_estimate_takes_the_place_of_the_due_date_and_the_first_one_is_kept() -> None:
    before = case()
    change = moved(before, "estimasi", estimate_at=NOW + 9 * DAY, reason="menunggu pompa, hubungi 081234567890")
    assert (change.due_at, change.first_due_at, change.estimate_at) == (NOW + 9 * DAY, before.due_at, NOW + 9 * DAY)
    assert change.estimate_reason and "menunggu pompa" in change.estimate_reason
    assert "081234567890" not in change.estimate_reason
    again = moved(case("estimasi", first_due_at=7.0), "estimasi", estimate_at=NOW + DAY, reason="pompa tiba")
    assert (again.due_at, again.first_due_at) == (NOW + DAY, 7.0)


def test_with_force_an_estimate_may_lie_beyond_the_last_line() -> None:
    change = moved(case(), "estimasi", estimate_at=LAST + DAY, reason="jembatan baru", force=True)
    assert (change.due_at, change.last_by) == (LAST + DAY, None)


@pytest.mark.parametrize("status", ["selesai", "ditolak"])
def test_a_case_that_is_opened_again_begins_anew(status: str) -> None:
    before = case(status, closed_at=NOW - 1, estimate_at=1.0, estimate_reason="pompa", coordinated_at=2.0, acted_at=3.0)
    change, by = moved(before, "menunggu"), CLOCK.deadlines(NOW)
    assert (change.closed_at, change.coordinated_at, change.acted_at) == (0, 0, 0)
    assert (change.estimate_at, change.estimate_reason) == (0, "")
    assert (change.coordinate_by, change.act_by, change.due_at, change.last_by) == msgspec.structs.astuple(by)
    assert change.first_due_at == before.due_at
