"""What the doctor finds, and what is known of whom is looked at."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

import msgspec

from gateway.settings import Settings
from gateway.vitals import Vitals


class Health(StrEnum):
    """WARN may become worse; FAIL is wrong now."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at; `hint` says what to do. None of it is of a citizen's, or a secret."""

    check: str
    health: Health
    said: str
    hint: str = ""


class Patient(msgspec.Struct, frozen=True):
    """`vitals` are those of the running gateway, None if none answers. `online`: may channels' servers be asked?
    `deep`: may it take long?"""

    settings: Settings
    folder: Path
    vitals: Vitals | None
    online: bool = True
    deep: bool = False


Findings = Iterator[Finding]
Check = Callable[[Patient], Findings]


def ok(check: str, said: str) -> Finding:
    return Finding(check, Health.OK, said)


def warn(check: str, said: str, hint: str) -> Finding:
    return Finding(check, Health.WARN, said, hint)


def fail(check: str, said: str, hint: str) -> Finding:
    return Finding(check, Health.FAIL, said, hint)
