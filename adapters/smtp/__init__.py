"""Mail: our own SMTP and LMTP listener for what comes in, a relay for the replies.

The mail is kept as the octets that came; nothing but its identity is made of it before the sender is told "250".
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from adapters import Accept, Bind, ChannelSettings, Delivery, Event
from adapters.mails.channel import MailChannel
from adapters.mails.reading import read
from adapters.smtp.listener import Listener, server_tls
from adapters.smtp.settings import SmtpSettings
from adapters.sockets import is_path

__all__ = ["Smtp", "SmtpSettings"]


class Smtp(MailChannel[SmtpSettings]):
    """One mailbox. A delivery is one mail: `body` as sent, `headers` the envelope (`mail_from`, `rcpt_to` with commas,
    `peer`, `helo`, `protocol`)."""

    kind: ClassVar[str] = "smtp"
    Settings: ClassVar[type[ChannelSettings]] = SmtpSettings

    def __init__(self, settings: SmtpSettings) -> None:
        super().__init__(settings)
        self._addresses: list[str] = []

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        peer = delivery.headers.get("peer")
        return [read(delivery, self.settings, vouched=peer is not None and self.settings.trusts(peer))]

    def addresses(self) -> Sequence[str]:
        """Where it listens, or would: a port 0 is known only then."""
        return self._addresses or self.settings.places()

    def first_steps(self, web: str) -> Sequence[str]:
        server = _server(self.addresses()[0])
        return [f"swaks {server} --to {self.settings.example()} --body 'Banjir selutut di depan rumah'"]

    async def listen(self, bind: Bind, accept: Accept, ready: Callable[[], None]) -> None:
        """Raises ChannelDown if the places or the certificate in the settings cannot be used."""
        listener = Listener(self.settings, accept)
        try:
            self._addresses = await listener.open(bind)
            ready()
            await listener.run()
        finally:
            self._addresses = []
            await listener.close()

    def certificates(self) -> Sequence[Path]:
        return [self.settings.certificate] if self.settings.certificate else []

    async def check(self) -> bool:
        """The certificate can be read, and the relay lets us in."""
        server_tls(self.settings)
        return await super().check()


def _server(address: str) -> str:
    protocol, _, where = address.partition("://")
    how = f"--socket {where}" if is_path(where) else f"--server {where}"
    return how if protocol == "smtp" else f"{how} --protocol LMTP"
