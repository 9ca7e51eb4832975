"""Who has an account: what administrators and commands do with them. Each act stands in the audit log."""

import re
import time
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from gateway.accounts import tokens
from gateway.accounts.account import Account, Role, called
from gateway.accounts.kept import Entrance, User
from gateway.control import Verb
from gateway.errors import OperationRefused
from gateway.routing import Routing
from gateway.store.accounts import AccountStore
from gateway.store.contract import Conflict, Entry
from gateway.suggest import did_you_mean

LINK = "/masuk/"
FIRST_MINUTES = 15
LINK_HOURS = 24
_NAME = re.compile(r"[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?")
_MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_LANGUAGES = ("id", "en")
#: What changes what somebody may do.
_RIGHTS = ("role", "office", "unit", "disabled_at")


class People:
    """`routing` knows the units, `base` is the address of the pages as people reach them, without a slash."""

    def __init__(self, store: AccountStore, routing: Callable[[], Routing], base: Callable[[], str]) -> None:
        self._store = store
        self._routing = routing
        self._base = base

    def verbs(self) -> dict[str, Verb]:
        """What commands may ask for, by name."""
        return {
            "add user": self.add,
            "change user": self.change,
            "disable user": self.disable,
            "enable user": self.enable,
            "reset user": self.reset,
        }

    async def first_link(self) -> str | None:
        """By which the first administrator comes in; None once there is any account. The one before is over."""
        if self._store.has_users():
            return None
        token, now = tokens.new(), time.time()
        await self._store.open_entrance(Entrance(tokens.digest(token), None, now + FIRST_MINUTES * 60), now)
        return self._link(token)

    async def add(
        self,
        actor: str,
        name: str,
        role: str,
        display_name: str = "",
        office: str | None = None,
        unit: str | None = None,
        language: str = "id",
        mail: str = "",
    ) -> dict[str, object]:
        """With the link by which they come in, which is told this once."""
        given = {"role": role, "office": office, "unit": unit, "language": language}
        account = self._account(f"u-{tokens.new()[:12]}", name, display_name or name, given)
        now = time.time()
        user = User(account=account, made_at=now, mail=_checked_mail(mail))
        token, entrance = self._entrance(account, now)
        entry = Entry(actor=actor, action="add a user", about=(account.id,), why=_standing(account))
        try:
            await self._store.add_user(user, entrance, entry)
        except Conflict:
            raise OperationRefused(f"{name} or the mail address has an account already", "taken") from None
        return {"name": name, "link": self._link(token), "hours": LINK_HOURS}

    async def change(self, actor: str, name: str, **values: Any) -> dict[str, object]:
        """`values` are of role, display_name, office, unit, language, mail. Who may do something else than before has
        to log in again."""
        user = self._known(name)
        before = user.account
        given = {field: getattr(before, field) for field in ("role", "office", "unit", "language")} | values
        mail = _checked_mail(given.pop("mail", user.mail))
        account = self._account(before.id, before.name, given.pop("display_name", before.display_name), given)
        account = replace(account, disabled_at=before.disabled_at)
        subject = user.subject if mail == user.mail else None
        await self._changed(actor, "change a user", user, replace(user, account=account, mail=mail, subject=subject))
        return {"name": name}

    async def disable(self, actor: str, name: str) -> dict[str, object]:
        """Nobody comes in by it, and who is in is not any more."""
        user = self._known(name)
        if user.account.disabled_at is not None:
            raise OperationRefused(f"the account {name} is disabled already", "meanwhile")
        account = replace(user.account, disabled_at=time.time())
        await self._changed(actor, "disable a user", user, replace(user, account=account))
        return {"name": name}

    async def enable(self, actor: str, name: str) -> dict[str, object]:
        user = self._known(name)
        if user.account.disabled_at is None:
            raise OperationRefused(f"the account {name} is not disabled", "meanwhile")
        account = replace(user.account, disabled_at=None)
        await self._changed(actor, "enable a user", user, replace(user, account=account))
        return {"name": name}

    async def reset(self, actor: str, name: str) -> dict[str, object]:
        """Whoever has the link sets a new password; the old one, the app and all sessions are over."""
        user = self._known(name)
        if user.account.disabled_at is not None:
            raise OperationRefused(f"the account {name} is disabled: enable it first", "disabled")
        now = time.time()
        token, entrance = self._entrance(user.account, now)
        bare = User(
            account=user.account, made_at=user.made_at, version=user.version + 1, mail=user.mail, subject=user.subject
        )
        entry = Entry(actor=actor, action="reset a user", about=(user.account.id,))
        try:
            await self._store.reset_user(bare, entrance, now, entry)
        except Conflict:
            raise _meanwhile(name) from None
        return {"name": name, "link": self._link(token), "hours": LINK_HOURS}

    def _known(self, name: str) -> User:
        user = self._store.user_named(name)
        if user is None:
            names = [one.account.name for one in self._store.users()]
            raise OperationRefused(f"nobody has an account {name}: {did_you_mean(name, names)}".rstrip(": "))
        return user

    def _account(self, identity: str, name: str, display_name: str, given: dict[str, Any]) -> Account:
        if not _NAME.fullmatch(name):
            raise OperationRefused("a name to log in by has small letters, digits and . _ - within, at most 40", "name")
        if given["role"] not in set(Role):
            raise OperationRefused(f"a role is one of {', '.join(Role)}", "role")
        if given["language"] not in _LANGUAGES:
            raise OperationRefused("a language is id or en", "language")
        role = Role(given["role"])
        office, unit = self._unit("office", given["office"]), self._unit("unit", given["unit"])
        if role is Role.OFFICER and not office:
            raise OperationRefused("an officer sits in an office: name it, as in kelurahan-31.74.03.1002", "office")
        if role is Role.UNIT and not unit:
            raise OperationRefused("who handles the cases of a unit needs one: name it, as in dinas-bina-marga", "unit")
        return Account(
            id=identity,
            name=name,
            display_name=called(display_name) or name,
            role=role,
            office=office,
            unit=unit,
            language=given["language"],
        )

    def _unit(self, what: str, code: str | None) -> str | None:
        if not code:
            return None
        if self._routing().unit(code) is None:
            hint = did_you_mean(code, _spelt(self._routing()))
            raise OperationRefused(f"no {what} has the code {code}: {hint}".rstrip(": "), f"no-{what}")
        return code

    async def _changed(self, actor: str, action: str, before: User, after: User) -> None:
        loses = any(getattr(before.account, field) != getattr(after.account, field) for field in _RIGHTS)
        if loses and _rules(before) and not _rules(after) and not self._others_rule(before):
            raise OperationRefused(f"{before.account.name} is the last administrator: make another one first", "last")
        why = _standing(after.account)
        entry = Entry(actor=actor, action=action, about=(before.account.id,), why=why)
        try:
            await self._store.change_user(replace(after, version=before.version + 1), entry, loses)
        except Conflict:
            raise _meanwhile(before.account.name) from None

    def _others_rule(self, user: User) -> bool:
        return any(_rules(one) for one in self._store.users() if one.account.id != user.account.id)

    def _entrance(self, account: Account, now: float) -> tuple[str, Entrance]:
        token = tokens.new()
        return token, Entrance(tokens.digest(token), account.id, now + LINK_HOURS * 3600)

    def _link(self, token: str) -> str:
        return f"{self._base().rstrip('/')}{LINK}{token}"


def is_name(text: str) -> bool:
    """Can somebody log in by it?"""
    return bool(_NAME.fullmatch(text))


def _spelt(routing: Routing) -> list[str]:
    """How the codes of all units are written."""
    return [f"{one.code}-AREA" if one.each else one.code for one in routing.units.values()]


def _rules(user: User) -> bool:
    return user.account.role is Role.ADMINISTRATOR and user.account.disabled_at is None


def _standing(account: Account) -> str:
    """What somebody may do, for who reads the audit log."""
    return ", ".join(filter(None, (account.role, account.office, account.unit)))


def _checked_mail(mail: str) -> str:
    if mail and not _MAIL.fullmatch(mail):
        raise OperationRefused("that is no mail address", "mail")
    return mail


def _meanwhile(name: str) -> OperationRefused:
    why = f"the account {name} was just changed by somebody else, or the mail address is taken"
    return OperationRefused(why, "meanwhile")
