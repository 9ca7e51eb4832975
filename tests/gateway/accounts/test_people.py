"""Administering accounts: what is refused, and what the store keeps of people."""

import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from gateway.accounts.account import Role
from gateway.accounts.door import NotLetIn
from gateway.errors import OperationRefused
from gateway.store.connecting import FILE
from tests.gateway.accounts.support import BANGKA, HERE, PASSWORD, STRANGER, House, house

MAIL = "rini.wahyuni@balaikota.example"


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


def in_files(folder: Path) -> bytes:
    """All that the database and its log hold."""
    return b"".join(path.read_bytes() for path in folder.glob(f"{FILE}*"))


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"name": "Rini W"}, "small letters"),
        ({"name": "rini@balaikota.example"}, "small letters"),
        ({"role": "raja"}, "a role is one of"),
        ({"role": "officer"}, "sits in an office"),
        ({"role": "officer", "office": "kelurahan-31.74.03.9999"}, "no office has the code"),
        ({"role": "officer", "office": "nirgends"}, "kelurahan-AREA"),
        ({"role": "unit"}, "needs one"),
        ({"mail": "bukan surel"}, "no mail address"),
        ({"language": "jv"}, "id or en"),
        ({"name": "sari"}, "has an account already"),
        ({"mail": "SARI@balaikota.example"}, "has an account already"),
    ],
)
async def test_an_account_that_cannot_be_is_refused(at: House, given: dict[str, Any], why: str) -> None:
    await at.people.add("budi", "sari", Role.OPERATOR, mail="sari@balaikota.example")
    with pytest.raises(OperationRefused, match=why):
        await at.people.add("budi", **{"name": "rini", "role": "operator"} | given)


async def test_there_is_always_an_administrator(at: House) -> None:
    await at.people.add("budi", "rini", Role.ADMINISTRATOR)
    with pytest.raises(OperationRefused, match="last administrator"):
        await at.people.disable("budi", "rini")
    with pytest.raises(OperationRefused, match="last administrator"):
        await at.people.change("budi", "rini", role=Role.OPERATOR)
    await at.people.add("budi", "sari", Role.ADMINISTRATOR)
    await at.people.disable("budi", "rini")
    with pytest.raises(OperationRefused, match="enable it first"):
        await at.people.reset("budi", "rini")
    await at.people.enable("budi", "rini")
    assert [user.account.disabled_at for user in at.store.users()] == [None, None]


async def test_nobody_is_changed_by_a_slip(at: House) -> None:
    await at.people.add("budi", "rini", Role.OPERATOR)
    with pytest.raises(OperationRefused, match="did you mean 'rini'"):
        await at.people.disable("budi", "rina")


async def test_an_account_keeps_what_was_not_changed(at: House) -> None:
    await at.people.add("budi", "rini", Role.OFFICER, "Rini Wahyuni", office=BANGKA, mail=MAIL, language="en")
    await at.people.change("budi", "rini", language="id")
    (user,) = at.store.users()
    assert (user.account.display_name, user.account.office, user.mail) == ("Rini Wahyuni", BANGKA, MAIL)
    assert (user.account.language, user.version) == ("id", 2)


@pytest.mark.threat("P1-22")
async def test_an_identity_is_known_by_its_mail_the_first_time_only(at: House) -> None:
    await at.people.add("budi", "rini", Role.OPERATOR, mail=MAIL)
    assert (await at.door.by_identity("subject-1", MAIL.upper(), HERE)).account.name == "rini"
    assert (await at.door.by_identity("subject-1", "", HERE)).account.name == "rini"
    for subject, mail in (("subject-2", MAIL), ("subject-2", ""), ("subject-3", "lain@balaikota.example")):
        with pytest.raises(NotLetIn, match="unknown"):
            await at.door.by_identity(subject, mail, STRANGER)
    await at.people.disable("budi", "rini")
    with pytest.raises(NotLetIn, match="unknown"):
        await at.door.by_identity("subject-1", MAIL, HERE)


@pytest.mark.threat("P0-30")
async def test_nothing_that_lets_in_lies_in_clear_or_stands_in_a_repr(at: House, tmp_path: Path) -> None:
    entered = await at.settle(display_name="Rini Wahyuni", mail=MAIL)
    app, codes, entered = await at.with_app(entered)
    (user,) = at.store.users()
    inside = at.inside(entered)
    secrets = [PASSWORD, entered.token, inside.csrf, app.secret, user.password, *codes, "Wahyuni", MAIL, HERE.agent]
    shown = " ".join(map(repr, (entered, inside, user, HERE, *at.own.sessions(inside))))
    assert [secret for secret in secrets if secret in shown] == []
    lies = in_files(tmp_path)
    assert [secret for secret in secrets if secret.encode() in lies] == []


async def test_a_damaged_account_lets_nobody_in_by_password_until_it_is_reset(at: House, tmp_path: Path) -> None:
    await at.settle()
    with closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.execute("UPDATE users SET sealed = zeroblob(64)")
        connection.commit()
    with pytest.raises(NotLetIn):
        await at.door.by_password("rini", PASSWORD, HERE)
    await at.people.reset("budi", "rini")
    assert [user.account.display_name for user in at.store.users()] == ["rini"]
