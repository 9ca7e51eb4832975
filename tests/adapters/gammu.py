"""A real gammu-smsd with its dummy phone, which is a folder: Debian's packages gammu and gammu-smsd."""

import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Self

from normalizer.words import gsm7

_CONFIG = """
[gammu]
model = dummy
connection = none
device = {folder}/phone

[smsd]
service = files
logfile = {folder}/smsd.log
inboxpath = {folder}/inbox/
outboxpath = {folder}/outbox/
sentsmspath = {folder}/sent/
errorsmspath = {folder}/error/
inboxformat = unicode
loopsleep = 1
receivefrequency = 1
runonreceive = {run}
"""


class Gammu:
    """`with Gammu(tmp_path, run="/path/to/script") as gammu:` runs gammu-smsd, which takes what the phone has received
    and runs the script for each SMS."""

    def __init__(self, folder: Path, *, run: str = "/bin/true", environment: dict[str, str]) -> None:
        self._folder = folder / "gammu"
        self._config = self._folder / "smsdrc"
        self._run = run
        self._environment = environment
        self._smsd: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        if not (shutil.which("gammu") and shutil.which("gammu-smsd")):
            raise RuntimeError("these tests need Debian's packages gammu and gammu-smsd")
        for name in ("phone", "inbox", "outbox", "sent", "error"):
            (self._folder / name).mkdir(parents=True)
        self._config.write_text(_CONFIG.format(folder=self._folder, run=self._run))
        return self

    def __exit__(self, *_: object) -> None:
        if self._smsd is not None:
            self._smsd.terminate()
            self._smsd.wait(10)

    def phone_receives(self, sender: str, text: str) -> int:
        """One SMS, before `start`; in as many parts as gammu says that it takes."""
        alphabet = [] if gsm7.fits(text) else ["-unicode"]
        command = ["gammu", "-c", str(self._config), "savesms", "TEXT", "-len", "2000", *alphabet, "-folder", "1"]
        told = subprocess.run(
            [*command, "-sender", sender, "-text", text],
            check=True,
            capture_output=True,
            timeout=120,
            env=self._environment,
        ).stdout.decode()
        return int(re.findall(r"Saving SMS \d+/(\d+)", told)[-1])

    def start(self) -> None:
        command = ["gammu-smsd", "-c", str(self._config)]
        with (self._folder / "smsd.out").open("wb") as out:
            self._smsd = subprocess.Popen(command, stdout=out, stderr=out, env=self._environment)
        deadline = time.monotonic() + 60
        while not (self._folder / "smsd.log").exists():
            if self._smsd.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(
                    f"gammu-smsd did not start: {(self._folder / 'smsd.out').read_text('utf-8', 'replace')}"
                )
            time.sleep(0.02)
