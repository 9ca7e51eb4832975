"""A person who works with Kanal, and what each role may do. Pure."""

from enum import StrEnum
from typing import Literal

from normalizer.message import Discreet
from normalizer.words.text import one_line

#: Letters of what colleagues call somebody.
LONGEST_NAME = 100


class Role(StrEnum):
    """OFFICER sits at the desk of an office; UNIT handles the cases of its unit, without knowing who reported;
    OPERATOR handles all cases; ADMINISTRATOR also looks after people and channels."""

    OFFICER = "officer"
    UNIT = "unit"
    OPERATOR = "operator"
    ADMINISTRATOR = "administrator"


class Right(StrEnum):
    """What a page or an act asks for. ACCOUNT is one's own account, DESK entering reports for citizens, LOOK_UP finding
    what one's own office entered, CASES seeing cases and HANDLE working on them, ANSWER writing to citizens, REVEAL
    seeing who reported (with a reason, which is recorded), REVIEW deciding on unsure duplicates."""

    ACCOUNT = "account"
    DESK = "desk"
    LOOK_UP = "look-up"
    CASES = "cases"
    HANDLE = "handle"
    ANSWER = "answer"
    REVEAL = "reveal"
    REVIEW = "review"
    TRIAGE = "triage"
    QUARANTINE = "quarantine"
    CHANNELS = "channels"
    IMPORT = "import"
    EXPORT = "export"
    PEOPLE = "people"


_OFFICER = frozenset({Right.ACCOUNT, Right.DESK, Right.LOOK_UP})
_UNIT = frozenset({Right.ACCOUNT, Right.CASES, Right.HANDLE, Right.ANSWER})
_OPERATOR = frozenset(Right) - {Right.CHANNELS, Right.PEOPLE}

RIGHTS = {
    Role.OFFICER: _OFFICER,
    Role.UNIT: _UNIT,
    Role.OPERATOR: _OPERATOR,
    Role.ADMINISTRATOR: frozenset(Right),
}


def may(role: Role, right: Right) -> bool:
    return right in RIGHTS[role]


def called(text: str) -> str:
    """What colleagues may call somebody: a line of which nothing hides or turns the words around it."""
    return one_line(text, LONGEST_NAME)


class Account(Discreet, frozen=True, kw_only=True):
    """`name` is what they log in by, `display_name` what colleagues call them. `office` is the code of an officer's
    office, `unit` that of a unit's; both are units of `config/units.toml`, such as kelurahan-31.74.03.1002. Whose
    `disabled_at` is set (seconds since the epoch) cannot come in."""

    id: str
    name: str
    display_name: str
    role: Role
    office: str | None = None
    unit: str | None = None
    language: Literal["id", "en"] = "id"
    disabled_at: float | None = None

    shown = ("id", "role")

    def may(self, right: Right) -> bool:
        return self.disabled_at is None and may(self.role, right)
