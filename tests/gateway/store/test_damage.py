"""A row or a key that the disk damaged is lost alone: what stands beside it goes on."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from gateway.store import viewing
from gateway.store.connecting import FILE
from gateway.store.contract import Entry, PartRow, Settlement, StoreUnavailable, TimerRow
from gateway.store.purge import ORPHAN_SECONDS
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from normalizer.message import Attachment
from tests.gateway.store.rows import (
    CHANNEL,
    MASTER,
    NOW,
    TETANGGA,
    WARGA,
    case,
    claim_all,
    delivery,
    moved,
    reply,
    report,
)
from tests.gateway.store.test_sealing import open_store

LOST = "zeroblob(60)"
OTHER_MASTER = bytes(reversed(MASTER))
ROTATION = Entry(actor="camat", action="rotate")


def damage(folder: Path, *statements: str) -> None:
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0


def timer(identity: str, channel: str = CHANNEL) -> TimerRow:
    return TimerRow(id=identity, channel=channel, due_at=NOW, body=identity.encode())


async def test_a_damaged_timer_stops_no_other(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await store.settle(Settlement(timers=[timer("a"), timer("b"), timer("c", "mail")]))
    damage(tmp_path, f"UPDATE timers SET sealed = {LOST} WHERE rowid = 1")
    assert await store.fire_timers(NOW + 1) == {CHANNEL, "mail"}
    assert [one.delivery.body for one in await claim_all(store)] == [b"b"]
    assert store.next_timer() is None
    await store.close()


def piece(number: int, at: float = NOW, reference: str = "+62811:7") -> PartRow:
    said = f'{{"text":"{number}","part":{{"reference":"{reference}","number":{number},"of":3}}}}'
    return PartRow(channel=CHANNEL, reference=reference, number=number, of=3, seq=number, message=said.encode(), at=at)


async def test_of_pieces_the_damaged_one_is_left_out_until_it_comes_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    await store.settle(Settlement(parts=[piece(1), piece(2), piece(3)]))
    damage(tmp_path, f"UPDATE parts SET sealed = {LOST} WHERE number = 2")
    assert store.parts(CHANNEL, "+62811:7") == [piece(1), piece(3)]
    await store.settle(Settlement(parts=[piece(2)]))
    assert store.parts(CHANNEL, "+62811:7") == [piece(1), piece(2), piece(3)]
    await store.close()


async def test_stale_pieces_are_those_of_texts_that_got_no_other(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    fresh = [piece(1, NOW, "+62812:1"), piece(2, NOW + 9, "+62812:1")]
    await store.settle(Settlement(parts=[piece(1, NOW), piece(2, NOW + 1), piece(3, NOW), *fresh]))
    damage(tmp_path, f"UPDATE parts SET key = {LOST} WHERE number = 3")
    assert store.stale_parts(NOW + 2) == [piece(1, NOW), piece(2, NOW + 1)]
    await store.close()


@pytest.mark.parametrize("column", ["key", "sealed"])
async def test_of_a_damaged_report_remains_what_stands_in_clear(tmp_path: Path, column: str) -> None:
    store = open_store(tmp_path)
    filed = report("r-1", "KNL-1", WARGA.id, pin_hash="1", text="Banjir, hubungi +6281234509876")
    others = [report("r-2", "KNL-1", TETANGGA.id, pin_hash="2")]
    await store.settle(Settlement(contacts=[WARGA, TETANGGA], cases=[case("KNL-1")], reports=[filed, *others]))
    damage(tmp_path, f"UPDATE reports SET {column} = {LOST} WHERE id = 'r-1'")
    (lost, nobody), (kept, tetangga) = store.reporters("KNL-1")
    assert (lost.report, nobody) == (lost.masked, None)
    assert "6281234509876" not in lost.report.text
    assert (kept.report, tetangga) == (others[0].report, TETANGGA)
    assert [row.report.id for row in store.pins("KNL-1")] == ["r-1", "r-2"]
    assert store.report("r-1") == lost
    await store.close()


async def test_a_reporter_whose_address_is_damaged_is_nobody(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    reports = [report("r-1", "KNL-1", WARGA.id), report("r-2", "KNL-1", TETANGGA.id)]
    await store.settle(Settlement(contacts=[WARGA, TETANGGA], cases=[case("KNL-1")], reports=reports))
    damage(tmp_path, f"UPDATE contacts SET sealed = {LOST} WHERE id = '{WARGA.id}'")
    assert store.reporters("KNL-1") == [(store.report("r-1"), None), (store.report("r-2"), TETANGGA)]
    await store.close()


async def test_a_damaged_old_key_costs_what_it_sealed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    store = open_store(tmp_path)
    await store.append([delivery("m1")])
    await store.rotate(OTHER_MASTER, ROTATION)
    await store.append([delivery("m2")])
    await store.close()
    damage(tmp_path, f"UPDATE keyring SET wrapped = {LOST} WHERE name = 'epoch-1'")
    again = SqliteStore(tmp_path, OTHER_MASTER, lambda death: None)
    assert [(one.seq, one.lost) for one in await claim_all(again)] == [(1, True), (2, False)]
    with pytest.raises(StoreUnavailable, match="epoch-1"):
        await again.rotate(MASTER, ROTATION)
    await again.close()
    said = "".join(capsys.readouterr())
    assert "the keyring is damaged on the disk" in said
    assert "epoch-1" in said


@pytest.mark.parametrize("name", ["lookup", "epoch-2"])
async def test_without_the_keys_in_use_nothing_is_opened_and_it_is_said_why(tmp_path: Path, name: str) -> None:
    store = open_store(tmp_path)
    await store.rotate(OTHER_MASTER, ROTATION)
    await store.close()
    damage(tmp_path, f"UPDATE keyring SET wrapped = {LOST} WHERE name = '{name}'")
    with pytest.raises(StoreUnavailable, match=rf"keyring is damaged on the disk \({name}\)"):
        SqliteStore(tmp_path, OTHER_MASTER, lambda death: None)
    with Views(tmp_path, lambda: MASTER) as views, pytest.raises(StoreUnavailable, match="not the one"):
        views.vault.new()


async def test_a_file_kept_again_is_young_again(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    digest = await store.keep(b"foto")
    path = tmp_path / "blobs" / digest[:2] / digest
    os.utime(path, (NOW, NOW))
    old = path.stat().st_mtime + 2 * ORPHAN_SECONDS
    assert await store.orphans(old, remove=False) == 1
    await store.keep(b"foto")
    assert path.stat().st_mtime != NOW
    await store.close()


async def test_what_is_asked_on_the_event_loop_is_found_by_an_index(tmp_path: Path) -> None:
    """At 600,000 deliveries a look at each would take a tenth of a second. SQLite counts its steps: ten times the rows
    cost no more of them."""
    store = open_store(tmp_path)
    steps: list[tuple[int, int]] = []
    for many in (300, 3000):
        await store.append([delivery(f"m{many}-{number}") for number in range(many)])
        history = [moved("KNL-1", proof=f"{many}-{number}") for number in range(many)]
        replies = [reply(f"a-{many}-{number}") for number in range(many)]
        await store.settle(Settlement(history=history, replies=replies))
        steps.append((counted(store, store.known_channels), counted(store, lambda: store.proven_by("300-7"))))
    assert store.known_channels() == [CHANNEL]
    assert store.proven_by("300-7") == ["KNL-1"]
    assert steps[1] == steps[0]
    assert (await store.backlog()).replies == {CHANNEL: 3300}
    await store.close()


def counted(store: SqliteStore, ask: object) -> int:
    """How many steps of SQLite's machine a question takes, once the schema is read."""
    assert callable(ask)
    ask()
    count = 0

    def step() -> int:
        nonlocal count
        count += 1
        return 0

    store._reader.set_progress_handler(step, 1)
    try:
        ask()
    finally:
        store._reader.set_progress_handler(None, 1)
    return count


