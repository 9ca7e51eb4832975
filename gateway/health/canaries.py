"""Sends canaries where a channel can write to itself, and tells where they do not come in."""

import asyncio

from adapters import Address, ChannelError, Reply, Sends
from gateway import listening
from gateway.channels import Channel
from gateway.describe import describe
from gateway.health import canary
from gateway.health.canary import MINUTE, Pseudonym
from gateway.health.condition import State

#: So many are sent in the time in which one has to come in.
TIMES = 3


class Canaries:
    def __init__(self, pseudonym: Pseudonym) -> None:
        self._pseudonym = pseudonym
        self._since: dict[str, tuple[Channel, float]] = {}
        self._due: dict[str, float] = {}
        self._faults: dict[str, str] = {}
        self._sending: dict[str, asyncio.Task[None]] = {}

    def look(self, channel: Channel, now: float) -> None:
        """Nobody waits for one where there is to be none, or where a person holds the channel."""
        seconds = channel.settings.canary_minutes * MINUTE
        if not seconds or channel.is_held:
            self._since.pop(channel.name, None)
            channel.part("canary").is_now(State.OK)
            return
        since = max(self._waits_since(channel, now), channel.canary_at or 0.0)
        if now - since > seconds:
            channel.part("canary").is_now(State.DOWN, self._faults.get(channel.name, ""), "canary", since=since)
        else:
            channel.part("canary").is_now(State.OK)
        if channel.settings.canary_to and now >= self._due.get(channel.name, 0.0):
            self._due[channel.name] = now + seconds / TIMES
            self._send(channel, now)

    def _waits_since(self, channel: Channel, now: float) -> float:
        """One that was made anew, since its settings changed, has all its time again."""
        known, since = self._since.get(channel.name, (None, now))
        if known is not channel:
            self._since[channel.name] = channel, now
            return now
        return since

    def _send(self, channel: Channel, now: float) -> None:
        if channel.name not in self._sending:
            task = asyncio.create_task(self._sent(channel, canary.text(self._pseudonym, channel.name, now)))
            self._sending[channel.name] = task
            task.add_done_callback(lambda _: self._sending.pop(channel.name, None))

    async def _sent(self, channel: Channel, text: str) -> None:
        kinds = listening.reached(channel.adapter)
        if not kinds or not isinstance(channel.adapter, Sends):
            self._faults[channel.name] = "it cannot write to canary_to: bring canaries to it from outside"
            return
        to = Address(kinds[0], channel.settings.canary_to)
        try:
            await channel.adapter.send(Reply(id=text, channel=channel.name, to=to, text=text, subject="kanal-canary"))
        except ChannelError as error:
            self._faults[channel.name] = str(error)
        except Exception as error:
            self._faults[channel.name] = describe(error)
        else:
            self._faults.pop(channel.name, None)

    async def stop(self) -> None:
        tasks = list(self._sending.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
