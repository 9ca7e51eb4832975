"""What an operator says about every channel of mail."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from adapters import ChannelSettings, Problem, Secret
from adapters.hosts import is_this_machine
from adapters.sockets import place


class MailSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox of the office, and the relay that takes the replies."""

    recipients: Annotated[
        tuple[str, ...],
        Meta(description="Own addresses; `@domain` takes every address of a domain, `name+detail` counts as `name`."),
    ]
    hostname: Annotated[
        str, Meta(description="The name we greet with; the domain of the first recipient if empty.")
    ] = ""
    trusted_authentication: Annotated[
        tuple[str, ...],
        Meta(description="The names (authserv-id) our own mail servers write into Authentication-Results."),
    ] = ()
    relay: Annotated[str, Meta(description="Mail server that takes the replies, host:port; empty: no replies.")] = ""
    relay_tls: Annotated[
        Literal["none", "starttls", "tls"], Meta(description="How the connection to the relay is encrypted.")
    ] = "starttls"
    relay_username: Annotated[str, Meta(description="User name at the relay; empty for none.")] = ""
    relay_password: Annotated[Secret | None, Meta(description="Password at the relay.")] = None
    sender: Annotated[str, Meta(description="From address of replies; the first full recipient if empty.")] = ""
    sender_name: Annotated[str, Meta(description="Name shown beside the From address.")] = ""

    def our_host(self) -> str:
        """The name we go by in greetings and Message-IDs."""
        return self.hostname or self.recipients[0].rpartition("@")[2]

    def reply_from(self) -> str:
        """The From address of replies; "" if there is none."""
        return self.sender or next((own for own in self.recipients if not own.startswith("@")), "")

    def example(self) -> str:
        """An address that mail can be sent to."""
        own = self.recipients[0]
        return f"lapor{own}" if own.startswith("@") else own

    def owns(self, address: str) -> bool:
        """Whether an address is one of ours, whatever its case and `+detail`."""
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return any(own.lower() in (plain, f"{local}@{domain}", f"@{domain}") for own in self.recipients)

    def problems(self) -> Sequence[Problem]:
        return [*self._recipient_problems(), *self._relay_problems()]

    def _recipient_problems(self) -> Iterator[Problem]:
        if not self.recipients:
            yield Problem("recipients", "no address of our own", "name at least one, such as lapor@example.go.id")
        for own in self.recipients:
            if not own.rpartition("@")[2] or own.count("@") != 1:
                yield Problem("recipients", f"{own!r} is not an address", "write name@domain or @domain")

    def _relay_problems(self) -> Iterator[Problem]:
        yield from place_problems("relay", self.relay)
        if self.relay and not self.reply_from():
            yield Problem("sender", "replies have no From address", "set sender, or a full address in recipients")
        if self.sender and (self.sender.startswith("@") or self.sender.count("@") != 1):
            yield Problem("sender", "is not an address", "write name@domain")
        yield from self._login_problems()

    def _login_problems(self) -> Iterator[Problem]:
        password = self.relay_password.reveal() if self.relay_password else None
        if self.relay_username and password is None:
            yield Problem("relay_password", "is missing", "relay_username needs a password")
        if password is not None and not self.relay_username:
            yield Problem("relay_username", "is missing", "relay_password needs a user name")
        if password is not None and not password:
            yield Problem("relay_password", "is empty", "check the variable or file it is read from")
        if password and self.relay_tls == "none" and not _is_loopback(self.relay):
            yield Problem("relay_tls", "the password would travel in clear text", 'use "starttls" or "tls"')


def place_problems(where: str, text: str) -> Iterator[Problem]:
    """What is wrong with a setting that is host:port or empty."""
    try:
        if text:
            place(text)
    except ValueError:
        yield Problem(where, f"{text!r} is not host:port", "such as 127.0.0.1:8025 or [::1]:8025")


def file_problems(where: str, file: Path | None) -> Iterator[Problem]:
    """What is wrong with a setting that is a file or nothing."""
    try:
        if file is not None:
            file.open("rb").close()
    except OSError as error:
        yield Problem(where, f"{file} cannot be read: {error.strerror}", "Kanal's user must be able to read it")


def _is_loopback(relay: str) -> bool:
    return is_this_machine(relay.rpartition(":")[0].strip("[]"))
