"""Whose turn it is to have a worker."""

import asyncio
from contextlib import ExitStack

import pytest

from gateway.turns import Turns


async def has_its_turn(turns: Turns) -> bool:
    async with asyncio.timeout(0.05), turns.last():
        return True


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize(
    ("workers", "readers", "spared"),
    [(1, 0, True), (1, 1, False), (1, 5, False), (2, 0, True), (2, 1, False), (4, 2, True), (4, 3, False)],
)
async def test_what_can_wait_never_has_the_last_free_worker(workers: int, readers: int, spared: bool) -> None:
    turns = Turns(workers)
    with ExitStack() as reading:
        for _ in range(readers):
            reading.enter_context(turns.first())
        if spared:
            assert await has_its_turn(turns)
        else:
            with pytest.raises(TimeoutError):
                await has_its_turn(turns)
    assert await has_its_turn(turns)


async def test_what_can_wait_comes_one_at_a_time_and_reading_at_once() -> None:
    turns = Turns(4)
    async with turns.last():
        with pytest.raises(TimeoutError):
            await has_its_turn(turns)
        with turns.first():
            pass
    assert await has_its_turn(turns)


async def test_reading_that_failed_gives_its_turn_back() -> None:
    turns = Turns(1)
    with pytest.raises(ValueError, match="unreadable"), turns.first():
        raise ValueError("unreadable")
    assert await has_its_turn(turns)
