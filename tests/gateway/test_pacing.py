"""How fast a channel may be written by: never more in any span than its limits allow, and no slower."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import Limit
from gateway.pacing import Pacing

DMS = (Limit(most=3, seconds=900, of="private"), Limit(most=4, seconds=86_400, of="private"))
CHATS = (Limit(most=1, seconds=1, each="conversation"), Limit(most=30, seconds=1))


@pytest.mark.parametrize(
    ("limits", "left", "now", "private", "public", "wait"),
    [
        ((), [(0.0, False)] * 99, 1.0, 8, 8, 0.0),
        (DMS, [(0.0, False), (10.0, False)], 20.0, 1, 8, 0.0),
        (DMS, [(0.0, False), (10.0, True), (20.0, False), (30.0, False)], 40.0, 0, 8, 860.0),
        (DMS, [(0.0, False), (10.0, False), (20.0, False)], 900.0, 1, 8, 0.0),
        (DMS, [(0.0, False), (0.0, False), (0.0, False), (900.0, False)], 1800.0, 0, 8, 84_600.0),
        (CHATS, [(0.5, False)] * 30, 1.0, 0, 0, 0.5),
        ((Limit(most=5, seconds=1),), [(0.9, True)] * 2, 1.0, 3, 3, 0.0),
    ],
    ids=["no limit", "room", "none for private ones", "the first is over", "none today", "none this second", "few"],
)
def test_what_may_leave_now(
    limits: tuple[Limit, ...], left: list[tuple[float, bool]], now: float, private: int, public: int, wait: float
) -> None:
    pacing = Pacing(limits)
    pacing.remember(left)
    assert (pacing.room(False, now, 8), pacing.room(True, now, 8)) == (private, public)
    assert pacing.wait(now) == pytest.approx(wait)


def test_one_chat_waits_for_its_turn_and_no_other_for_it() -> None:
    pacing = Pacing(CHATS)
    pacing.spoke("budi", False, 10.0)
    assert pacing.turn("budi", False, 10.25) == pytest.approx(0.75)
    assert (pacing.turn("rina", False, 10.25), pacing.turn("budi", False, 11.0)) == (0.0, 0.0)


@given(st.lists(st.floats(0, 50), max_size=60), st.integers(1, 5), st.floats(0.5, 20))
def test_in_no_span_leave_more_than_allowed(asked: list[float], most: int, seconds: float) -> None:
    pacing = Pacing([Limit(most=most, seconds=seconds)])
    left: list[float] = []
    for now in sorted(asked):
        if pacing.room(False, now, 1):
            pacing.took(False, now)
            left.append(now)
    assert all(later - first >= seconds for first, later in zip(left, left[most:], strict=False))
