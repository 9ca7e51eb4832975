"""Kanal as a server under test: its settings, how it is started, what it says of itself."""

import asyncio
import http.client
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import msgspec

from gateway import control
from tests.bench.process import START_TIMEOUT, Server, free_port, memory_mb, running

CHANNEL = "sms-bench"
SECRET = "bench-secret-0123456789abcdef"
IN_CLEAR = "tests.bench.servers.in_clear"
TARGET = (
    f"/in/{CHANNEL}/{SECRET}/mo?sender={{sender}}&to=1708&message={{text}}&time=1793500000&id={{id}}"
    "&smsc=bench&coding=0&charset=UTF-8&udh="
)
APPS = "apps-bench"
REPORTS = f"/in/{APPS}/requests.json?api_key={{key}}"
REPORT = (
    "service_code=banjir&description={text}&lat=-6.2607&long=106.8137&phone={sender}&device_id={id}"
    "&requested_datetime=2026-11-22T10:00:00%2B07:00"
)
SETTINGS = """\
[gateway]
data = "data"

[web]
port = {web}
max_connections_per_address = 512

[[channels]]
name = "{channel}"
kind = "sms"
number = "1708"
secret = {{ file = "secret" }}

[[channels]]
name = "mail-bench"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:{smtp}"

[[channels]]
name = "{apps}"
kind = "open311"
"""


class Kanal(msgspec.Struct, frozen=True):
    """A running gateway, and how many seconds it took until it was ready."""

    process: subprocess.Popen[bytes]
    web_port: int
    smtp_port: int
    data: Path
    ready_after: float

    def memory(self) -> float:
        return memory_mb(self.process.pid)

    def key(self) -> str:
        """A new application's."""
        asked = {"app": "bench", "channel": None, "per_minute": 0, "per_day": 0, "actor": "bench"}
        made: str = asyncio.run(control.ask(self.data, "add key", asked))["key"]
        return made

    def web(self, name: str = "Kanal") -> Server:
        return Server(name, self.web_port, self.memory)

    def smtp(self) -> Server:
        return Server("Kanal", self.smtp_port, self.memory)


def written(directory: Path, web_port: int, smtp_port: int) -> Path:
    """The settings file of a gateway whose data are in `directory / "data"`."""
    directory.mkdir(exist_ok=True)
    secret = directory / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    file = directory / "kanal.toml"
    file.write_text(SETTINGS.format(channel=CHANNEL, apps=APPS, web=web_port, smtp=smtp_port))
    return file


def whole(directory: Path, sealed: bool = True) -> AbstractContextManager[Kanal]:
    """`kanal run`, as a citizen's city runs it; if not `sealed`, without its vault."""
    module = ["gateway"] if sealed else [IN_CLEAR]
    return _started(directory, [sys.executable, "-m", *module, "run"])


def intake_only(directory: Path, sealed: bool = True) -> AbstractContextManager[Kanal]:
    """The same process without its pipeline: web and mail servers, adapters, intake and store."""
    module = ["tests.bench.servers.kanal_intake"] if sealed else [IN_CLEAR, "intake"]
    return _started(directory, [sys.executable, "-m", *module])


@contextmanager
def _started(directory: Path, command: Sequence[str]) -> Iterator[Kanal]:
    web_port, smtp_port = free_port(), free_port()
    file = written(directory, web_port, smtp_port)
    began = time.perf_counter()
    with running([*command, str(file)], directory / "log") as process:
        _wait_until_ready(process, web_port)
        yield Kanal(process, web_port, smtp_port, directory / "data", time.perf_counter() - began)


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_TIMEOUT
    while not _is_ready(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"Kanal was not ready; its exit code: {process.returncode}")
        time.sleep(0.005)


def _is_ready(port: int) -> bool:
    with suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    return False
