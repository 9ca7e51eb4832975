"""A gateway of its own for the demo: a real `kanal run` in another process, on free ports."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
from aiohttp import ClientError, ClientSession

from gateway import control
from gateway.demo.outside import LOOPBACK, Outside
from gateway.demo.wire import MAILBOX

START_SECONDS = 30.0
STOP_SECONDS = 30.0
SETTINGS = """\
[gateway]
data = "data"
fall_back = ["sms-1708"]

[web]
port = {web}

[[channels]]
name = "mail-dki"
kind = "smtp"
recipients = ["{mailbox}"]
smtp = "{loopback}:{smtp}"
relay = "{relay}"
relay_tls = "none"

[[channels]]
name = "apps"
kind = "open311"

[[case_stores]]
name = "{case_store}"
kind = "http"
url = "{case_store_url}"
secret = {{ made = "case-store" }}
"""
#: The case store's name, and the application's.
CASE_STORE, APP = "crm-kota", "aplikasi-warga"
SMS_CHANNEL = """
[[channels]]
name = "{name}"
kind = "sms"
number = "{number}"
secret = {{ made = "{name}" }}
keywords = ["LAPOR", "DKI"]
send_url = "{send_url}"
username = "demo"
password = {{ made = "sendsms" }}
"""
#: The numbers of the SMS channels, by channel.
NUMBERS: Mapping[str, str] = {"sms-1708": "1708", "sms-08111272206": "08111272206"}


class NotStarted(Exception):
    """The gateway did not start; the message says where it tells why."""


class Running(msgspec.Struct, frozen=True):
    """Where the demo's gateway listens and keeps its data."""

    web: str
    smtp_port: int
    data: Path
    key: str

    def app_address(self, channel: str) -> str:
        """Where an application posts its reports."""
        return f"{self.web}/in/{channel}/requests.json?api_key={self.key}"

    def sms_address(self, channel: str) -> str:
        """Kannel's get-url without its query."""
        secret = (self.data / "secrets" / channel).read_text().strip()
        return f"{self.web}/in/{channel}/{secret}/mo"


@asynccontextmanager
async def gateway(folder: Path, answers: Outside) -> AsyncIterator[Running]:
    """Start one with settings, data and log in `folder`; at the end it is drained and stopped. Raises `NotStarted`."""
    web_port, smtp_port = _free_port(), _free_port()
    file, log = folder / "kanal.toml", folder / "log"
    file.write_text(_settings(web_port, smtp_port, answers), "utf-8")
    with log.open("wb") as output:
        command = (sys.executable, "-m", "gateway", "run", str(file))
        process = await asyncio.create_subprocess_exec(*command, stdout=output, stderr=output)
    web, data = f"http://{LOOPBACK}:{web_port}", folder / "data"
    try:
        if not await _is_ready(process, web):
            raise NotStarted(f"the gateway did not start:\n{log.read_text('utf-8', 'replace').strip()}")
        yield Running(web, smtp_port, data, await _key(data))
    finally:
        await _stop(process)


def _settings(web_port: int, smtp_port: int, answers: Outside) -> str:
    head = SETTINGS.format(
        web=web_port,
        smtp=smtp_port,
        mailbox=MAILBOX,
        loopback=LOOPBACK,
        relay=answers.relay,
        case_store=CASE_STORE,
        case_store_url=answers.case_store,
    )
    channels = (
        SMS_CHANNEL.format(name=name, number=number, send_url=answers.send_url) for name, number in NUMBERS.items()
    )
    return head + "".join(channels)


async def _key(data: Path) -> str:
    """As `kanal keys add` makes it."""
    asked = {"app": APP, "channel": None, "per_minute": 0, "per_day": 0, "actor": "demo"}
    key: str = (await control.ask(data, "add key", asked))["key"]
    return key


async def _is_ready(process: asyncio.subprocess.Process, web: str) -> bool:
    deadline = asyncio.get_running_loop().time() + START_SECONDS
    async with ClientSession() as session:
        while process.returncode is None and asyncio.get_running_loop().time() < deadline:
            with suppress(ClientError, OSError):
                async with session.get(f"{web}/readyz") as response:
                    if response.status == 200:
                        return True
            await asyncio.sleep(0.05)
    return False


async def _stop(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOP_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
