"""A gateway of its own for the demo: a real `kanal run` in another process, on free ports."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec
import tomlkit

from gateway import control
from gateway.apart import LOOPBACK, NotStarted, free_port, running
from gateway.demo.mailbox import USER
from gateway.demo.outside import Outside
from gateway.demo.platforms import secret_file
from gateway.demo.wire import MAILBOX

SETTINGS = """\
[gateway]
data = "data"
fall_back = ["sms-1708"]

[web]
port = {web}

[bot]
news_from = "00:00"
news_until = "00:00"

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

[[channels]]
name = "{desk}"
kind = "desk"

[[channels]]
name = "{clippings}"
kind = "desk"

[[channels]]
name = "balai-warga"
kind = "form"

[[channels]]
name = "{feed}"
kind = "webhook"
secret = {{ made = "{feed}" }}

[channels.proof]
shows = "token"
name = "{feed_header}"

[channels.fields]
id = "post_id"
text = "text"
phone = "phone"
latitude = "location.lat"
longitude = "location.lng"

[[case_stores]]
name = "{case_store}"
kind = "http"
url = "{case_store_url}"
secret = {{ made = "case-store" }}
"""
#: The case store's name, and the application's.
CASE_STORE, APP = "crm-kota", "aplikasi-warga"
DESK, CLIPPINGS, FEED, BOX = "loket", "media-massa", "qlue", "kotak-surat"
#: Shows the feed's secret.
FEED_HEADER = "X-Api-Key"
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
quiet_seconds = 0
"""
#: The numbers of the SMS channels, by channel.
NUMBERS: Mapping[str, str] = {"sms-1708": "1708", "sms-08111272206": "08111272206"}


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
        return f"{self.web}/in/{channel}/{self.secret(channel)}/mo"

    def secret(self, channel: str) -> str:
        """That was made for a channel."""
        return (self.data / "secrets" / channel).read_text().strip()


@asynccontextmanager
async def gateway(folder: Path, world: Outside) -> AsyncIterator[Running]:
    """Start one with settings, data and log in `folder`; at the end it is drained and stopped. Raises `NotStarted`."""
    web_port, smtp_port = free_port(), free_port()
    web, data = f"http://{LOOPBACK}:{web_port}", folder / "data"
    async with running(folder, _settings(folder, web_port, smtp_port, world), web):
        for name, platform in world.platforms.items():
            if not await platform.open(f"{web}/in/{name}"):
                raise NotStarted(f"the gateway does not answer as the provider of {name} asks")
        yield Running(web, smtp_port, data, await _key(data))


def _settings(folder: Path, web_port: int, smtp_port: int, world: Outside) -> str:
    head = SETTINGS.format(
        web=web_port,
        smtp=smtp_port,
        mailbox=MAILBOX,
        loopback=LOOPBACK,
        relay=world.relay,
        desk=DESK,
        clippings=CLIPPINGS,
        feed=FEED,
        feed_header=FEED_HEADER,
        case_store=CASE_STORE,
        case_store_url=world.case_store,
    )
    channels = (
        SMS_CHANNEL.format(name=name, number=number, send_url=world.send_url) for name, number in NUMBERS.items()
    )
    platforms = [platform.settings(folder) for platform in world.platforms.values()]
    return "\n".join((head, *channels, tomlkit.dumps({"channels": [*platforms, _mailbox(folder, world)]})))


def _mailbox(folder: Path, world: Outside) -> Mapping[str, object]:
    """A mailbox that is read, whose mails are answered by the same relay."""
    return {
        "name": BOX,
        "kind": "imap",
        "host": LOOPBACK,
        "port": world.mailbox.port,
        "tls": "none",
        "username": USER,
        "password": secret_file(folder / BOX, world.mailbox.password),
        "recipients": [MAILBOX],
        "relay": world.relay,
        "relay_tls": "none",
    }


async def _key(data: Path) -> str:
    """As `kanal keys add` makes it."""
    asked = {"app": APP, "channel": None, "per_minute": 0, "per_day": 0, "actor": "demo"}
    key: str = (await control.ask(data, "add key", asked))["key"]
    return key
