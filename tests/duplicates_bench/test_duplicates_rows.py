"""Labelled rows are read with a reason for each line that is none."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.duplicates_bench.rows import parsed
from tests.duplicates_bench.sets import sets, streams

FULL = (
    b'{"id": "a", "text": "banjir", "lat": -6.2, "lon": 106.8, "time": "2025-01-02T03:04:05", "category": "banjir",'
    b' "cluster_id": "c", "channel": "sms", "address": "Jl. Mawar", "closed": "2025-01-03", "photo": true}'
)


def test_a_full_row() -> None:
    (row,), faulty = parsed([FULL])
    assert not faulty
    assert (row.id, row.text, row.cluster, row.pin, row.category) == ("a", "banjir", "c", (-6.2, 106.8), "banjir")
    assert row.address == "Jl. Mawar"
    assert row.time == datetime(2025, 1, 2, 3, 4, 5, tzinfo=UTC)
    assert row.closed == datetime(2025, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "truncated"),
        (b"[1]", "Expected `object`"),
        (b'{"id": "x"}', "missing required field `text`"),
        (b'{"text": 5}', "Expected `str`"),
        (b'{"text": "x", "lat": "north"}', "Expected `float | null`"),
        (b'{"text": "x", "time": "yesterday"}', "isoformat"),
        (b"\xff", "malformed"),
    ],
)
def test_what_is_no_row_is_skipped_by_its_number(line: bytes, reason: str) -> None:
    rows, (faulty,) = parsed([b"", FULL, line, b'{"text": "later", "time": "2026-01-01T00:00:00Z"}'])
    assert [row.text for row in rows] == ["banjir", "later"]
    assert faulty.line == 3
    assert reason in faulty.reason


def test_what_is_missing_is_made_up() -> None:
    rows, _ = parsed([b'{"text": "x"}', b'{"text": "y", "lat": 91, "lon": 5, "id": 7, "cluster_id": 8}'])
    assert [(row.id, row.cluster, row.pin) for row in rows] == [("line-1", "alone-line-1", None), ("7", "8", None)]


def test_the_same_id_twice_is_a_fault() -> None:
    rows, faulty = parsed([FULL, FULL])
    assert (len(rows), [fault.line for fault in faulty]) == (1, [2])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jkt", ["jkt", "jkt-text"]),
        ("jkt-held", ["jkt-held", "jkt-held-text"]),
        ("sby", ["sby-text"]),
        ("sd311", ["sd311"]),
        ("pb", ["pb"]),
        ("stif", ["stif"]),
        ("bandung", ["bandung", "bandung-text"]),
    ],
)
def test_what_of_a_set_is_measured(tmp_path: Path, name: str, expected: list[str]) -> None:
    (tmp_path / f"{name}.jsonl").write_bytes(FULL)
    (tmp_path / "README.md").touch()
    (one,) = sets(tmp_path)
    made = list(streams(one))
    assert [stream.name for stream in made] == expected
    for stream in made:
        place = stream.arrivals[0].report.place
        told = place is not None and (place.latitude, place.words) == (-6.2, "Jl. Mawar")
        assert told != (stream.name.endswith("-text") or stream.name == "stif")


def test_known_sets_come_first(tmp_path: Path) -> None:
    for name in ("amsterdam", "stif", "pb", "jkt"):
        (tmp_path / f"{name}.jsonl").write_bytes(FULL)
    assert [one.name for one in sets(tmp_path)] == ["jkt", "pb", "stif", "amsterdam"]
