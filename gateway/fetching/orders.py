"""What commands ask about files that lie with a provider."""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence

from adapters import Completes, Fetches
from gateway.channels import Channel
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.fetches import FetchStore


class FetchOrders:
    """`channels` gives those in force; `hurry` fetches what is due by them."""

    def __init__(
        self,
        store: FetchStore,
        channels: Callable[[], Mapping[str, Channel]],
        hurry: Callable[[Iterable[str]], None],
    ) -> None:
        self._store = store
        self._channels = channels
        self._hurry = hurry

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"refetch": self.refetch}

    async def refetch(self, channel: str | None = None, reports: Sequence[str] | None = None) -> dict[str, int]:
        """Try again, as if for the first time, to fetch files and words that are lost: of a channel, of reports, or of
        both."""
        names = [name for name, one in self._channels().items() if isinstance(one.adapter, Fetches | Completes)]
        if channel and channel not in names:
            raise OperationRefused(f"no channel '{channel}' fetches files; these do: {', '.join(names) or 'none'}")
        due = await self._store.refetch([channel] if channel else names, reports, time.time())
        if reports is not None and not due:
            raise OperationRefused("none of its files is lost: see `kanal files list`")
        self._hurry(set(due))
        return {"refetched": len(due)}
