"""Citizens who number their messages, so that each can be found again: kept once, as it was sent, as one report with
one reply."""

import re
import smtplib
import threading
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterable
from email.message import Message
from hashlib import sha256
from itertools import count
from typing import Any, NamedTuple
from urllib.parse import urlencode

from tests.end_to_end.kanal import OWN, SECRET, Gateway

SECONDS = 60.0
#: What fills a mail so that it is kept as a file.
LARGE = "x" * 300_000


class Said(NamedTuple):
    """The gateway's answer: its status (0: none), and the rest of it."""

    status: int
    text: str = ""
    retry_after: str | None = None


class Citizens:
    """What they have sent to one gateway, by number, and which of it was acknowledged. Threads may share it."""

    def __init__(self, gateway: Gateway) -> None:
        self.sent: dict[str, str] = {}
        self.acknowledged: set[str] = set()
        self.gateway = gateway
        self._numbers = count(1)
        self._lock = threading.Lock()

    def sms(self, filler: str = "") -> Said:
        """Send the next one."""
        message, body = self._next("s0", sms, filler)
        return self._noted(message, _post(f"{self.gateway.sms_url}/{SECRET}/mo", body))

    def mail(self, filler: str = "", over: smtplib.SMTP | None = None) -> Said:
        """Over a connection of its own, if not over an open one."""
        message, body = self._next("m0", mail, filler)
        return self._noted(message, _hand_over(over, body) if over else _send(self.gateway.smtp, body))

    def both(self) -> tuple[int, int]:
        return self.sms().status, self.mail().status

    def check(self) -> None:
        """Nothing that was acknowledged is lost, doubled or corrupted, and each message has led to one report with one
        reply; nothing is there that nobody sent."""
        deliveries, reports = self.gateway.bodies(), self.gateway.all("reports")
        replies = self.gateway.all("replies")
        held = {numbered(row, "body"): row["sha256"] for row in deliveries}
        assert self.acknowledged <= held.keys(), "lost"
        assert held.items() <= self.sent.items(), "never sent, or not as it was sent"
        assert len(deliveries) == len(held), "doubled"
        assert {(row["state"], row["reason"]) for row in deliveries} <= {("done", None)}
        assert Counter(numbered(row, "subject", "text") for row in reports) == Counter(held.keys())
        assert answered(replies) == Counter(row["id"] for row in reports)

    def _next(self, name: str, made: Any, filler: str) -> tuple[str, bytes]:
        with self._lock:
            message = f"{name}-{next(self._numbers):05}"
            body: bytes = made(message, filler)
            self.sent[message] = sha256(body).hexdigest()
            return message, body

    def _noted(self, message: str, said: Said) -> Said:
        if 200 <= said.status < 300:
            with self._lock:
                self.acknowledged.add(message)
        return said


def sms(message: str, filler: str) -> bytes:
    text = f"Banjir {message} {filler[:1_000]}"
    return urlencode({"sender": "+628111000001", "id": message, "time": "1793500000", "message": text}).encode()


def app(message: str, filler: str) -> bytes:
    """A report by Open311."""
    text = f"Banjir {message} {filler[:1_000]}"
    return urlencode({"service_code": "banjir", "description": text, "device_id": "d-1"}).encode()


def mail(message: str, filler: str) -> bytes:
    lines = "\r\n".join(filler[at : at + 72] for at in range(0, len(filler), 72))
    name = message.partition("-")[0]
    headers = f"From: {name}@example.org\r\nTo: {OWN}\r\nSubject: Lampu padam {message}\r\nMessage-ID: <{message}@a.b>"
    return f"{headers}\r\n\r\n{lines}\r\n".encode()


def numbered(row: dict[str, Any], *fields: str) -> str:
    """The number of the message that a row came from."""
    found = re.search(r"\b[sma]\d-\d{5}\b", " ".join(str(row[field]) for field in fields))
    assert found is not None, row
    return found[0]


def answered(replies: Iterable[dict[str, Any]]) -> Counter[str]:
    """The reports whose senders were told that they were received, and how often."""
    return Counter("r-" + row["id"].removeprefix("a-") for row in replies if row["about"] == "received")


def _post(url: str, body: bytes) -> Said:
    try:
        with urllib.request.urlopen(url, body, timeout=SECONDS) as answer:
            return _said(answer.status, answer.read(), answer.headers)
    except urllib.error.HTTPError as error:
        with error:
            return _said(error.code, error.read(), error.headers)
    except OSError as error:
        return Said(0, str(error))


def _said(status: int, text: bytes, headers: Message) -> Said:
    return Said(status, text.decode(), headers["Retry-After"])


def _send(server: str, body: bytes) -> Said:
    try:
        with connected(server) as client:
            return _hand_over(client, body)
    except (OSError, smtplib.SMTPException) as error:
        return Said(0, str(error))


def connected(server: str) -> smtplib.SMTP:
    host, _, port = server.partition(":")
    return smtplib.SMTP(host, int(port), timeout=SECONDS)


def _hand_over(client: smtplib.SMTP, body: bytes) -> Said:
    try:
        client.sendmail("m0@example.org", [OWN], body)
        return Said(250)
    except smtplib.SMTPResponseException as error:
        words = error.smtp_error
        return Said(error.smtp_code, words.decode() if isinstance(words, bytes) else words)
    except (OSError, smtplib.SMTPException) as error:
        return Said(0, str(error))
