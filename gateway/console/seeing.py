"""Which cases somebody may see: on their page, in lists, in counts and with their files alike. Pure.

Operators see all, a unit those that it has in hand. No office that a complaint about officials may accuse sees that,
whoever looks: those who work there may be the accused.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from gateway.accounts.account import Account, Right, Role
from gateway.routing import Routing


class Scope(msgspec.Struct, frozen=True):
    """`is_empty`: no case at all. `unit`: only the cases that it has in hand, None for those of all. `hidden`:
    the codes of the categories whose cases are kept from them."""

    is_empty: bool = False
    unit: str | None = None
    hidden: frozenset[str] = frozenset()

    def has(self, case: Mapping[str, Any]) -> bool:
        """A case's row, with its `unit` and `category`."""
        is_theirs = self.unit is None or case["unit"] == self.unit
        return not self.is_empty and is_theirs and case["category"] not in self.hidden


NOTHING = Scope(is_empty=True)


def scope(account: Account, routing: Routing) -> Scope:
    """For lists and counts, which ask the store for no others."""
    is_lost = account.role is Role.UNIT and not account.unit
    if not account.may(Right.CASES) or is_lost:
        return NOTHING
    return Scope(unit=account.unit if account.role is Role.UNIT else None, hidden=_kept_from(account, routing))


def may_see(account: Account, case: Mapping[str, Any], routing: Routing) -> bool:
    """May they see this case, and anything of it? Of one that was joined into another, ask with that other's row."""
    return scope(account, routing).has(case)


def _kept_from(account: Account, routing: Routing) -> frozenset[str]:
    offices = [one for one in (account.unit, account.office) if one]
    categories = routing.categories.categories
    return frozenset(code for code in categories if not all(routing.may_have(office, code) for office in offices))
