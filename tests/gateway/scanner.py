"""A real clamd with one signature of its own, of the test file that every scanner finds: Debian's clamav-daemon."""

import shutil
import socket
import subprocess
import time
from hashlib import md5
from pathlib import Path
from typing import Self

#: https://www.eicar.org/download-anti-malware-testfile/ in two pieces, lest this file itself be found.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-" + rb"ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = "Kanal.Test.UNOFFICIAL"

_CONFIG = """
Foreground yes
LocalSocket {folder}/s
DatabaseDirectory {folder}/db
StreamMaxLength 1M
"""


class Clamav:
    """`with Clamav(tmp_path) as clamav:` runs it until the end; `start` and `stop` in between."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "clamav"
        self._clamd: subprocess.Popen[bytes] | None = None
        self.place = f"unix:{self._folder}/s"

    def __enter__(self) -> Self:
        if not (program := shutil.which("clamd", path="/usr/sbin:/usr/bin")):
            raise RuntimeError("these tests need Debian's package clamav-daemon")
        self._program = program
        (self._folder / "db").mkdir(parents=True)
        digest = md5(EICAR, usedforsecurity=False).hexdigest()
        (self._folder / "db" / "kanal.hdb").write_text(
            f"{digest}:{len(EICAR)}:{SIGNATURE.removesuffix('.UNOFFICIAL')}\n"
        )
        (self._folder / "clamd.conf").write_text(_CONFIG.format(folder=self._folder))
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        command = [self._program, "-c", str(self._folder / "clamd.conf")]
        self._clamd = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 120
        while not self._answers():
            assert time.monotonic() < deadline and self._clamd.poll() is None, "clamd did not start"
            time.sleep(0.05)

    def stop(self) -> None:
        if self._clamd is not None:
            self._clamd.terminate()
            self._clamd.wait(10)
            self._clamd = None

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as asked:
            try:
                asked.connect(f"{self._folder}/s")
            except OSError:
                return False
            return True
