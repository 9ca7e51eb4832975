"""What every store promises of the clock: where it was wrong, nothing waits for it to be there again."""

import pytest

from adapters import Delivered, Status
from gateway.store.contract import ReplyState, Settlement, Store, TimerRow
from tests.gateway.store.replies import States, owing, sent
from tests.gateway.store.rows import CHANNEL, NOW, TETANGGA, claim_all, reply

HOUR, YEAR = 3600.0, 365 * 86_400.0


def timer(due_at: float, name: str = "parts") -> Settlement:
    return Settlement(timers=[TimerRow(id=name, channel=CHANNEL, due_at=due_at, body=b"{}")])


async def claimed(store: Store, at: float) -> list[str]:
    return [row.id for row, _ in await store.claim_replies(CHANNEL, at, 9)]


class ClockContract:
    async def test_what_failed_is_hastened_into_its_old_place(self, store: Store) -> None:
        await owing(store, reply("a-1"), reply("a-2", contact=TETANGGA.id, created_at=NOW + 1, due_at=NOW + 1))
        assert await claimed(store, NOW) == ["a-1"]
        await store.settle_reply(sent(state=ReplyState.DUE, due_at=NOW + HOUR))
        await store.hasten_replies("mail", NOW + 2)
        assert store.next_due(CHANNEL) == NOW + 1
        await store.hasten_replies(CHANNEL, NOW + 2)
        assert await claimed(store, NOW + 2) == ["a-1", "a-2"]

    async def test_what_was_never_tried_is_not_hastened(self, store: Store) -> None:
        await owing(store, reply("a-1", due_at=NOW + HOUR))
        await store.hasten_replies(CHANNEL, NOW)
        assert store.next_due(CHANNEL) == NOW + HOUR

    @pytest.mark.threat("P0-12")
    async def test_a_timer_lasts_as_long_as_it_was_set_for_when_the_clock_goes_ahead(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.time", lambda: NOW)
        await store.settle(timer(NOW + 600))
        await store.clock_was_set(YEAR, NOW + YEAR + 60)
        assert store.next_timer() == NOW + YEAR + 600
        assert await store.fire_timers(NOW + YEAR + 601) == {CHANNEL}
        assert len(await claim_all(store)) == 1

    @pytest.mark.threat("P0-12")
    @pytest.mark.parametrize("back", [YEAR, 2 * HOUR], ids=["a year", "two hours"])
    async def test_a_timer_counts_anew_when_the_clock_goes_back(
        self, store: Store, back: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One that was set just after that is right as it is."""
        now = NOW - back
        for name, at in (("before", NOW), ("after", now)):
            monkeypatch.setattr("time.time", lambda at=at: at)
            await store.settle(timer(at + 600, name))
        await store.clock_was_set(-back, now + 1)
        assert store.next_timer() == now + 600
        await store.fire_timers(now + 600)
        assert store.next_timer() == now + 601

    @pytest.mark.threat("P0-12")
    @pytest.mark.parametrize("told", [0.0, YEAR], ids=["since the last start", "just before it was noticed"])
    async def test_a_timer_set_while_the_clock_was_ahead_counts_from_now(
        self, store: Store, told: float, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("time.time", lambda: NOW + YEAR - told)
        await store.settle(timer(NOW + YEAR - told + 600))
        await store.clock_was_set(told, NOW)
        assert store.next_timer() == NOW + 600

    @pytest.mark.threat("P0-12")
    async def test_a_reply_from_the_future_is_due_after_its_own_duration(self, store: Store) -> None:
        ahead, later = {"created_at": NOW + YEAR}, NOW + YEAR + 5
        await owing(store, reply("a-1", due_at=NOW + YEAR, **ahead))
        await owing(store, reply("a-2", due_at=later, contact=TETANGGA.id, **ahead))
        await store.clock_was_set(0.0, NOW)
        assert await claimed(store, NOW) == ["a-1"]
        assert store.next_due(CHANNEL) == NOW + 5

    @pytest.mark.threat("P0-12")
    async def test_a_reply_that_failed_while_the_clock_was_ahead_is_due_after_its_back_off(self, store: Store) -> None:
        await owing(store, reply("a-1"))
        await claimed(store, NOW + YEAR)
        await store.settle_reply(sent(state=ReplyState.DUE, at=NOW + YEAR, due_at=NOW + YEAR + 40))
        for _ in range(2):
            await store.clock_was_set(-YEAR, NOW)
            assert store.next_due(CHANNEL) == NOW + 40

    @pytest.mark.threat("P0-12")
    async def test_what_waits_for_its_time_with_the_clock_right_is_left_alone(self, store: Store) -> None:
        await owing(store, reply("a-1", due_at=NOW + HOUR))
        await store.clock_was_set(0.0, NOW)
        assert store.next_due(CHANNEL) == NOW + HOUR

    async def test_a_word_on_a_reply_that_nobody_knows_is_forgotten_after_a_time(
        self, store: Store, states: States, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """One that is too old is not applied to a reply that gets its id later; a newer one is."""
        for name, at in (("x-old", NOW - HOUR), ("x-new", NOW + HOUR)):
            monkeypatch.setattr("time.time", lambda at=at: at)
            await store.settle(Settlement(statuses=[Status(CHANNEL, name, Delivered.READ)]))
        await store.forget_statuses(NOW)
        await owing(store, reply("a-old"), reply("a-new", contact=TETANGGA.id))
        await claimed(store, NOW)
        for name in ("old", "new"):
            await store.settle_reply(sent(f"a-{name}", external_id=f"x-{name}"))
        assert states() == ["read", "sent"]
