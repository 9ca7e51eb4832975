"""The part of the SQLite store that keeps who may come in to the pages of officers. What is written together with an
entry in the audit log is written in one transaction with it."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from gateway.accounts.kept import Entrance, Session, User
from gateway.store import audit, userrows
from gateway.store.records import Entry
from gateway.store.upkeep import Upkeep

T = TypeVar("T")


class AccountStore(Upkeep):
    def users(self) -> list[User]:
        """All of them, by name."""
        return userrows.users(self._reader, self.vault)

    def has_users(self) -> bool:
        return userrows.is_any(self._reader)

    def user(self, identity: str) -> User | None:
        return userrows.user(self._reader, self.vault, "id", identity)

    def user_named(self, name: str) -> User | None:
        return userrows.user(self._reader, self.vault, "name", name)

    def user_by_mail(self, mail: str) -> User | None:
        name = userrows.mail_name(self.vault, mail)
        return userrows.user(self._reader, self.vault, "mail", name) if name else None

    def user_by_subject(self, subject: str) -> User | None:
        """`subject` is a keyed hash; see `User`."""
        return userrows.user(self._reader, self.vault, "subject", subject)

    async def add_user(self, new: User, entrance: Entrance, entry: Entry) -> None:
        """With a link to come in by. Raises `Conflict` if the name or the mail address is somebody else's."""

        def work(connection: sqlite3.Connection) -> None:
            userrows.add(connection, self.vault, new)
            userrows.open_entrance(connection, entrance, new.made_at)

        await self._recorded(entry, work)

    async def change_user(self, user: User, entry: Entry, ends_sessions: bool) -> None:
        """With its sessions, links into the account end. Raises `Conflict` if it changed meanwhile, or the mail is
        taken."""

        def work(connection: sqlite3.Connection) -> None:
            userrows.change(connection, self.vault, user)
            if ends_sessions:
                userrows.end_all(connection, user.account.id)

        await self._recorded(entry, work)

    async def reset_user(self, user: User, entrance: Entrance, now: float, entry: Entry) -> None:
        """Change it, end all its sessions, and open a link into it. Raises `Conflict`."""

        def work(connection: sqlite3.Connection) -> None:
            userrows.change(connection, self.vault, user)
            userrows.end_all(connection, user.account.id)
            userrows.open_entrance(connection, entrance, now)

        await self._recorded(entry, work)

    def entrance(self, digest: str) -> Entrance | None:
        return userrows.entrance(self._reader, digest)

    async def open_entrance(self, entrance: Entrance, now: float) -> None:
        await self._writer.run(lambda connection: userrows.open_entrance(connection, entrance, now))

    async def come_in(self, digest: str, user: User, session: Session, entry: Entry) -> None:
        """Use a link: the user, whom it makes if the version is the first, is as given and logged in there alone.
        Raises `Conflict` if the link is used, the user changed or the name is taken."""

        def work(connection: sqlite3.Connection) -> None:
            userrows.use_entrance(connection, digest)
            keep = userrows.add if user.version == 1 else userrows.change
            keep(connection, self.vault, user)
            userrows.end_all(connection, user.account.id)
            userrows.begin(connection, self.vault, session)

        await self._recorded(entry, work)

    def session(self, digest: str) -> Session | None:
        return userrows.session(self._reader, self.vault, digest)

    def sessions_of(self, user: str) -> list[Session]:
        """The latest seen first."""
        return userrows.sessions_of(self._reader, self.vault, user)

    async def begin_session(
        self, session: Session, instead_of: str, user: User, entry: Entry, changed: bool, alone: bool = False
    ) -> None:
        """In the place of the one with the digest `instead_of`, if there is one. If `changed`, the user changes to
        this, too; if it is to be `alone`, all their others end. Raises `Conflict` if the user changed meanwhile: who
        was just reset or disabled does not slip in."""

        def work(connection: sqlite3.Connection) -> None:
            if changed:
                userrows.change(connection, self.vault, user)
            else:
                userrows.assure(connection, user)
            if alone:
                userrows.end_all(connection, session.user)
            userrows.begin(connection, self.vault, session, instead_of)

        await self._recorded(entry, work)

    async def saw_session(self, digest: str, now: float) -> None:
        await self._writer.run(lambda connection: userrows.saw(connection, digest, now))

    async def end_session(self, user: str, identity: str, entry: Entry) -> bool:
        """False if the user has no such session."""
        return await self._recorded(entry, lambda connection: userrows.end_one(connection, user, identity))

    async def _recorded(self, entry: Entry | None, work: Callable[[sqlite3.Connection], T]) -> T:
        def both(connection: sqlite3.Connection) -> T:
            done = work(connection)
            if entry is not None:
                audit.append(connection, self.vault, entry)
            return done

        return await self._writer.run(both)
