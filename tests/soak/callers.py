"""Who calls the gateway by HTTP: an SMS gateway, a source that pushes, an application. Each does so until it is told
that its message was taken."""

import json
import socket
import time
import urllib.error
import urllib.request
from abc import abstractmethod
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from adapters.testing.standins.base import Call, StandIn
from tests.end_to_end.kanal import SECRET, Gateway
from tests.soak.faults import Fault, faults_of
from tests.soak.line import Answers, Line

TRIES, PAUSE = 50, 0.2
SENDSMS = "/cgi-bin/sendsms"


#: Who keeps no cookies.
PLAIN = urllib.request.build_opener()


class Posted(NamedTuple):
    """One message, as it is posted."""

    url: str
    content_type: str
    body: bytes
    headers: Mapping[str, str] = {}
    by: urllib.request.OpenerDirector = PLAIN


class Told(NamedTuple):
    """What was answered, and where that is read again."""

    url: str
    text: str


class Caller(Line):
    """Posts each message so many `copies` times, and where it `hangs_up` amid it at first."""

    copies = 1
    hangs_up = False

    @abstractmethod
    def posted(self, number: int, text: str) -> Posted:
        """The message."""

    def call(self, number: int, text: str) -> Told:
        """What was answered last."""
        posted = self.posted(number, text)
        if self.hangs_up:
            _half(posted)
        return [_taken(posted) for _ in range(self.copies)][-1]

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {"truncated": self._truncated, "repeated": self._repeated}

    @contextmanager
    def _truncated(self) -> Iterator[None]:
        self.hangs_up = True
        yield
        self.hangs_up = False

    @contextmanager
    def _repeated(self) -> Iterator[None]:
        self.copies = 3
        yield
        self.copies = 1


class SmsGateway(StandIn):
    """Kannel's sendsms; `sent` counts what it took, by number."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: Counter[str] = Counter()

    def name_of(self, path: str) -> str:
        return path.rpartition("/")[2]

    async def answer(self, call: Call) -> web.Response:
        """A channel in trouble is looked at by asking for nothing."""
        if "to" not in call.fields:
            return web.Response(status=400, text="Missing receiver number, rejected")
        self.sent[call.fields["to"]] += 1
        return web.Response(status=202, text="0: Accepted for delivery")

    def failure(self, status: int, retry_after: int | None) -> web.Response:
        headers = {"Retry-After": str(retry_after)} if retry_after else {}
        return web.Response(status=status, headers=headers, text="Temporary failure, try again later.")

    def hears(self, line: str) -> None:
        """Nobody types."""


class SmsLine(Caller):
    name = "sms"

    def __init__(self) -> None:
        self._provider = SmsGateway()
        self._provider.start()

    def settings(self, folder: Path) -> Mapping[str, Any]:
        out = {"send_url": f"{self._provider.url}{SENDSMS}", "username": "kanal", "password": {"file": "secret"}}
        return {"name": self.name, "quiet_seconds": 0, **out}

    def posted(self, number: int, text: str) -> Posted:
        said = {"sender": f"+62811{number:08}", "to": "1708", "message": text, "id": f"k-{number}", "charset": "UTF-8"}
        url = f"{self.gateway.sms_url}/{SECRET}/mo"
        return Posted(url, "application/x-www-form-urlencoded", urlencode(said).encode())

    def say(self, number: int, text: str) -> Answers:
        self.call(number, text)
        return lambda: self._provider.sent[f"+62811{number:08}"]

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {**super().faults, **faults_of(self._provider)}

    def close(self) -> None:
        self._provider.stop()


class PushLine(Caller):
    """A source of reports in JSON, which wants no answers."""

    name = "push"

    def settings(self, folder: Path) -> Mapping[str, Any]:
        fields, proof = {"id": "id", "text": "text"}, {"shows": "token", "name": "X-Api-Key"}
        secret = {"file": str(folder / "secret")}
        return {"name": self.name, "kind": "webhook", "secret": secret, "fields": fields, "proof": proof}

    def posted(self, number: int, text: str) -> Posted:
        body = json.dumps({"id": f"p-{number}", "text": text}).encode()
        return Posted(f"http://127.0.0.1:{self.gateway.web}/in/push", "application/json", body, {"X-Api-Key": SECRET})

    def say(self, number: int, text: str) -> Answers:
        self.call(number, text)
        return None


class AppLine(Caller):
    """An application by Open311: its answer is the number that it is told."""

    name = "apps"

    def settings(self, folder: Path) -> Mapping[str, Any]:
        return {"name": self.name, "kind": "open311"}

    def open(self, gateway: Gateway) -> None:
        super().open(gateway)
        self._key = self.ordered("add key", app="soak", channel=None, per_minute=0, per_day=0, actor="soak")["key"]

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {"truncated": super().faults["truncated"]}  # each report is one: there is no id to know it by

    def posted(self, number: int, text: str) -> Posted:
        said = {"service_code": "banjir", "description": text, "device_id": f"d-{number}"}
        url = f"http://127.0.0.1:{self.gateway.web}/in/apps/requests.json?api_key={self._key}"
        return Posted(url, "application/x-www-form-urlencoded", urlencode(said).encode())

    def say(self, number: int, text: str) -> Answers:
        said = json.loads(self.call(number, text).text)[0]
        is_told = bool(said.get("service_request_id") or said.get("token"))
        return lambda: int(is_told)


def _taken(posted: Posted) -> Told:
    """What is answered with 2xx, at last. Raises OSError."""
    asked = urllib.request.Request(
        posted.url, posted.body, {"Content-Type": posted.content_type, **posted.headers}, method="POST"
    )
    for left in reversed(range(TRIES)):
        try:
            with posted.by.open(asked, timeout=20) as answer:
                return Told(answer.url, answer.read().decode())
        except OSError as error:
            if not left or (isinstance(error, urllib.error.HTTPError) and error.code not in {429, 500, 503}):
                raise
            time.sleep(PAUSE)
    raise AssertionError


def _half(posted: Posted) -> None:
    """Of a request, after which nobody is there any more."""
    url = urlsplit(posted.url)
    head = [f"POST {url.path}?{url.query} HTTP/1.1", f"Host: {url.netloc}", f"Content-Type: {posted.content_type}"]
    head += [f"{name}: {value}" for name, value in posted.headers.items()]
    head += [f"Content-Length: {len(posted.body)}", "", ""]
    with suppress(OSError), socket.create_connection((url.hostname or "", url.port or 80), 10) as connection:
        connection.sendall("\r\n".join(head).encode() + posted.body[: len(posted.body) // 2])