@pytest.mark.threat("P2-44")
@pytest.mark.parametrize("column", ["key", "sealed"])
async def test_a_damaged_report_keeps_no_other_from_being_doubted(
    tmp_path: Path, column: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(viewing, "DOUBTED_AT_ONCE", 2)
    store = open_store(tmp_path)
    names = [f"r-{number}" for number in range(5)]
    photo = Attachment(name=None, media_type="image/jpeg", size=3, digest="ab" * 32)
    reports = [report(name, "KNL-1", attachments=(photo,)) for name in names]
    await store.settle(Settlement(cases=[case("KNL-1")], reports=reports))
    damage(tmp_path, f"UPDATE reports SET {column} = {LOST} WHERE id = 'r-1'")
    before = sealed(tmp_path)
    [file] = store.due_files(4e9, 9)
    await store.change_file(file)
    assert sealed(tmp_path) == before
    await store.change_file(file, ("malware:Eicar",))
    assert [row.report.triage for name in names if (row := store.report(name))] == [("malware:Eicar",)] * 5
    after = sealed(tmp_path)
    assert [name for name in names if after[name] != before[name]] == ["r-0", "r-2", "r-3", "r-4"]
    await store.change_file(file, ("malware:Eicar",))
    assert sealed(tmp_path) == after
    await store.close()


def sealed(folder: Path) -> dict[str, bytes]:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        return dict(connection.execute("SELECT id, sealed FROM reports"))
