"""Logging in: by password, by link, with an app; sessions; and who tries too often."""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from gateway.accounts import passwords
from gateway.accounts.account import Role
from gateway.accounts.door import Client, Door, NotLetIn, Why
from gateway.accounts.kept import Stage
from gateway.accounts.passwords import Passwords
from tests.gateway.accounts.support import (
    BANGKA,
    HERE,
    OTHER_PASSWORD,
    PASSWORD,
    QUICK,
    STRANGER,
    House,
    audited,
    house,
    token_of,
)

MINUTE, HOUR = 60, 3600


@pytest_asyncio.fixture
async def at(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


async def refusal(trying: object) -> Why:
    with pytest.raises(NotLetIn) as refused:
        await trying  # type: ignore[misc]
    return refused.value.why


async def test_the_right_password_lets_in_and_the_audit_log_says_so(at: House) -> None:
    await at.settle()
    entered = await at.door.by_password(" Rini ", PASSWORD, HERE)
    assert (entered.stage, at.inside(entered).user.account.name) == (Stage.IN, "rini")
    assert audited(at.store) == [("budi", "add a user"), ("rini", "log in by link"), ("rini", "log in by password")]


@pytest.mark.threat("P1-22")
async def test_a_session_begins_anew_with_each_log_in_and_each_change(at: House) -> None:
    first = await at.settle()
    second = await at.door.by_password("rini", PASSWORD, HERE)
    _, _, third = await at.with_app(second)
    fourth = await at.door.changed_password(at.inside(third), PASSWORD, OTHER_PASSWORD, HERE)
    assert len({first.token, second.token, third.token, fourth.token}) == 4
    assert [bool(at.door.inside(one.token)) for one in (first, second, third, fourth)] == [False, False, False, True]
    assert len({at.inside(fourth).csrf, fourth.token}) == 2


@pytest.mark.threat("P1-22")
async def test_a_session_ends_by_itself(at: House) -> None:
    idle = await at.settle()
    at.now += 61 * MINUTE
    assert at.door.inside(idle.token) is None
    used = await at.door.by_password("rini", PASSWORD, HERE)
    for _ in range(11):
        at.now += 59 * MINUTE
        await at.door.seen(at.inside(used))
    at.now += 72 * MINUTE
    assert at.door.inside(used.token) is None


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize("act", ["disable", "reset"])
async def test_whose_account_is_disabled_or_reset_is_out_at_once(at: House, act: str) -> None:
    entered = await at.settle()
    await (at.people.disable if act == "disable" else at.people.reset)("budi", "rini")
    assert at.door.inside(entered.token) is None
    assert await refusal(at.door.by_password("rini", PASSWORD, HERE)) is Why.WRONG


async def test_who_may_do_something_else_has_to_log_in_again(at: House) -> None:
    entered = await at.settle()
    await at.people.change("budi", "rini", display_name="Rini Wahyuni")
    assert at.inside(entered).user.account.display_name == "Rini Wahyuni"
    await at.people.change("budi", "rini", role=Role.OFFICER, office=BANGKA)
    assert at.door.inside(entered.token) is None


@pytest.mark.threat("P1-22")
async def test_a_name_that_there_is_not_is_answered_like_a_wrong_password(at: House) -> None:
    await at.settle()
    assert await refusal(at.door.by_password("rini", "salah-sekali", HERE)) is Why.WRONG
    assert await refusal(at.door.by_password("siapa", "salah-sekali", HERE)) is Why.WRONG


@pytest.mark.threat("P1-22")
async def test_a_name_that_there_is_not_costs_a_hash_as_well(at: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hashing = Passwords(QUICK)
    compared: list[str] = []
    verified = hashing._verified

    def listed(given: str, known: str) -> bool:
        compared.append(known)
        return verified(given, known)

    monkeypatch.setattr(hashing, "_verified", listed)
    await at.settle()
    door = Door(at.store, lambda: at.settings, lambda: at.now, hashing)
    for name in ("rini", "siapa"):
        await refusal(door.by_password(name, "salah-sekali", HERE))
    assert [known.split("$")[:4] for known in compared] == [["", "argon2id", "v=19", "m=8,t=1,p=1"]] * 2


async def test_a_hash_that_costs_less_than_is_advised_is_made_anew(at: House) -> None:
    await at.settle()
    dearer = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    await Door(at.store, lambda: at.settings, lambda: at.now, dearer).by_password("rini", PASSWORD, HERE)
    (user,) = at.store.users()
    assert "m=16,t=2,p=1" in user.password
    await at.door.by_password("rini", PASSWORD, HERE)


@pytest.mark.threat("P1-22")
async def test_a_hundred_wrong_passwords_shut_nobody_out_for_good(at: House) -> None:
    entered = await at.settle()
    whys = [await refusal(at.door.by_password("rini", f"salah-{number}", STRANGER)) for number in range(100)]
    assert (whys[:10], whys[10:]) == ([Why.WRONG] * 10, [Why.WAIT] * 90)
    assert await refusal(at.door.by_password("rini", PASSWORD, Client("10.9.9.9"))) is Why.WAIT
    known = Client("10.9.9.9", "Firefox", entered.device)
    assert (await at.door.by_password("rini", PASSWORD, known)).stage is Stage.IN
    at.now += MINUTE
    assert (await at.door.by_password("rini", PASSWORD, Client("10.9.9.9"))).stage is Stage.IN


@pytest.mark.threat("P1-22")
async def test_names_that_there_are_not_make_wait_just_so(at: House) -> None:
    whys = [await refusal(at.door.by_password("siapa", "salah-sekali", STRANGER)) for _ in range(12)]
    assert whys == [Why.WRONG] * 10 + [Why.WAIT] * 2


@pytest.mark.threat("P1-22")
async def test_who_tries_many_names_from_one_address_has_to_wait(at: House) -> None:
    await at.settle()
    whys = [await refusal(at.door.by_password(f"nama{number}", "salah-sekali", STRANGER)) for number in range(31)]
    assert whys == [Why.WRONG] * 30 + [Why.WAIT]
    assert (await at.door.by_password("rini", PASSWORD, HERE)).stage is Stage.IN


@pytest.mark.threat("P1-22")
async def test_a_device_that_nobody_was_given_is_a_stranger(at: House) -> None:
    mine = await at.settle()
    await at.people.add("budi", "sari", Role.OPERATOR)
    for device in (mine.device, "x." + mine.device.partition(".")[2], "é.é", "."):
        client = Client("10.0.0.1", "", device)
        assert at.door._known_device("sari", client) == ""
    assert at.door._known_device("rini", Client("10.0.0.1", "", mine.device)) != ""


@pytest.mark.threat("P1-22")
async def test_who_comes_while_too_many_wait_comes_again_and_is_not_counted(at: House) -> None:
    await at.settle()
    crowd = [at.door.by_password(f"nama{n}", "salah-sekali", Client(f"198.51.{n}.1")) for n in range(passwords.MOST)]
    mine = [at.door.by_password("rini", "salah-sekali", HERE) for _ in range(20)]
    whys = await asyncio.gather(*map(refusal, crowd + mine))
    assert whys == [Why.WRONG] * passwords.MOST + [Why.BUSY] * 20
    assert (await at.door.by_password("rini", PASSWORD, HERE)).stage is Stage.IN


async def test_right_passwords_are_not_counted(at: House) -> None:
    await at.settle()
    for _ in range(40):
        await at.door.by_password("rini", PASSWORD, STRANGER)
    assert (await at.door.by_password("rini", PASSWORD, STRANGER)).stage is Stage.IN


@pytest.mark.threat("P1-22")
async def test_a_code_of_the_app_is_asked_for_and_counts_once(at: House) -> None:
    app, _, _ = await at.with_app(await at.settle())
    half = await at.door.by_password("rini", PASSWORD, HERE)
    assert await refusal(at.door.by_code(half.token, app.at(int(at.now)), HERE)) is Why.WRONG, "it set the app up"
    at.now += 60
    assert half.stage is Stage.CODE
    code = app.at(int(at.now))
    assert await refusal(at.door.by_code(half.token, "000000", HERE)) is Why.WRONG
    whole = await at.door.by_code(half.token, code, HERE)
    assert (whole.stage, whole.token != half.token, at.door.inside(half.token)) == (Stage.IN, True, None)
    again = await at.door.by_password("rini", PASSWORD, HERE)
    assert await refusal(at.door.by_code(again.token, code, HERE)) is Why.WRONG


@pytest.mark.threat("P1-22")
async def test_codes_cannot_be_tried_out(at: House) -> None:
    app, _, _ = await at.with_app(await at.settle())
    at.now += 60
    half = await at.door.by_password("rini", PASSWORD, STRANGER)
    whys = [await refusal(at.door.by_code(half.token, f"{number:06}", STRANGER)) for number in range(7)]
    assert whys == [Why.WRONG] * 5 + [Why.WAIT] * 2
    at.now += 299
    assert await refusal(at.door.by_code(half.token, app.at(int(at.now)), STRANGER)) is Why.WAIT
    at.now += 1
    assert await refusal(at.door.by_code(half.token, app.at(int(at.now)), STRANGER)) is Why.USED


@pytest.mark.threat("P1-22")
async def test_who_only_knows_the_password_gets_no_more_tries_by_logging_in_again(at: House) -> None:
    await at.with_app(await at.settle())
    whys, client = [], STRANGER
    for number in range(8):
        half = await at.door.by_password("rini", PASSWORD, client)
        client = Client(f"203.0.113.{number}", "curl", half.device)
        whys.append(await refusal(at.door.by_code(half.token, "000000", client)))
    assert whys == [Why.WRONG] * 5 + [Why.WAIT] * 3


@pytest.mark.threat("P1-22")
async def test_who_is_reset_while_logging_in_stays_out(at: House) -> None:
    await at.settle()
    known = await at.door.confirmed("rini", PASSWORD, HERE)
    await at.people.reset("budi", "rini")
    assert await refusal(at.door._begin(known, Stage.IN, HERE, "log in by password")) is Why.USED


async def test_a_code_that_stands_in_for_the_app_counts_once(at: House) -> None:
    _, codes, _ = await at.with_app(await at.settle())
    assert len(set(codes)) == 10
    half = await at.door.by_password("rini", PASSWORD, HERE)
    assert (await at.door.by_code(half.token, codes[3].upper(), HERE)).stage is Stage.IN
    half = await at.door.by_password("rini", PASSWORD, HERE)
    assert await refusal(at.door.by_code(half.token, codes[3], HERE)) is Why.WRONG


@pytest.mark.threat("P1-22")
async def test_a_role_that_needs_an_app_gets_no_further_without(tmp_path: Path) -> None:
    async with house(tmp_path, require_totp=("operator",)) as at:
        half = await at.settle()
        assert half.stage is Stage.ENROL
        _, _, whole = await at.with_app(half)
        assert whole.stage is Stage.IN
        assert (await at.door.by_password("rini", PASSWORD, HERE)).stage is Stage.CODE


async def test_the_app_is_removed_with_the_password(at: House) -> None:
    _, _, entered = await at.with_app(await at.settle())
    assert await refusal(at.own.remove_app(at.inside(entered), "salah-sekali", HERE)) is Why.WRONG
    await at.own.remove_app(at.inside(entered), PASSWORD, HERE)
    assert (await at.door.by_password("rini", PASSWORD, HERE)).stage is Stage.IN


async def test_somebody_ends_their_own_sessions_and_nobody_elses(at: House) -> None:
    await at.people.add("budi", "sari", Role.OPERATOR)
    mine = await at.settle()
    other = await at.door.by_password("rini", PASSWORD, STRANGER)
    sessions = at.own.sessions(at.inside(mine))
    assert {(one.agent, one.address) for one in sessions} == {("Firefox", "10.0.0.1"), ("curl", "203.0.113.9")}
    theirs = await at.people.add("budi", "tono", Role.OPERATOR)
    tono = await at.door.by_link(token_of(theirs), PASSWORD, HERE)
    assert not await at.own.end_session(at.inside(mine), at.inside(tono).session.id)
    assert await at.own.end_session(at.inside(mine), at.inside(other).session.id)
    assert (at.door.inside(other.token), at.inside(tono).user.account.name) == (None, "tono")
    await at.door.leave(at.inside(mine))
    assert at.door.inside(mine.token) is None


async def test_a_link_lets_in_once(at: House) -> None:
    token = token_of(await at.people.add("budi", "rini", Role.OPERATOR))
    assert at.door.entrance(token) == at.store.user_named("rini")
    await at.door.by_link(token, PASSWORD, HERE)
    assert at.door.entrance(token) is False
    assert await refusal(at.door.by_link(token, OTHER_PASSWORD, STRANGER)) is Why.USED
    assert (await at.door.by_password("rini", PASSWORD, HERE)).stage is Stage.IN


async def test_a_link_is_over_after_a_day_and_when_another_is_made(at: House) -> None:
    old = token_of(await at.people.add("budi", "rini", Role.OPERATOR))
    new = token_of(await at.people.reset("budi", "rini"))
    assert at.door.entrance(old) is False
    user = at.store.user_named("rini")
    assert user
    at.now = user.made_at + 25 * HOUR
    assert await refusal(at.door.by_link(new, PASSWORD, HERE)) is Why.USED


async def test_the_first_administrator_comes_in_by_a_link_which_is_over_then(at: House) -> None:
    first, second = await at.people.first_link(), await at.people.first_link()
    assert first
    assert second
    at.now = time.time()
    assert at.door.entrance(first.rpartition("/")[2]) is False
    token = second.rpartition("/")[2]
    assert at.door.entrance(token) is True
    entered = await at.door.by_link(token, PASSWORD, HERE, ("rini", "Rini"))
    assert (entered.account.role, entered.stage) == (Role.ADMINISTRATOR, Stage.IN)
    assert await at.people.first_link() is None


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("pendek", "short"),
        ("rinirinirinirini1", "plain"),
        ("aaaaaaaaaaaaaaaa", "plain"),
        ("x" * 201, "long"),
        (PASSWORD, ""),
        ("hujan deras di kota", ""),
    ],
)
async def test_a_password_is_long_and_not_plain(password: str, problem: str) -> None:
    assert passwords.problem(password, "rini") == problem
