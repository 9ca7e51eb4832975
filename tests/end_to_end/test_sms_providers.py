"""One gateway with a number at each of three providers: an SMS comes in, is answered through its own provider, and the
provider's word on the answer is kept."""

import hashlib
import hmac
import json
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from tests.end_to_end.kanal import SECRET, Gateway, codes_in, fetch, free_port, until

CITIZENS = {"jasmin": "+628111000001", "android": "+628111000002", "mapped": "+628111000003"}
MAPPING = {
    "answer_body": "000",
    "sms": {"sender": "original", "text": "message", "id": "messageid"},
    "report": {"reply": "messageid", "status": "status", "delivered": ["1?"], "failed": ["3?"]},
    "send": {
        "method": "GET",
        "format": "query",
        "fields": {"sendto": "{to_digits}", "message": "{text}", "messageid": "{short}"},
        "success": ["000"],
    },
}


class _Providers(BaseHTTPRequestHandler):
    """All of them; `said` holds each reply's text and what the provider calls it by, by provider."""

    said: dict[str, tuple[str, str]]

    def do_GET(self) -> None:
        fields = dict(parse_qsl(urlsplit(self.path).query))
        self.said["mapped"] = fields["message"], fields["messageid"]
        self._answer("000")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/send":
            fields = dict(parse_qsl(body))
            self.said["jasmin"] = fields["content"], fields["dlr-url"]
            self._answer('Success "07033084-5cfd-4812-90a4-e4d24ffb6e3d"')
        else:
            told = json.loads(body)
            self.said["android"] = told["textMessage"]["text"], told["id"]
            self._answer(json.dumps({"id": told["id"], "state": "Pending"}), 202)

    def _answer(self, text: str, status: int = 200) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def providers() -> Iterator[tuple[str, dict[str, tuple[str, str]]]]:
    _Providers.said = {}
    with ThreadingHTTPServer(("127.0.0.1", 0), _Providers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}", _Providers.said
        server.shutdown()


def channels(outside: str, web: int) -> list[Mapping[str, Any]]:
    """As an operator writes them; their secrets are read from files."""
    secret = {"file": "secret"}
    both = {"kind": "sms", "secret": secret, "username": "kanal", "password": secret, "quiet_seconds": 0}
    jasmin = {"number": "1708", "send_url": f"{outside}/send", "callback_url": f"http://127.0.0.1:{web}/in/jasmin"}
    android = {"number": "08111272206", "send_url": f"{outside}/messages", "signing_key": secret}
    mapped = {"number": "93456", "send_url": f"{outside}/", "mapping": MAPPING}
    own: dict[str, dict[str, Any]] = {"jasmin": jasmin, "android": android, "mapped": mapped}
    return [{"name": name, "provider": name, **both, **table} for name, table in own.items()]


def webhook(url: str, event: str, **payload: Any) -> int:
    """What the Android app posts, signed now."""
    body = json.dumps({"event": event, "payload": payload}).encode()
    stamp = str(int(time.time()))
    proof = hmac.new(SECRET.encode(), body + stamp.encode(), hashlib.sha256).hexdigest()
    headers = {"X-Signature": proof, "X-Timestamp": stamp, "Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers), timeout=60) as answer:
        return int(answer.status)


def report(gateway: Gateway) -> None:
    """An SMS to each number, twice, as after an answer that was lost on the way."""
    inside = f"http://127.0.0.1:{gateway.web}/in"
    words = "Banjir setinggi lutut di Jl. Kemang Raya"
    jasmin = {"id": "16fd2706", "from": CITIZENS["jasmin"], "coding": "\0", "binary": words.encode().hex()}
    mapped = {"original": CITIZENS["mapped"], "message": words, "messageid": "170503131327@93456"}
    phone = {"phoneNumber": CITIZENS["android"], "message": words, "receivedAt": "2026-11-22T22:38:49.000+07:00"}
    for _ in range(2):
        assert fetch(f"{inside}/jasmin/{SECRET}/mo", urlencode(jasmin).encode()) == (200, "ACK/Jasmin")
        assert fetch(f"{inside}/mapped/{SECRET}/mo?{urlencode(mapped)}") == (200, "000")
        assert webhook(f"{inside}/android/{SECRET}/mo", "sms:received", **phone) == 200


def deliver(gateway: Gateway, said: Mapping[str, tuple[str, str]]) -> None:
    """The word of each provider on the answers that it took."""
    inside = f"http://127.0.0.1:{gateway.web}/in"
    assert fetch(said["jasmin"][1], b"id=07033084&level=3&message_status=DELIVRD") == (200, "ACK/Jasmin")
    assert fetch(f"{inside}/mapped/{SECRET}/dlr?messageid={said['mapped'][1]}&status=30") == (200, "000")
    assert webhook(f"{inside}/android/{SECRET}/dlr", "sms:delivered", messageId=said["android"][1]) == 200


def test_each_number_is_served_by_its_own_provider(tmp_path: Path) -> None:
    web = free_port()
    with providers() as (outside, said), Gateway(tmp_path, web=web, more=channels(outside, web)) as gateway:
        report(gateway)
        reports = gateway.reported(3)
        assert sorted(one["channel"] for one in reports) == sorted(CITIZENS)
        until(lambda: len(said) == 3, "an answer through each provider")
        gateway.sent(3)
        codes = {code for text, _ in said.values() for code in codes_in(text)}
        assert codes == {case["code"] for case in gateway.all("cases")}
        deliver(gateway, said)
        told = {"jasmin": "delivered", "android": "delivered", "mapped": "failed"}
        until(
            lambda: {row["channel"]: row["state"] for row in gateway.all("replies")} == told, "what each provider says"
        )
        assert len(gateway.all("deliveries")) == 6
