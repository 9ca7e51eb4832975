"""What people do with their own account, but for the password: the app, sessions, language."""

from hashlib import blake2b
from typing import Literal

from msgspec.structs import replace

from gateway.accounts import codes
from gateway.accounts.door import Client, Door, Entered, Inside, NotLetIn, Why
from gateway.accounts.kept import Session
from gateway.store.accounts import AccountStore
from gateway.store.contract import Entry


class Own:
    def __init__(self, store: AccountStore, door: Door) -> None:
        self._store = store
        self._door = door

    def secret(self, inside: Inside) -> str:
        """What an app is to be set up with; another one in each session, and after each change."""
        about = f"{inside.session.digest} {inside.user.version}".encode()
        return codes.secret(blake2b(about, key=self._store.vault.derived("authenticator app")).digest())

    async def set_up_app(self, inside: Inside, code: str, client: Client) -> tuple[Entered, list[str]]:
        """By a code that the app shows; with the codes that stand in for it, which are told this once. Raises
        `NotLetIn`."""
        ready = replace(inside.user, totp=self.secret(inside), totp_step=0, recovery=())
        used = self._door.used(ready, code)
        if used is None:
            raise NotLetIn(Why.WRONG)
        made = codes.recovery()
        user = replace(used, recovery=codes.names(made, self._door.recovery_name(used)))
        return await self._door.renewed(inside, user, client, "set up an authenticator app"), made

    async def remove_app(self, inside: Inside, password: str, client: Client) -> Entered:
        """Raises `NotLetIn`."""
        user = await self._door.confirmed(inside.user.account.name, password, client)
        user = replace(user, totp="", totp_step=0, recovery=(), version=user.version + 1)
        return await self._door.renewed(inside, user, client, "remove the authenticator app")

    def sessions(self, inside: Inside) -> list[Session]:
        return self._store.sessions_of(inside.user.account.id)

    async def end_session(self, inside: Inside, identity: str) -> bool:
        """False if there is no such one."""
        account = inside.user.account
        entry = Entry(actor=account.name, action="end a session", about=(account.id,))
        return await self._store.end_session(account.id, identity, entry)

    async def set_language(self, inside: Inside, language: Literal["id", "en"]) -> None:
        """Raises `Conflict` if the account was changed meanwhile."""
        user, account = inside.user, replace(inside.user.account, language=language)
        entry = Entry(actor=account.name, action="change the language", about=(account.id,))
        await self._store.change_user(replace(user, account=account, version=user.version + 1), entry, False)
