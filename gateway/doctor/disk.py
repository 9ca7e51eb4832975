"""Is there room on the disk, and how long does it take until something is on it?"""

import os
import shutil
import statistics
import time
from pathlib import Path

from gateway.doctor.finding import Findings, Patient, fail, ok, warn
from gateway.doctor.words import size
from gateway.durable import write_draft
from gateway.store.connecting import FILE

LITTLE, TOO_LITTLE = 2_000_000_000, 256_000_000
FEW_INODES, TOO_FEW_INODES = 0.05, 0.01
SYNCS = 5
SLOW_SECONDS = 0.1


def check_room(patient: Patient) -> Findings:
    place = existing(patient.folder)
    total, _, free = shutil.disk_usage(place)
    said = f"{size(free)} of {size(total)} are free"
    database = patient.folder / FILE
    copy = database.stat().st_size if database.exists() else 0
    if free < TOO_LITTLE:
        yield fail("disk", said, "make room: without it everything that comes in is put off")
    elif free < LITTLE:
        yield warn("disk", said, "make room before it is full")
    elif free < copy:
        yield warn("disk", f"{said}, less than the database has", "an upgrade needs that much for its copy")
    else:
        yield ok("disk", said)
    yield from _inodes(place)


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _inodes(place: Path) -> Findings:
    found = os.statvfs(place)
    left = found.f_favail / found.f_files if found.f_files else 1.0
    said = f"{found.f_favail} of {found.f_files} inodes are free"
    if left < TOO_FEW_INODES:
        yield fail("inodes", said, "remove files: no new one can be made")
    elif left < FEW_INODES:
        yield warn("inodes", said, "remove files before there is none")
    elif found.f_files:
        yield ok("inodes", said)


def check_syncs(patient: Patient) -> Findings:
    """Everything that is acknowledged waits for this."""
    if not patient.folder.exists():
        return
    took = sorted(_sync(patient.folder) for _ in range(SYNCS))
    said = f"{statistics.median(took) * 1000:.1f} ms until something is on disk (slowest {took[-1] * 1000:.1f})"
    if statistics.median(took) > SLOW_SECONDS:
        yield warn("writing", said, "the disk is slow or busy: citizens and mail servers wait for it")
    else:
        yield ok("writing", said)


def _sync(folder: Path) -> float:
    started = time.perf_counter()
    write_draft(folder / "probe", bytes(4096)).unlink()
    return time.perf_counter() - started
