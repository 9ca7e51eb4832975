"""A real Kannel with its fake SMSC: Debian's packages kannel and kannel-extras."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple, Self
from urllib.parse import quote_from_bytes, unquote_to_bytes

from tests.end_to_end.kanal import free_port

FAKESMSC = Path("/usr/lib/kannel/test/fakesmsc")

_CONFIG = """
group = core
admin-port = {admin}
admin-password = admin
status-password = status
smsbox-port = {box}
log-file = "{folder}/bearerbox.log"
store-type = spool
store-location = "{folder}/store"
dlr-storage = internal
sms-resend-freq = 1
{core}

group = smsc
smsc = fake
smsc-id = fake
host = 127.0.0.1
port = {smsc}
connect-allow-ip = 127.0.0.1

group = smsbox
bearerbox-host = 127.0.0.1
sendsms-port = {sendsms}
log-file = "{folder}/smsbox.log"
http-request-retry = 20
http-queue-delay = 1

group = sms-service
keyword = default
catch-all = true
concatenation = true
{service}
get-url = "{get_url}"

group = sendsms-user
username = kanal
password = rahasia-kannel
concatenation = true
max-messages = 10
"""
_RECEIVED = re.compile(r"Got message \d+: <(.*?)>$", re.DOTALL | re.MULTILINE)
_MESSAGE = re.compile(r"(\S+) (\S+) (text|data|udh|ucs-2) (.*)", re.DOTALL)


class HandsetMessage(NamedTuple):
    """One SMS as the handset got it; a part of a longer one has its user data header in `udh`."""

    sender: str
    to: str
    data: bytes
    udh: bytes
    ucs2: bool

    @property
    def text(self) -> str:
        """The fake SMSC writes GSM-7 as UTF-8 and UCS-2 as UTF-16BE, and does not say which a part is in."""
        if not (self.ucs2 or b"\0" in self.data):
            with suppress(UnicodeDecodeError):
                return self.data.decode()
        return self.data.decode("utf-16-be", "replace")


class Kannel:
    """`with Kannel(tmp_path, get_url=…) as kannel:` runs bearerbox, smsbox and a handset on free ports of 127.0.0.1.

    `service` are further lines of the sms-service group (Kannel's default is `max-messages = 1`), `core` of the core
    group. Starting takes 0.1 s, the first SMS arrives a second later.
    """

    username = "kanal"
    password = "rahasia-kannel"

    def __init__(self, folder: Path, *, get_url: str, service: str = "max-messages = 0", core: str = "") -> None:
        self._folder = folder / "kannel"
        self._ports = dict(zip(("admin", "box", "sendsms", "smsc"), (free_port() for _ in range(4)), strict=True))
        self._config = _CONFIG.format(folder=self._folder, get_url=get_url, service=service, core=core, **self._ports)
        self._boxes: list[subprocess.Popen[bytes]] = []
        self._handset: subprocess.Popen[bytes] | None = None

    @property
    def sendsms_url(self) -> str:
        return f"http://127.0.0.1:{self._ports['sendsms']}/cgi-bin/sendsms"

    def __enter__(self) -> Self:
        if not (shutil.which("bearerbox") and shutil.which("smsbox") and FAKESMSC.exists()):
            raise RuntimeError("these tests need Debian's packages kannel and kannel-extras")
        (self._folder / "store").mkdir(parents=True)
        (self._folder / "kannel.conf").write_text(self._config)
        try:
            self._start("bearerbox", "box", "smsc")
            self._start("smsbox", "sendsms")
            self._connect_handset()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for process in [self._handset, *reversed(self._boxes)]:
            _stop(process)
        self._boxes, self._handset = [], None

    def handset_sends(self, sender: str, to: str, text: str, udh: bytes = b"") -> None:
        """One SMS in the alphabet it needs; returns once Kannel has it. With a header only ASCII without blanks; the
        fake SMSC takes no more than some fifty characters of UCS-2."""
        words = f"udh-text {quote_from_bytes(udh)}" if udh else "text"
        message = f"{words} {text}" if text.isascii() else f"ucs2 {quote_from_bytes(text.encode('utf-16-be'), safe='')}"
        assert self._handset is not None and self._handset.stdin is not None
        sent = self._sent()
        self._handset.stdin.write(f"{sender} {to} {message}\n".encode())
        self._handset.stdin.flush()
        _wait(lambda: self._sent() > sent, "the SMS to reach Kannel", 60)

    def handset_received(self) -> list[HandsetMessage]:
        """All that the handset got so far, in order; the fake SMSC takes each further line of a text for a message."""
        found: list[HandsetMessage] = []
        for received in _RECEIVED.findall(self._handset_log()):
            if message := _MESSAGE.fullmatch(received):
                found.append(_handset_message(*message.groups()))
            else:
                found[-1] = found[-1]._replace(data=found[-1].data + b"\n" + received.encode())
        return found

    def handset_texts(self, to: str = "") -> list[str]:
        """What the handset's owner reads: the messages in order, those in parts joined. `to` is one of its numbers, if
        it has several."""
        texts: dict[object, HandsetMessage] = {}
        for number, message in enumerate(one for one in self.handset_received() if to in {"", one.to}):
            key = message.udh[:-1] or number
            known = texts.get(key)
            texts[key] = message._replace(data=known.data + message.data) if known else message
        return [message.text for message in texts.values()]

    def wait_received(self, count: int, seconds: float = 60) -> list[HandsetMessage]:
        """What the handset got, once there are `count` messages."""
        _wait(lambda: len(self.handset_received()) >= count, f"{count} messages on the handset", seconds)
        return self.handset_received()

    def _sent(self) -> int:
        """What Kannel has read: of two SMS that reach it together it would leave the second one in its buffer."""
        log = (self._folder / "bearerbox.log").read_text("utf-8", "replace")
        return log.count("smsc_fake: new message received")

    def _handset_log(self) -> str:
        return (self._folder / "handset.log").read_text("utf-8", "replace")

    def _start(self, program: str, *ports: str) -> None:
        command = [program, "-v", "4", "kannel.conf"]
        with (self._folder / f"{program}.out").open("wb") as out:
            box = subprocess.Popen(command, cwd=self._folder, stdout=out, stderr=out)
        self._boxes.append(box)
        for port in ports:
            _wait(partial(_answers, self._ports[port]), f"{program} on its port {port}", 60)
        if box.poll() is not None:
            raise RuntimeError(f"{program} ended: {(self._folder / f'{program}.out').read_text('utf-8', 'replace')}")

    def _connect_handset(self) -> None:
        """Without a message fakesmsc takes them from its standard input, where it loses lines that come together."""
        command = [str(FAKESMSC), "-H", "127.0.0.1", "-r", str(self._ports["smsc"]), "-i", "0.01"]
        with (self._folder / "handset.log").open("wb") as log:
            self._handset = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log)


def _handset_message(sender: str, to: str, kind: str, rest: str) -> HandsetMessage:
    if kind == "text":
        return HandsetMessage(sender, to, rest.encode(), b"", ucs2=False)
    header, _, payload = rest.split(" ", 2) if kind == "udh" else ("", "", rest)
    data = unquote_to_bytes(payload.replace("+", " "))
    return HandsetMessage(sender, to, data, unquote_to_bytes(header), ucs2=kind == "ucs-2")


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _wait(ready: Callable[[], bool], what: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds} s for {what}")
        time.sleep(0.02)


def _stop(process: subprocess.Popen[bytes] | None) -> None:
    if process is None:
        return
    if process.stdin is not None:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
