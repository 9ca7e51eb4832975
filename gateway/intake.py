"""`accept`: append first, acknowledge afterwards."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from adapters import Delivery, NotAccepted
from gateway.metrics import Metrics
from gateway.store.contract import Store, StoreUnavailable


class Intake:
    """Puts deliveries on disk and wakes their channels' lanes. `accepted(channels)` is called after the commit."""

    def __init__(self, store: Store, accepted: Callable[[Iterable[str]], None], metrics: Metrics) -> None:
        self._store = store
        self._accepted = accepted
        self._counter = metrics.deliveries

    async def accept(self, deliveries: Sequence[Delivery], cursor: str | None = None) -> None:
        """Returns once they are durable. Raises `NotAccepted` if nothing was kept, `BadRow` if it never can be."""
        try:
            await self._store.append(deliveries, cursor)
        except StoreUnavailable as error:
            raise NotAccepted(str(error)) from error
        counts = Counter(delivery.channel for delivery in deliveries)
        for channel, count in counts.items():
            self._counter.labels(channel).inc(count)
        self._accepted(counts)
