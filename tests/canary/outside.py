"""A mail relay and an SMS gateway that refuse every reply and quote whom it was for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from urllib.parse import parse_qs, urlsplit

from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.end_to_end.relay import Relay

#: Refused for ever twice, then put off once, and so on.
MAIL_REFUSALS = ("550 5.1.1", "553 5.1.3", "451 4.2.1")
SMS_REFUSALS = (400, 422, 500)


class UnkindRelay(Relay):
    def __init__(self) -> None:
        super().__init__()
        self.refused = 0

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, _envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.refused += 1
        return f"{MAIL_REFUSALS[self.refused % 3]} <{address}> unknown, {address} is not at home"


class UnkindSmsGateway:
    """`refused` counts; `settings` is what the SMS channel needs in order to answer through it."""

    def __init__(self, port: int) -> None:
        self.refused = 0
        self.settings = {
            "send_url": f"http://127.0.0.1:{port}/cgi-bin/sendsms",
            "username": "kanal",
            "password": {"file": "secret"},
            "quiet_seconds": 0,
        }


@contextmanager
def unkind_sms_gateway() -> Iterator[UnkindSmsGateway]:
    numbers = count()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            gateway.refused += 1
            to = parse_qs(urlsplit(self.path).query)["to"][0]
            self.send_response(SMS_REFUSALS[next(numbers) % 3], f"{to} is unknown")
            self.send_header("Retry-After", to)
            self.end_headers()
            self.wfile.write(f"no subscriber {to}".encode())

        def log_message(self, *_said: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        gateway = UnkindSmsGateway(server.server_port)
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield gateway
        server.shutdown()
