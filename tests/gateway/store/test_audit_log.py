"""The audit log: what was tampered with is noticed, whatever it is."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.store import audit
from gateway.store.connecting import FILE, open_reader
from gateway.store.contract import Entry
from gateway.store.sqlite import SqliteStore
from gateway.vault import Vault
from tests.gateway.store.rows import MASTER

WHY = "keluarga Sulastri Canary minta kabar, telp 0812-3456-789"
ENTRIES = [
    Entry(actor="camat", action="looked at a report", about=("r-1", "p-warga"), why=WHY),
    Entry(actor="lurah", action="looked at deliveries", about=("17", "20-25"), why="laporan hilang"),
    Entry(actor="camat", action="erase", about=("p-warga",)),
]
TRIGGERS = ("audit_no_update", "audit_no_delete", "audit_no_insert")


@pytest.fixture
async def kept(tmp_path: Path) -> Path:
    store = open_store(tmp_path)
    for entry in ENTRIES:
        await store.record(entry)
    await store.close()
    return tmp_path


@pytest.fixture
def connection(kept: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(kept / FILE, isolation_level=None)) as connection:
        yield connection


@pytest.fixture
async def vault(kept: Path) -> Vault:
    store = open_store(kept)
    await store.close()
    return store.vault


def open_store(folder: Path) -> SqliteStore:
    return SqliteStore(folder, MASTER, lambda death: None)


def without_triggers(connection: sqlite3.Connection) -> None:
    for trigger in TRIGGERS:
        connection.execute(f"DROP TRIGGER {trigger}")


async def test_what_was_recorded_is_read_again_and_whole(connection: sqlite3.Connection, vault: Vault) -> None:
    found = list(audit.entries(connection, vault, newest=False))
    assert [
        Entry(actor=e["actor"], action=e["action"], about=tuple(e["about"]), why=e["why"]) for e in found
    ] == ENTRIES
    assert [entry["seq"] for entry in audit.entries(connection, vault)] == [3, 2, 1]
    assert (audit.verify(connection, vault), audit.head(connection)) == (None, found[-1]["chain"])


async def test_an_empty_log_is_whole(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    with closing(open_reader(tmp_path / FILE)) as connection:
        assert (audit.verify(connection, store.vault), audit.head(connection)) == (None, "")
    await store.close()


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'lurah' WHERE seq = 1",
        "DELETE FROM audit WHERE seq = 3",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit SELECT seq, at, 'lurah', action, about, why, chain FROM audit WHERE seq = 2",
        "REPLACE INTO audit SELECT 3, at, actor, action, about, why, chain FROM audit WHERE seq = 2",
    ],
)
def test_the_log_refuses_to_be_changed(connection: sqlite3.Connection, vault: Vault, statement: str) -> None:
    with pytest.raises(sqlite3.IntegrityError, match="only grows"):
        connection.execute(statement)
    assert audit.verify(connection, vault) is None


TAMPERINGS: dict[str, tuple[list[str], int]] = {
    "number": (["UPDATE audit SET seq = 9 WHERE seq = 3"], 3),
    "time": (["UPDATE audit SET at = at + 1 WHERE seq = 2"], 2),
    "who": (["UPDATE audit SET actor = 'lurah' WHERE seq = 1"], 1),
    "who, by no text": (["UPDATE audit SET actor = CAST(x'ff00' AS TEXT) WHERE seq = 1"], 1),
    "what": (["UPDATE audit SET action = 'looked' WHERE seq = 3"], 3),
    "about whom": (["UPDATE audit SET about = 'p-lain' WHERE seq = 1"], 1),
    "why": (["UPDATE audit SET why = zeroblob(60) WHERE seq = 2"], 2),
    "hash": (["UPDATE audit SET chain = '00' WHERE seq = 2"], 2),
    "all hashes": (["UPDATE audit SET chain = '00'"], 1),
    "who and a hash of another": (["UPDATE audit SET actor = 'x', chain = (SELECT chain FROM audit WHERE seq = 2)"], 1),
    "the first taken out": (["DELETE FROM audit WHERE seq = 1"], 1),
    "one in the middle taken out": (["DELETE FROM audit WHERE seq = 2"], 2),
    "taken out and numbered anew": (["DELETE FROM audit WHERE seq = 1", "UPDATE audit SET seq = seq - 1"], 1),
    "two exchanged": (["UPDATE audit SET seq = -1 WHERE seq = 1", "UPDATE audit SET seq = 1 WHERE seq = 2",
                       "UPDATE audit SET seq = 2 WHERE seq = -1"], 1),
    "one put in before": (["INSERT INTO audit SELECT 0, at, actor, action, about, why, chain FROM audit LIMIT 1"], 1),
    "one put in after": (["INSERT INTO audit SELECT 4, at, actor, action, about, why, chain FROM audit LIMIT 1"], 4),
    "the newest cut off": (["DELETE FROM audit WHERE seq = 3"], 3),
    "all cut off": (["DELETE FROM audit"], 1),
}  # fmt: skip


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize(("statements", "broken"), TAMPERINGS.values(), ids=list(TAMPERINGS))
def test_tampering_is_noticed(connection: sqlite3.Connection, vault: Vault, statements: list[str], broken: int) -> None:
    without_triggers(connection)
    for statement in statements:
        connection.execute(statement)
    assert audit.verify(connection, vault) == broken


@pytest.mark.threat("P0-33")
async def test_what_was_cut_off_is_missed_even_after_new_entries(kept: Path, vault: Vault) -> None:
    with closing(sqlite3.connect(kept / FILE, isolation_level=None)) as connection:
        without_triggers(connection)
        connection.execute("DELETE FROM audit WHERE seq = 3")
    store = open_store(kept)
    await store.record(ENTRIES[0])
    await store.close()
    with closing(open_reader(kept / FILE)) as reader:
        assert [entry["seq"] for entry in audit.entries(reader, vault)] == [4, 2, 1]
        assert audit.verify(reader, vault) == 3


@pytest.mark.threat("P0-33")
async def test_who_lacks_the_master_key_cannot_make_a_chain(connection: sqlite3.Connection, kept: Path) -> None:
    other = Vault(bytes(32), {1: bytes(32)})
    without_triggers(connection)
    connection.execute("DELETE FROM audit")
    connection.execute("DELETE FROM sqlite_sequence")
    audit.append(connection, other, ENTRIES[1])
    store = open_store(kept)
    assert (audit.verify(connection, other), audit.verify(connection, store.vault)) == (None, 1)
    await store.close()


@pytest.mark.parametrize(
    ("names", "left"),
    [
        ({"r-1", "p-warga", "KNL-1"}, [None, "laporan hilang", ""]),
        ({"p-warga"}, [WHY, "laporan hilang", ""]),
        ({"p-warga", "17", "20", "21"}, [WHY, "laporan hilang", ""]),
        ({"17", *map(str, range(20, 26))}, [WHY, None, ""]),
        (set(), [WHY, "laporan hilang", ""]),
    ],
)
def test_reasons_about_nobody_else_can_be_destroyed_and_the_log_stays_whole(
    connection: sqlite3.Connection, vault: Vault, names: set[str], left: list[str | None]
) -> None:
    audit.forget_reasons(connection, names)
    assert [entry["why"] for entry in audit.entries(connection, vault, newest=False)] == left
    assert audit.verify(connection, vault) is None


def test_an_entry_goes_with_the_transaction_it_is_written_in(connection: sqlite3.Connection, vault: Vault) -> None:
    for end in ("ROLLBACK", "COMMIT"):
        connection.execute("BEGIN")
        audit.append(connection, vault, ENTRIES[1])
        connection.execute(end)
    assert [entry["seq"] for entry in audit.entries(connection, vault)] == [4, 3, 2, 1]
    assert audit.verify(connection, vault) is None


@pytest.mark.threat("P0-31")
def test_a_reason_stands_nowhere_in_clear(kept: Path) -> None:
    held = b"".join(path.read_bytes() for path in kept.rglob("*") if path.is_file())
    assert [word for word in ("Canary", "3456-789", "hilang") if word.encode() in held] == []


def test_an_entry_does_not_tell_its_reason() -> None:
    assert "Canary" not in repr(ENTRIES[0])
