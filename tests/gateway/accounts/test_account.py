"""What each role may do."""

import pytest

from gateway.accounts.account import LONGEST_NAME, Account, Right, Role, called, may

DESK = {Right.ACCOUNT, Right.DESK, Right.LOOK_UP}
CASES_OF_A_UNIT = {Right.ACCOUNT, Right.CASES, Right.HANDLE, Right.ANSWER}
ADMINISTRATORS_ALONE = {Right.CHANNELS, Right.PEOPLE}


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize(
    ("role", "rights"),
    [
        (Role.OFFICER, DESK),
        (Role.UNIT, CASES_OF_A_UNIT),
        (Role.OPERATOR, set(Right) - ADMINISTRATORS_ALONE),
        (Role.ADMINISTRATOR, set(Right)),
    ],
)
def test_a_role_may_do_this_and_nothing_else(role: Role, rights: set[Right]) -> None:
    assert {right for right in Right if may(role, right)} == rights


@pytest.mark.threat("P0-33")
def test_who_handles_a_case_does_not_see_who_reported_it() -> None:
    assert not may(Role.UNIT, Right.REVEAL)


def test_who_is_disabled_may_do_nothing() -> None:
    account = Account(id="a", name="rini", display_name="Rini", role=Role.ADMINISTRATOR, disabled_at=1.0)
    assert [right for right in Right if account.may(right)] == []


@pytest.mark.threat("P0-30")
def test_a_repr_names_nobody() -> None:
    account = Account(id="a1", name="rini", display_name="Rini Wahyuni", role=Role.OFFICER)
    assert repr(account) == "Account(id='a1', role=<Role.OFFICER: 'officer'>)"


def test_what_colleagues_call_somebody_hides_and_turns_nothing() -> None:
    assert called("  Rini\u202e \u200bWahyuni\n\x1b ") == "Rini Wahyuni"
    assert len(called("r" * 300)) == LONGEST_NAME
