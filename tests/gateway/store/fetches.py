"""What every store promises of files that are to be fetched."""

import pytest

from gateway.store.contract import Settlement
from gateway.store.fetches import FetchState
from gateway.store.filings import WholeStore
from gateway.store.settlement import FetchDue, FetchLost
from tests.gateway.store.rows import CHANNEL, NOW

HOUR, YEAR = 3600.0, 365 * 86_400.0
LAST_WEEK = NOW - 7 * 86_400.0


async def wanting(store: WholeStore, *names: str, at: float = NOW) -> None:
    await store.settle(Settlement(fetches=[FetchDue(name, CHANNEL, "r-1", at) for name in names]))


def due(store: WholeStore, at: float = NOW) -> list[str]:
    return [one.id for one in store.due_fetches(CHANNEL, at, 9)]


class FetchesContract:
    async def test_what_is_to_be_fetched_is_due_once(self, store: WholeStore) -> None:
        await wanting(store, "f-1", "f-2")
        await wanting(store, "f-1", at=LAST_WEEK)
        assert due(store) == ["f-1", "f-2"]
        assert store.due_fetches("mail", NOW, 9) == []
        assert len(store.due_fetches(CHANNEL, NOW, 1)) == 1
        assert due(store, NOW - 1) == []
        assert store.next_fetch(CHANNEL) == NOW
        found = store.fetch("f-1")
        assert found and (found.report, found.state, found.since, found.tries) == ("r-1", FetchState.DUE, NOW, 0)

    async def test_what_failed_waits_for_its_time_and_can_be_hastened(self, store: WholeStore) -> None:
        await wanting(store, "f-1")
        await store.put_off_fetch("f-1", NOW + HOUR, "it answers 503")
        assert due(store) == []
        assert store.next_fetch(CHANNEL) == NOW + HOUR
        await store.hasten_fetches("mail", NOW)
        assert due(store) == []
        await store.hasten_fetches(CHANNEL, NOW)
        [found] = store.due_fetches(CHANNEL, NOW, 9)
        assert (found.tries, found.since) == (1, NOW)

    async def test_what_ended_is_not_tried_again(self, store: WholeStore) -> None:
        await wanting(store, "f-1", "f-2", "f-3", "f-4")
        await store.end_fetch("f-1", FetchState.FETCHED)
        await store.end_fetch("f-2")
        await store.settle(Settlement(fetched=["f-3"], lost=[FetchLost("f-4", "it is gone")]))
        await store.put_off_fetch("f-1", NOW, "too late")
        await store.hasten_fetches(CHANNEL, NOW)
        await wanting(store, "f-1", "f-4")
        assert due(store) == []
        states = [found and found.state for found in map(store.fetch, ("f-1", "f-2", "f-3", "f-4"))]
        assert states == [FetchState.FETCHED, None, None, FetchState.LOST]
        waits = (await store.waiting_fetches())[CHANNEL]
        assert (waits.due, waits.oldest, waits.lost) == (1, NOW, 1)

    async def test_what_was_lost_can_be_asked_for_again(self, store: WholeStore) -> None:
        fetches = [FetchDue(name, CHANNEL, report, LAST_WEEK) for name, report in (("f-1", "r-1"), ("f-2", "r-2"))]
        await store.settle(Settlement(fetches=[*fetches, FetchDue("f-3", "mail", "r-1", LAST_WEEK)]))
        await store.put_off_fetch("f-1", LAST_WEEK, "it answers 503")
        await store.settle(Settlement(lost=[FetchLost(name, "it is gone") for name in ("f-1", "f-2", "f-3")]))
        assert await store.refetch(["elsewhere"], None, NOW) == []
        assert await store.refetch([CHANNEL, "mail"], ["r-3"], NOW) == []
        assert await store.refetch([CHANNEL], ["r-1"], NOW) == [CHANNEL]
        found = store.fetch("f-1")
        assert found and (found.state, found.since, found.tries) == (FetchState.DUE, NOW, 0)
        assert due(store) == ["f-1"]
        assert sorted(await store.refetch([CHANNEL, "mail"], None, NOW)) == sorted([CHANNEL, "mail"])
        assert due(store) == ["f-1", "f-2"]

    @pytest.mark.threat("P0-12")
    async def test_no_file_waits_for_a_clock_that_was_ahead(self, store: WholeStore) -> None:
        await wanting(store, "f-1", at=NOW + YEAR)
        await store.clock_was_set(-YEAR, NOW)
        [found] = store.due_fetches(CHANNEL, NOW, 9)
        assert found.since == NOW
