"""A running gateway is probed as scanners and smugglers do: it answers, keeps nothing of it, and goes on."""

import re
import socket
import ssl
import time
from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.adapters.certificates import make_certificate
from tests.attacks import shapes
from tests.attacks.honest import SHORT_SMTP, SHORT_WEB
from tests.end_to_end.citizens import Citizens
from tests.end_to_end.kanal import OWN, SECRET, Gateway

STATUS = re.compile(r"^HTTP/1\.[01] (\d{3}) ", re.MULTILINE)
QUIET = 0.2  # seconds without a word
PATIENCE = 60.0  # seconds until the first one


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """It has a certificate. Nothing is kept but what honest citizens send."""
    folder = tmp_path_factory.mktemp("probes")
    certificate, key = make_certificate(folder)
    mail = {"certificate": str(certificate), "private_key": str(key), **SHORT_SMTP}
    with Gateway(folder, limits=SHORT_WEB, mail=mail) as gateway:
        citizens = Citizens(gateway)
        yield gateway
        assert citizens.both() == (200, 250)
        gateway.settled()
        citizens.check()


class Heard(NamedTuple):
    text: str
    closed: bool


class Line:
    """A connection, spoken on by hand."""

    def __init__(self, port: int, *, greeted: bool = False) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        if greeted:
            self.hear()

    def say(self, words: bytes, patience: float = PATIENCE, last: str = "") -> Heard:
        """What is said to it; where several answers are meant, up to that which begins with `last`."""
        self.send(words)
        heard = self.hear(patience)
        while not heard.closed and not re.search(f"^{last}", heard.text, re.MULTILINE):
            more = self.hear()
            heard = Heard(heard.text + more.text, more.closed)
        return heard

    def send(self, words: bytes) -> None:
        try:
            self.socket.sendall(words)
        except ConnectionError:
            return

    def hear(self, patience: float = PATIENCE) -> Heard:
        """What is said until nothing more is."""
        heard = b""
        self.socket.settimeout(patience)
        try:
            while chunk := self.socket.recv(1 << 16):
                heard += chunk
                self.socket.settimeout(QUIET)
        except TimeoutError:
            return Heard(heard.decode("latin-1"), False)
        except ConnectionError:
            pass
        return Heard(heard.decode("latin-1"), True)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_error: object) -> None:
        self.socket.close()


def smtp(gateway: Gateway) -> Line:
    return Line(int(gateway.smtp.rpartition(":")[2]), greeted=True)


@pytest.mark.threat("P0-16", "P1-40")
@pytest.mark.parametrize(("said", "statuses"), shapes.REQUESTS.values(), ids=shapes.REQUESTS)
def test_a_malformed_request_is_one_request_and_no_fault_of_ours(
    gateway: Gateway, said: str, statuses: set[str]
) -> None:
    with Line(gateway.web) as line:
        heard = line.say(said.encode("latin-1"))
        found = STATUS.findall(heard.text) or [""]
        assert (len(found), found[0] in statuses) == (1, True), heard
        assert heard.closed or found[0] not in {"400", ""} or line.hear() == ("", True)
    assert gateway.page("/healthz") == (200, "ok\n")


@pytest.mark.threat("P1-36", "P1-40")
@pytest.mark.parametrize("fields", shapes.HEADER_BOMBS.values(), ids=shapes.HEADER_BOMBS)
def test_a_header_bomb_is_refused(gateway: Gateway, fields: str) -> None:
    with Line(gateway.web) as line:
        heard = line.say(f"GET /healthz HTTP/1.1\r\nHost: x\r\n{fields}\r\n".encode())
    assert (STATUS.findall(heard.text), heard.closed) in ((["400"], True), ([], True))


