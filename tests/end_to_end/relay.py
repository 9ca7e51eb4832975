"""A mail server that takes the gateway's replies, so that tests can read them as a citizen would."""

import email
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.end_to_end.kanal import PATIENCE_SECONDS, free_port, until


class Received(NamedTuple):
    """One mail with its envelope; `read` is the mail as a client shows it."""

    mail_from: str
    to: tuple[str, ...]
    read: EmailMessage

    @property
    def text(self) -> str:
        return str(self.read.get_content()).strip()


class Relay:
    """`with Relay() as relay:`; it may be down at first (`relay.start()` brings it up) and go down between."""

    def __init__(self) -> None:
        self.mails: list[Received] = []
        self.port = free_port()
        self._controller: Controller | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What the mail channel needs in order to answer through it."""
        return {"relay": f"127.0.0.1:{self.port}", "relay_tls": "none", "sender_name": "Pemprov DKI Jakarta"}

    def start(self) -> None:
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, enable_SMTPUTF8=True)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        read = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(read, EmailMessage)
        self.mails.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), read))
        return "250 OK"

    def wait(self, count: int, seconds: float = PATIENCE_SECONDS) -> list[Received]:
        """The mails, once there are `count`."""
        return until(lambda: self.mails if len(self.mails) >= count else [], f"{count} replies by mail", seconds)

    def to(self, citizen: str) -> list[Received]:
        return [mail for mail in self.mails if mail.to == (citizen,)]
