"""The data folder: whose it is, who can look into it, and what disk it is on."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from gateway import master
from gateway.doctor.finding import Findings, Patient, fail, ok, warn

MOST_TOLD = 3
IN_MEMORY = {"tmpfs", "ramfs"}
#: SQLite's WAL needs memory that all processes on the file system share (sqlite.org/wal.html).
OVER_THE_NETWORK = {"nfs", "nfs4", "cifs", "smb3", "9p", "ceph", "fuse.sshfs", "fuse.glusterfs"}


def check(patient: Patient) -> Findings:
    folder = patient.folder
    if not folder.exists():
        yield ok("data folder", f"{folder} is not there yet: kanal run makes it")
        return
    wrong = [*_file_system(folder), *_rights(folder)]
    yield from wrong
    if not wrong:
        yield ok("data folder", f"{folder}: its owner's alone, on {file_system(folder)}")


def _file_system(folder: Path) -> Findings:
    kind = file_system(folder)
    if kind in IN_MEMORY:
        hint = "set [gateway] data to a folder on a disk"
        yield fail("data folder", f"it is in memory ({kind}): all is lost when the machine stops", hint)
    if kind in OVER_THE_NETWORK:
        hint = "set [gateway] data to a folder on a disk of this machine"
        yield fail("data folder", f"it is on a network file system ({kind}), which SQLite's WAL cannot use", hint)


def _rights(folder: Path) -> Findings:
    owner = folder.stat()
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        yield fail("data folder", "it cannot be written", "run this as the gateway's own user, or as root")
    if owner.st_mode & 0o077:
        yield fail(
            "data folder", f"others may look into it (mode {stat.filemode(owner.st_mode)})", f"chmod 700 {folder}"
        )
    if strange := [path for path, found in _files(folder) if found.st_uid != owner.st_uid]:
        hint = f"chown -R --reference={folder} {folder}"
        yield fail("data folder", f"another user owns {_some(strange)}: the gateway may not read it", hint)
    if loose := [path for path, found in _files(folder) if _is_loose(found) and path.name != master.FILE]:
        yield warn("data folder", f"others might read {_some(loose)}", f"chmod -R go= {folder}")


def _is_loose(found: os.stat_result) -> bool:
    return bool(found.st_mode & 0o077) and not stat.S_ISSOCK(found.st_mode)


def _files(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    """All but the many bodies, of which only the folder matters."""
    for path in folder.iterdir():
        yield path, path.lstat()
        if path.is_dir() and path.name in {"secrets", "texts"}:
            yield from ((below, below.lstat()) for below in path.iterdir())


def _some(paths: list[Path]) -> str:
    more = " …" if len(paths) > MOST_TOLD else ""
    return ", ".join(path.name for path in paths[:MOST_TOLD]) + more


def file_system(folder: Path) -> str:
    """The kind of file system that a folder is on, as the kernel calls it; "?" if that cannot be told."""
    device = folder.stat().st_dev
    wanted = f"{os.major(device)}:{os.minor(device)}"
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        mount, _, kind = line.partition(" - ")
        if mount.split()[2] == wanted:
            return kind.split()[0]
    return "?"
