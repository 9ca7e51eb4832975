"""SqliteStore against the contract of all stores."""

from pathlib import Path

from gateway.store.contract import Store
from gateway.store.sqlite import SqliteStore
from gateway.store.views import Views
from tests.gateway.store.begun import begun
from tests.gateway.store.contract import StoreContract
from tests.gateway.store.rows import MASTER


def raise_it(error: BaseException) -> None:
    raise error


class TestSqliteStore(StoreContract):
    def open_store(self, folder: Path) -> Store:
        return SqliteStore(begun(folder), MASTER, raise_it)

    def reply_states(self, folder: Path) -> list[str]:
        with Views(folder, lambda: MASTER) as views:
            return [row["state"] for row in views.replies()]
