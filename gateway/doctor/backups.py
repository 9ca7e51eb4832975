"""How old is the last good backup?"""

import time

from gateway.backup import record
from gateway.doctor.finding import Findings, Patient, fail, ok, warn
from gateway.doctor.words import DAY, duration, size

OLD, TOO_OLD = 2 * DAY, 7 * DAY
HINT = "kanal backup DIR, every night"


def check(patient: Patient) -> Findings:
    last = record.read(patient.folder)
    if last is None:
        yield warn("backup", "there never was one", HINT)
        return
    age = time.time() - last.at
    said = f"the last was made {duration(max(age, 0.0))} ago ({size(last.size)}, {last.folder})"
    if age > TOO_OLD:
        yield fail("backup", said, HINT)
    else:
        yield warn("backup", said, HINT) if age > OLD else ok("backup", said)
