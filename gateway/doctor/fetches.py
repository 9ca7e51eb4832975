"""Files that lie with providers: what waits to be fetched, and what could not be."""

import time

from gateway.doctor.finding import Finding, Findings, Patient, ok, warn
from gateway.doctor.opening import opened
from gateway.doctor.words import HOUR, duration
from gateway.store.fetches import Waiting, waiting

LATE = HOUR
CHECK = "files"


def check(patient: Patient) -> Findings:
    with opened(patient.folder) as connection:
        found = waiting(connection)
    for name, one in sorted(found.items()):
        if one.due:
            yield _waiting(name, one)
        if one.lost:
            yield warn(
                CHECK,
                f"{one.lost} could not be fetched by {name}",
                f"the pages of their cases tell why; kanal files refetch --channel {name} tries again",
            )
    if not found:
        yield ok(CHECK, "none waits to be fetched")


def _waiting(name: str, found: Waiting) -> Finding:
    age = max(0.0, time.time() - found.oldest) if found.oldest is not None else 0.0
    said = f"{found.due} wait to be fetched by {name}, the oldest for {duration(age)}"
    hint = f"the gateway's log tells why; kanal channels resume {name} tries at once"
    return warn(CHECK, said, hint) if age > LATE else ok(CHECK, said)
