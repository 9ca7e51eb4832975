"""Talks are forgotten in time and erased with whom and what they are about; and shown to who goes on with them."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest

from gateway.bot.state import Answer, Memory, State, Talk
from gateway.store import erase, full, person
from gateway.store.account import Account
from gateway.store.connecting import FILE
from gateway.store.contract import CaseChange, MessageRow, ReplyState, Settlement, TalkMode
from gateway.store.erase import Erasure
from gateway.store.purge import DAY, Overdue, Retention
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.gateway.store.rows import CHANNEL, MASTER, NOW, TETANGGA, WARGA, case, delivery, reply
from tests.gateway.store.talks import talk
from tests.gateway.store.test_damage import LOST, damage
from tests.gateway.store.test_purge import RINA, filed
from tests.gateway.store.test_sealing import open_store

ENDED, PERSON = TalkMode.ENDED, TalkMode.PERSON
KEPT = Retention(0, 730)
#: By id: WARGA's about the report r-1 of the closed case KNL-1, RINA's about the open KNL-2, TETANGGA's about nothing.
TALKS = [
    talk("t-warga", case="KNL-1", report="r-1", mode=ENDED),
    talk("t-rina", case="KNL-2", report="r-2", contact=RINA.id, mode=ENDED),
    talk("t-tetangga", contact=TETANGGA.id),
]


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    """Each has sent a message and was given an answer in a talk; TETANGGA's message is no report."""
    store = open_store(tmp_path)
    await store.append([delivery(f"m{number}", b"%d" % number) for number in (1, 2, 3)])
    made = Settlement(done=[1, 2, 3], contacts=[WARGA, RINA, TETANGGA], talks=TALKS)
    made.cases = [case("KNL-1", closed_at=NOW), case("KNL-2")]
    made.reports = [filed("r-1", "KNL-1", WARGA.id), filed("r-2", "KNL-2", RINA.id)]
    people = ((1, "r-1", WARGA), (2, "r-2", RINA), (3, None, TETANGGA))
    made.messages = [MessageRow(CHANNEL, f"m{number}", number, about, who.id) for number, about, who in people]
    made.replies = [
        reply(f"b-{one.id}", case=one.case, contact=one.contact, talk=one.id, state=ReplyState.SENT, text="PIN 123456")
        for one in TALKS
    ]
    made.stopped = [TETANGGA.id]
    await store.settle(made)
    yield store
    await store.close()


async def purged(store: SqliteStore, days: float, kept: Retention = KEPT) -> Overdue:
    now = NOW + days * DAY
    return await store.forget(CHANNEL, kept, now, await store.overdue(CHANNEL, kept, now, 9))


async def left(store: SqliteStore, sql: str) -> set[str]:
    found: list[tuple[str]] = await store.read(lambda reader: reader.execute(sql).fetchall())
    return {row[0] for row in found}


async def readable(store: SqliteStore) -> set[str]:
    return await left(store, "SELECT id FROM replies WHERE key IS NOT NULL")


def test_tables_hold_nothing_of_what_was_said(store: SqliteStore, tmp_path: Path) -> None:
    assert not [file for file in tmp_path.glob("kanal.db*") if b"di mana?" in file.read_bytes()]


@pytest.mark.parametrize(("days", "gone"), [(29, []), (31, []), (730, []), (731, ["t-tetangga", "t-warga"])], ids=str)
async def test_talks_go_with_their_reports_or_when_nothing_was_said_for_as_long(
    store: SqliteStore, days: int, gone: list[str]
) -> None:
    assert sorted((await purged(store, days)).talks) == gone
    assert sorted(store.talks([one.id for one in TALKS])) == sorted({one.id for one in TALKS} - set(gone))


@pytest.mark.parametrize(("mode", "about"), [(PERSON, None), (TalkMode.OPEN, None), (ENDED, "KNL-2"), (ENDED, None)])
async def test_one_that_ended_and_was_about_no_case_goes_after_a_month(
    store: SqliteStore, mode: TalkMode, about: str | None
) -> None:
    changed = talk("t-tetangga", contact=TETANGGA.id, version=2, mode=mode, case=about)
    await store.settle(Settlement(talks=[changed]))
    goes = mode is ENDED and about is None
    assert (await purged(store, 31)).talks == (["t-tetangga"] if goes else [])
    assert await readable(store) == {"b-t-warga", "b-t-rina"} | (set() if goes else {"b-t-tetangga"})


