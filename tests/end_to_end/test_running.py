"""A gateway in service: relays that are away, restarts amid traffic, a second process, large mails, readiness."""

import os
import signal
import smtplib
import socket
import subprocess
import threading
import time
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from urllib.parse import urlencode

from tests.adapters.smtp_running import tool
from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import COMMAND, OWN, PATIENCE_SECONDS, SECRET, WHY, Gateway, fetch, until
from tests.end_to_end.relay import Relay

CITIZEN = "warga@example.org"


def test_replies_wait_for_a_relay_that_is_down_and_leave_when_it_is_back(tmp_path: Path) -> None:
    relay = Relay()
    with Gateway(tmp_path, mail=relay.settings) as gateway:
        for citizen in (CITIZEN, "tetangga@example.org", "ketua-rt@example.org"):
            swaks(gateway.smtp, citizen, "Banjir di Jl. Kemang Raya")
        until(lambda: gateway.figure("kanal_channel_circuit_open", channel="mail"), "three failures in a row")
        waiting = gateway.all("replies")
        assert [(row["state"], row["tries"]) for row in waiting] == [("due", 1)] * 3
        assert "the relay cannot be reached" in waiting[0]["error"]
        (channel,) = (row for row in gateway.rows("channels", "list") if row["channel"] == "mail")
        assert (channel["state"], channel["due"]) == ("down", 3)
        assert gateway.page("/readyz")[0] == 200
        with relay:
            relay.wait(3)
            gateway.sent(3)
            assert len(relay.mails) == 3
        assert not gateway.figure("kanal_channel_circuit_open")
        assert gateway.log.count("the way out is closed") == gateway.log.count("the way out works") == 1
        assert CITIZEN not in gateway.log


def test_without_a_way_out_replies_are_kept_and_shown(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        swaks(gateway.smtp, CITIZEN, "Banjir di Jl. Kemang Raya")
        gateway.reported(1)
        (reply,) = gateway.all("replies")
        (case,) = gateway.all("cases")
        assert (reply["state"], case["code"] in reply["text"], "PIN" in reply["text"]) == ("kept", True, True)
        assert CITIZEN not in gateway.log


def test_a_stop_amid_traffic_loses_nothing(tmp_path: Path) -> None:
    """Clients go on until refused; what they were told is kept must be there, once, after the next start."""
    acknowledged: list[str] = []
    over = threading.Event()

    def citizen(name: int) -> None:
        for number in range(100_000):
            if over.is_set():
                return
            mid = f"w{name}-{number}"
            query = urlencode({"sender": f"+62811100{name:04}", "id": mid, "time": 1, "message": f"Banjir {mid}"})
            try:
                status, _ = fetch(f"{gateway.sms_url}/{SECRET}/mo?{query}")
            except OSError:
                return
            if status == 200:
                acknowledged.append(mid)

    gateway = Gateway(tmp_path)
    with gateway:
        citizens = [threading.Thread(target=citizen, args=(name,)) for name in range(8)]
        mails = [tool("smtp-source", "postfix"), "-s", "4", "-m", "100000", "-f", CITIZEN, "-t", OWN, gateway.smtp]
        with subprocess.Popen(mails, stderr=subprocess.DEVNULL) as source:
            for one in citizens:
                one.start()
            until(lambda: len(acknowledged) > 50, "messages to be under way")
            gateway.stop()
            source.kill()
        over.set()
        for one in citizens:
            one.join()
        gateway.start()
        gateway.settled()
        rows = gateway.bodies()
        kept = [row["id"] for row in rows if row["channel"] == "sms"]
        assert set(acknowledged) <= set(kept)
        assert len(kept) == len(set(kept)) <= len(acknowledged) + len(citizens)
        assert len(gateway.all("reports")) == len(rows)


def test_a_second_process_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    with Gateway(tmp_path) as gateway:
        again = subprocess.run(
            [*COMMAND, "run", str(gateway.config)], capture_output=True, timeout=PATIENCE_SECONDS, check=False
        )
        message = f"cannot start: another kanal process is using {tmp_path / 'data'}"
        assert (again.returncode, again.stderr.decode().strip()) == (1, message)
        swaks(gateway.smtp, CITIZEN, "Banjir di Jl. Kemang Raya")
        assert len(gateway.reported(1)) == 1


def test_a_large_mail_is_kept_byte_for_byte_with_its_attachment(tmp_path: Path) -> None:
    photo = b"\xff\xd8\xff\xe0" + os.urandom(699_996)
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"], mail["Subject"] = CITIZEN, OWN, "Banjir"
    mail.set_content("Banjir di Jl. Kemang Raya, lihat foto")
    mail.add_attachment(photo, "image", "jpeg", filename="foto.jpg")
    with Gateway(tmp_path) as gateway:
        host, _, port = gateway.smtp.partition(":")
        with smtplib.SMTP(host, int(port), timeout=60) as client:
            client.sendmail(CITIZEN, [OWN], mail.as_bytes())
        (report,) = gateway.reported(1)
        (delivery,) = gateway.all("deliveries")
        assert gateway.body(delivery["seq"]) == mail.as_bytes()
        assert delivery["size"] == len(mail.as_bytes()) > 900_000
        (opened,) = gateway.rows("reports", "show", report["id"], "--full", *WHY)
        (attachment,) = opened["attachments"]
        assert (attachment["name"], attachment["media_type"], attachment["size"]) == ("foto.jpg", "image/jpeg", 700_000)


def test_clients_that_break_off_or_babble_leave_nothing_behind_and_no_error_in_the_log(tmp_path: Path) -> None:
    path = f"/in/sms/{SECRET}/mo".encode()
    babble = [
        b"POST " + path + b" HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\nsender=1&message=Ban",
        b"POST " + path + b" HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET " + path + b"?" + b"a=1&" * 60 + b"sender=1 HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET http://[half/in/sms HTTP/1.1\r\nHost: a\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ]
    with Gateway(tmp_path) as gateway:
        for words in babble:
            with socket.create_connection(("127.0.0.1", gateway.web), 5) as peer:
                peer.sendall(words)
        gateway.page("/healthz")
        assert gateway.all("deliveries") == []
    assert "[error" not in gateway.log
    assert "[critical" not in gateway.log


class Begun(Gateway):
    """By a new Python, as outside of tests."""

    runner = ("env",)


def test_it_is_ready_soon_ends_on_ctrl_c_too_and_leaves_no_process(tmp_path: Path) -> None:
    gateway = Begun(tmp_path)
    started = time.monotonic()
    with gateway:
        assert time.monotonic() - started < 60
        assert gateway.page("/healthz") == (200, "ok\n")
        assert "kanal_channel_up" in gateway.page("/metrics")[1]
        children = gateway.children()
        assert children
        gateway.stop(signal.SIGINT)
        until(lambda: not any(Path(f"/proc/{child}").exists() for child in children), "its processes to end")
