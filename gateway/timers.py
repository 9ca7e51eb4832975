"""Fires timers: a row whose time has come becomes an internal delivery, so that timers survive a restart."""

import asyncio
import time
from collections.abc import Callable, Iterable

from gateway.store.contract import Store

LONGEST_SLEEP = 5.0


async def run(store: Store, fired: Callable[[Iterable[str]], None]) -> None:
    """`fired(channels)` is told which channels have new deliveries."""
    while True:
        due = store.next_timer()
        if due is not None and due <= time.time():
            fired(await store.fire_timers(time.time()))
        await asyncio.sleep(LONGEST_SLEEP if due is None else min(LONGEST_SLEEP, max(0.05, due - time.time())))
