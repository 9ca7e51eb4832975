"""The master key: there, its owner's alone, and the one that opens the data. Other secrets: nobody else's to read."""

import stat
from pathlib import Path

from gateway import master
from gateway.doctor.finding import Findings, Patient, fail, ok, warn
from gateway.doctor.opening import opened
from gateway.store import keyring, upgrade
from gateway.store.connecting import FILE
from gateway.store.contract import StoreUnavailable
from gateway.store.schema import NOTHING_IN_CLEAR


def check(patient: Patient) -> Findings:
    beside, named = patient.folder / master.FILE, patient.settings.gateway.master_key
    if named is None and beside.exists():
        yield from _rights(beside)
    if (patient.folder / FILE).exists():
        yield from _opens(patient, beside)
    for warning in patient.settings.warnings:
        yield warn("settings", f"{warning.where}: {warning.what}", warning.hint)


def _rights(file: Path) -> Findings:
    mode = file.stat().st_mode
    if mode & 0o077:
        yield fail("master key", f"others may read it (mode {stat.filemode(mode)})", f"chmod 600 {file}")
    if file.stat().st_size > master.KEY_BYTES:
        yield warn("master key", "its last change was cut short", "repeat it: kanal secret rotate")


def _opens(patient: Patient, beside: Path) -> Findings:
    named = patient.settings.gateway.master_key
    try:
        key = master.master_key(patient.folder, named)
        with opened(patient.folder) as connection:
            if NOTHING_IN_CLEAR in upgrade.pending(connection):
                return  # it has no keys yet; what to do is said of the database
            keyring.opened(connection, key)
    except (ValueError, StoreUnavailable) as error:
        yield fail("master key", str(error), "put back the key that the data were sealed with, or restore a backup")
        return
    where = "named by the settings" if named else f"in {beside}: keep a copy in another place"
    yield ok("master key", f"it opens the data; {where}")
