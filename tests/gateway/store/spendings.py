"""What every store promises of what is spent: kept with what it was spent for, or not at all, and never twice."""

import pytest

from gateway.store.contract import BadRow, ReplyOutcome, ReplyState, Settlement, Spending, Store
from tests.gateway.store.rows import CHANNEL, NOW, TETANGGA, WARGA, Reopen, delivery, reply

OTHER = "2026-12-01"


def reads(count: int, day: str = "2026-11-23", currency: str = "USD", cost: float = 0.5) -> Spending:
    return Spending(channel=CHANNEL, day=day, unit="post_read", currency=currency, count=count, cost=count * cost)


class SpendingContract:
    async def test_what_a_poll_cost_is_kept_with_what_it_brought(self, store: Store, reopen: Reopen) -> None:
        await store.append([delivery("m1")], "12", spent=[reads(2)])
        await store.append([], "13", CHANNEL, [reads(3, "2026-11-30")])
        await store.append([delivery("m2")], None, spent=[reads(1, OTHER), reads(7, currency="EUR")])
        again = await reopen()
        assert await again.cursor(CHANNEL) == "13"
        assert [again.spent_in(CHANNEL, month, "USD") for month in ("2026-10", "2026-11", "2026-12")] == [0, 2.5, 0.5]
        assert again.spent_in("mail", "2026-11", "USD") == 0

    async def test_what_cannot_be_kept_cost_nothing_yet(self, store: Store) -> None:
        with pytest.raises(BadRow):
            await store.append([delivery("m1", channel="\ud800")], "12", spent=[reads(2)])
        assert (await store.cursor(CHANNEL), store.spent_in(CHANNEL, "2026-11", "USD")) == (None, 0)

    async def test_what_an_answer_cost_is_kept_with_what_became_of_it(self, store: Store) -> None:
        await store.settle(Settlement(contacts=[WARGA, TETANGGA], replies=[reply("a-1")]))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(
            ReplyOutcome(id="a-1", state=ReplyState.SENT, at=NOW, spent=(reads(2), reads(1, OTHER)))
        )
        assert [store.spent_in(CHANNEL, month, "USD") for month in ("2026-11", "2026-12")] == [1, 0.5]
