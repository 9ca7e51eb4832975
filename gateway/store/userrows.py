"""The tables `users`, `sessions` and `entrances`: plain SQL. Names by which people log in stand in clear, as they do in
the history of cases and in the audit log; all else that tells of them is sealed, under a new key with each change."""

import sqlite3
from typing import Any

import msgspec

from gateway.accounts.account import Account, Role
from gateway.accounts.kept import Entrance, Session, Stage, User
from gateway.store import rows
from gateway.store.contract import Conflict
from gateway.store.writer import insert
from gateway.vault import CannotOpen, Vault

_ACCOUNT = ("id", "name", "role", "office", "unit", "language", "disabled_at")
_CLEAR = ("made_at", "version", "totp_step", "subject")
_SEALED = ("password", "totp", "recovery", "mail")
_USER = (*_ACCOUNT, *_CLEAR, "key", "sealed")
_SESSION = ("digest", "id", "user", "stage", "made_at", "seen_at", "ends_at", "key", "sealed")
_ENTRANCE = Entrance.__struct_fields__


class _Private(msgspec.Struct, frozen=True, array_like=True):
    display_name: str
    password: str = ""
    totp: str = ""
    recovery: tuple[str, ...] = ()
    mail: str = ""


class _Where(msgspec.Struct, frozen=True, array_like=True):
    agent: str = ""
    address: str = ""


def users(reader: sqlite3.Connection, vault: Vault) -> list[User]:
    """All of them, by name."""
    return [_user(vault, row) for row in reader.execute(f"SELECT {', '.join(_USER)} FROM users ORDER BY name")]


def user(reader: sqlite3.Connection, vault: Vault, column: str, value: str) -> User | None:
    row = reader.execute(f"SELECT {', '.join(_USER)} FROM users WHERE {column} = ?", (value,)).fetchone()
    return _user(vault, row) if row else None


def is_any(reader: sqlite3.Connection) -> bool:
    return reader.execute("SELECT 1 FROM users LIMIT 1").fetchone() is not None


def add(connection: sqlite3.Connection, vault: Vault, new: User) -> None:
    """Raises sqlite3.IntegrityError, which the writer calls a `Conflict`, if the name or the mail is taken."""
    values = _user_values(vault, new)
    insert(connection, "INSERT INTO users", tuple(values), [tuple(values.values())])


def change(connection: sqlite3.Connection, vault: Vault, new: User) -> None:
    """Raises `Conflict` if it changed meanwhile."""
    values = _user_values(vault, new)
    setting = ", ".join(f"{name} = :{name}" for name in values)
    sql = f"UPDATE users SET {setting} WHERE id = :id AND version = :version - 1"
    if connection.execute(sql, values).rowcount != 1:
        raise Conflict("the account was changed meanwhile")


def assure(connection: sqlite3.Connection, known: User) -> None:
    """Raises `Conflict` if it changed meanwhile."""
    sql = "SELECT 1 FROM users WHERE id = ? AND version = ?"
    if connection.execute(sql, (known.account.id, known.version)).fetchone() is None:
        raise Conflict("the account was changed meanwhile")


def session(reader: sqlite3.Connection, vault: Vault, digest: str) -> Session | None:
    sql = f"SELECT {', '.join(_SESSION)} FROM sessions WHERE digest = ?"
    row = reader.execute(sql, (digest,)).fetchone()
    return _session(vault, row) if row else None


def sessions_of(reader: sqlite3.Connection, vault: Vault, user: str) -> list[Session]:
    sql = f"SELECT {', '.join(_SESSION)} FROM sessions WHERE user = ? ORDER BY seen_at DESC"
    return [_session(vault, row) for row in reader.execute(sql, (user,))]


