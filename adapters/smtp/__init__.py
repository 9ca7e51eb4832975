"""Mail: our own SMTP and LMTP listener for what comes in, a relay for the replies.

The mail is kept as the octets that came; nothing but its identity is made of it before the sender is told "250".
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from adapters import (
    Accept,
    Attachment,
    Bind,
    Capabilities,
    ChannelSettings,
    Delivery,
    Event,
    Receipt,
    Refused,
    Reply,
    Unreadable,
)
from adapters.smtp.compose import compose, message_id, recipient
from adapters.smtp.listener import Listener, server_tls
from adapters.smtp.reading import read
from adapters.smtp.relay import greet, hand_over
from adapters.smtp.settings import SmtpSettings
from adapters.sockets import is_path
from normalizer.mails.unpacking import attachment_bytes

__all__ = ["Smtp", "SmtpSettings"]


class Smtp:
    """One mailbox. A delivery is one mail: `body` as sent, `headers` the envelope (`mail_from`, `rcpt_to` with commas,
    `peer`, `helo`, `protocol`)."""

    kind: ClassVar[str] = "smtp"
    Settings: ClassVar[type[ChannelSettings]] = SmtpSettings
    capabilities: ClassVar[Capabilities] = Capabilities(threads=True, repeatable=True, reaches=("email",))

    def __init__(self, settings: SmtpSettings) -> None:
        self.settings = settings
        self._addresses: list[str] = []

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return [read(delivery, self.settings)]

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        try:
            return attachment_bytes(delivery.body, attachment.reference or "")
        except LookupError:
            raise Unreadable("the mail has no such part") from None

    def addresses(self) -> Sequence[str]:
        """Where it listens, or would: a port 0 is known only then."""
        return self._addresses or self.settings.places()

    def first_steps(self, web: str) -> Sequence[str]:
        return [
            f"swaks {_server(self.addresses()[0])} --to {self.settings.example()} --body 'Banjir di Jl. Kemang Raya'"
        ]

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

    def can_send(self) -> bool:
        return bool(self.settings.relay)

    async def send(self, reply: Reply) -> Receipt:
        if not self.can_send():
            raise Refused("the channel has no relay")
        mail = compose(reply, self.settings, datetime.now(UTC))
        await hand_over(self.settings, recipient(reply), mail)
        return Receipt(external_id=message_id(reply, self.settings))

    async def check(self) -> None:
        """The certificate can be read, and the relay lets us in."""
        server_tls(self.settings)
        if self.can_send():
            await greet(self.settings)


def _server(address: str) -> str:
    protocol, _, where = address.partition("://")
    how = f"--socket {where}" if is_path(where) else f"--server {where}"
    return how if protocol == "smtp" else f"{how} --protocol LMTP"
