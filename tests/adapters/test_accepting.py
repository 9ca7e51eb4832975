"""Room for connections: in all, for one source, and for whom it does not count."""

import pytest

from adapters.accepting import Room


def stays(_source: str) -> bool:
    """No connection of this source may be ended."""
    return False


def test_room_is_for_so_many_in_all() -> None:
    told: list[str] = []
    room = Room(2, 2, stays, full=told.append)
    assert [room.enter(f"192.0.2.{host}") for host in range(3)] == [True, True, False]
    room.leave("192.0.2.1")
    assert (room.enter("192.0.2.2"), told) == (True, ["all"])


def test_one_source_has_its_share_and_others_have_theirs() -> None:
    told: list[str] = []
    room = Room(100, 2, stays, full=told.append)
    entered = [room.enter(f"2001:db8::{host:x}") for host in range(1, 4)]
    assert (entered, room.enter("2001:db8:0:1::1"), told) == ([True, True, False], True, ["address"])
    room.leave("2001:db8::2")
    assert room.enter("2001:db8::9")


def test_whom_the_share_does_not_count_for_has_all_the_room_there_is() -> None:
    room = Room(5, 1, stays, exempt=lambda address: address == "10.0.0.1")
    assert [room.enter("10.0.0.1") for _ in range(6)] == [True] * 5 + [False]


@pytest.mark.threat("P1-37")
def test_in_a_full_room_who_has_fewest_gets_a_place_of_who_has_most() -> None:
    told: list[str] = []
    ended: list[str] = []

    def end_one(source: str) -> bool:
        ended.append(source)
        return True

    room = Room(9, 5, end_one, full=told.append)
    assert all(room.enter(host) for host in ["192.0.2.1"] * 5 + ["192.0.2.2"] * 4)
    entered = [room.enter(host) for host in ("192.0.2.1", "192.0.2.2", "192.0.2.3")]
    assert entered == [False, False, True]
    assert (ended, told) == (["192.0.2.1"], ["address", "all", "share"])
