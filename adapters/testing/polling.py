"""The tests of an adapter that asks."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any

from adapters import Batch, ChannelError
from adapters.testing.material import RECEIVED_AT, opened
from adapters.testing.subject import OUTCOMES, Subject, needs, parsed, shows_a_secret

#: Seconds given to ask where there may be nothing new: the other side may let a question wait for a minute.
_SOON = 0.5


class PollingTests(Subject):
    @needs("poll")
    def test_what_is_asked_is_named_without_secrets(self) -> None:
        assert not shows_a_secret(self.make().source(), self.settings_with()), "source() shows a secret"

    @needs("poll")
    def test_polling(self, poll_outcome: str) -> None:
        asyncio.run(self._polls(poll_outcome))

    @needs("a batch")
    def test_asking_twice_with_one_cursor_gives_the_same_deliveries(self) -> None:
        asyncio.run(self._polls_twice())

    @needs("a batch")
    def test_going_on_from_a_cursor_may_be_cancelled(self) -> None:
        asyncio.run(self._goes_on())

    @needs("committed")
    def test_what_follows_a_poll_may_be_done_twice(self) -> None:
        asyncio.run(self._commits_twice())

    @needs("backfill")
    def test_what_was_missed_comes_in_batches_without_a_cursor(self) -> None:
        asyncio.run(self._backfills())

    async def _polls(self, outcome: str) -> None:
        expected = OUTCOMES[outcome]
        async with self.feed(outcome) as changes:
            settings = self.settings_with(**changes)
            async with opened(self.adapter(settings)) as adapter:
                with self.quiet(settings):
                    found = await _asked(adapter)
        if expected is None:
            assert isinstance(found, Batch), f"poll raised {found!r}"
            self._is_sound(found)
            assert any(parsed(adapter, one) for one in found.deliveries), "nothing that was polled can be parsed"
        else:
            assert type(found) is expected, f"poll should raise {expected.__name__}, not {found!r}"
            assert not shows_a_secret(str(found), settings), "the error shows a secret"

    async def _polls_twice(self) -> None:
        async with self.feed("ok") as changes, opened(self.make(**changes)) as adapter:
            first, second = await adapter.poll(None), await adapter.poll(None)
        assert _ids(first) == _ids(second), "what is polled with the same cursor must have the same ids"

    async def _goes_on(self) -> None:
        async with self.feed("ok") as changes, opened(self.make(**changes)) as adapter:
            first = await adapter.poll(None)
            with suppress(TimeoutError):
                self._is_sound(await asyncio.wait_for(adapter.poll(first.cursor), _SOON))

    async def _commits_twice(self) -> None:
        async with self.feed("ok") as changes, opened(self.make(**changes)) as adapter:
            batch = await adapter.poll(None)
            await adapter.committed(batch)
            await adapter.committed(batch)

    async def _backfills(self) -> None:
        async with self.feed("ok") as changes, opened(self.make(**changes)) as adapter:
            async for batch in adapter.backfill(RECEIVED_AT - timedelta(days=36_500)):
                assert batch.cursor is None, "what is fetched anew must not move the cursor"
                self._is_sound(batch)

    def _is_sound(self, batch: Batch) -> None:
        assert {one.channel for one in batch.deliveries} <= {self.adapter.kind}, "a delivery names another channel"
        assert len(set(_ids(batch))) == len(batch.deliveries), "two deliveries of a batch have the same id"
        assert batch.wait >= 0, "a batch cannot wait for less than no time"


async def _asked(adapter: Any) -> Batch | ChannelError:
    try:
        found: Batch = await adapter.poll(None)
    except ChannelError as error:
        return error
    return found


def _ids(batch: Batch) -> Sequence[str]:
    return [one.id for one in batch.deliveries]
