"""What people do with cases that wait for an outside case store."""

import time
from collections.abc import Callable, Iterable

from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.filings import WholeStore


class FilingOrders:
    """`hurried(stores)` is told which case stores have something that is due now."""

    def __init__(self, store: WholeStore, hurried: Callable[[Iterable[str]], None]) -> None:
        self._store = store
        self._hurried = hurried

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"retry filings": self.retry, "cancel filing": self.cancel}

    async def retry(self, store: str | None = None, case: str | None = None) -> dict[str, object]:
        """Try again now what waits, was set aside or cancelled: of a case, of a case store, or of both."""
        stores = await self._store.retry_filings(store, case, time.time())
        if not stores and case:
            raise OperationRefused(f"nothing of {case} waits for a case store, or was set aside or cancelled")
        self._hurried(set(stores) or ([store] if store else []))
        return {"retried": len(stores)}

    async def cancel(self, store: str, case: str) -> dict[str, object]:
        """Leave the case as the case store has it, or not, until somebody retries it."""
        if not await self._store.cancel_filing(store, case):
            raise OperationRefused(f"{case} does not wait for {store}: see `kanal filings list`")
        return {"case": case, "store": store}
