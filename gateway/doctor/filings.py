"""Outside case stores: what waits for them, for whom it is to wait, and who has it in hand."""

import time
from collections.abc import Iterator

from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn
from gateway.doctor.opening import opened
from gateway.doctor.words import HOUR, MINUTE, duration
from gateway.store.filings import Waiting
from gateway.store.outbox import waiting_filings

LATE, TOO_LATE = 15 * MINUTE, 2 * HOUR
CHECK = "case store"


def check(patient: Patient) -> Findings:
    with opened(patient.folder) as connection:
        found = waiting_filings(connection)
        (unknown,) = connection.execute("SELECT count(*) FROM news WHERE state = 'unknown'").fetchone()
    names = {store.name for store in patient.settings.case_stores}
    for name in sorted(names | found.keys()):
        yield from _of_store(name, found.get(name), name in names)
    if unknown:
        said = f"{unknown} pieces of news are about cases that nobody knows"
        yield warn(CHECK, said, "if many: was something filed there that did not come from here?")


def _of_store(name: str, found: Waiting | None, is_known: bool) -> Iterator[Finding]:
    if found is None:
        yield ok(CHECK, f"{name} has every case that is for it")
        return
    if found.due and not is_known:
        yield warn(CHECK, f"{name} is not in the settings, but {found.due} cases wait for it", "put it back, or cancel")
    elif found.due:
        yield _waiting(name, found)
    if found.aside:
        said = f"{found.aside} cases are set aside that {name} did not take"
        yield warn(CHECK, said, "kanal filings list --state aside tells why; kanal filings retry tries again")


def _waiting(name: str, found: Waiting) -> Finding:
    age = max(0.0, time.time() - found.oldest) if found.oldest is not None else 0.0
    said = f"{found.due} cases wait for {name}, the oldest for {duration(age)}"
    if age < LATE:
        return ok(CHECK, said)
    hint = "kanal filings list --state due tells what came of the tries; kanal check --online asks the case store"
    return fail(CHECK, said, hint) if age > TOO_LATE else warn(CHECK, said, hint)
