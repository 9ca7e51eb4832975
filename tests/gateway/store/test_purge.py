"""What was kept for long enough is forgotten, and nothing else: channel by channel, in the order it grows old."""

import os
from pathlib import Path

import msgspec
import pytest

from dedupe.fingerprint import Fingerprint
from gateway.store.contract import CaseChange, Contact, Link, MessageRow, Moved, ReplyState, ReportRow, Settlement
from gateway.store.purge import DAY, ORPHAN_SECONDS, Overdue, Retention
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from gateway.vault import CannotOpen
from tests.gateway.store.rows import (
    AT,
    CHANNEL,
    MASTER,
    NOW,
    WARGA,
    case,
    claim_all,
    delivery,
    history,
    moved,
    reply,
    report,
)
from tests.gateway.store.test_sealing import open_store

RINA = Contact("p-rina", "phone", "+6281110000002", "Rina")
LIMIT = 100
PEOPLE, LATER = Retention(0, 730), NOW + 800 * DAY


def filed(identity: str, code: str, reporter: str, pin_hash: str | None = None) -> ReportRow:
    compared = msgspec.msgpack.encode(Fingerprint(identity, reporter, NOW, words=("banjir",)))
    return msgspec.structs.replace(report(identity, code, reporter, pin_hash), fingerprint=compared)


async def kept(folder: Path) -> SqliteStore:
    """Two settled deliveries of WARGA's, whose case is closed, and one of RINA's, whose case is open; a quarantined
    one and one that waits."""
    store = open_store(folder)
    await store.append([delivery(f"m{number}", b"x" * size) for number, size in enumerate([9, 1 << 19, 9, 9, 9], 1)])
    made = Settlement(done=[1, 2, 3], contacts=[WARGA, RINA])
    made.cases = [case("KNL-1", closed_at=NOW), case("KNL-2")]
    made.reports = [
        filed("r-1", "KNL-1", WARGA.id, pin_hash="1"),
        filed("r-2", "KNL-1", WARGA.id),
        filed("r-3", "KNL-2", RINA.id),
    ]
    made.messages = [MessageRow(CHANNEL, f"m{n}", n, f"r-{n}", c.id) for n, c in ((1, WARGA), (2, WARGA), (3, RINA))]
    made.replies = [
        reply("a-1", case="KNL-1", state=ReplyState.SENT),
        reply("a-3", case="KNL-2", contact=RINA.id),
    ]
    made.links = [Link(report="r-2", kind="same", other="r-1", score=1.0, reasons=(), actor="kanal", at=NOW)]
    await store.settle(made)
    await store._writer.run(lambda connection: connection.execute(QUARANTINE))
    return store


QUARANTINE = "UPDATE deliveries SET state = 'quarantined', stage = 'parse', reason = 'odd' WHERE seq = 4"


@pytest.mark.parametrize(
    ("retention", "days", "deliveries", "reports", "contacts"),
    [
        (Retention(90, 730), 90, [], [], []),
        (Retention(90, 730), 91, [1, 2, 3], [], []),
        (Retention(0, 0), 9999, [], [], []),
        (Retention(0, 730), 729, [], [], []),
        (Retention(0, 730), 731, [1, 2, 4], ["r-1", "r-2"], [WARGA.id]),
        (Retention(90, 730), 731, [1, 2, 3, 4], ["r-1", "r-2"], [WARGA.id]),
    ],
    ids=["not yet", "raw", "for ever", "raw for ever, not yet", "people", "both"],
)
async def test_what_is_overdue(
    tmp_path: Path, retention: Retention, days: int, deliveries: list[int], reports: list[str], contacts: list[str]
) -> None:
    store = await kept(tmp_path)
    found = await store.overdue(CHANNEL, retention, NOW + days * DAY, LIMIT)
    assert (sorted(found.deliveries), found.reports, found.contacts) == (deliveries, reports, contacts)
    assert not await store.overdue("mail", retention, NOW + days * DAY, LIMIT)
    await store.close()


