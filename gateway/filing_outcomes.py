"""What an attempt to file comes to: filed, due again, or set aside. Pure, but for the jitter of the back-off."""

from typing import Any

import msgspec

from gateway import retry
from gateway.casestore.calling import is_number
from gateway.casestore.contract import Filed, Later, Outcome, Pending, Refused
from gateway.outgoing import Nothing, Package
from gateway.store.filings import Filing, FilingOutcome, FilingState

NOT_YET_SECONDS = 30.0
#: Before one that fails by itself is set aside, whatever the clock says.
FEWEST_TRIES = 5
#: A second try would be answered alike.
UNUSABLE = "its number or token there is too long, or not one line of plain text"


class Down(msgspec.Struct, frozen=True):
    """The case store did not take anything of a batch."""

    reason: str
    retry_after: float | None = None


Result = Outcome | Down


class Attempted(msgspec.Struct, frozen=True, kw_only=True):
    """How the case store fares after the attempt: `is_down`, with seconds to `wait` for the next probe; the `first`
    back-off, and after how many seconds to `give_up` and to `confirm` (0: never) are its settings."""

    is_down: bool
    wait: float
    first: float
    give_up: float
    confirm: float


def outcome_of(filing: Filing, packet: Package, result: Result, after: Attempted, now: float) -> FilingOutcome:
    is_over = filing.tries >= FEWEST_TRIES and now - filing.since > after.give_up
    changes: dict[str, Any]
    match result:
        case Filed(said) | Pending(said) if not is_number(said):
            changes = {"state": FilingState.ASIDE, "error": UNUSABLE}
        case Filed(number):
            changes = {"state": FilingState.FILED, "number": number, "told": packet.told, "sent": packet.sent}
            changes["confirm_at"] = now + after.confirm if after.confirm and not filing.filed_version else None
        case Refused(reason):
            changes = {"state": FilingState.ASIDE, "error": reason}
        case Pending(token, seconds) if not is_over:
            changes = {"due_at": now + seconds, "token": token}
        case Pending():
            changes = {"state": FilingState.ASIDE, "error": "no number came for its token"}
        case Later(reason) if is_over:
            changes = {"state": FilingState.ASIDE, "error": reason}
        case Down(reason) if is_over and not after.is_down:
            changes = {"state": FilingState.ASIDE, "error": reason}
        case Later(reason, seconds) | Down(reason, seconds):
            pause = after.wait or retry.delay(filing.tries, seconds, first=after.first)
            changes = {"due_at": now + pause, "error": reason}
    return msgspec.structs.replace(_unchanged(filing, now), **changes)


def left_out(filing: Filing, packet: Nothing, now: float) -> FilingOutcome:
    """There was nothing to send, or not yet."""
    outcome = msgspec.structs.replace(_unchanged(filing, now), error=packet.reason)
    if packet.later:
        return msgspec.structs.replace(outcome, due_at=now + NOT_YET_SECONDS)
    return msgspec.structs.replace(outcome, state=FilingState.COVERED)


def _unchanged(filing: Filing, now: float) -> FilingOutcome:
    return FilingOutcome(case=filing.case, store=filing.store, version=filing.version, state=FilingState.DUE, at=now)
