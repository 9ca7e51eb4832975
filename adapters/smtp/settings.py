"""What an operator says about a mail channel."""

import ipaddress
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta

from adapters import ChannelSettings, Problem, Secret
from adapters.sockets import is_path, place


class SmtpSettings(ChannelSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox of the office: where its mail comes in, and the relay that takes the replies."""

    recipients: Annotated[
        tuple[str, ...],
        Meta(description="Own addresses; `@domain` takes every address of a domain, `name+detail` counts as `name`."),
    ]
    smtp: Annotated[str, Meta(description="Where to listen for SMTP, host:port; empty for not at all.")] = ""
    lmtp: Annotated[
        str, Meta(description="Where to listen for LMTP, host:port or the path of a Unix socket; empty for not at all.")
    ] = ""
    hostname: Annotated[
        str, Meta(description="The name we greet with; the domain of the first recipient if empty.")
    ] = ""
    certificate: Annotated[
        Path | None, Meta(description="PEM file with the certificate chain that STARTTLS shows.")
    ] = None
    private_key: Annotated[Path | None, Meta(description="PEM file with the certificate's private key.")] = None
    max_connections: Annotated[int, Meta(description="Open connections in all.", ge=1)] = 200
    max_connections_per_address: Annotated[
        int, Meta(description="Open connections from one IPv4 address or IPv6 /64 network.", ge=1)
    ] = 50
    max_memory: Annotated[
        int, Meta(description="Octets of mails under way, in all; beyond, large ones wait.", ge=1)
    ] = 268_435_456
    command_timeout: Annotated[float, Meta(description="Seconds between two commands.", gt=0)] = 60
    data_timeout: Annotated[float, Meta(description="Seconds in which a whole mail must have come.", gt=0)] = 300
    trusted_relays: Annotated[
        tuple[str, ...],
        Meta(
            description="Networks (CIDR) of our own mail servers, whose word on forgery and spam is believed, and who "
            "may hold any number of connections."
        ),
    ] = ()
    trusted_authentication: Annotated[
        tuple[str, ...], Meta(description="The names (authserv-id) those servers write into Authentication-Results.")
    ] = ()
    relay: Annotated[str, Meta(description="Mail server that takes the replies, host:port; empty: no replies.")] = ""
    relay_tls: Annotated[
        Literal["none", "starttls", "tls"], Meta(description="How the connection to the relay is encrypted.")
    ] = "starttls"
    relay_username: Annotated[str, Meta(description="User name at the relay; empty for none.")] = ""
    relay_password: Annotated[Secret | None, Meta(description="Password at the relay.")] = None
    sender: Annotated[str, Meta(description="From address of replies; the first full recipient if empty.")] = ""
    sender_name: Annotated[str, Meta(description="Name shown beside the From address.")] = ""

    def host(self) -> str:
        """The name we go by in greetings and Message-IDs."""
        return self.hostname or self.recipients[0].rpartition("@")[2]

    def reply_from(self) -> str:
        """The From address of replies; "" if there is none."""
        return self.sender or next((own for own in self.recipients if not own.startswith("@")), "")

    def example(self) -> str:
        """An address that mail can be sent to."""
        own = self.recipients[0]
        return f"lapor{own}" if own.startswith("@") else own

    def places(self) -> list[str]:
        """Where it listens, as URLs."""
        named = {"smtp": self.smtp, "lmtp": self.lmtp}
        return [f"{protocol}://{where}" for protocol, where in named.items() if where]

    def owns(self, address: str) -> bool:
        """Whether an address is one of ours, whatever its case and `+detail`."""
        local, _, domain = address.lower().rpartition("@")
        plain = f"{local.partition('+')[0]}@{domain}"
        return any(own.lower() in (plain, f"{local}@{domain}", f"@{domain}") for own in self.recipients)

    def trusts(self, peer: str) -> bool:
        """Whether an IP address is one of our own mail servers'; a peer on a Unix socket ("") counts as 127.0.0.1."""
        address = ipaddress.ip_address(peer or "127.0.0.1")
        return any(address in ipaddress.ip_network(network, strict=False) for network in self.trusted_relays)

    def problems(self) -> Sequence[Problem]:
        return [
            *self._recipient_problems(),
            *self._listening_problems(),
            *self._trust_problems(),
            *self._relay_problems(),
        ]

    def _recipient_problems(self) -> Iterator[Problem]:
        if not self.recipients:
            yield Problem("recipients", "no address of our own", "name at least one, such as lapor@example.go.id")
        for own in self.recipients:
            if not own.rpartition("@")[2] or own.count("@") != 1:
                yield Problem("recipients", f"{own!r} is not an address", "write name@domain or @domain")

    def _listening_problems(self) -> Iterator[Problem]:
        if not self.smtp and not self.lmtp:
            yield Problem("smtp", "the channel listens nowhere", "set smtp or lmtp, such as 127.0.0.1:8025")
        yield from _place_problems("smtp", self.smtp)
        yield from _place_problems("lmtp", "" if is_path(self.lmtp) else self.lmtp)
        if bool(self.certificate) != bool(self.private_key):
            missing = "private_key" if self.certificate else "certificate"
            yield Problem(missing, "is missing", "STARTTLS needs both certificate and private_key")
        yield from _file_problems("certificate", self.certificate)
        yield from _file_problems("private_key", self.private_key)

    def _trust_problems(self) -> Iterator[Problem]:
        for network in self.trusted_relays:
            if not _is_network(network):
                yield Problem("trusted_relays", f"{network!r} is not a network", "write 10.1.2.0/24 or one IP address")
        if self.trusted_authentication and not self.trusted_relays:
            yield Problem("trusted_relays", "is missing", "say which servers write those Authentication-Results")

    def _relay_problems(self) -> Iterator[Problem]:
        yield from _place_problems("relay", self.relay)
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


def _place_problems(where: str, text: str) -> Iterator[Problem]:
    try:
        if text:
            place(text)
    except ValueError:
        yield Problem(where, f"{text!r} is not host:port", "such as 127.0.0.1:8025 or [::1]:8025")


def _file_problems(where: str, file: Path | None) -> Iterator[Problem]:
    try:
        if file is not None:
            file.open("rb").close()
    except OSError as error:
        yield Problem(where, f"{file} cannot be read: {error.strerror}", "Kanal's user must be able to read it")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _is_loopback(relay: str) -> bool:
    host = relay.rpartition(":")[0].strip("[]")
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
