"""Waiting for much of what is cheap, and turns in a pass of the event loop."""

import asyncio

import pytest

from adapters.patience import Patience, Turns


async def waits(patience: Patience, address: str) -> bool:
    try:
        await asyncio.wait_for(patience.spend(address), 0.2)
    except TimeoutError:
        return True
    return False


async def test_each_source_has_some_at_once_and_then_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.patience.PAUSE", 30)
    patience = Patience(at_once=3, per_second=0.01)
    assert [await waits(patience, f"2001:db8::{host}") for host in range(1, 5)] == [False, False, False, True]
    assert not await waits(patience, "192.0.2.1")


async def test_the_connections_of_one_source_share_its_turns() -> None:
    turns, taken = Turns(in_a_pass=2), []

    async def connection(source: str) -> None:
        await turns.take(source)
        taken.append(source)

    connections = [asyncio.create_task(connection("many")) for _ in range(9)]
    connections.append(asyncio.create_task(connection("one")))
    while "one" not in taken:
        await asyncio.sleep(0)
    assert taken.count("many") <= 4
    await asyncio.gather(*connections)
    assert taken.count("many") == 9