def begin(connection: sqlite3.Connection, vault: Vault, new: Session, instead_of: str = "") -> None:
    """A session, in the place of another; those that are over go."""
    end(connection, instead_of)
    connection.execute("DELETE FROM sessions WHERE ends_at < ?", (new.made_at,))
    key = vault.new()
    sealed = key.seal(msgspec.msgpack.encode(_Where(new.agent, new.address)), rows.about("session", new.id))
    values = (new.digest, new.id, new.user, new.stage, new.made_at, new.seen_at, new.ends_at, key.wrapped, sealed)
    insert(connection, "INSERT INTO sessions", _SESSION, [values])


def saw(connection: sqlite3.Connection, digest: str, now: float) -> None:
    connection.execute("UPDATE sessions SET seen_at = ? WHERE digest = ?", (now, digest))


def end(connection: sqlite3.Connection, digest: str) -> None:
    connection.execute("DELETE FROM sessions WHERE digest = ?", (digest,))


def end_one(connection: sqlite3.Connection, user: str, identity: str) -> bool:
    sql = "DELETE FROM sessions WHERE user = ? AND id = ?"
    return connection.execute(sql, (user, identity)).rowcount == 1


def end_all(connection: sqlite3.Connection, user: str) -> None:
    """Also the links into the account."""
    connection.execute("DELETE FROM sessions WHERE user = ?", (user,))
    connection.execute("DELETE FROM entrances WHERE user = ?", (user,))


def entrance(reader: sqlite3.Connection, digest: str) -> Entrance | None:
    sql = f"SELECT {', '.join(_ENTRANCE)} FROM entrances WHERE digest = ?"
    row = reader.execute(sql, (digest,)).fetchone()
    return Entrance(*row) if row else None


def open_entrance(connection: sqlite3.Connection, new: Entrance, now: float) -> None:
    """Instead of any other into the same account."""
    connection.execute("DELETE FROM entrances WHERE user IS ? OR ends_at < ?", (new.user, now))
    insert(connection, "INSERT INTO entrances", _ENTRANCE, [msgspec.structs.astuple(new)])


def use_entrance(connection: sqlite3.Connection, digest: str) -> None:
    """Raises `Conflict` if somebody else was faster."""
    if connection.execute("DELETE FROM entrances WHERE digest = ?", (digest,)).rowcount != 1:
        raise Conflict("the link was used already")


def mail_name(vault: Vault, mail: str) -> str | None:
    return vault.pseudonym("staff mail", mail.casefold()) if mail else None


def _user_values(vault: Vault, new: User) -> dict[str, Any]:
    key, account = vault.new(), new.account
    private = _Private(account.display_name, new.password, new.totp, new.recovery, new.mail)
    values = {name: getattr(account, name) for name in _ACCOUNT} | {name: getattr(new, name) for name in _CLEAR}
    sealed = key.seal(msgspec.msgpack.encode(private), rows.about("user", account.id))
    return values | {"mail": mail_name(vault, new.mail), "key": key.wrapped, "sealed": sealed}


def _user(vault: Vault, row: rows.Row) -> User:
    """Where the disk damaged what is sealed, nobody comes in by password until it is reset."""
    values = dict(zip(_USER, row, strict=True))
    try:
        plain = vault.key(values["key"]).open(values["sealed"], rows.about("user", values["id"]))
        private = msgspec.msgpack.decode(plain, type=_Private)
    except CannotOpen:
        private = _Private(values["name"])
    account = {name: values[name] for name in _ACCOUNT} | {"role": Role(values["role"])}
    return User(
        account=Account(**account, display_name=private.display_name),
        **{name: values[name] for name in _CLEAR},
        **{name: getattr(private, name) for name in _SEALED},
    )


def _session(vault: Vault, row: rows.Row) -> Session:
    values = dict(zip(_SESSION, row, strict=True))
    wrapped, sealed = values.pop("key"), values.pop("sealed")
    try:
        plain = vault.key(wrapped).open(sealed, rows.about("session", values["id"]))
        where = msgspec.msgpack.decode(plain, type=_Where)
    except CannotOpen:
        where = _Where()
    return Session(**values | {"stage": Stage(values["stage"])}, agent=where.agent, address=where.address)
