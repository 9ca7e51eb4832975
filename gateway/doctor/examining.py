"""All that the doctor looks at, in order. What cannot be looked at is a finding too, and stops nothing else."""

import sqlite3
from collections.abc import Iterator

from gateway.doctor import (
    backlog,
    backups,
    certificates,
    channels,
    clock,
    database,
    disk,
    fetches,
    filings,
    folder,
    keys,
    network,
    running,
    scanner,
)
from gateway.doctor.finding import Check, Finding, Health, Patient, fail
from gateway.store.connecting import FILE
from gateway.store.contract import StoreUnavailable

ALWAYS: tuple[tuple[str, Check], ...] = (
    ("gateway", running.check),
    ("data folder", folder.check),
    ("disk", disk.check_room),
    ("writing", disk.check_syncs),
    ("clock", clock.check),
    ("ports", network.check_ports),
    ("file handles", network.check_handles),
    ("master key", keys.check),
    ("certificate", certificates.check),
    ("scanner", scanner.check),
    ("SQLite", database.check_sqlite),
)
OF_DATA: tuple[tuple[str, Check], ...] = (
    ("writers", database.check_writers),
    ("database", database.check_database),
    ("backup", backups.check),
    ("backlog", backlog.check),
    ("files", fetches.check),
    ("case store", filings.check),
)
LAST: tuple[tuple[str, Check], ...] = (("channel", channels.check),)


def examine(patient: Patient) -> Iterator[Finding]:
    """As it is found."""
    of_data = OF_DATA if (patient.folder / FILE).exists() else ()
    for name, check in (*ALWAYS, *of_data, *LAST):
        yield from _guarded(name, check, patient)


def _guarded(name: str, check: Check, patient: Patient) -> Iterator[Finding]:
    findings = check(patient)
    try:
        yield from findings
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        yield fail(name, f"{where}{error.strerror or error}", "run this as the gateway's own user, or as root")
    except (sqlite3.Error, StoreUnavailable) as error:
        yield fail(name, str(error), "is kanal.db whole? kanal doctor --deep looks at all of it")


def is_well(findings: list[Finding]) -> bool:
    return not any(finding.health is Health.FAIL for finding in findings)
