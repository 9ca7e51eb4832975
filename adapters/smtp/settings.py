"""What an operator says about a mailbox that mail is sent to directly."""

import ipaddress
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from adapters import Problem
from adapters.mails.settings import MailSettings, file_problems, place_problems
from adapters.sockets import is_path


class SmtpSettings(MailSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A mailbox of the office: where its mail comes in, and the relay that takes the replies."""

    smtp: Annotated[str, Meta(description="Where to listen for SMTP, host:port; empty for not at all.")] = ""
    lmtp: Annotated[
        str, Meta(description="Where to listen for LMTP, host:port or the path of a Unix socket; empty for not at all.")
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

    def places(self) -> list[str]:
        """Where it listens, as URLs."""
        named = {"smtp": self.smtp, "lmtp": self.lmtp}
        return [f"{protocol}://{where}" for protocol, where in named.items() if where]

    def trusts(self, peer: str) -> bool:
        """Whether an IP address is one of our own mail servers'; a peer on a Unix socket ("") counts as 127.0.0.1."""
        address = ipaddress.ip_address(peer or "127.0.0.1")
        return any(address in ipaddress.ip_network(network, strict=False) for network in self.trusted_relays)

    def problems(self) -> Sequence[Problem]:
        return [*super().problems(), *self._listening_problems(), *self._trust_problems()]

    def _listening_problems(self) -> Iterator[Problem]:
        if not self.smtp and not self.lmtp:
            yield Problem("smtp", "the channel listens nowhere", "set smtp or lmtp, such as 127.0.0.1:8025")
        yield from place_problems("smtp", self.smtp)
        yield from place_problems("lmtp", "" if is_path(self.lmtp) else self.lmtp)
        if bool(self.certificate) != bool(self.private_key):
            missing = "private_key" if self.certificate else "certificate"
            yield Problem(missing, "is missing", "STARTTLS needs both certificate and private_key")
        yield from file_problems("certificate", self.certificate)
        yield from file_problems("private_key", self.private_key)

    def _trust_problems(self) -> Iterator[Problem]:
        for network in self.trusted_relays:
            if not _is_network(network):
                yield Problem("trusted_relays", f"{network!r} is not a network", "write 10.1.2.0/24 or one IP address")
        if self.trusted_authentication and not self.trusted_relays:
            yield Problem("trusted_relays", "is missing", "say which servers write those Authentication-Results")


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True
