"""Answers that dialogues keep: sealed, exported without who gave them, forgotten in time and erased with the person."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gateway.store import destroy, erase, person
from gateway.store.account import Account
from gateway.store.connecting import FILE
from gateway.store.contract import AnswersRow, Settlement
from gateway.store.purge import DAY, Retention
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.gateway.store.answers import answers
from tests.gateway.store.rows import CHANNEL, MASTER, NOW, TETANGGA, WARGA
from tests.gateway.store.test_sealing import open_store

KEPT = Retention(raw_days=0, person_days=730)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """Two answered, WARGA twice."""
    store = open_store(tmp_path)
    rows = [answers("k-1"), answers("k-2", contact=TETANGGA.id, at=NOW + DAY), answers("k-3", at=NOW + 2 * DAY)]
    await store.settle(Settlement(contacts=[WARGA, TETANGGA], answers=rows))
    yield store
    await store.close()


def left(store: SqliteStore) -> list[str]:
    return [one.id for one in store.answers("survei", 0.0)]


def found(store: SqliteStore, folder: Path) -> tuple[person.Person, list[dict[str, Any]]]:
    """What is kept of WARGA, and what they are told of their answers."""
    with Views(folder, lambda: MASTER) as views:
        held = person.held_of(views.connection, views.vault, views.blobs, [WARGA], lambda *_: None)
        return held, list(Account(views.connection, views.vault, views.blobs, lambda *_: None).of(held)["answers"])


def test_tables_hold_nothing_of_what_was_answered(store: SqliteStore, tmp_path: Path) -> None:
    assert [file for file in tmp_path.glob("kanal.db*") if b"survei" in file.read_bytes()]
    assert not [file for file in tmp_path.glob("kanal.db*") if b"petugasnya ramah" in file.read_bytes()]


def test_who_answered_is_told_by_a_pseudonym(store: SqliteStore, tmp_path: Path) -> None:
    with Views(tmp_path, lambda: MASTER) as views:
        first, second, third = views.answers("survei")
        assert list(views.answers("survei", NOW + 2 * DAY)) == [third]
    assert first["who"] == third["who"] != second["who"]
    assert WARGA.id not in first["who"] and first["answers"] == answers().answers


@pytest.mark.parametrize(("days", "rest"), [(730, ["k-1", "k-2", "k-3"]), (730.5, ["k-2", "k-3"]), (733, [])], ids=str)
async def test_they_are_forgotten_in_time(store: SqliteStore, days: float, rest: list[str]) -> None:
    now = NOW + days * DAY
    await store.forget(CHANNEL, KEPT, now, await store.overdue(CHANNEL, KEPT, now, 9))
    assert left(store) == rest


async def test_they_outlive_what_is_known_of_the_person_who_may_still_ask_for_them(
    store: SqliteStore, tmp_path: Path
) -> None:
    def forget(connection: sqlite3.Connection) -> list[str]:
        destroy.contacts(connection, [WARGA.id])
        return []

    await store.destroy(forget)
    held, told = found(store, tmp_path)
    assert (held.is_known, held.answers, [one["answers"] for one in told]) == (
        True,
        ("k-1", "k-3"),
        [answers().answers] * 2,
    )
    assert "answers:survei" in held.names()


async def test_they_are_erased_with_the_person(store: SqliteStore, tmp_path: Path) -> None:
    held, _ = found(store, tmp_path)
    what = await store.read(lambda reader: erase.of_person(reader, held))
    assert (what.answers, what.is_empty()) == (("k-1", "k-3"), False)
    await store.destroy(lambda connection: erase.erase(connection, what)[0])
    assert left(store) == ["k-2"]


async def test_what_the_disk_damaged_is_left_out_and_said_to_be(store: SqliteStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as connection:
        connection.execute("UPDATE answers SET sealed = substr(sealed, 2) WHERE id = 'k-1'")
    assert left(store) == ["k-2", "k-3"]
    assert "gone" in found(store, tmp_path)[1][0]


def test_a_row_shows_no_answer() -> None:
    row = AnswersRow(id="k-1", dialogue="survei", channel="sms", contact="p-1", at=0.0, answers={"saran": "rahasia"})
    assert "rahasia" not in repr(row)
