"""`accept`: append first, acknowledge afterwards."""

import time
from collections.abc import Callable, Iterable, Sequence

from adapters import Delivery, NotAccepted
from gateway.channels import Channel
from gateway.metrics import Metrics
from gateway.store.contract import Store, StoreUnavailable


class Intake:
    """Puts deliveries on disk and wakes their channels' lanes. `accepted(channels)` is called after the commit."""

    def __init__(
        self, store: Store, channels: dict[str, Channel], accepted: Callable[[Iterable[str]], None], metrics: Metrics
    ) -> None:
        self._store = store
        self._channels = channels
        self._accepted = accepted
        self._counters = {name: metrics.deliveries.labels(name) for name in channels}

    async def accept(self, deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
        """Returns once they are durable. Raises `NotAccepted` if nothing was kept, `BadRow` if it never can be."""
        try:
            await self._store.append(deliveries, cursor)
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        now = time.time()
        for delivery in deliveries:
            self._channels[delivery.channel].last_heard = now
            self._counters[delivery.channel].inc()
        self._accepted({delivery.channel for delivery in deliveries})
