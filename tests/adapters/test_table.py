"""Rows of a table that was imported."""

from datetime import UTC, datetime
from pathlib import Path

from adapters import Message, Place, TableRow
from adapters.table import Table
from adapters.testing import AdapterContract, settings_of
from normalizer.report import IMPORTED, UNANSWERED

AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


class TestTable(AdapterContract):
    adapter = Table
    settings = {}
    payloads = Path(__file__).parent / "payloads" / "table"


def message(**values: object) -> Message:
    table = Table(settings_of(Table, {"name": "arsip"}))
    [found] = table.parse(table.from_row(TableRow(id="n-1", text="Got mampet", **values), AT))  # type: ignore[arg-type]
    assert isinstance(found, Message)
    return found


def test_a_row_says_what_its_message_says() -> None:
    place = Place(words="Jl. Melati")
    found = message(place=place, sent_at=AT, phone="+6281234567890", email="siti@example.org", name="Siti")
    assert (found.id, found.channel, found.text, found.place, found.sent_at) == (
        "n-1",
        "arsip",
        "Got mampet",
        place,
        AT,
    )
    assert [(one.kind, one.value, one.name) for one in (found.sender, *found.also) if one] == [
        ("phone", "+6281234567890", "Siti"),
        ("email", "siti@example.org", "Siti"),
    ]


def test_nobody_is_answered_about_an_old_report_unless_that_is_asked_for() -> None:
    assert not UNANSWERED.isdisjoint(message(phone="+6281234567890").doubts)
    assert message().doubts == (IMPORTED,)
    assert message(told=True, phone="+6281234567890").doubts == ()


def test_a_name_alone_is_nobody_and_no_column_passes_for_a_field_of_ours() -> None:
    found = message(name="Siti", number="12", more={"app": "x", "message_id": "y"})
    assert found.sender is None
    assert found.fields == {"name": "Siti", "number": "12", "column.app": "x", "column.message_id": "y"}
