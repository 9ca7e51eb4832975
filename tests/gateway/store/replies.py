"""What every store promises of replies: each is sent until settled, and the newest word of it stands."""

import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest

from adapters import Delivered, Status
from gateway.store.contract import (
    Also,
    Conflict,
    Contact,
    PassedOn,
    ReplyOutcome,
    ReplyState,
    Settlement,
    Spending,
    Store,
)
from tests.gateway.store.rows import CHANNEL, NOW, TETANGGA, WARGA, Reopen, case, reply, report


async def owing(store: Store, *replies: Any) -> None:
    await store.settle(Settlement(contacts=[WARGA, TETANGGA], replies=list(replies)))


SEGMENTS = (Spending(channel=CHANNEL, day="2026-11-23", unit="segment", currency="IDR", count=2, cost=700.0),)


def sent(identity: str = "a-1", **changes: Any) -> ReplyOutcome:
    values: dict[str, Any] = {"state": ReplyState.SENT, "at": NOW, "external_id": "x-1", "spent": SEGMENTS}
    return ReplyOutcome(id=identity, **{**values, **changes})


def word(state: str, of: str = "x-1") -> Settlement:
    return Settlement(statuses=[Status(CHANNEL, of, Delivered(state), "why" if state == "failed" else None)])


#: In the order in which they outweigh each other.
WORDS = ("sent", "failed", "delivered", "read")
LAIN = Contact("p-lain", "email", "warga@example.org")
States = Callable[[], list[str]]


