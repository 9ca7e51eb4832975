"""The files that came with a report, as others may see them: photos, cleaned. All else is for those who may open the
delivery itself. What a scanner found to be malware nobody is shown."""

import structlog

from adapters import Attachment, Delivery
from gateway.naming import file_name
from gateway.store.copies import FileRow, Scan
from gateway.store.filings import WholeStore
from gateway.workers import ChildLost, Workers

CLEAN_SECONDS = 20.0

log = structlog.get_logger()


class Files:
    """`key` is that of pseudonyms. `scanned`: show only what a scanner found clean."""

    def __init__(self, store: WholeStore, workers: Workers, key: bytes, scanned: bool = False) -> None:
        self._store = store
        self._key = key
        self._workers = workers
        self._scanned = scanned

    def waits(self, attachment: Attachment) -> bool:
        """Is it still to be scanned before anybody may be shown it?"""
        known = self._known(attachment)
        return self._scanned and known is not None and known.scan is None and known.due_at is not None

    async def photo(self, report: str, attachment: Attachment) -> bytes | None:
        """An attachment of a report as a JPEG without anything but the picture; None if it is no photo, cannot be
        cleaned, may not be shown, or is not kept any more. Raises `StoreUnavailable` or `NoWorker`."""
        known = self._known(attachment)
        scan = known.scan if known else None
        if scan is Scan.INFECTED or (self._scanned and scan is not Scan.CLEAN):
            return None
        copy = await self._store.copy(known) if known else None
        return copy if copy is not None else await self.cleaned(report, attachment)

    async def cleaned(self, report: str, attachment: Attachment) -> bytes | None:
        """A photo taken out of what came in and cleaned. Raises `StoreUnavailable` or `NoWorker`."""
        for delivery in await self._store.deliveries_of(report):
            if (found := await self._cleaned(report, delivery, attachment)) is not None:
                return found
        return None

    async def content(self, report: str, attachment: Attachment) -> bytes | None:
        """An attachment byte for byte; None if it is not kept any more. Raises `StoreUnavailable`, `NoWorker` or
        `ChildLost`."""
        for delivery in await self._store.deliveries_of(report):
            if (found := await self._workers.take(delivery, attachment, CLEAN_SECONDS)) is not None:
                return found
        return None

    def _known(self, attachment: Attachment) -> FileRow | None:
        return self._store.file(file_name(self._key, attachment.digest)) if attachment.digest else None

    async def _cleaned(self, report: str, delivery: Delivery, attachment: Attachment) -> bytes | None:
        """A worker that is lost over it may have been killed for reasons of its own: one more is tried, unless it had
        used up its time."""
        for _ in range(2):
            try:
                return await self._workers.photo(delivery, attachment, CLEAN_SECONDS)
            except ChildLost as loss:
                log.warning("a worker was lost over a photo", report=report, reason=str(loss))
                if loss.spent:
                    break
        return None
