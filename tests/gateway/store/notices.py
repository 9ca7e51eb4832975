"""What every store promises of notices: written with what they tell of, and each waits until it is settled."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from gateway.store.contract import About, Conflict, NoticeRow, NoticeState, Settlement
from gateway.store.filings import WholeStore
from gateway.store.notices import Line
from tests.gateway.store.rows import NOW, TETANGGA, WARGA, case, report

UNIT, MAIL = "sudin-sda-31.74", "mail"


def notice(identity: str, **changes: Any) -> NoticeRow:
    values: dict[str, Any] = {
        "case": "KNL-1",
        "unit": UNIT,
        "way": MAIL,
        "about": About.NEW,
        "created_at": NOW,
        "due_at": NOW,
    }
    return NoticeRow(id=identity, **{**values, **changes})


async def told(store: WholeStore, *notices: NoticeRow) -> None:
    await store.settle(Settlement(notices=list(notices)))


def due(store: WholeStore, now: float = NOW, limit: int = 9) -> list[str]:
    return [row.id for row in store.due_notices(MAIL, UNIT, now, limit)]


class NoticesContract:
    async def test_a_notice_is_there_with_its_case_or_not_at_all(
        self, store: WholeStore, reopen: Callable[[], Awaitable[WholeStore]]
    ) -> None:
        row = notice("t-1", about=About.REMINDER, step="act", by=NOW + 9)
        await store.settle(Settlement(cases=[case("KNL-1")], notices=[row]))
        with pytest.raises(Conflict):
            await store.settle(Settlement(cases=[case("KNL-1")], notices=[notice("t-2")]))
        await told(store, row)  # once more, as after a crash
        assert (await reopen()).due_notices(MAIL, UNIT, NOW, 9) == [row]

    async def test_what_waits_for_one_unit_in_one_way_is_told_together(self, store: WholeStore) -> None:
        await told(store, notice("t-1"), notice("t-2", way="webhook"), notice("t-3", unit="dinas"), notice("t-4"))
        assert (due(store), due(store, limit=1), due(store, NOW - 1)) == (["t-1", "t-4"], ["t-1"], [])
        assert store.notice_lines(MAIL, NOW) == [Line("dinas", NOW, False, None), Line(UNIT, NOW, False, None)]

    async def test_what_is_not_new_does_not_wait_and_what_is_for_later_does(self, store: WholeStore) -> None:
        await told(store, notice("t-1"), notice("t-2", about=About.REMINDER, due_at=NOW + 60))
        assert store.notice_lines(MAIL, NOW) == [Line(UNIT, NOW, False, None)]
        assert (due(store), due(store, NOW + 60)) == (["t-1"], ["t-1", "t-2"])
        assert store.notice_lines(MAIL, NOW + 60) == [Line(UNIT, NOW, True, None)]

    async def test_what_was_sent_is_over_and_remembered(self, store: WholeStore) -> None:
        await told(store, notice("t-1"), notice("t-2"))
        await store.settle_notices(["t-1"], NoticeState.SENT, NOW + 1)
        await store.settle_notices(["t-1"], NoticeState.DUE, NOW + 2)  # too late: it is settled
        assert (due(store), store.notice_lines(MAIL, NOW)) == (["t-2"], [Line(UNIT, NOW, False, NOW + 1)])
        await store.settle_notices(["t-2"], NoticeState.FAILED, NOW + 2, "refused")
        assert store.notice_lines(MAIL, NOW) == []

    async def test_what_failed_waits_with_all_that_comes_after_it(self, store: WholeStore) -> None:
        await told(store, notice("t-1"))
        await store.settle_notices(["t-1"], NoticeState.DUE, NOW, "away", NOW + 60)
        await told(store, notice("t-2"))
        [row] = store.due_notices(MAIL, UNIT, NOW + 60, 1)
        assert (row.tries, row.error, row.state) == (1, "away", NoticeState.DUE)
        assert store.notice_lines(MAIL, NOW) == [Line(UNIT, NOW + 60, False, None)]
        await store.hasten_notices("webhook", NOW)
        assert store.notice_lines(MAIL, NOW) == [Line(UNIT, NOW + 60, False, None)]
        await store.hasten_notices(MAIL, NOW)
        assert (store.notice_lines(MAIL, NOW), due(store)) == ([Line(UNIT, NOW, False, None)], ["t-1", "t-2"])

    async def test_a_person_may_have_one_sent_now(self, store: WholeStore) -> None:
        await told(store, notice("t-1"), notice("t-2"), notice("t-3", due_at=NOW + 60))
        await store.settle_notices(["t-1"], NoticeState.SENT, NOW)
        await store.settle_notices(["t-2"], NoticeState.FAILED, NOW, "refused")
        found = [await store.retry_notice(identity, NOW + 5) for identity in ("t-0", "t-1", "t-2")]
        assert (found, due(store, NOW + 5)) == ([None, None, MAIL], ["t-2", "t-3"])

    async def test_what_may_be_told_of_a_case_is_its_first_masked_words_and_how_many_reported(
        self, store: WholeStore
    ) -> None:
        """Who reported twice is one, and who is not known counts each time; what was joined counts with it."""
        said = [("r-1", WARGA.id), ("r-2", WARGA.id), ("r-3", TETANGGA.id), ("r-4", ""), ("r-5", "")]
        rows = [report(name, "KNL-1", by, text=f"Hubungi {WARGA.value}") for name, by in said]
        joined = case("KNL-2", joined_into="KNL-1")
        other = report("r-6", "KNL-2", "p-lain")
        await store.settle(
            Settlement(contacts=[WARGA, TETANGGA], cases=[case("KNL-1"), joined], reports=[*rows, other])
        )
        known = await store.known_of(["KNL-1", "KNL-2", "KNL-0"])
        assert {code: (one.words, one.reporters) for code, one in known.items()} == {
            "KNL-1": ("Hubungi [telepon]", 5),
            "KNL-2": ("Banjir", 1),
        }
        assert known["KNL-2"].case == joined

    async def test_how_many_wait_and_since_when_is_counted(self, store: WholeStore) -> None:
        await told(store, notice("t-1"), notice("t-2", created_at=NOW - 5, way="webhook"), notice("t-3"))
        await store.settle_notices(["t-3"], NoticeState.SENT, NOW)
        backlog = await store.backlog()
        assert (backlog.notices, backlog.oldest_notice) == ({MAIL: 1, "webhook": 1}, NOW - 5)

    async def test_a_clock_that_was_ahead_holds_no_notice_up(self, store: WholeStore) -> None:
        ahead = NOW + 86_400
        await told(store, notice("t-1", created_at=ahead, due_at=ahead), notice("t-2", due_at=ahead))
        await store.clock_was_set(-86_400, NOW)
        assert (due(store), due(store, ahead)) == (["t-1"], ["t-1", "t-2"])
