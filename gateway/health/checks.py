"""Asks the servers of channels that nothing else asks, about once an hour: a token may run out, or a webhook be
switched off, while nobody writes. One that cannot be reached is asked again soon."""

import asyncio
import random

from adapters import Checks, Unauthorized
from gateway import asking, listening
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.health.condition import State
from gateway.health.gap import SERVER

EVERY_SECONDS, AGAIN_SECONDS = 3600.0, 60.0
#: Each of these times is longer or shorter by as much, so that not all are asked at once.
JITTER = 0.2


class Checking:
    def __init__(self, channel_log: ChannelLog) -> None:
        self._log = channel_log
        self._due: dict[str, float] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    def look(self, channel: Channel, now: float) -> None:
        """Ask it if it is time to. One that is asked for its messages shows by that how it fares."""
        if not isinstance(channel.adapter, Checks) or listening.asked(channel.adapter):
            return
        if now >= self._due.setdefault(channel.name, now + _spread()) and channel.name not in self._asking:
            self._due[channel.name] = now + _spread()
            task = asyncio.create_task(self._ask(channel, now))
            self._asking[channel.name] = task
            task.add_done_callback(lambda _: self._asking.pop(channel.name, None))

    def hurry(self, channel: str) -> None:
        """A person has changed something: ask at the next look."""
        self._due[channel] = 0.0

    async def _ask(self, channel: Channel, now: float) -> None:
        """Another adapter asks, so that the one at work goes on undisturbed."""
        other = listening.built(channel.settings)
        fault = (
            await asking.ask(other, self._log.exchange(channel.name, "check")) if isinstance(other, Checks) else None
        )
        server = channel.part(SERVER)
        if fault is None:
            server.is_now(State.OK)
        elif isinstance(fault, Unauthorized):
            server.is_now(State.PAUSED, str(fault), "unauthorized")
        else:
            server.is_now(State.DOWN, str(fault), "checked")
            self._due[channel.name] = min(self._due[channel.name], now + _spread(AGAIN_SECONDS))

    async def stop(self) -> None:
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _spread(seconds: float = EVERY_SECONDS) -> float:
    return seconds * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 spreads load, guards nothing
