"""Mails that no machine may answer: they are kept as reports, and nothing leaves."""

import subprocess
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest

import normalizer.report
from tests.adapters.smtp_running import tool
from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import OWN, SECRET, Gateway, fetch, free_port
from tests.end_to_end.relay import Relay

CITIZEN, MACHINE = "warga@example.org", "mx.jakarta.go.id"
TRUSTED = {"trusted_relays": ["127.0.0.1/32"], "trusted_authentication": [MACHINE]}

#: What makes each mail one that is not answered: sender, further headers.
UNANSWERED = {
    "bounce": ("", ["From: Mail Delivery System <mailer-daemon@example.org>"]),
    "null-return-path": ("", []),
    "auto-reply": (CITIZEN, ["Auto-Submitted: auto-replied"]),
    "away": (CITIZEN, ["X-Autoreply: yes"]),
    "list": (CITIZEN, ["List-Id: <warga.example.org>", "Precedence: list"]),
    "ourselves": (CITIZEN, [f"From: {OWN}"]),
    "forged": (CITIZEN, [f"Authentication-Results: {MACHINE}; dmarc=fail header.from=example.org; spf=fail"]),
    "spam": (CITIZEN, ["X-Spam-Flag: YES"]),
}


def send(gateway: Gateway, sender: str, subject: str, headers: list[str]) -> None:
    options = [word for header in (f"Subject: {subject}", *headers) for word in ("--header", header)]
    swaks(gateway.smtp, sender or "<>", f"Banjir di Jl. Kemang Raya ({subject})", *options)


@pytest.mark.threat("P0-26")
def test_machines_and_forgers_are_kept_and_not_answered_but_a_citizen_is(tmp_path: Path) -> None:
    with Relay() as relay, Gateway(tmp_path, mail={**relay.settings, **TRUSTED}) as gateway:
        for subject, (sender, headers) in UNANSWERED.items():
            send(gateway, sender, subject, headers)
        send(gateway, CITIZEN, "citizen", [f"Authentication-Results: {MACHINE}; dmarc=pass header.from=example.org"])
        forged = "Authentication-Results: mx.elsewhere.example; dmarc=fail header.from=example.org"
        send(gateway, CITIZEN, "another-servers-word", [forged])
        kept = gateway.reported(len(UNANSWERED) + 2)
        assert [mail.to for mail in relay.wait(2)] == [(CITIZEN,)] * 2
        reports = {report["subject"]: report for report in kept}
        assert reports.keys() == {*UNANSWERED, "citizen", "another-servers-word"}
        doubted = normalizer.report.UNANSWERED
        withheld = {subject for subject, report in reports.items() if not doubted.isdisjoint(report["triage"])}
        assert withheld == UNANSWERED.keys()
        gateway.sent(2)
        states = [reply["state"] for reply in gateway.all("replies")]
        assert (states.count("sent"), {*states}) == (2, {"sent", "withheld"})


@pytest.mark.threat("P0-26")
def test_two_gateways_that_are_each_others_relay_exchange_at_most_one_reply_each(tmp_path: Path) -> None:
    one, two = (f"127.0.0.1:{free_port()}" for _ in range(2))
    first = Gateway(tmp_path / "first", smtp=one, mail=answering_through(two, "satu.example"))
    second = Gateway(tmp_path / "second", smtp=two, mail=answering_through(one, "dua.example"))
    with first, second:
        swaks(one, "lapor@dua.example", "Banjir di Jl. Kemang Raya", to="lapor@satu.example")
        swaks(two, "lapor@satu.example", "Lampu padam di Jl. Fatmawati", to="lapor@dua.example")
        for gateway in (first, second):
            gateway.reported(2)
            gateway.sent(1)
        time.sleep(1)
        for gateway in (first, second):
            assert sorted(reply["state"] for reply in gateway.all("replies")) == ["sent", "withheld"]
            assert len(gateway.all("deliveries")) == 2


@pytest.mark.threat("P0-26")
def test_two_gateways_that_write_to_each_others_numbers_exchange_one_sms_each(tmp_path: Path) -> None:
    """What one sends the provider hands to the other, over HTTP both times."""
    numbers: dict[str, Gateway] = {}

    class Provider(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sent = dict(parse_qsl(urlsplit(self.path).query, encoding="latin-1"))
            handed_over(numbers[sent["to"]], sent["from"], sent["text"])
            self.send_response(202)
            self.end_headers()
            self.wfile.write(b"0: Accepted for delivery")

        def log_request(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Provider) as provider:
        Thread(target=provider.serve_forever, daemon=True).start()
        way_out = {
            "send_url": f"http://127.0.0.1:{provider.server_port}/cgi-bin/sendsms",
            "username": "kanal",
            "password": {"file": "secret"},
            "quiet_seconds": 0,
        }
        one, two = "+62811000001", "+62811000002"
        first = Gateway(tmp_path / "first", sms={"number": one, **way_out})
        second = Gateway(tmp_path / "second", sms={"number": two, **way_out})
        numbers |= {one: first, two: second}
        with first, second:
            handed_over(first, two, "Banjir di Jl. Kemang Raya")
            handed_over(second, one, "Lampu padam di Jl. Fatmawati")
            for gateway in (first, second):
                gateway.reported(2)
                gateway.sent(1)
            time.sleep(1)
            for gateway in (first, second):
                assert sorted(reply["state"] for reply in gateway.all("replies")) == ["sent", "withheld"]
                assert len(gateway.all("deliveries")) == 2
        provider.shutdown()


def handed_over(gateway: Gateway, sender: str, text: str) -> None:
    """As Kannel does with what comes in for a number."""
    body = urlencode({"sender": sender, "message": text, "id": uuid4().hex, "charset": "UTF-8"})
    assert fetch(f"{gateway.sms_url}/{SECRET}/mo", body.encode())[0] == 200


def answering_through(relay: str, domain: str) -> dict[str, object]:
    """The mail channel of an office whose relay is at `relay`."""
    return {"recipients": [f"@{domain}"], "sender": f"lapor@{domain}", "relay": relay, "relay_tls": "none"}


@pytest.mark.threat("P0-26", "P2-45")
def test_two_hundred_mails_in_ten_sessions_are_each_kept_once_and_the_sender_is_not_flooded(tmp_path: Path) -> None:
    program = tool("smtp-source", "postfix")
    with (
        Relay() as relay,
        Gateway(tmp_path, mail=relay.settings, settings={"replies_per_person_per_day": 5}) as gateway,
    ):
        words = ["-s", "10", "-m", "200", "-l", "5120", "-f", CITIZEN, "-t", OWN, gateway.smtp]
        subprocess.run([program, *words], check=True, timeout=60)
        gateway.settled()
        deliveries = gateway.all("deliveries")
        assert (len(deliveries), {row["state"] for row in deliveries}) == (200, {"done"})
        reports, replies = gateway.all("reports"), gateway.all("replies")
        asked = [reply for reply in replies if reply["about"] == "bot"]
        # The first is asked where it is if it comes alone, and the next is taken for the answer.
        assert 200 - len(reports) <= len(asked) <= 1
        gateway.sent(5 + len(asked))
        assert len(relay.mails) == 5 + len(asked)
        states = [reply["state"] for reply in gateway.all("replies") if reply["about"] == "received"]
        assert (states.count("sent"), states.count("withheld")) == (5, len(reports) - 5)