async def test_who_is_in_no_report_goes_with_their_last_talk_and_what_they_said_and_were_told(
    store: SqliteStore,
) -> None:
    found = await purged(store, 731)
    assert (sorted(found.contacts), sorted(found.deliveries)) == ([TETANGGA.id, WARGA.id], [1, 3])
    assert await readable(store) == {"b-t-rina"}
    assert await left(store, "SELECT id FROM contacts") == {RINA.id}
    assert await left(store, "SELECT coalesce(talk, '') FROM replies") == {"", "t-rina"}
    assert store.has_stopped([TETANGGA.id]) == set()


async def test_who_talked_lately_is_known_although_their_report_is_forgotten(store: SqliteStore) -> None:
    lately = talk("t-new", heard_at=NOW + 730 * DAY)
    await store.settle(Settlement(talks=[lately]))
    found = await purged(store, 731)
    assert (found.reports, found.contacts, store.talk("t-new")) == (["r-1"], [TETANGGA.id], lately)


async def test_a_talk_about_an_open_case_goes_on(store: SqliteStore) -> None:
    assert (await purged(store, 9999)).talks == ["t-tetangga", "t-warga"]
    await store.settle(Settlement(changes=[CaseChange(code="KNL-2", expected="menunggu", closed_at=NOW + 9000 * DAY)]))
    assert (await purged(store, 9999)).talks == ["t-rina"]


async def test_for_ever_is_for_ever(store: SqliteStore) -> None:
    assert not await purged(store, 9999, Retention(0, 0))


async def erased(store: SqliteStore, what: Erasure) -> None:
    await store.destroy(lambda connection: erase.erase(connection, what)[0])


@pytest.mark.parametrize(
    ("who", "talks", "replies"),
    [(WARGA, {"t-rina", "t-tetangga"}, {"b-t-rina", "b-t-tetangga"}), (TETANGGA, {"t-rina", "t-warga"}, set())],
)
async def test_a_person_is_erased_with_all_talks(
    store: SqliteStore, who: Any, talks: set[str], replies: set[str]
) -> None:
    what = await store.read(lambda reader: erase.of_person(reader, person.sent_by(reader, [who], ())))
    assert set(what.talks) < what.names()
    await erased(store, what)
    assert await left(store, "SELECT id FROM talks") == talks
    assert await readable(store) == (replies or {"b-t-warga", "b-t-rina"})
    assert store.has_stopped([who.id]) == set()


async def test_a_case_is_erased_with_all_talks_about_it(store: SqliteStore) -> None:
    """Also with that of who only asked how it stands."""
    asks = talk("t-asks", contact=RINA.id, case="KNL-1", mode=ENDED)
    await store.settle(Settlement(talks=[asks], replies=[reply("b-asks", contact=RINA.id, talk="t-asks", case=None)]))
    await erased(store, await store.read(lambda reader: erase.of_case(reader, "KNL-1")))
    assert await left(store, "SELECT id FROM talks") == {"t-rina", "t-tetangga"}
    assert await readable(store) == {"b-t-rina", "b-t-tetangga"}
    assert await left(store, "SELECT id FROM contacts") == {RINA.id, TETANGGA.id}


async def test_who_was_erased_begins_anew(store: SqliteStore) -> None:
    what = await store.read(lambda reader: erase.of_person(reader, person.sent_by(reader, [TETANGGA], ())))
    await erased(store, what)
    await store.settle(Settlement(contacts=[TETANGGA], talks=[TALKS[2]]))
    assert store.talk("t-tetangga") == TALKS[2]


REMEMBERED = Memory(
    language="id",
    state=State(
        dialogue="report",
        version="1",
        talk=Talk(words="banjir nih"),
        answers=(Answer("where", "kp melayu", b"\xc0"), Answer("case", "", b"\xc0")),
        notice_at=NOW,
    ),
)


