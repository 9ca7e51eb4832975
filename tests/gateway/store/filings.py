"""What every store promises of filings: each is due until the outside has it, and again with every change."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from gateway.cases import Status
from gateway.casestore import Forget, News
from gateway.store.contract import Amended, CaseChange, Conflict, FilingDue, Heard, Moved, Settlement
from gateway.store.filings import Filing, FilingOutcome, FilingState, Sent, WholeStore
from tests.gateway.store.rows import NOW, case, opening, report

CRM = "crm"
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
Reopened = Callable[[], Awaitable[WholeStore]]


async def opens(store: WholeStore, *codes: str, at: float = NOW, into: str = CRM) -> None:
    rows = [(case(code), report(f"r-{code}", code), FilingDue(code, into, at)) for code in codes]
    await store.settle(
        Settlement(cases=[row[0] for row in rows], reports=[row[1] for row in rows], filings=[row[2] for row in rows])
    )


async def claimed(store: WholeStore, into: str = CRM, at: float = NOW, limit: int = 9) -> list[str]:
    return [one.case for one in await store.claim_filings(into, at, limit)]


async def one_claimed(store: WholeStore, at: float = NOW) -> Filing:
    (filing,) = await store.claim_filings(CRM, at, 9)
    return filing


def filed(code: str = "KNL-1", number: str | None = "JK1", version: int = 1, **changes: Any) -> FilingOutcome:
    values: dict[str, Any] = {"state": FilingState.FILED, "at": NOW, "told": {f"r-{code}": 1}, "sent": Sent.MASKED}
    return FilingOutcome(case=code, store=CRM, version=version, number=number, **{**values, **changes})


def failed(code: str = "KNL-1", at: float = NOW + 5, **changes: Any) -> FilingOutcome:
    values: dict[str, Any] = {"state": FilingState.DUE, "at": NOW, "due_at": at, "error": "down"}
    return FilingOutcome(case=code, store=CRM, version=1, **{**values, **changes})


async def has_filed(store: WholeStore, *codes: str) -> None:
    """Under JK and the digits of the code."""
    await opens(store, *codes)
    await store.claim_filings(CRM, NOW, 9)
    await store.settle_filings([filed(code, f"JK{code[4:]}") for code in codes])


def told(number: str = "JK1", order: int = 1, **changes: Any) -> News:
    return News(number=number, at=AT, order=order, status=Status.PROSES, **changes)


async def numbers_of_news(store: WholeStore) -> list[str]:
    return [row.news.number for row in await store.due_news(CRM, 9)]


CHANGES = {
    "another report": lambda: Settlement(reports=[report("r-2", "KNL-1")]),
    "a move": lambda: Settlement(changes=[CaseChange(code="KNL-1", expected="menunggu", status="proses")]),
    "an amended report": lambda: Settlement(
        amended=[Amended(report("r-KNL-1", "KNL-1", version=2), "Banjir", "Kemang")]
    ),
    "a case joined into it": lambda: Settlement(
        changes=[CaseChange(code="KNL-2", expected="menunggu", joined_into="KNL-1")]
    ),
    "a report that leaves it": lambda: Settlement(moved=[Moved("r-KNL-1", "KNL-2")]),
    "a report that comes to it": lambda: Settlement(moved=[Moved("r-KNL-2", "KNL-1")]),
}


class FilingsContract:
    async def test_a_new_case_is_due_in_the_transaction_that_opens_it(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        with pytest.raises(Conflict):
            await opens(store, "KNL-1", "KNL-2")
        assert store.next_filing(CRM) == NOW
        assert await claimed(store) == ["KNL-1"]

    async def test_due_filings_are_claimed_once_oldest_first_and_by_case_store(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        await opens(store, "KNL-2", at=NOW - 1)
        await opens(store, "KNL-3", at=NOW + 1)
        await opens(store, "KNL-4", into="other")
        assert await claimed(store) == ["KNL-2", "KNL-1"]
        assert await claimed(store) == []
        assert store.next_filing(CRM) == NOW + 1
        assert await claimed(store, "other") == ["KNL-4"]
        assert await claimed(store, at=NOW + 1, limit=1) == ["KNL-3"]

    async def test_what_was_under_way_at_the_last_end_is_due_again(self, store: WholeStore, reopen: Reopened) -> None:
        await opens(store, "KNL-1")
        await store.claim_filings(CRM, NOW, 9)
        again = await reopen()
        assert await again.recover_filings(CRM, NOW) == 1
        filing = await one_claimed(again)
        assert (filing.case, filing.version, filing.tries, filing.number) == ("KNL-1", 1, 2, None)

    async def test_a_filed_case_is_found_by_its_number_however_it_is_written(self, store: WholeStore) -> None:
        await has_filed(store, "KNL-1", "KNL-2")
        assert [row.code for row in store.numbered(" jk1")] == ["KNL-1"]
        assert (store.numbered("JK3"), store.numbered("JK1", "other")) == ([], [])
        assert dict(store.numbers_of("KNL-1")) == {CRM: "JK1"}
        assert store.next_filing(CRM) is None

    async def test_a_number_of_two_case_stores_leads_to_both_cases(self, store: WholeStore) -> None:
        await has_filed(store, "KNL-1")
        await opens(store, "KNL-2", into="other")
        await store.claim_filings("other", NOW, 9)
        await store.settle_filings([msgspec.structs.replace(filed("KNL-2", "JK1"), store="other")])
        assert {row.code for row in store.numbered("JK1")} == {"KNL-1", "KNL-2"}
        assert [row.code for row in store.numbered("JK1", "other")] == ["KNL-2"]

    @pytest.mark.parametrize("change", list(CHANGES.values()), ids=list(CHANGES))
    async def test_a_change_makes_what_is_filed_due_again_with_a_higher_version(
        self, store: WholeStore, change: Callable[[], Settlement]
    ) -> None:
        await has_filed(store, "KNL-1", "KNL-2")
        await store.settle(change())
        found = {one.case: one for one in await store.claim_filings(CRM, 2 * NOW, 9)}
        one = found["KNL-1"]
        assert (one.version, one.filed_version, one.number, one.told) == (2, 1, "JK1", {"r-KNL-1": 1})

    async def test_a_change_is_not_told_to_whom_it_came_from(self, store: WholeStore) -> None:
        await has_filed(store, "KNL-1")
        moved = CaseChange(code="KNL-1", expected="menunggu", status="proses")
        await store.settle(Settlement(changes=[moved], told_by=CRM))
        assert store.next_filing(CRM) is None

    async def test_what_changes_while_it_is_filed_is_due_again_at_once(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        await store.claim_filings(CRM, NOW, 9)
        await store.settle(CHANGES["a move"]())
        assert await claimed(store, at=2 * NOW) == []
        await store.settle_filings([filed()])
        again = await one_claimed(store, 2 * NOW)
        assert (again.version, again.filed_version) == (2, 1)

    async def test_a_failed_try_is_due_later_and_keeps_its_token(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        await store.claim_filings(CRM, NOW, 9)
        await store.settle_filings([failed(token="t-1")])
        assert await claimed(store) == []
        again = await one_claimed(store, NOW + 5)
        assert (again.tries, again.token, again.since) == (2, "t-1", NOW)

    async def test_once_an_outage_is_over_all_that_failed_is_due(self, store: WholeStore) -> None:
        await opens(store, "KNL-1", "KNL-2")
        await store.claim_filings(CRM, NOW, 9)
        await store.settle_filings([failed(at=NOW + 600), failed("KNL-2", NOW + 600)])
        assert await store.hasten_filings(CRM, NOW) == 0
        assert await claimed(store) == ["KNL-1", "KNL-2"]

    async def test_what_waited_for_too_long_is_set_aside_and_comes_back_when_the_outage_is_over(
        self, store: WholeStore
    ) -> None:
        await opens(store, "KNL-1")
        await opens(store, "KNL-2", at=NOW + 60)
        assert await store.give_up_filings(CRM, NOW + 1, "down for days") == 1
        assert await claimed(store, at=NOW + 60) == ["KNL-2"]
        assert (await store.waiting_filings())[CRM].aside == 1
        assert await store.hasten_filings(CRM, NOW) == 1
        assert await claimed(store) == ["KNL-1"]

    async def test_what_was_refused_waits_for_a_person(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        await store.claim_filings(CRM, NOW, 9)
        await store.settle_filings([failed(state=FilingState.ASIDE, due_at=None)])
        assert await store.hasten_filings(CRM, NOW) == 0
        assert await claimed(store) == []
        assert await store.retry_filings(None, "KNL-1", NOW) == [CRM]
        assert await claimed(store) == ["KNL-1"]

    async def test_a_cancelled_filing_stays_so_until_somebody_retries_it(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        assert await store.cancel_filing(CRM, "KNL-1")
        assert not await store.cancel_filing(CRM, "KNL-1")
        await store.settle(CHANGES["a move"]())
        assert await claimed(store, at=2 * NOW) == []
        assert await store.retry_filings(CRM, None, NOW) == [CRM]
        assert await claimed(store) == ["KNL-1"]

    async def test_what_the_outside_lost_is_filed_again_and_after_three_times_set_aside(
        self, store: WholeStore
    ) -> None:
        await opens(store, "KNL-1")
        for _ in range(2):
            await store.claim_filings(CRM, NOW, 9)
            await store.settle_filings([filed(confirm_at=NOW + 1)])
            assert store.unconfirmed(CRM, NOW, 9) == []
            assert [one.number for one in store.unconfirmed(CRM, NOW + 1, 9)] == ["JK1"]
            await store.confirm_filings(CRM, [], ["KNL-1"], NOW)
            assert store.unconfirmed(CRM, NOW + 1, 9) == []
        await store.claim_filings(CRM, NOW, 9)
        await store.settle_filings([filed(confirm_at=NOW + 1)])
        await store.confirm_filings(CRM, [], ["KNL-1"], NOW)
        assert (await store.waiting_filings())[CRM].aside == 1

    async def test_what_the_outside_knows_is_not_asked_for_again(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        await store.claim_filings(CRM, NOW, 9)
        await store.settle_filings([filed(confirm_at=NOW + 1)])
        await store.confirm_filings(CRM, ["KNL-1"], [], NOW)
        assert store.unconfirmed(CRM, 2 * NOW, 9) == []

    async def test_what_waits_is_counted_by_case_store(self, store: WholeStore) -> None:
        await opens(store, "KNL-1", "KNL-2")
        await opens(store, "KNL-3", at=NOW - 5, into="other")
        await store.claim_filings(CRM, NOW, 1)
        found = await store.waiting_filings()
        assert {name: (one.due, one.oldest, one.aside) for name, one in found.items()} == {
            CRM: (2, NOW, 0),
            "other": (1, NOW - 5, 0),
        }

    async def test_news_are_kept_once_and_in_their_order(self, store: WholeStore, reopen: Reopened) -> None:
        await has_filed(store, "KNL-1")
        assert await store.keep_news(CRM, [told(order=1), told(order=2)], "c-2", NOW) == 2
        assert await store.keep_news(CRM, [told(order=2), told(order=3), told(order=1)], None, NOW) == 1
        again = await reopen()
        assert [row.news for row in await again.due_news(CRM, 9)] == [told(order=1), told(order=2), told(order=3)]
        assert again.news_cursor(CRM) == "c-2"
        assert (again.news_cursor("other"), await again.due_news("other", 9)) == (None, [])

    async def test_news_with_an_id_are_known_by_it(self, store: WholeStore) -> None:
        assert await store.keep_news(CRM, [told(id="n-1", note="a"), told(id="n-1", note="b")], None, NOW) == 1

    async def test_news_are_taken_over_once(self, store: WholeStore) -> None:
        await has_filed(store, "KNL-1")
        await store.keep_news(CRM, [told()], None, NOW)
        (row,) = await store.due_news(CRM, 9)
        taken = Settlement(heard=[Heard(row.seq, CRM, "KNL-1", 7.0)])
        await store.settle(taken)
        assert (await store.due_news(CRM, 9), store.stamp(CRM, "KNL-1")) == ([], 7.0)
        with pytest.raises(Conflict):
            await store.settle(taken)
        assert await store.keep_news(CRM, [told()], None, NOW) == 0

    async def test_a_newer_stamp_is_not_overwritten(self, store: WholeStore) -> None:
        await has_filed(store, "KNL-1")
        await store.keep_news(CRM, [told(order=1), told(order=2)], None, NOW)
        older, newer = await store.due_news(CRM, 9)
        await store.settle(Settlement(heard=[Heard(newer.seq, CRM, "KNL-1", 2.0)]))
        await store.settle(Settlement(heard=[Heard(older.seq, CRM, "KNL-1", 1.0)]))
        assert store.stamp(CRM, "KNL-1") == 2.0

    async def test_news_that_come_before_the_number_wait_for_it(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        await store.keep_news(CRM, [told("JK1"), told("JK9")], None, NOW)
        await store.set_news_aside([row.seq for row in await store.due_news(CRM, 9)])
        assert await numbers_of_news(store) == []
        await store.claim_filings(CRM, NOW, 9)
        await store.settle_filings([filed(number="jk1")])
        assert await numbers_of_news(store) == ["JK1"]

    async def test_news_that_nobody_ever_knew_are_forgotten(self, store: WholeStore) -> None:
        await store.keep_news(CRM, [told("JK9")], None, NOW)
        await store.set_news_aside([row.seq for row in await store.due_news(CRM, 9)])
        assert await store.forget_news(NOW) == 0
        assert await store.forget_news(NOW + 1) == 1

    async def test_nothing_is_asked_of_a_store_without_case_stores(self, store: WholeStore) -> None:
        await store.settle(opening(1))
        assert (store.next_filing(CRM), dict(await store.waiting_filings())) == (None, {})
        assert (store.stamp(CRM, "KNL-1"), store.filed_in(CRM, "KNL-1")) == (None, False)

    async def test_a_filing_starts_with_nothing_to_forget(self, store: WholeStore) -> None:
        await opens(store, "KNL-1")
        assert (await one_claimed(store)).forget is Forget.NOTHING
