"""What waits too long, and what waits for a person."""

import time
from collections.abc import Iterator

from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn
from gateway.doctor.opening import opened
from gateway.doctor.words import HOUR, MINUTE, duration
from gateway.store.standing import Standing, standing, waiting

LATE, TOO_LATE = 5 * MINUTE, HOUR


def check(patient: Patient) -> Findings:
    with opened(patient.folder) as connection:
        found, by_channel = standing(connection), waiting(connection)
    runs = patient.vitals is not None
    yield _waiting("deliveries", found.received, found.oldest_received, runs, "kanal deliveries list --state received")
    yield _waiting("replies", found.due, found.oldest_due, runs, "kanal replies list --state due")
    for name in sorted(by_channel.keys() - {channel.name for channel in patient.settings.channels}):
        said = f"{name} is not in the settings, but {by_channel[name]} of its deliveries and replies wait"
        yield warn("channel", said, "put it back until they are done")
    yield from _for_people(found)


def _waiting(what: str, count: int, since: float | None, runs: bool, command: str) -> Finding:
    age = max(0.0, time.time() - since) if since is not None else 0.0
    said = f"{count} wait, the oldest for {duration(age)}" if count else "none waits"
    if not count or age < LATE:
        return ok(what, said)
    if not runs:
        return warn(what, said, "start the gateway")
    hint = f"{command}; kanal channels list"
    return fail(what, said, hint) if age > TOO_LATE else warn(what, said, hint)


def _for_people(found: Standing) -> Iterator[Finding]:
    if found.quarantined:
        said = f"{found.quarantined} deliveries could not be processed"
        yield warn("quarantine", said, "kanal quarantine list tells why")
    else:
        yield ok("quarantine", "empty")
    if found.uncertain:
        said = f"{found.uncertain} replies may or may not have been sent"
        yield warn("replies", said, "kanal replies list --state uncertain; kanal replies resend decides")
    if found.failed:
        said = f"{found.failed} replies failed"
        yield warn("replies", said, "kanal replies list --state failed; kanal replies resend tries again")
    if found.untold:
        said = f"{found.untold} to units could not be sent so far"
        yield warn("notices", said, "kanal notices list --state due tells why")
    if found.never_told:
        said = f"{found.never_told} to units failed"
        yield warn("notices", said, "kanal notices list --state failed tells why; kanal notices retry tries again")
    if found.oldest_talk is not None:
        said = f"{found.talks} wait for a person, the oldest for {duration(max(0.0, time.time() - found.oldest_talk))}"
        yield warn("talks", said, "kanal talks list --mode person")
