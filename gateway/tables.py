"""The tables `[gateway]`, `[web]`, `[notices]`, `[bot]` and `[console]` of a settings file."""

import ipaddress
import re
import zoneinfo
from collections.abc import Iterator
from datetime import time, tzinfo
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, field

from adapters.hosts import is_host, is_this_machine, is_web_address
from adapters.settings import Problem, Secret
from gateway import clamav, master
from gateway.newshours import NewsHours

FEWEST_CHARACTERS = 16
_CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
#: As https://core.telegram.org/bots/api#authorizing-your-bot shows it; its length is not promised.
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{20,}")


class GatewaySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[gateway]`."""

    data: Annotated[Path, Meta(description="Folder of all that Kanal keeps, made at first start: kanal-data.")] = field(
        default_factory=lambda: Path("kanal-data")  # as a plain default it could not be put into the JSON Schema
    )
    master_key: Annotated[
        Secret | None,
        Meta(description="The key that opens all others, in base64 or hex; made in the data folder if left out."),
    ] = None
    public_url: Annotated[
        str, Meta(description="How the outside reaches the web server, as in https://kanal.example.")
    ] = ""
    language: Annotated[Literal["id", "en"], Meta(description="Language of channels that name none.")] = "id"
    code_prefix: Annotated[
        str, Meta(description="What tracking codes begin with: two to five capital letters.", pattern="^[A-Z]{2,5}$")
    ] = "KNL"
    deadline_days: Annotated[
        Annotated[int, Meta(ge=1, le=365)] | None,
        Meta(description="Days within which a case is to be done, instead of those of the clock table."),
    ] = None
    areas: Annotated[
        str,
        Meta(
            description="Kemendagri code of the province or city whose areas are looked for in texts, as 31 or 33.18.",
            pattern=r"^\d{2}(\.\d{2})?$",
        ),
    ] = "31"
    emergency_number: Annotated[
        str,
        Meta(
            description="The number to call in an emergency: what is answered to one begins with it.",
            pattern=r"^[0-9]{3,5}$",
        ),
    ] = "112"
    timezone: Annotated[str, Meta(description="Time zone of texts and lists, as in Asia/Jakarta.")] = "Asia/Jakarta"
    drain_seconds: Annotated[int, Meta(description="Seconds given to work under way at a stop.", ge=0, le=600)] = 10
    workers: Annotated[int, Meta(description="Worker processes that read what comes in.", ge=1, le=64)] = 2
    clamav: Annotated[
        str,
        Meta(
            description="Where clamd of ClamAV listens, which scans the files of reports, as in"
            " unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310; empty for no scanner."
        ),
    ] = ""
    clamav_required: Annotated[
        bool, Meta(description="Pass no file on before it is found clean; without it, only malware is held back.")
    ] = False
    replies_per_person_per_day: Annotated[
        int, Meta(description="Automatic answers to one address in 24 hours: a backstop against mail loops.", ge=1)
    ] = 20
    fall_back: Annotated[
        tuple[str, ...],
        Meta(
            description="Channels, in order of preference, by which a reply leaves that its own channel cannot send, or"
            " that failed: to another address that the reporter gave. Whose it is nobody has proven, and an SMS costs"
            " money: so there are none unless they are named."
        ),
    ] = ()

    taken_back: Annotated[
        Literal["withdraw", "keep"],
        Meta(
            description="What becomes of a message that its sender takes back. withdraw: its words, files, sender and"
            " bytes are destroyed, and its case keeps category, area, status and history. keep: nothing is destroyed;"
            " it is marked, and shown to nobody in public."
        ),
    ] = "withdraw"
    keep_channel_log_days: Annotated[
        int,
        Meta(description="Days that the channel log is kept: what was done with providers; 0: for ever.", ge=0),
    ] = 30

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        if self.master_key and (wrong := master.problem(self.master_key)):
            yield Problem("master_key", *wrong)
        if self.public_url and not is_web_address(self.public_url):
            yield Problem("public_url", "must begin with http:// or https:// and name a host", "")
        if self.clamav and not clamav.is_place(self.clamav):
            hint = "as in unix:/run/clamav/clamd.ctl or tcp:127.0.0.1:3310"
            yield Problem("clamav", f"'{self.clamav}' is no place of a scanner", hint)
        if self.clamav_required and not self.clamav:
            yield Problem("clamav_required", "no scanner is named", "say by clamav where it listens")
        if not _is_timezone(self.timezone):
            yield Problem("timezone", f"no time zone is called '{self.timezone}'", "as in Asia/Jakarta")


class WebSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[web]`: the one web server."""

    host: Annotated[str, Meta(description="Address to listen on.", min_length=1)] = "127.0.0.1"
    port: Annotated[int, Meta(description="TCP port; 0 takes a free one.", ge=0, le=65535)] = 8080
    max_body: Annotated[int, Meta(description="Largest request body, in bytes.", ge=1024)] = 26_214_400
    trusted_proxies: Annotated[
        tuple[str, ...], Meta(description="Addresses or networks whose X-Forwarded-* headers are believed.")
    ] = ()
    max_connections: Annotated[int, Meta(description="Open connections in all.", ge=1)] = 512
    max_connections_per_address: Annotated[
        int,
        Meta(description="Open connections from one IPv4 address or IPv6 /64 network; trusted proxies have all.", ge=1),
    ] = 128
    max_memory: Annotated[
        int,
        Meta(
            description="Bytes that request bodies above 64 KB may take together while they are read and kept, half of"
            " them from one IPv4 address or IPv6 /64 network; the next is told to try again. To seal and process them"
            " takes up to three times as much again.",
            ge=1 << 20,
        ),
    ] = 134_217_728
    header_timeout: Annotated[
        float, Meta(description="Seconds for a new connection to say something, and for the head of a request.", gt=0)
    ] = 10
    body_timeout: Annotated[float, Meta(description="Seconds for the whole body of a request.", gt=0)] = 30
    answer_timeout: Annotated[float, Meta(description="Seconds for a client to take an answer.", gt=0)] = 30
    idle_timeout: Annotated[
        float, Meta(description="Seconds between two requests; longer than a proxy in front keeps connections.", gt=0)
    ] = 75

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        if self.max_memory < self.max_body:
            what = f"no body as large as max_body ({self.max_body}) would ever be taken"
            yield Problem("max_memory", what, "several times max_body is usual")
        if not is_host(self.host):
            yield Problem("host", f"'{self.host}' is neither an IP address nor a host's name", "as in 127.0.0.1 or ::1")
        for number, network in enumerate(self.trusted_proxies):
            if not _is_network(network):
                yield Problem(
                    f"trusted_proxies[{number}]", f"'{network}' is no IP address or network", "as in 10.0.0.0/8"
                )


class NoticeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[notices]`: by what the units are told of their cases. Where each of them is reached stands in
    `units.toml`."""

    mail_channel: Annotated[
        str, Meta(description="Name of the mail channel whose relay takes them; empty for none by mail.")
    ] = ""
    webhook_secret: Annotated[
        Secret | None, Meta(description="Signs what webhooks are sent, 16 characters or more; without it none are.")
    ] = None
    telegram_token: Annotated[
        Secret | None, Meta(description="Token of the bot that writes into the units' chats; without it none does.")
    ] = None
    telegram_url: Annotated[str, Meta(description="Where Telegram's Bot API is.")] = "https://api.telegram.org"
    channels_to: Annotated[
        str,
        Meta(
            description="Code of the unit in `units.toml` that is told when a channel needs a person, and when it works"
            " again; empty: only pages, `kanal doctor` and metrics say so."
        ),
    ] = ""
    language: Annotated[Literal["id", "en"], Meta(description="Language of the notices.")] = "id"
    digest_minutes: Annotated[
        int,
        Meta(
            description="Minutes after a notice in which a unit is told of no other new case; then of all at once."
            " 0: of each at once.",
            ge=0,
            le=1440,
        ),
    ] = 5

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        if self.webhook_secret and len(self.webhook_secret.reveal()) < FEWEST_CHARACTERS:
            hint = 'let Kanal make one: { made = "notices" }'
            yield Problem("webhook_secret", f"is shorter than {FEWEST_CHARACTERS} characters", hint)
        if self.telegram_token and not _TOKEN.fullmatch(self.telegram_token.reveal()):
            yield Problem("telegram_token", "is no token of a bot", "as BotFather gives it: digits, ':' and 35 letters")
        if not is_web_address(self.telegram_url):
            yield Problem("telegram_url", "must begin with https:// or http:// and name a host", "")


class BotSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[bot]`: how the bot talks with citizens."""

    tries: Annotated[
        int, Meta(description="How often a question is asked before a person goes on with the talk.", ge=1, le=10)
    ] = 3
    question_days: Annotated[
        int, Meta(description="Days after which an answer is too late: the question is asked once more.", ge=1, le=90)
    ] = 7
    per_person_per_hour: Annotated[
        int, Meta(description="Automatic answers to one address within an hour; then the bot is silent.", ge=1)
    ] = 60
    news_from: Annotated[
        str,
        Meta(description="Local time from which news are told; what happens in the quiet hours before is told then."),
    ] = "07:00"
    news_until: Annotated[
        str, Meta(description="Local time until which news are told; the same as news_from: at any time.")
    ] = "21:00"

    rating: Annotated[
        bool, Meta(description="Ask those whose report is done how content they are, 1 to 5: one more message each.")
    ] = True

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        for name, at in (("news_from", self.news_from), ("news_until", self.news_until)):
            if not _CLOCK.fullmatch(at):
                yield Problem(name, f"'{at}' is no time of the day", "as in 07:00 or 21:30")

    def news_hours(self, zone: tzinfo) -> NewsHours:
        return NewsHours(time.fromisoformat(self.news_from), time.fromisoformat(self.news_until), zone)


class OpenIdSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[console.openid]`: a provider of identities (OpenID Connect) by which people log in, who have an
    account here already."""

    issuer: Annotated[str, Meta(description="Where the provider is: what precedes /.well-known/openid-configuration.")]
    client_id: Annotated[str, Meta(description="What the provider calls this Kanal.", min_length=1)]
    client_secret: Annotated[
        Secret | None, Meta(description="What Kanal proves itself by to the provider; none for a public client.")
    ] = None
    name: Annotated[str, Meta(description="What people call the provider, as on the button.", min_length=1)] = "SSO"


class ConsoleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table `[console]`: the pages of officers, and how they log in."""

    session_hours: Annotated[int, Meta(description="Hours after which somebody has to log in again.", ge=1, le=168)] = (
        12
    )
    idle_minutes: Annotated[
        int, Meta(description="Minutes without a request after which somebody has to log in again.", ge=5, le=1440)
    ] = 60
    require_totp: Annotated[
        tuple[Literal["officer", "unit", "operator", "administrator"], ...],
        Meta(
            description="Roles that log in by password only together with an authenticator app. Whom the provider of"
            " openid lets in is not asked for it."
        ),
    ] = ()
    openid: Annotated[
        OpenIdSettings | None, Meta(description="A provider of identities, besides passwords; none if left out.")
    ] = None

    def problems(self) -> Iterator[Problem]:
        """What is wrong beyond types."""
        if self.openid and not (is_web_address(self.openid.issuer) and is_safe(self.openid.issuer)):
            yield Problem("openid.issuer", "must begin with https:// and name a host", "http:// is for this machine")


def _is_timezone(name: str) -> bool:
    try:
        return bool(zoneinfo.ZoneInfo(name))
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False


def is_safe(address: str) -> bool:
    """Does nobody read along on the way?"""
    parts = urlsplit(address)
    return parts.scheme == "https" or is_this_machine(parts.hostname or "")


def _is_network(text: str) -> bool:
    try:
        return bool(ipaddress.ip_network(text, strict=False))
    except ValueError:
        return False
