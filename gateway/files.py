"""The files that came with a report, as others may see them: photos, cleaned. All else is for those who may open the
delivery itself."""

import structlog

from adapters import Attachment, Delivery
from gateway.store.contract import Store
from gateway.workers import ChildLost, Workers

CLEAN_SECONDS = 20.0

log = structlog.get_logger()


class Files:
    def __init__(self, store: Store, workers: Workers) -> None:
        self._store = store
        self._workers = workers

    async def photo(self, report: str, attachment: Attachment) -> bytes | None:
        """An attachment of a report as a JPEG without anything but the picture; None if it is no photo, cannot be
        cleaned, or is not kept any more. Raises `StoreUnavailable` or `NoWorker`."""
        for delivery in await self._store.deliveries_of(report):
            if (found := await self._cleaned(report, delivery, attachment)) is not None:
                return found
        return None

    async def _cleaned(self, report: str, delivery: Delivery, attachment: Attachment) -> bytes | None:
        """A worker that is lost over it may have been killed for reasons of its own: one more is tried."""
        for _ in range(2):
            try:
                return await self._workers.photo(delivery, attachment, CLEAN_SECONDS)
            except ChildLost as loss:
                log.warning("a worker was lost over a photo", report=report, reason=str(loss))
        return None
