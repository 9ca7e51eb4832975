"""Disks that can be filled, that grow, that turn read-only."""

import fcntl
import gc
import os
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

FS_IOC_SHUTDOWN, NO_LOG_FLUSH = 0x8004587D, 2

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a file system")


def fill(folder: Path, leave: int = 0) -> Path:
    """Take all the room on a disk but so many bytes; the room is there again once the returned file is gone."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        with suppress(OSError):
            while True:
                file.write(bytes(4096))
        file.truncate(max(0, file.tell() - leave))
    return filler


@contextmanager
def mounted(folder: Path, size: str) -> Iterator[Path]:
    """A file system of its own in memory; its size is, for example, "8m"."""
    if os.geteuid() != 0:
        pytest.skip("only root may mount a file system")
    folder.mkdir(parents=True)
    _run("mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        gc.collect()  # readers that nobody closed keep the disk busy
        _run("umount", str(folder))


def grow(folder: Path, size: str) -> None:
    """Give a mounted file system another size."""
    _run("mount", "-o", f"remount,size={size}", str(folder))


class LoopDisk:
    """`with LoopDisk(folder, image) as disk:` mounts an ext4 file system that turns read-only at its first error."""

    def __init__(self, folder: Path, image: Path) -> None:
        self._folder = folder
        self._image = image
        self._device = ""

    def __enter__(self) -> "LoopDisk":
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._image.open("wb") as file:
            file.truncate(32 << 20)
        self._device = _run("losetup", "--find", "--show", str(self._image))
        _run("mkfs.ext4", "-q", self._device)
        self.mount()
        return self

    def __exit__(self, *_: object) -> None:
        self.unmount()
        _run("losetup", "--detach", self._device)

    def mount(self) -> None:
        _run("mount", "-o", "errors=remount-ro", self._device, str(self._folder))

    def unmount(self) -> None:
        _run("umount", str(self._folder))

    def break_down(self) -> None:
        """What is not on the disk now never will be, and every later call fails."""
        folder = os.open(self._folder, os.O_RDONLY)
        fcntl.ioctl(folder, FS_IOC_SHUTDOWN, struct.pack("I", NO_LOG_FLUSH))
        os.close(folder)

    def fail(self) -> None:
        """An error in the file system itself, as a broken block leads to."""
        (Path("/sys/fs/ext4") / Path(self._device).name / "trigger_fs_error").write_text("1")


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
