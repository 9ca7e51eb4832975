"""The scanner for malware: does it answer, how old are its signatures, and what waits for it?"""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from gateway.clamav import Clamd, ScannerDown
from gateway.doctor.finding import Finding, Findings, Patient, fail, ok, warn

CHECK = "scanner"
OLD = timedelta(days=7)
_ASKED = re.compile(r"ClamAV [^/]{1,40}/\d+/(.{20,40})")


def check(patient: Patient) -> Findings:
    """Nothing is said where none is wanted."""
    wanted = patient.settings.gateway
    if wanted.clamav:
        try:
            yield _answered(asyncio.run(Clamd(wanted.clamav).version()), datetime.now(UTC))
        except ScannerDown as down:
            said = f"clamd at {wanted.clamav} does not answer: {down}"
            hint = "files are taken in unscanned" + (", and none is passed on" if wanted.clamav_required else "")
            yield fail(CHECK, said, f"{hint}: start clamav-daemon, and let Kanal's user reach its socket")


def _answered(version: str, now: datetime) -> Finding:
    """As in "ClamAV 1.4.3/27800/Mon Nov 23 08:12:01 2026"; without a database of ClamAV's own only the first."""
    found = _ASKED.fullmatch(version)
    try:
        made = datetime.strptime(found[1], "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC) if found else None
    except ValueError:
        made = None
    if made is None or now - made < OLD:
        return ok(CHECK, f"{version} answers")
    return warn(CHECK, f"{version}: its signatures are {(now - made).days} days old", "let freshclam bring new ones")
