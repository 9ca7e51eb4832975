"""`kanal run` as a process of its own, on free ports of 127.0.0.1, its data and log in a temporary folder."""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, ClassVar, Self, TypeVar

from prometheus_client.parser import text_string_to_metric_families
from typer.testing import CliRunner

from gateway.cli.commands import app
from tests.end_to_end import forked

SECRET = "rahasia-jalur-sms-0123"
OWN = "dki@jakarta.go.id"
#: To open what is sealed, one has to say why.
WHY = ("--why", "the test compares what is kept with what was sent")
#: On a loaded machine all takes its time: who waits for what comes loses nothing by being patient.
PATIENCE_SECONDS = 120.0
PAUSE_SECONDS = 0.05
#: The gateway counts its figures anew for who asks: ten milliseconds.
FIGURES_SECONDS = 0.25
LINES_SHOWN = 60
WORKERS = 8

Row = dict[str, Any]
T = TypeVar("T")
_given: deque[int] = deque(maxlen=1_000)
_one_command = Lock()


def until(look: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS, rarest: float = PAUSE_SECONDS) -> T:
    """What `look` finds, once it is something. It is asked more and more rarely, up to every `rarest` seconds: for what
    is dear to look at and stays."""
    deadline, pause = time.monotonic() + seconds, PAUSE_SECONDS
    while not (found := look()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(pause)
        pause = min(pause * 1.5, rarest)
    return found


def free_port() -> int:
    """Below the ephemeral range: while a gateway is down between two starts, no client's own port may be its. None is
    given twice in a row of a thousand, nor to two of pytest's workers."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % WORKERS
    drawn = iter(lambda: random.randrange(10_000 + worker, 30_000, WORKERS), None)
    port = next(port for port in drawn if port not in _given and _is_free(port))
    _given.append(port)
    return port


class Gateway:
    """`with Gateway(tmp_path) as gateway:` runs it until SIGTERM, after which its exit code must be 0. The judge
    is there when it begins: what comes before that is filed as new, and joined and told of some seconds later.

    Where the test fails, what becomes of the process and the end of its log are told with the failure.

    It has the channels "mail" (with LMTP only if in `mail`) and "sms"; `mail`, `sms` and `settings` are further
    settings of theirs and of the table [gateway]; `more` are further channels, `stores` outside case stores. `runner`
    is a command to run it by, `options` are those of `kanal run`. Without a runner it is forked where that can be.
    """

    runner: ClassVar[Sequence[str]] = ()
    options: Sequence[str] = ()

    def __init__(
        self,
        folder: Path,
        *,
        web: int | None = None,
        smtp: str | None = None,
        mail: Mapping[str, Any] | None = None,
        sms: Mapping[str, Any] | None = None,
        settings: Mapping[str, Any] | None = None,
        limits: Mapping[str, Any] | None = None,
        more: Sequence[Mapping[str, Any]] = (),
        stores: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.web, self.smtp = web or free_port(), smtp or f"127.0.0.1:{free_port()}"
        self.config = folder / "kanal.toml"
        self._secret(folder / "secret")
        self.config.write_text(self._toml([mail or {}, sms or {}, *more], settings or {}, limits or {}, stores))
        self._process: subprocess.Popen[bytes] | forked.Forked | None = None

    @property
    def sms_url(self) -> str:
        """The SMS channel's address as an SMS gateway sees it."""
        return f"http://127.0.0.1:{self.web}/in/sms"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def __enter__(self) -> Self:
        self.start()
        try:
            until(lambda: "the index of open reports is loaded" in self.log, "the judge")
        except BaseException as error:
            error.add_note(self._fate())
            self.kill()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            error.add_note(self._fate())
            self.kill()
        elif self._process is not None:
            self.stop()

    def start(self) -> None:
        """Returns once it is ready."""
        words = ["run", str(self.config), *self.options]
        with (self.folder / "log").open("ab") as log:
            if self.runner or not forked.is_possible():
                command = [*self.runner, *COMMAND, *words]
                self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            else:
                self._process = forked.Forked(words, log)
        try:
            until(self._is_ready, "the gateway to be ready")
        except BaseException as error:
            error.add_note(self._fate())
            self.kill()
            raise

    def stop(self, number: signal.Signals = signal.SIGTERM) -> None:
        """It drains, exits with 0 and has logged no exception."""
        self.signal(number)
        code = self.ended()
        assert (code, "Traceback" in self.log) == (0, False), self._end_of_log()

    def kill(self) -> None:
        """SIGKILL, as if the machine had gone."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def ended(self, seconds: float = PATIENCE_SECONDS) -> int:
        """Its exit code, once it has ended by itself."""
        assert self._process is not None
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            error.add_note(self._fate())
            self.kill()
            raise
        self._process = None
        return code

    def children(self, module: str = "") -> list[int]:
        """The processes it has started, or those that run this module of ours."""
        tasks = Path(f"/proc/{self.pid}/task").glob("*/children")
        found = [int(child) for task in tasks for child in task.read_text().split()]
        return [pid for pid in found if module in _command(pid)]

    def kanal(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Any command on this gateway's data, as a process of its own."""
        command = [*COMMAND, *words, "--config", str(self.config)]
        return subprocess.run(command, capture_output=True, timeout=PATIENCE_SECONDS, check=False)

    def rows(self, *words: str) -> list[Row]:
        """What a command prints with --json."""
        return [json.loads(line) for line in self._done(*words, "--json").decode().splitlines()]

    def all(self, what: str, *options: str) -> list[Row]:
        """Everything there is of "cases", "reports", "deliveries", "replies" or "quarantine", oldest first."""
        return self.rows(what, "list", "--all", *options)

    def bodies(self) -> list[Row]:
        """All deliveries with what is sealed of them, oldest first."""
        return self.all("deliveries", "--body", *WHY)

    def order(self, *words: str) -> str:
        """What a command says that changes something."""
        return self._done(*words).decode()

    def body(self, seq: int) -> bytes:
        """A delivery, byte for byte."""
        return self._done("deliveries", "show", str(seq), "--raw", *WHY)

    def figure(self, name: str, **labels: str) -> float:
        """The sum of a figure in /metrics over all labels that are not given; counters begin at its start."""
        lines = "".join(line for line in self.page("/metrics")[1].splitlines(True) if line.startswith(name))
        found = (sample for family in text_string_to_metric_families(lines) for sample in family.samples)
        return sum(one.value for one in found if one.name == name and labels.items() <= one.labels.items())

    def reported(self, count: int, seconds: float = PATIENCE_SECONDS) -> list[Row]:
        """All reports, oldest first, once `count` were filed since it was started."""
        self._counted(lambda: self.figure("kanal_reports_total") >= count, f"{count} reports", seconds)
        return self.all("reports")

    def sent(self, count: int) -> None:
        """Returns once so many replies were sent since it was started."""
        self._counted(lambda: self.figure("kanal_reply_attempts_total", outcome="sent") >= count, f"{count} replies")

    def settled(self, seconds: float = PATIENCE_SECONDS) -> None:
        """Returns once every delivery is processed, one way or the other."""
        self._counted(lambda: not self.figure("kanal_unsettled_deliveries"), "every delivery to be settled", seconds)

    def page(self, path: str) -> tuple[int, str]:
        """GET: status and body."""
        return fetch(f"http://127.0.0.1:{self.web}{path}")

    def _counted(self, look: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
        until(look, what, seconds, FIGURES_SECONDS)

    def _done(self, *words: str) -> bytes:
        """Here and not in a process of its own, which would take half a second. One at a time: each has the process'
        standard output; and in a thread, as it has an event loop of its own and the test may have one."""
        with _one_command, ThreadPoolExecutor(1) as thread:
            command = [*words, "--config", str(self.config)]
            ended = thread.submit(CliRunner().invoke, app, command, catch_exceptions=False).result()
        assert (ended.exit_code, ended.stderr) == (0, ""), ended
        return ended.stdout_bytes

    def _is_ready(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, "it ended before it was ready"
        try:
            return self.page("/readyz")[0] == 200
        except OSError:
            return False

    def _fate(self) -> str:
        """What has become of the process, and the end of its log."""
        code = self._process.poll() if self._process is not None else None
        fate = "was stopped by the test" if self._process is None else "still ran" if code is None else f"ended: {code}"
        return f"The gateway in {self.folder.name} {fate}.\n{self._end_of_log()}"

    def _end_of_log(self) -> str:
        lines = self.log.splitlines()
        left_out = max(len(lines) - LINES_SHOWN, 0)
        return "\n".join([f"Its log, without the first {left_out} lines:", *lines[left_out:]])

    def _secret(self, file: Path) -> None:
        file.write_text(SECRET)
        file.chmod(0o600)

    def _toml(
        self,
        channels: Sequence[Mapping[str, Any]],
        settings: Mapping[str, Any],
        limits: Mapping[str, Any],
        stores: Sequence[Mapping[str, Any]],
    ) -> str:
        mail, sms, *more = channels
        channel = {"name": "mail", "kind": "smtp", "recipients": [OWN], "smtp": self.smtp, **mail}
        number = {"name": "sms", "kind": "sms", "number": "1708", "secret": {"file": "secret"}, **sms}
        tables = {"gateway": {"data": "data", "workers": 1, **settings}, "web": {"port": self.web, **limits}}
        tables["bot"] = {"news_from": "00:00", "news_until": "00:00"}  # also when tests run at night
        written = [f"[{name}]\n{_lines(table)}" for name, table in tables.items()]
        written += [f"[[channels]]\n{_lines(table)}" for table in (channel, number, *more)]
        return "\n".join([*written, *(f"[[case_stores]]\n{_lines(table)}" for table in stores)])


COMMAND = (sys.executable, "-m", "gateway")


def fetch(url: str, data: bytes | None = None) -> tuple[int, str]:
    """GET, or POST of a form: status and body."""
    try:
        with urllib.request.urlopen(url, data, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def codes_in(text: str) -> Sequence[str]:
    """The tracking codes that a citizen finds in an answer."""
    return re.findall(r"KNL-[0-9A-Z]{4}-[0-9A-Z]{4}", text)


def _command(pid: int) -> str:
    """Its command line; "" if it has ended meanwhile."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_text()
    return ""


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _lines(table: Mapping[str, Any]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(_lines(value).splitlines())} }}"
    return json.dumps(value, ensure_ascii=False)
