"""What commands ask about notices."""

import time
from collections.abc import Callable

from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.store.notices import NoticeStore


class NoticeOrders:
    """`hurry` is told that there is something to be sent."""

    def __init__(self, store: NoticeStore, hurry: Callable[[], None]) -> None:
        self._store = store
        self._hurry = hurry

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {"retry_notice": self.retry}

    async def retry(self, notice: str) -> dict[str, str]:
        """Send a notice that waits or has failed, with all that waits for the same unit."""
        way = await self._store.retry_notice(notice, time.time())
        if way is None:
            raise OperationRefused(f"there is no notice {notice} that waits or has failed")
        self._hurry()
        return {"notice": notice, "way": way}
