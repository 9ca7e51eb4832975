"""Who may see which case."""

import pytest

from gateway import categories, units
from gateway.accounts.account import Account, Role
from gateway.console.seeing import may_see, scope
from gateway.routing import Routing
from tests.gateway.console.support import account

BANGKA, WATER = "kelurahan-31.74.03.1002", "sudin-sda-31.74"
FLOOD, BRIBE = "banjir", "pungutan-liar"


@pytest.fixture(scope="module")
def routing() -> Routing:
    return units.load(None, categories.load(), "31")


SEEN: dict[str, tuple[Account, str | None, str | None, bool]] = {
    "an operator sees any": (account(), WATER, FLOOD, True),
    "and one that nobody has": (account(), None, None, True),
    "and complaints about officials": (account(), "inspektorat", BRIBE, True),
    "but not who works in an office of an area": (account(office=BANGKA), "inspektorat", BRIBE, False),
    "who sees all else": (account(office=BANGKA), WATER, FLOOD, True),
    "a unit sees its own": (account(Role.UNIT, unit=WATER), WATER, FLOOD, True),
    "not those of another": (account(Role.UNIT, unit=WATER), BANGKA, FLOOD, False),
    "nor those of nobody": (account(Role.UNIT, unit=WATER), None, FLOOD, False),
    "nor its own if they accuse it": (account(Role.UNIT, unit=BANGKA), BANGKA, BRIBE, False),
    "the unit for complaints sees them": (account(Role.UNIT, unit="inspektorat"), "inspektorat", BRIBE, True),
    "a unit's account without a unit sees none": (account(Role.UNIT), None, FLOOD, False),
    "an officer of a desk sees none": (account(Role.OFFICER, office=BANGKA), BANGKA, FLOOD, False),
    "an administrator sees any": (account(Role.ADMINISTRATOR), "inspektorat", BRIBE, True),
}


@pytest.mark.threat("P0-33")
@pytest.mark.parametrize(("who", "unit", "category", "is_seen"), SEEN.values(), ids=SEEN)
def test_a_case_is_seen_by_those_who_handle_it_and_hidden_from_those_it_may_accuse(
    routing: Routing, who: Account, unit: str | None, category: str | None, is_seen: bool
) -> None:
    assert may_see(who, {"unit": unit, "category": category}, routing) is is_seen


def test_lists_ask_for_no_case_that_somebody_may_not_see(routing: Routing) -> None:
    assert scope(account(), routing).hidden == frozenset()
    theirs = scope(account(Role.UNIT, unit=BANGKA), routing)
    assert (theirs.unit, BRIBE in theirs.hidden, FLOOD in theirs.hidden) == (BANGKA, True, False)
    assert scope(account(Role.OFFICER), routing).is_empty