async def test_what_is_forgotten_cannot_be_read_again_and_the_rest_can(tmp_path: Path) -> None:
    store = await kept(tmp_path)
    found = await store.overdue(CHANNEL, Retention(90, 730), NOW + 800 * DAY, LIMIT)
    await store.forget(CHANNEL, Retention(90, 730), NOW + 800 * DAY, found)
    assert await store.empty_log()
    assert not await store.overdue(CHANNEL, Retention(90, 730), NOW + 800 * DAY, LIMIT)
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    assert (tmp_path / "kanal.db-wal").stat().st_size == 0
    first, second = store.reporters("KNL-1")
    assert [(row.report.reporter, row.pin_hash, contact) for row, contact in (first, second)] == [("", None, None)] * 2
    [(other, rina)] = store.reporters("KNL-2")
    assert (other.report.reporter, rina) == (RINA.id, RINA)
    assert [sent.id for sent, _ in await store.claim_replies(CHANNEL, NOW, 9)] == ["a-3"]
    assert [one.delivery.id for one in await claim_all(store)] == ["m5"]
    with Views(tmp_path, lambda: MASTER) as views:
        assert {row["id"]: row["text"] for row in views.replies()} == {"a-1": "", "a-3": "Kode KNL-1"}
        assert views.report("r-1") is not None
        with pytest.raises(CannotOpen, match="key was destroyed"):
            views.body(1)
    await store.append([delivery("m1")])
    assert store.waiting() == {CHANNEL: 1}, "a redelivery of what was forgotten is still known"
    await store.close()


async def test_a_person_with_another_report_stays_its_reporter(tmp_path: Path) -> None:
    store = await kept(tmp_path)
    await store.settle(Settlement(reports=[filed("r-4", "KNL-2", WARGA.id)]))
    found = await store.overdue(CHANNEL, Retention(0, 730), NOW + 800 * DAY, LIMIT)
    assert (found.reports, found.contacts) == (["r-1", "r-2"], [])
    await store.forget(CHANNEL, Retention(0, 730), NOW + 800 * DAY, found)
    assert [contact for _, contact in store.reporters("KNL-2")] == [RINA, WARGA]
    await store.close()


async def purge(store: SqliteStore, retention: Retention = PEOPLE) -> Overdue:
    found = await store.overdue(CHANNEL, retention, LATER, LIMIT)
    return await store.forget(CHANNEL, retention, LATER, found)


async def left(store: SqliteStore) -> list[str]:
    """The replies that can still be opened."""
    sql = "SELECT id FROM replies WHERE key IS NOT NULL OR sealed IS NOT NULL ORDER BY id"
    return [row[0] for row in await store.read(lambda reader: reader.execute(sql).fetchall())]


async def test_what_was_told_of_a_case_under_other_codes_goes_with_it(tmp_path: Path) -> None:
    """KNL-1 was joined into KNL-3, RINA's, and parted again; r-2 was parted off into KNL-4."""
    store = await kept(tmp_path)
    await store.settle(
        Settlement(
            cases=[case("KNL-3"), case("KNL-4", closed_at=NOW)],
            reports=[filed("r-4", "KNL-3", RINA.id), filed("r-5", "KNL-2", WARGA.id)],
            moved=[Moved("r-2", "KNL-4", None)],
            history=[
                history("KNL-1", "joined", into="KNL-3"),
                history("KNL-4", "opened", report="r-2", parted_from="KNL-1"),
            ],
            replies=[
                reply("n-1", case="KNL-3", state=ReplyState.SENT),
                reply("n-2", case="KNL-3", contact=RINA.id, state=ReplyState.SENT),
                reply("n-4", case="KNL-4", state=ReplyState.SENT),
                reply("n-5", case="KNL-2", state=ReplyState.SENT),
            ],
        )
    )
    assert sorted((await purge(store)).replies) == ["a-1", "n-1", "n-4"]
    assert await left(store) == ["a-3", "n-2", "n-5"], "RINA's, and WARGA's of a report that is kept"
    await store.close()


