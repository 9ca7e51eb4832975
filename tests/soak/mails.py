"""Citizens who write mails: to the gateway's own mail server, and to a mailbox that it reads."""

import smtplib
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

from tests.adapters.dovecot import Dovecot
from tests.end_to_end.kanal import OWN
from tests.end_to_end.relay import Relay
from tests.soak.faults import Fault
from tests.soak.line import Answers, Line


class MailLine(Line):
    """Answers leave by a relay."""

    def __init__(self) -> None:
        self.relay = Relay()
        self.relay.start()
        self.copies = 1

    def close(self) -> None:
        self.relay.stop()

    def answers(self, number: int) -> Answers:
        return lambda: len(self.relay.to(self.address(number)))

    def address(self, number: int) -> str:
        return f"warga-{self.name}-{number}@example.org"

    def written(self, number: int, text: str) -> bytes:
        mail = EmailMessage(policy=SMTP)
        mail["From"], mail["To"], mail["Subject"] = self.address(number), OWN, "Laporan warga"
        mail["Message-ID"] = f"<{self.name}-{number}@example.org>"
        mail.set_content(text)
        return mail.as_bytes()

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {"refused": self._refused, "repeated": self._repeated}

    @contextmanager
    def _refused(self) -> Iterator[None]:
        self.relay.stop()
        yield
        self.relay.start()

    @contextmanager
    def _repeated(self) -> Iterator[None]:
        self.copies = 3
        yield
        self.copies = 1


class SmtpLine(MailLine):
    name = "mail"
    hangs_up = False

    def settings(self, folder: Path) -> Mapping[str, Any]:
        return {"name": self.name, **self.relay.settings}

    def say(self, number: int, text: str) -> Answers:
        host, _, port = self.gateway.smtp.partition(":")
        mail = self.written(number, text)
        if self.hangs_up:
            _half(host, int(port), mail)
        for _ in range(self.copies):
            with smtplib.SMTP(host, int(port), timeout=20) as client:
                client.sendmail(self.address(number), [OWN], mail)
        return self.answers(number)

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {**super().faults, "truncated": self._truncated}

    @contextmanager
    def _truncated(self) -> Iterator[None]:
        self.hangs_up = True
        yield
        self.hangs_up = False


class MailboxLine(MailLine):
    """What is written while the mailbox is away is delivered once it is back."""

    name = "box"

    def __init__(self) -> None:
        super().__init__()
        self._dovecot = Dovecot()
        self._dovecot.start()
        self._row: list[bytes] | None = None

    def settings(self, folder: Path) -> Mapping[str, Any]:
        password = folder / "box-password"
        password.touch(mode=0o600)
        password.write_text(self._dovecot.password)
        box = self._dovecot.settings(password={"file": str(password)}, recipients=["kotak@jakarta.go.id", OWN])
        return {"name": self.name, "kind": "imap", **box, **self.relay.settings}

    def say(self, number: int, text: str) -> Answers:
        mails = [self.written(number, text)] * self.copies
        if self._row is None:
            self._dovecot.deliver(*mails)
        else:
            self._row += mails
        return self.answers(number)

    def held(self) -> int:
        return len(self._row or ())

    def close(self) -> None:
        super().close()
        self._dovecot.__exit__()

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {**super().faults, "mailbox refused": self._away}

    @contextmanager
    def _away(self) -> Iterator[None]:
        self._row = []
        self._dovecot.stop()
        yield
        self._dovecot.start()
        row, self._row = self._row, None
        self._dovecot.deliver(*row)


def _half(host: str, port: int, mail: bytes) -> None:
    """Of a mail, after which nobody is there any more."""
    with suppress(OSError, smtplib.SMTPException):
        client = smtplib.SMTP(host, port, timeout=20)
        client.ehlo()
        client.mail("warga@example.org")
        client.rcpt(OWN)
        client.docmd("DATA")
        client.send(mail[: len(mail) // 2])
        assert isinstance(client.sock, socket.socket)
        client.sock.close()
