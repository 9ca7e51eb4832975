"""People who log in to a store of their own, at a time that the test says."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyotp
from argon2 import PasswordHasher

from gateway import categories, units
from gateway.accounts.account import Role
from gateway.accounts.door import Client, Door, Entered, Inside
from gateway.accounts.own import Own
from gateway.accounts.passwords import Passwords
from gateway.accounts.people import People
from gateway.store.sqlite import SqliteStore
from gateway.tables import ConsoleSettings
from tests.gateway.store.begun import begun
from tests.gateway.store.rows import MASTER

NOON = 1_790_000_000.0
PASSWORD, OTHER_PASSWORD = "sepeda-ontel-biru", "kopi-tubruk-pagi"
HERE = Client("10.0.0.1", "Firefox")
STRANGER = Client("203.0.113.9", "curl")
BANGKA = "kelurahan-31.74.03.1002"
#: As quick as argon2 gets: what it costs is no part of what is shown.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class House:
    """A store with its door; `now` is the time."""

    def __init__(self, store: SqliteStore, **settings: Any) -> None:
        self.store = store
        self.settings = ConsoleSettings(**settings)
        self.now = NOON
        self.door = Door(store, lambda: self.settings, lambda: self.now, Passwords(QUICK))
        self.own = Own(store, self.door)
        routing = units.load(None, categories.load(), "31")
        self.people = People(store, lambda: routing, lambda: "https://kanal.example")

    async def settle(self, name: str = "rini", role: Role = Role.OPERATOR, **values: Any) -> Entered:
        """Somebody with an account and a password, logged in once."""
        added = await self.people.add("budi", name, role, **values)
        self.now = self.store.users()[0].made_at
        return await self.door.by_link(token_of(added), PASSWORD, HERE)

    def inside(self, entered: Entered) -> Inside:
        found = self.door.inside(entered.token)
        assert found
        return found

    async def with_app(self, entered: Entered) -> tuple[pyotp.TOTP, list[str], Entered]:
        """The app that somebody set up."""
        app = pyotp.TOTP(self.own.secret(self.inside(entered)))
        again, codes = await self.own.set_up_app(self.inside(entered), app.at(int(self.now)), HERE)
        return app, codes, again


@asynccontextmanager
async def house(folder: Path, **settings: Any) -> AsyncIterator[House]:
    deaths: list[BaseException] = []
    store = SqliteStore(begun(folder), MASTER, deaths.append)
    try:
        yield House(store, **settings)
    finally:
        await store.close()
        assert deaths == []


def token_of(added: dict[str, object]) -> str:
    return str(added["link"]).rpartition("/")[2]


def audited(store: SqliteStore) -> list[tuple[str, str]]:
    """Who did what, by the audit log."""
    return [tuple(row) for row in store._reader.execute("SELECT actor, action FROM audit ORDER BY seq")]