async def test_a_person_reads_what_the_bot_remembers(store: SqliteStore, tmp_path: Path) -> None:
    memory = msgspec.msgpack.encode(REMEMBERED)
    await store.settle(Settlement(talks=[talk("t-tetangga", contact=TETANGGA.id, version=2, memory=memory)]))
    with Views(tmp_path, lambda: MASTER) as views:
        found = person.sent_by(views.connection, [TETANGGA], ())
        account = Account(views.connection, views.vault, views.blobs, lambda *_: None).of(found)
        [who], [told] = account["person"], account["talks"]
    assert who["wants_no_news_since"].startswith("20")
    assert (told["id"], told["language"], told["heard_at"]) == ("t-tetangga", "id", "2026-11-01T02:26:40+00:00")
    answers = {"words": "banjir nih", "answers": {"where": "kp melayu"}, "notice_at": "2026-11-01T02:26:40+00:00"}
    assert told["dialogues"] == [{"dialogue": "report"} | answers]


@pytest.mark.parametrize("column", ["key", "sealed"])
async def test_a_damaged_talk_has_forgotten_all_and_goes_on(store: SqliteStore, tmp_path: Path, column: str) -> None:
    damage(tmp_path, f"UPDATE talks SET {column} = {LOST} WHERE id = 't-tetangga'")
    assert store.talk("t-tetangga") == msgspec.structs.replace(TALKS[2], memory=b"")
    with Views(tmp_path, lambda: MASTER) as views:
        found = person.sent_by(views.connection, [TETANGGA], ())
        [told] = Account(views.connection, views.vault, views.blobs, lambda *_: None).of(found)["talks"]
    assert told["gone"] == "it is damaged on the disk"
    goes_on = talk("t-tetangga", contact=TETANGGA.id, version=2)
    await store.settle(Settlement(talks=[goes_on]))
    assert store.talk("t-tetangga") == goes_on


async def test_who_goes_on_with_a_talk_sees_what_was_said_in_order(store: SqliteStore, tmp_path: Path) -> None:
    later = [
        reply("n-1", case="KNL-1", created_at=NOW + 9),
        reply("n-2", talk="t-other"),
        reply("n-3", channel="mail"),
    ]
    asks = [talk(f"t-{days}", mode=PERSON, since=NOW - days, why="asked") for days in (1, 2)]
    await store.settle(Settlement(replies=later, talks=asks))
    with Views(tmp_path, lambda: MASTER) as views:
        assert [row["id"] for row in views.talks(mode=PERSON)] == ["t-2", "t-1"]
        assert [row["id"] for row in views.talks(limit=2)] == ["t-tetangga", "t-rina"]
        assert not list(views.talks(channel="mail"))
        shown = views.talk("t-warga")
        assert shown and (shown["mode"], shown["case"], "contact" in shown) == ("ended", "KNL-1", False)
        said = views.said_in("t-warga")
        assert [row.get("id", row.get("seq")) for row in said] == [1, "b-t-warga", "n-1"]
        assert "123456" not in str(said)
        who = full.talk(views.connection, views.vault, "t-warga")
        assert (who["with"], who["with_address"]) == (WARGA.id, WARGA.value)
        assert (views.talk("t-0"), views.said_in("t-0")) == (None, [])


async def test_a_talk_of_a_time_when_the_clock_was_ahead_was_heard_now(store: SqliteStore, tmp_path: Path) -> None:
    await store.clock_was_set(-9.0, NOW - 9)
    found = store.talk("t-warga")
    assert found and (found.since, found.heard_at) == (NOW - 9, NOW - 9)


def test_talks_are_found_without_looking_at_all_of_them(store: SqliteStore, tmp_path: Path) -> None:
    """There may be a hundred thousand."""
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        for where in ("id IN (SELECT value FROM json_each('[]'))", "contact = ''", "report = ''", "mode = 'person'"):
            plan = str(connection.execute(f"EXPLAIN QUERY PLAN SELECT 1 FROM talks WHERE {where}").fetchall())
            assert "SEARCH talks" in plan or "USING INDEX talks_handed_over" in plan, where
