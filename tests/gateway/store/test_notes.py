"""What officers write for themselves in a case: sealed, for those who may, forgotten and erased with what was said."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from dedupe.fingerprint import Fingerprint
from gateway.store import erase, notes, person
from gateway.store.account import Account
from gateway.store.connecting import FILE
from gateway.store.contract import CaseChange, NoteRow, Settlement
from gateway.store.purge import DAY, Retention
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.gateway.store.rows import CHANNEL, MASTER, NOW, WARGA, case, report
from tests.gateway.store.test_sealing import open_store

CODE, CALLED = "KNL-7F3K-92QX", "Sudah saya telepon ke 0812-3456-7890, tidak diangkat"
KEPT = Retention(raw_days=0, person_days=730)


def note(identity: str = "c-1", text: str = CALLED, draft: str | None = None, at: float = NOW) -> NoteRow:
    return NoteRow(id=identity, case=CODE, at=at, actor="rina", text=text, draft=draft)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = open_store(tmp_path)
    made = replace(report("r-1", CODE, WARGA.id), fingerprint=msgspec.msgpack.encode(Fingerprint("r-1", WARGA.id, NOW)))
    await store.settle(Settlement(contacts=[WARGA], cases=[case(CODE)], reports=[made], notes=[note()]))
    await store.settle(Settlement(notes=[note("d-1", "Selamat pagi Bu Sri", "answer")]))
    yield store
    await store.close()


def kept(folder: Path) -> tuple[list[str], dict[str, str]]:
    """The notes and rina's drafts."""
    with Views(folder, lambda: MASTER) as views:
        return [row["text"] for row in views.notes([CODE])], views.drafts(CODE, "rina")


def test_they_are_shown_masked_and_a_draft_to_its_writer_alone(store: SqliteStore, tmp_path: Path) -> None:
    assert kept(tmp_path) == (["Sudah saya telepon ke [telepon], tidak diangkat"], {"answer": "Selamat pagi Bu Sri"})
    with Views(tmp_path, lambda: MASTER) as views:
        assert views.drafts(CODE, "joko") == {}


@pytest.mark.threat("P0-31")
def test_tables_hold_nothing_of_what_was_noted(store: SqliteStore, tmp_path: Path) -> None:
    files = [file.read_bytes() for file in tmp_path.glob("kanal.db*")]
    assert any(b"rina" in file for file in files)
    assert not [file for file in files if b"Sudah saya" in file or b"Bu Sri" in file]


async def test_a_draft_takes_the_place_of_the_one_before_and_goes_without_words(
    store: SqliteStore, tmp_path: Path
) -> None:
    await store.settle(Settlement(notes=[note("d-1", "Selamat siang", "answer")]))
    assert kept(tmp_path)[1] == {"answer": "Selamat siang"}
    await store.settle(Settlement(notes=[note("d-1", "", "answer")]))
    assert kept(tmp_path)[1] == {}


async def test_a_draft_that_nobody_touched_is_given_up(store: SqliteStore, tmp_path: Path) -> None:
    await store.settle(Settlement(notes=[note("d-2", "Baru", "note", at=NOW + notes.DRAFT_SECONDS + 1)]))
    assert kept(tmp_path)[1] == {"note": "Baru"}


async def test_who_is_told_what_is_kept_of_them_is_told_the_notes(store: SqliteStore, tmp_path: Path) -> None:
    with Views(tmp_path, lambda: MASTER) as views:
        held = person.held_of(views.connection, views.vault, views.blobs, [WARGA], lambda *_: None)
        told = list(Account(views.connection, views.vault, views.blobs, lambda *_: None).of(held)["notes"])
    assert [one["text"] for one in told] == [CALLED]


async def test_they_are_erased_with_a_person_who_reported_the_case(store: SqliteStore, tmp_path: Path) -> None:
    held = await store.read(lambda reader: person.sent_by(reader, [WARGA], []))
    what = await store.read(lambda reader: erase.of_person(reader, held))
    assert set(what.notes) == {"c-1", "d-1"}
    await store.destroy(lambda connection: erase.erase(connection, what)[0])
    assert kept(tmp_path) == ([], {})


async def test_they_are_erased_with_a_case(store: SqliteStore, tmp_path: Path) -> None:
    what = await store.read(lambda reader: erase.of_case(reader, CODE))
    await store.destroy(lambda connection: erase.erase(connection, what)[0])
    assert kept(tmp_path) == ([], {})


async def test_they_are_forgotten_with_the_words_of_their_case(store: SqliteStore, tmp_path: Path) -> None:
    await store.settle(Settlement(changes=[CaseChange(code=CODE, expected="menunggu", closed_at=NOW)]))
    for days, left in ((729, 1), (731, 0)):
        now = NOW + days * DAY
        await store.forget(CHANNEL, KEPT, now, await store.overdue(CHANNEL, KEPT, now, 9))
        assert len(kept(tmp_path)[0]) == left


async def test_who_sees_to_a_case_is_kept_and_taken_away(store: SqliteStore) -> None:
    for name, assignee in (("rina", "rina"), ("", None)):
        await store.settle(Settlement(changes=[CaseChange(code=CODE, expected="menunggu", assignee=name)]))
        found = store.case(CODE)
        assert found is not None and found.assignee == assignee


async def test_what_the_disk_damaged_has_no_words(store: SqliteStore, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as connection:
        connection.execute("UPDATE notes SET sealed = substr(sealed, 2)")
    assert kept(tmp_path) == ([""], {"answer": ""})


def test_a_row_shows_no_words() -> None:
    assert "telepon" not in repr(note())