async def test_all_that_was_told_to_a_person_goes_with_the_last_report(tmp_path: Path) -> None:
    store = await kept(tmp_path)
    await store.settle(Settlement(replies=[reply("s-1", case=None), reply("s-2", case="KNL-2")]))
    assert sorted((await purge(store)).replies) == ["a-1", "s-1", "s-2"]
    assert await left(store) == ["a-3"]
    await store.close()


async def test_a_reply_to_a_person_who_is_not_kept_is_withheld_and_holds_up_none(tmp_path: Path) -> None:
    store = await kept(tmp_path)
    await store._writer.run(lambda connection: connection.execute("DELETE FROM contacts WHERE id = ?", (WARGA.id,)))
    await store.settle(Settlement(replies=[reply("s-1", case=None), reply("s-2", case="KNL-2")]))
    claimed = [[sent.id for sent, _ in await store.claim_replies(CHANNEL, NOW, 9)] for _ in range(3)]
    assert (claimed, store.next_due(CHANNEL)) == ([["a-3"], [], []], None)
    assert await left(store) == ["a-1", "a-3"]
    await store.close()


@pytest.mark.parametrize(
    ("meanwhile", "reports", "deliveries"),
    [
        (Settlement(changes=[CaseChange(code="KNL-1", expected="menunggu", closed_at=0.0)]), [], [4]),
        (Settlement(released=[4]), ["r-1", "r-2"], [1, 2]),
        (Settlement(released=[1]), ["r-1", "r-2"], [2, 4]),
    ],
    ids=["a case was reopened", "a delivery was released", "a delivery is replayed"],
)
async def test_what_changed_since_it_was_found_is_looked_at_again(
    tmp_path: Path, meanwhile: Settlement, reports: list[str], deliveries: list[int]
) -> None:
    store = await kept(tmp_path)
    found = await store.overdue(CHANNEL, PEOPLE, LATER, LIMIT)
    await store.settle(meanwhile)
    still = await store.forget(CHANNEL, PEOPLE, LATER, found)
    assert (still.reports, sorted(still.deliveries)) == (reports, deliveries)
    names = [(row.report.reporter, contact) for row, contact in store.reporters("KNL-1")]
    assert names == [("", None) if reports else (WARGA.id, WARGA)] * 2
    await store.close()


@pytest.mark.parametrize(
    ("other", "deliveries"),
    [
        (MessageRow(CHANNEL, "m1+", 1, None, WARGA.id), [1, 2, 4]),
        (MessageRow(CHANNEL, "m1+", 1, "r-2", WARGA.id), [1, 2, 4]),
        (MessageRow(CHANNEL, "m1+", 1, "r-3", RINA.id), [2, 4]),
        (MessageRow(CHANNEL, "m1+", 1, None, RINA.id), [2, 4]),
    ],
    ids=["the same person", "a report that goes too", "a report that is kept", "somebody else"],
)
async def test_with_a_report_go_the_bytes_it_came_in_by_unless_others_share_them(
    tmp_path: Path, other: MessageRow, deliveries: list[int]
) -> None:
    store = await kept(tmp_path)
    await store.settle(Settlement(messages=[other]))
    assert sorted((await purge(store, Retention(0, 730))).deliveries) == deliveries
    await store.close()


async def test_files_that_nothing_names_are_removed_once_they_are_old(tmp_path: Path) -> None:
    store = await kept(tmp_path)
    proof = await store.keep(b"foto")
    digest = {"proof": proof, "from": "proses", "to": "selesai-diusulkan"}
    await store.settle(Settlement(history=[moved("KNL-1", **digest)]))
    orphan, young = tmp_path / "blobs" / "ab" / "abcd", tmp_path / "blobs" / "ab" / "abce"
    orphan.parent.mkdir(exist_ok=True)
    for path in (orphan, young):
        path.write_bytes(b"")
    now = AT.timestamp() + 10 * ORPHAN_SECONDS
    for path in (tmp_path / "blobs").rglob("*"):
        os.utime(path, (now, now) if path == young else (NOW, NOW))
    assert (await store.orphans(now, remove=False), orphan.exists()) == (1, True)
    assert (await store.orphans(now, remove=True), orphan.exists(), young.exists()) == (1, False, True)
    assert len([path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]) == 3
    await store.close()
