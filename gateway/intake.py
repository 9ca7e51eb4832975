"""`accept`: append first, acknowledge afterwards."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from adapters import Delivery, NotAccepted
from gateway.health.tally import Tally
from gateway.metrics import Metrics
from gateway.store.contract import Spending, Store, StoreUnavailable
from gateway.store.rows import INTERNAL


class Intake:
    """Puts deliveries on disk and wakes their channels' lanes. `accepted(channels)` is called after the commit."""

    def __init__(
        self, store: Store, accepted: Callable[[Iterable[str]], None], metrics: Metrics, tally: Tally | None = None
    ) -> None:
        self._store = store
        self._tally = tally or Tally()
        self._accepted = accepted
        self._counter = metrics.deliveries

    async def accept(
        self,
        deliveries: Sequence[Delivery],
        cursor: str | None = None,
        channel: str | None = None,
        spent: Sequence[Spending] = (),
        source: str = "",
    ) -> None:
        """Returns once they are durable, with where to go on at the `source` that the channel asked, and with what it
        cost to get them. Raises `NotAccepted` if nothing was kept, `BadRow` if it never can be."""
        await self._keep([_from_outside(one) for one in deliveries], cursor, channel, spent, source)
        for name, count in Counter(delivery.channel for delivery in deliveries).items():
            self._counter.labels(name).inc(count)
            self._tally.heard(name, count, time.time())

    async def take_own(self, deliveries: Sequence[Delivery]) -> None:
        """The same for what the gateway made itself, by which nobody is heard."""
        await self._keep(deliveries)

    async def _keep(
        self,
        deliveries: Sequence[Delivery],
        cursor: str | None = None,
        channel: str | None = None,
        spent: Sequence[Spending] = (),
        source: str = "",
    ) -> None:
        try:
            await self._store.append(deliveries, cursor, channel, spent, source)
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        self._accepted({delivery.channel for delivery in deliveries})


def _from_outside(delivery: Delivery) -> Delivery:
    """Nobody but the gateway says that something is its own."""
    if delivery.content_type not in INTERNAL:
        return delivery
    return replace(delivery, content_type="application/octet-stream")
