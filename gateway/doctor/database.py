"""SQLite and the database: durable, whole, of this version, written by one connection alone."""

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from gateway.doctor.finding import Findings, Patient, fail, ok, warn
from gateway.doctor.opening import opened
from gateway.doctor.words import size
from gateway.store import named, pragmas, snapshot, upgrade
from gateway.store.connecting import FILE
from gateway.store.contract import StoreUnavailable

LARGE_WAL = 1_000_000_000
QUICK_SECONDS = 5.0
STEPS_BETWEEN_LOOKS = 10_000


def check_sqlite(patient: Patient) -> Findings:
    number = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < pragmas.OLDEST:
        yield fail("SQLite", f"{number} is too old", f"install {'.'.join(map(str, pragmas.OLDEST))} or newer")
    elif patient.vitals is None or not patient.vitals.pragmas:
        yield ok("SQLite", number)
    elif faults := pragmas.wrong(patient.vitals.pragmas):
        yield fail("SQLite", "; ".join(faults), "what is acknowledged may be lost: stop the gateway and see to it")
    else:
        yield ok("SQLite", f"{number}; the gateway's writing connection has WAL, synchronous FULL")


def check_writers(patient: Patient) -> Findings:
    """With the WAL-reset bug two connections that checkpoint at once can destroy the database, so the gateway's one
    writes alone; that a stranger must not is true in any case."""
    gateway = patient.vitals.pid if patient.vitals else None
    others = [pid for pid in writers(patient.folder / FILE) if pid != gateway]
    for pid in others:
        said = f"process {pid} ({_name(pid)}) has the database open for writing"
        yield fail("writers", said, "end it; to look, open it read-only: sqlite3 'file:kanal.db?mode=ro'")
    if not others:
        yield ok("writers", "nobody but the gateway writes to the database" if gateway else "nobody writes to it")


def writers(database: Path) -> Iterator[int]:
    """The processes that have a file open for writing, as far as this user may see them."""
    wanted = database.stat()
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid() and _writes(process, wanted):
            yield int(process.name)


def _writes(process: Path, wanted: os.stat_result) -> bool:
    with suppress(OSError):
        for link in (process / "fd").iterdir():
            with suppress(OSError):
                found = link.stat()
                if (found.st_dev, found.st_ino) == (wanted.st_dev, wanted.st_ino) and _for_writing(process, link.name):
                    return True
    return False


def _for_writing(process: Path, descriptor: str) -> bool:
    lines = (process / "fdinfo" / descriptor).read_text().splitlines()
    flags = next(line.split()[1] for line in lines if line.startswith("flags:"))
    return bool(int(flags, 8) & os.O_ACCMODE)


def _name(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return "?"


def check_database(patient: Patient) -> Findings:
    yield from _version(patient)
    yield from _whole(patient)
    wal = patient.folder / f"{FILE}-wal"
    if wal.exists() and wal.stat().st_size > LARGE_WAL:
        said = f"{wal.name} has grown to {size(wal.stat().st_size)}: somebody has been reading for long"
        yield warn("database", said, "end what reads it, or restart the gateway, which empties it")
    for copy in upgrade.copies(patient.folder):
        said = f"{copy.name} ({size(copy.stat().st_size)}) holds the data as they were before an upgrade"
        yield warn("database", said, f"once all is well with this version: rm {copy}")


def _version(patient: Patient) -> Findings:
    with opened(patient.folder) as connection:
        try:
            upgrade.refuse_other(connection)
        except StoreUnavailable as error:
            yield fail("database", str(error), "see Upgrades in docs/operations.md")


def _whole(patient: Patient) -> Findings:
    how_large = size((patient.folder / FILE).stat().st_size)
    with opened(patient.folder) as connection:
        if patient.deep:
            faults: list[str] | None = snapshot.faults(connection)
            faults = faults or _lost_bodies(connection, patient.folder)
        else:
            faults = _quick_faults(connection)
    if faults is None:
        yield ok(
            "database", f"{how_large}; nothing wrong was found in {QUICK_SECONDS:.0f} s: --deep looks at all of it"
        )
    elif faults:
        hint = "stop the gateway and restore a backup into a new folder; keep this one"
        yield fail("database", f"it is damaged: {'; '.join(faults[:3])}", hint)
    else:
        yield ok("database", f"{how_large}, whole")


def _quick_faults(connection: sqlite3.Connection) -> list[str] | None:
    """What a look at every page finds; None if it is not through in time."""
    until = time.monotonic() + QUICK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > until, STEPS_BETWEEN_LOOKS)
    try:
        found = [str(row[0]) for row in connection.execute("PRAGMA quick_check(10)")]
    except sqlite3.DatabaseError as error:
        return None if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_INTERRUPT else [str(error)]
    finally:
        connection.set_progress_handler(None, 0)
    return [] if found == ["ok"] else found


def _lost_bodies(connection: sqlite3.Connection, folder: Path) -> list[str]:
    lost = [name for name in named.blobs(connection) if not (folder / "blobs" / name[:2] / name).exists()]
    return [f"blobs/{name[:2]}/{name} is lost" for name in lost]