class RepliesContract:
    async def test_any_text_in_the_words_of_a_channel_is_kept(self, store: Store, states: States) -> None:
        odd = "a\ud800b"
        await store.settle(Settlement(contacts=[WARGA], replies=[reply("a-1")]))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(sent(state=ReplyState.FAILED, external_id=odd, error=odd))
        assert states() == ["failed"]
        words = [Status(CHANNEL, one, Delivered.FAILED, odd) for one in (odd, "a-1", "unknown")]
        await store.settle(Settlement(statuses=words))
        assert states() == ["failed"]

    async def test_due_replies_are_claimed_once_oldest_first_with_whom_they_are_for(
        self, store: Store, states: States
    ) -> None:
        later = reply("a-3", due_at=NOW + 1, contact="p-lain")
        await owing(store, reply("a-1"), reply("a-2", due_at=NOW - 1, contact=TETANGGA.id), later)
        assert store.next_due(CHANNEL) == NOW - 1
        claimed = await store.claim_replies(CHANNEL, NOW, 9)
        assert [(row.id, contact) for row, contact in claimed] == [("a-2", TETANGGA), ("a-1", WARGA)]
        assert await store.claim_replies(CHANNEL, NOW, 9) == []
        assert states() == ["due", "sending", "sending"]
        assert store.next_due(CHANNEL) == NOW + 1

    async def test_who_is_owed_several_replies_is_told_one_after_the_other(self, store: Store) -> None:
        await owing(store, reply("a-1"), reply("a-2"), reply("a-3", contact=TETANGGA.id), reply("a-4", channel="mail"))
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, NOW, 9)] == ["a-1", "a-3"]
        assert (store.next_due(CHANNEL), await store.claim_replies(CHANNEL, NOW, 9)) == (None, [])
        await store.settle_reply(sent(state=ReplyState.DUE, due_at=NOW + 5, external_id=None))
        assert store.next_due(CHANNEL) == NOW + 5
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, NOW + 5, 9)] == ["a-1"]
        await store.settle_reply(sent())
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, NOW, 9)] == ["a-2"]

    async def test_what_waits_for_the_morning_holds_no_answer_back_but_what_is_tried_again_does(
        self, store: Store
    ) -> None:
        morning = NOW + 3600
        await owing(store, reply("a-1", due_at=morning), reply("a-2"), reply("a-3", due_at=morning))
        assert store.next_due(CHANNEL) == NOW
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, NOW, 9)] == ["a-2"]
        await store.settle_reply(sent("a-2", state=ReplyState.DUE, due_at=NOW + 60))
        await owing(store, reply("a-4"))
        assert await store.claim_replies(CHANNEL, NOW, 9) == []
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, NOW + 60, 9)] == ["a-2"]
        await store.settle_reply(sent("a-2"))
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, NOW + 60, 9)] == ["a-4"]
        await store.settle_reply(sent("a-4"))
        assert [row.id for row, _ in await store.claim_replies(CHANNEL, morning, 9)] == ["a-1"]

    async def test_a_claim_of_replies_is_limited_and_of_one_channel(self, store: Store) -> None:
        await owing(store, reply("a-1"), reply("a-2"), reply("a-3", channel="mail"))
        assert len(await store.claim_replies(CHANNEL, NOW, 1)) == 1
        assert [row.id for row, _ in await store.claim_replies("mail", NOW, 9)] == ["a-3"]

    async def test_a_reply_comes_back_as_it_was_given(self, store: Store) -> None:
        given = reply("a-1", subject="Banjir", in_reply_to="<m>", references=("<a>", "<b>"), public=True)
        await owing(store, given)
        ((row, _),) = await store.claim_replies(CHANNEL, NOW, 9)
        assert row == given

    @pytest.mark.parametrize("state", [ReplyState.KEPT, ReplyState.WITHHELD, ReplyState.UNCERTAIN])
    async def test_what_is_not_due_is_not_claimed(self, store: Store, state: ReplyState) -> None:
        await owing(store, reply("a-1", state=state))
        assert await store.claim_replies(CHANNEL, NOW, 9) == []

    async def test_public_and_private_ones_are_claimed_apart_and_what_left_is_known(self, store: Store) -> None:
        await owing(store, reply("a-1", public=True), reply("a-2", contact=TETANGGA.id))
        (private,) = await store.claim_replies(CHANNEL, NOW, 9, public=False)
        await store.settle_reply(sent("a-2", at=NOW + 1))
        (public,) = await store.claim_replies(CHANNEL, NOW, 9, public=True)
        await store.settle_reply(sent("a-1", at=NOW + 2, external_id="x-2"))
        assert (private[0].id, public[0].id) == ("a-2", "a-1")
        assert await store.left_since(CHANNEL, NOW) == [(NOW + 1, False), (NOW + 2, True)]
        assert await store.left_since(CHANNEL, NOW + 2) == [(NOW + 2, True)]

    async def test_a_settled_attempt_is_kept(self, store: Store, states: States) -> None:
        await owing(store, reply("a-1"))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(sent())
        assert states() == ["sent"]

    async def test_a_failed_attempt_is_due_again_later(self, store: Store) -> None:
        await owing(store, reply("a-1"))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(sent(state=ReplyState.DUE, due_at=NOW + 5, external_id=None, error="down"))
        assert await store.claim_replies(CHANNEL, NOW, 9) == []
        ((row, _),) = await store.claim_replies(CHANNEL, NOW + 5, 9)
        assert (row.tries, row.error, row.cost) == (1, "down", 2)

    @pytest.mark.parametrize("state", [ReplyState.DUE, ReplyState.UNCERTAIN])
    async def test_what_was_under_way_at_the_last_end_is_recovered(
        self, store: Store, states: States, reopen: Reopen, state: ReplyState
    ) -> None:
        await owing(store, reply("a-1"), reply("a-2", channel="mail"), reply("a-3", state=ReplyState.KEPT))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.claim_replies("mail", NOW, 9)
        again = await reopen()
        assert await again.recover_replies(CHANNEL, state, NOW) == 1
        assert states() == sorted([state, "sending", "kept"])

    @pytest.mark.parametrize("known_as", ["a-1", "x-1"], ids=["our id", "the channel's id"])
    @pytest.mark.parametrize("receipt", range(4), ids=["first", "second", "third", "last"])
    @pytest.mark.parametrize("begun", [True, False], ids=["under way", "uncertain"])
    async def test_in_whatever_order_words_and_receipt_come_the_same_word_stands_in_the_end(
        self, store: Store, states: States, known_as: str, receipt: int, begun: bool
    ) -> None:
        """Each pair of words and each three, repeated or not."""
        orders = [*itertools.product(WORDS, repeat=2), *itertools.permutations(WORDS, 3)]
        for number, words in enumerate(orders):
            ours, theirs = f"a-{number}", f"x-{number}"
            await owing(store, reply(ours, state=ReplyState.DUE if begun else ReplyState.UNCERTAIN))
            await store.claim_replies(CHANNEL, NOW, 9)
            steps = [word(one, ours if known_as == "a-1" else theirs) for one in words]
            for step in steps[:receipt]:
                await store.settle(step)
            await store.settle_reply(sent(ours, external_id=theirs))
            for step in steps[receipt:]:
                await store.settle(step)
        assert states() == sorted(max(words, key=WORDS.index) for words in orders)

    async def test_a_reply_that_is_sent_again_does_not_fail_by_what_is_said_of_the_attempt_before(
        self, store: Store, states: States
    ) -> None:
        await owing(store, reply("a-1"))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(sent())
        await store.settle(word("failed"))
        await store.settle(Settlement(resent=["a-1"]))
        await store.settle(word("failed"))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle_reply(sent(external_id="x-2"))
        assert states() == ["sent"]
        await store.settle(word("delivered", "x-2"))
        assert states() == ["delivered"]

    @pytest.mark.parametrize("state", ["failed", "kept"])
    async def test_what_went_astray_is_passed_on_once(self, store: Store, states: States, state: str) -> None:
        made = Settlement(contacts=[WARGA, TETANGGA, LAIN], cases=[case("KNL-1")])
        made.reports = [report("r-1", "KNL-1", WARGA.id)]
        made.also = [Also("r-1", TETANGGA.id), Also("r-1", LAIN.id), Also("r-1", TETANGGA.id)]
        made.replies = [
            reply("a-1", state=ReplyState(state), report="r-1"),
            reply("a-2", report="r-1"),
            reply("a-3", state=ReplyState(state), report="r-1", created_at=NOW - 9),
        ]
        await store.settle(made)
        (astray,) = store.astray(NOW - 5, 9)
        assert (astray.reply, astray.addresses) == (made.replies[0], (WARGA, TETANGGA, LAIN))
        instead = reply("f-1", contact=LAIN.id, report="r-1", instead_of="a-1", state=ReplyState(state))
        await store.settle(Settlement(replies=[instead], passed_on=[PassedOn("a-1", "f-1")]))
        (astray,) = store.astray(NOW - 5, 9)
        assert (astray.id, astray.first and astray.first.id) == ("f-1", "a-1")
        assert [one.id for one in store.astray(0, 9)] == ["a-3", "f-1"]
        assert [one.id for one in store.astray(0, 9, kept=False)] == (["a-3", "f-1"] if state == "failed" else [])
        await store.settle(Settlement(passed_on=[PassedOn("a-3"), PassedOn("f-1")]))
        assert store.astray(0, 9) == []
        for again in ("a-1", "a-2", "a-3", "f-1"):
            with pytest.raises(Conflict):
                await store.settle(Settlement(passed_on=[PassedOn(again)]))
        assert states() == sorted([state] * 3 + ["due"])

    async def test_what_is_put_off_does_not_wait_yet(self, store: Store) -> None:
        tomorrow = time.time() + 86_400
        later = [reply("a-2", due_at=tomorrow), reply("a-3", due_at=tomorrow, tries=1, created_at=NOW - 5)]
        await owing(store, reply("a-1"), *later)
        backlog = await store.backlog()
        assert (backlog.replies, backlog.oldest_reply) == ({CHANNEL: 2}, NOW)

    async def test_what_could_be_said_nowhere_can_be_said_later(self, store: Store) -> None:
        failed: dict[str, Any] = {"state": ReplyState.FAILED, "report": "r-1"}
        names = ("a-1", "a-2", "a-3", "a-4", "a-5", "a-6")
        instead = [reply(f"f-{name}", instead_of=name, contact=TETANGGA.id, **failed) for name in names[4:]]
        await owing(store, *[reply(name, **failed) for name in names], reply("b-1", talk="t-1", **failed), *instead)
        await store.settle(Settlement(statuses=[Status(CHANNEL, "f-a-6", Delivered.DELIVERED)]))
        given_up = [PassedOn(name, f"f-{name}" if name in names[4:] else "") for name in (*names[1:], "b-1")]
        await store.settle(Settlement(passed_on=given_up))
        assert store.unsent(CHANNEL, WARGA.id) == ["a-5", "a-4", "a-3"]
        assert (store.unsent("mail", WARGA.id), store.unsent(CHANNEL, TETANGGA.id)) == ([], [])
        await store.settle(Settlement(resent=["a-3", "a-4", "a-5"]))
        assert store.unsent(CHANNEL, WARGA.id) == ["a-2"]

    async def test_which_reports_were_not_answered_is_known(self, store: Store) -> None:
        silent: dict[str, Any] = {"state": ReplyState.WITHHELD, "about": "received"}
        old, said = reply("a-1", case="KNL-1", **silent | {"created_at": NOW - 9}), reply("a-2", case="KNL-2")
        await owing(store, old, said, reply("a-3", case="KNL-3", **silent), reply("a-4", case="KNL-3", **silent))
        assert store.untold(CHANNEL, WARGA.id, NOW - 1) == ["KNL-3"]
        assert (store.untold("mail", WARGA.id, 0), store.untold(CHANNEL, TETANGGA.id, 0)) == ([], [])

    async def test_when_it_failed_counts_and_not_when_it_was_written(self, store: Store) -> None:
        await owing(store, reply("a-1", report="r-1", created_at=NOW - 99_999), reply("a-2", report="r-2"))
        await store.settle(word("failed", "a-1"))
        assert [one.id for one in store.astray(time.time() - 60, 9)] == ["a-1"]

    @pytest.mark.parametrize("known_as", ["a-1", "x-1"])
    async def test_a_word_that_comes_before_the_receipt_is_kept(
        self, store: Store, states: States, reopen: Reopen, known_as: str
    ) -> None:
        await owing(store, reply("a-1"))
        await store.claim_replies(CHANNEL, NOW, 9)
        await store.settle(word("delivered", known_as))
        again = await reopen()
        await again.settle_reply(sent())
        assert states() == ["delivered"]
        await again.settle(word("read"))
        assert states() == ["read"]

    async def test_a_word_on_another_channels_reply_changes_nothing(self, store: Store, states: States) -> None:
        await owing(store, reply("a-1", channel="mail"))
        await store.settle(word("delivered", "a-1"))
        assert states() == ["due"]

    @pytest.mark.parametrize(
        ("state", "after"), [("failed", "due"), ("uncertain", "due"), ("kept", "due"), ("due", "due"), ("sent", None)]
    )
    async def test_a_reply_is_sent_again_where_that_makes_sense(
        self, store: Store, states: States, state: str, after: str | None
    ) -> None:
        await owing(store, reply("a-1", state=ReplyState(state)))
        if after:
            await store.settle(Settlement(resent=["a-1"]))
        else:
            with pytest.raises(Conflict):
                await store.settle(Settlement(resent=["a-1"]))
        assert states() == [after or state]

    async def test_answers_are_counted_by_contact_and_day_but_not_those_withheld(self, store: Store) -> None:
        old = reply("a-3", created_at=NOW - 90_000)
        other = reply("a-4", contact="p-lain")
        ahead = reply("a-5", created_at=NOW + 90_000)
        await owing(store, reply("a-1"), reply("a-2", state=ReplyState.WITHHELD), old, other, ahead)
        assert dict(store.sent_between([WARGA.id], NOW - 86_400, NOW)) == {WARGA.id: 1}
