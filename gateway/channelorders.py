"""What people do with channels: pause one, go on with it, and ask its server whether it can be used.

By a paused channel nothing is sent; what comes in is taken and kept as ever, and what is to be said waits.
"""

import time
from collections.abc import Awaitable, Callable, Iterable, Mapping

from gateway import asking, listening
from gateway.channel_log import ChannelLog
from gateway.channels import Channel
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.health import canary
from gateway.store.contract import Entry, StoreUnavailable
from gateway.store.sqlite import SqliteStore
from gateway.suggest import did_you_mean


class ChannelOrders:
    """`channels` gives those in force; `hurry` sends what waits for them."""

    def __init__(
        self,
        store: SqliteStore,
        channels: Callable[[], Mapping[str, Channel]],
        hurry: Callable[[Iterable[str]], None],
        channel_log: ChannelLog | None = None,
    ) -> None:
        self._log = channel_log or ChannelLog(store)
        self._store = store
        self._channels = channels
        self._hurry = hurry

    def verbs(self) -> dict[str, Verb]:
        """What pages and commands may ask for, by name."""
        return {
            "pause_channel": self.pause,
            "resume_channel": self.resume,
            "test_channel": self.test,
            "canary": self.canary,
        }

    async def pause(self, channel: str, actor: str) -> dict[str, object]:
        """Send nothing by a channel until it is resumed, also after a restart."""
        found = self._find(channel)
        await self._kept(self._store.pause(channel, time.time(), _entry("pause a channel", channel, actor)))
        found.is_held = True
        return {"channel": channel, "held": True}

    async def resume(self, channel: str, actor: str) -> dict[str, object]:
        """Send again; what waits leaves at once."""
        found = self._find(channel)
        await self._kept(self._store.resume(channel, _entry("resume a channel", channel, actor)))
        found.is_held = False
        self._hurry([channel])
        return {"channel": channel, "held": False}

    async def test(self, channel: str) -> dict[str, object]:
        """Ask its server, without sending anything to a citizen: `fault` is None if there is nothing to ask, "" if all
        is well, else what is wrong. Another adapter asks, so that the one at work goes on undisturbed."""
        adapter = listening.built(self._find(channel).settings)
        fault = await asking.told(adapter, self._log.exchange(channel, "check"))
        self._hurry([channel])
        return {"channel": channel, "fault": fault}

    async def canary(self, channel: str) -> dict[str, object]:
        """A text that the channel knows for a report of our own, for the next minutes."""
        self._find(channel)
        return {"channel": channel, "text": canary.text(self._store.pseudonym, channel, time.time())}

    def _find(self, name: str) -> Channel:
        known = self._channels()
        if name not in known:
            raise OperationRefused(f"there is no channel '{name}': {did_you_mean(name, known)}".rstrip(": "))
        return known[name]

    async def _kept(self, change: Awaitable[None]) -> None:
        try:
            await change
        except StoreUnavailable as error:
            raise OperationRefused(f"it cannot be written, so nothing was done: {error}", "not_written") from None


def _entry(action: str, channel: str, actor: str) -> Entry:
    return Entry(actor=actor, action=action, about=(channel,))