@pytest.mark.threat("P1-38")
@pytest.mark.parametrize("bomb", shapes.COMPRESSED.values(), ids=shapes.COMPRESSED)
def test_a_compressed_bomb_is_refused_unopened(gateway: Gateway, bomb: tuple[str, bytes]) -> None:
    encoding, body = bomb
    head = f"POST /in/sms/{SECRET}/mo HTTP/1.1\r\nHost: x\r\nContent-Encoding: {encoding}\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    before = gateway.figure("process_resident_memory_bytes")
    with Line(gateway.web) as line:
        assert STATUS.findall(line.say(head.encode() + body).text) == ["415"]
    assert gateway.figure("process_resident_memory_bytes") - before < 20_000_000


@pytest.mark.threat("P1-23")
@pytest.mark.parametrize("end", [b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r"])
def test_nothing_but_crlf_dot_crlf_ends_a_mail(gateway: Gateway, end: bytes) -> None:
    smuggled = f"MAIL FROM:<evil@example.org>\r\nRCPT TO:<{OWN}>\r\nDATA\r\nSubject: x\r\n\r\nx\r\n".encode()
    with smtp(gateway) as line:
        line.say(f"EHLO x\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<{OWN}>\r\nDATA\r\n".encode(), last="354 ")
        assert line.say(b"Subject: one\r\n\r\nbody" + end + smuggled, QUIET) == ("", False)


@pytest.mark.threat("P1-23")
def test_what_was_said_before_tls_is_forgotten(gateway: Gateway) -> None:
    with smtp(gateway) as line:
        line.say(b"EHLO x\r\n")
        line.send(b"STARTTLS\r\nEHLO injected\r\nMAIL FROM:<evil@example.org>\r\n")
        time.sleep(QUIET)
        assert line.socket.recv(1 << 16) == b"220 Ready to start TLS\r\n"
        line.socket.settimeout(PATIENCE)
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        line.socket = context.wrap_socket(line.socket)
        assert line.hear(QUIET) == ("", False)
        assert line.say(b"MAIL FROM:<a@example.org>\r\n").text.startswith("503 ")
        assert "STARTTLS" not in line.say(b"EHLO x\r\n").text


RELAYED = ["warga@example.org", "dki%example.org@example.org", "@jakarta.go.id:a@example.org", "dki@example.org"]


@pytest.mark.threat("P1-24")
@pytest.mark.parametrize("recipient", RELAYED)
def test_it_is_no_relay(gateway: Gateway, recipient: str) -> None:
    with smtp(gateway) as line:
        line.say(b"EHLO x\r\nMAIL FROM:<a@example.org>\r\n", last="250 OK")
        assert line.say(f"RCPT TO:<{recipient}>\r\n".encode()).text.startswith(("550 ", "553 "))
        assert line.say(b"DATA\r\n").text.startswith("503 ")


@pytest.mark.threat("P1-24")
@pytest.mark.parametrize("command", ["VRFY {}", "EXPN {}", "HELP {}"])
def test_it_tells_of_nobody_whether_it_knows_them(gateway: Gateway, command: str) -> None:
    with smtp(gateway) as line:
        line.say(b"EHLO x\r\n")
        answers = {line.say(f"{command.format(who)}\r\n".encode()).text for who in (OWN, "nobody@jakarta.go.id")}
    assert len(answers) == 1
    assert "@" not in answers.pop()


@pytest.mark.threat("P0-15", "P0-16")
@pytest.mark.parametrize(
    "secret",
    ["", SECRET[:-1], SECRET + "x", SECRET.upper(), SECRET[::-1], "%C3%A9", "é", "%00" + SECRET, f"{SECRET}%2Fmo", "."],
)
def test_without_the_secret_nobody_comes_in(gateway: Gateway, secret: str) -> None:
    target = f"/in/sms/{secret}/mo?sender=%2B628111000001&message=Banjir&id=x".encode("latin-1")
    with Line(gateway.web) as line:
        (status,) = STATUS.findall(line.say(b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n").text)
    assert status == ("403" if secret.isascii() else "400")
