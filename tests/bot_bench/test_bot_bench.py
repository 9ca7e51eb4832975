"""The bench measures what it says, in small."""

from pathlib import Path

from tests.bot_bench import bursts, memory, turns


def test_turns_are_of_all_answers(tmp_path: Path) -> None:
    rows = list(turns.measure(tmp_path, talks=3))
    assert [(row.measure, row.count) for row in rows] == [("made", 9), ("made and written", 9)]
    assert all(row.value > 0 for row in rows)


def test_a_talk_takes_some_bytes(tmp_path: Path) -> None:
    (row,) = memory.measure(tmp_path, talks=300)
    assert (row.count, row.value > 100) == (300, True)


def test_each_burst_is_answered_after_its_quiet_time(tmp_path: Path) -> None:
    rows = list(bursts.measure(tmp_path, seconds=1, rate=3))
    assert [row.count for row in rows] == [3, 3, 3]
    assert all(row.value > 0 for row in rows)
