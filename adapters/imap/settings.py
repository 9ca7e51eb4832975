"""What an operator says about a mailbox that is read by IMAP."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote

from msgspec import Meta

from adapters import Problem, Secret
from adapters.hosts import is_host, is_private, is_this_machine, is_web_address
from adapters.mails.settings import MailSettings, file_problems

_PORTS = {"tls": 993, "starttls": 143, "none": 143}


class ImapSettings(MailSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox of the office on a mail server, and the relay that takes the replies."""

    host: Annotated[str, Meta(description="The mail server.")]
    port: Annotated[int, Meta(description="Its port; 0: 993 with tls, 143 otherwise.", ge=0, le=65535)] = 0
    tls: Annotated[
        Literal["tls", "starttls", "none"],
        Meta(description="How the connection to it is encrypted; `none` on this machine only."),
    ] = "tls"
    ca: Annotated[
        Path | None, Meta(description="PEM file of the authority that signed its certificate, or of the certificate.")
    ] = None
    username: Annotated[str, Meta(description="User name there, often the address.", min_length=1)]
    password: Annotated[Secret | None, Meta(description="Password there; or else `client_id` and `token_url`.")] = None
    client_id: Annotated[str, Meta(description="OAuth2: the id of the application.")] = ""
    client_secret: Annotated[Secret | None, Meta(description="OAuth2: its secret.")] = None
    refresh_token: Annotated[
        Secret | None,
        Meta(description="OAuth2: what fetches access tokens; if left out, the application's own secret does."),
    ] = None
    token_url: Annotated[str, Meta(description="OAuth2: where access tokens are fetched, https://…")] = ""
    token_scope: Annotated[str, Meta(description="OAuth2: what is asked for, where the provider wants it said.")] = ""
    folders: Annotated[tuple[str, ...], Meta(description="Folders that are read.")] = ("INBOX",)
    since: Annotated[
        date | None,
        Meta(
            description="Mails that came there before this day, as in 2026-11-23, are left alone; if left out, all"
            " are fetched."
        ),
    ] = None
    after: Annotated[
        Literal["keep", "seen", "move", "delete"],
        Meta(description="What becomes of a mail there once it is on our disk: left as it is, marked as read, …"),
    ] = "keep"
    moved_to: Annotated[str, Meta(description="The folder that `move` moves to.")] = ""
    poll_seconds: Annotated[
        float, Meta(description="Seconds between two looks at a server that does not tell us (IDLE).", ge=1, le=3600)
    ] = 20

    def port_number(self) -> int:
        return self.port or _PORTS[self.tls]

    def url(self) -> str:
        """The mailbox, without secrets (RFC 5092), the same however its host is spelled."""
        scheme = "imaps" if self.tls == "tls" else "imap"
        plain = self.host.lower().rstrip(".")
        host = f"[{plain}]" if ":" in plain else plain
        return f"{scheme}://{quote(self.username, safe='')}@{host}:{self.port_number()}"

    def by_token(self) -> bool:
        """Whether we log in by OAuth2."""
        return bool(self.token_url)

    @classmethod
    def of_a_new_one(cls, today: date) -> Mapping[str, Any]:
        """The mails of years are no new reports."""
        return {"since": today}

    def problems(self) -> Sequence[Problem]:
        return [
            *super().problems(),
            *self._server_problems(),
            *self._way_in_problems(),
            *self._token_problems(),
            *self._folder_problems(),
        ]

    def _server_problems(self) -> Iterator[Problem]:
        if not is_host(self.host):
            yield Problem("host", f"{self.host!r} is not a host", "such as mail.example.go.id; the port is `port`")
        if self.tls == "none" and not is_this_machine(self.host):
            yield Problem("tls", "the password and the mails would travel in clear text", 'use "tls" or "starttls"')
        yield from file_problems("ca", self.ca)

    def _way_in_problems(self) -> Iterator[Problem]:
        if self.password is None and not self.by_token():
            yield Problem("password", "is missing", "or set client_id and token_url for OAuth2")
        if self.password is not None and self.by_token():
            yield Problem("password", "is one way in too many", "leave out either password or token_url")
        for name in ("password", "client_secret", "refresh_token"):
            secret: Secret | None = getattr(self, name)
            if secret is not None and not secret.reveal():
                yield Problem(name, "is empty", "check the variable or file it is read from")

    def _token_problems(self) -> Iterator[Problem]:
        if not self.by_token():
            for name in ("client_id", "client_secret", "refresh_token", "token_scope"):
                if getattr(self, name):
                    yield Problem("token_url", "is missing", f"{name} is of no use without it")
            return
        if not is_web_address(self.token_url) or not is_private(self.token_url):
            yield Problem("token_url", "is not an https address", "such as https://oauth2.googleapis.com/token")
        if not self.client_id:
            yield Problem("client_id", "is missing", "the provider names it where the application is registered")
        if self.refresh_token is None and self.client_secret is None:
            yield Problem("refresh_token", "is missing", "or set client_secret for an application of its own right")

    def _folder_problems(self) -> Iterator[Problem]:
        if not self.folders or not all(self.folders):
            yield Problem("folders", "no folder to read", 'such as ["INBOX"]')
        if len(set(self.folders)) < len(self.folders):
            yield Problem("folders", "one of them is named twice", "name each once")
        if self.after == "move" and not self.moved_to:
            yield Problem("moved_to", "is missing", "name the folder that mails are moved to")
        if self.moved_to and self.after != "move":
            yield Problem("moved_to", "is of no use", 'set after = "move" too')
        if self.moved_to in self.folders:
            yield Problem("moved_to", "is read itself", "move mails to a folder that is not in `folders`")
