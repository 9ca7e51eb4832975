"""The tests that every store must pass: derive from `StoreContract` and say how a store is opened.

    class TestMyStore(StoreContract):
        def open_store(self, folder: Path) -> Store:
            return MyStore(folder)

        def reply_states(self, folder: Path) -> list[str]:
            return ...

`open_store` is called again with the same folder to see what is still there after a restart; `reply_states` looks at
the states of all replies from outside.
"""

from abc import abstractmethod
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from gateway.store.contract import Store
from tests.gateway.store.afterwards import AfterwardsContract
from tests.gateway.store.answers import AnswersContract
from tests.gateway.store.applications import ApplicationsContract
from tests.gateway.store.clockwork import ClockContract
from tests.gateway.store.copies import CopiesContract
from tests.gateway.store.deliveries import DeliveriesContract
from tests.gateway.store.fetches import FetchesContract
from tests.gateway.store.filings import FilingsContract
from tests.gateway.store.notices import NoticesContract
from tests.gateway.store.replies import RepliesContract, States
from tests.gateway.store.rows import Reopen
from tests.gateway.store.settlements import SettlementsContract
from tests.gateway.store.spendings import SpendingContract
from tests.gateway.store.talks import TalksContract


class StoreContract(
    AfterwardsContract,
    AnswersContract,
    ApplicationsContract,
    DeliveriesContract,
    SettlementsContract,
    SpendingContract,
    RepliesContract,
    FilingsContract,
    FetchesContract,
    NoticesContract,
    CopiesContract,
    ClockContract,
    TalksContract,
):
    @abstractmethod
    def reply_states(self, folder: Path) -> list[str]: ...

    @pytest.fixture
    async def stores(self, tmp_path: Path) -> AsyncIterator[list[Store]]:
        """The stores opened by the test, all on the same folder; only the last is open."""
        opened = [self.open_store(tmp_path)]
        yield opened
        await opened[-1].close()

    @pytest.fixture
    def states(self, stores: list[Store], tmp_path: Path) -> States:
        """The states of all replies, sorted."""
        return lambda: sorted(self.reply_states(tmp_path))

    @pytest.fixture
    def store(self, stores: list[Store]) -> Store:
        return stores[0]

    @pytest.fixture
    def reopen(self, stores: list[Store], tmp_path: Path) -> Reopen:
        """Close the store and open it again."""

        async def reopen() -> Store:
            await stores[-1].close()
            stores.append(self.open_store(tmp_path))
            return stores[-1]

        return reopen
