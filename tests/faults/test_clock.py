"""The wall clock is set while the gateway runs, or was wrong when it last ran: nothing is lost, doubled, stuck or given
up. The clock of the process and its children is set for real, by libfaketime; the monotonic clock goes on as ever."""

from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import SECRET, Gateway, fetch, until
from tests.end_to_end.relay import Relay

pytestmark = pytest.mark.threat("P0-12")

HOUR, YEAR = 3600, 365 * 86_400
JUMPS = {"two hours back": -2 * HOUR, "a year on": YEAR, "right again": 0}


class Clock:
    """The wall clock of the processes that run under it, so many seconds ahead of the right one."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def set(self, ahead: int) -> None:
        new = self._file.with_suffix(".new")
        new.write_text(f"{ahead:+d}\n")
        new.rename(self._file)

    def jump(self, ahead: int, gateway: Gateway) -> None:
        """Returns once the gateway has seen it."""
        seen = gateway.log.count("the clock was set")
        self.set(ahead)
        until(lambda: gateway.log.count("the clock was set") > seen, "the gateway to see it")


@pytest.fixture
def clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clock:
    (library,) = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")
    file = tmp_path / "faketime"
    made = Clock(file)
    made.set(0)
    environment = {"LD_PRELOAD": library, "FAKETIME_TIMESTAMP_FILE": file}
    switches = ("FAKETIME_CACHE_DURATION", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT")
    for name, value in {**environment, **dict.fromkeys(switches, 1)}.items():
        monkeypatch.setenv(name, str(value))
    return made


def sms(gateway: Gateway, identity: str, text: str, **fields: str) -> None:
    query = {"sender": "+6281110000001", "id": identity, "message": text, **fields}
    encoded = urlencode(query, encoding="latin-1")
    assert fetch(f"{gateway.sms_url}/{SECRET}/mo?{encoded}")[0] == 200


def half(gateway: Gateway, reference: int, number: int) -> None:
    """One of two parts of a text."""
    header = bytes([5, 0, 3, reference, 2, number]).decode("latin-1")
    sms(gateway, f"half-{reference}-{number}", ("Banjir di Jalan ", "Kemang Raya")[number - 1], udh=header)


def test_through_every_jump_messages_are_kept_filed_and_answered(tmp_path: Path, clock: Clock) -> None:
    with Relay() as relay, Gateway(tmp_path, mail=relay.settings) as gateway:
        half(gateway, 0, 1)
        for number, ahead in enumerate(JUMPS.values(), start=1):
            clock.jump(ahead, gateway)
            half(gateway, number - 1, 2)
            half(gateway, number, 1)
            sms(gateway, f"m{number}", f"Lampu jalan padam di Jl. Fatmawati No. {number}", time=str(2**31 + number))
            swaks(gateway.smtp, f"warga{number}@example.org", f"Pohon tumbang di Jl. Antasari No. {number}")
            relay.wait(number)
            assert gateway.figure("kanal_settlement_seconds_sum") >= 0
            assert gateway.figure("kanal_oldest_due_reply_seconds") >= 0
        half(gateway, len(JUMPS), 2)
        gateway.settled()
        texts = sorted(report["text"].strip() for report in gateway.all("reports"))
        assert texts.count("Banjir di Jalan Kemang Raya") == len(JUMPS) + 1, texts
        assert len(texts) == 3 * len(JUMPS) + 1
        assert sorted(mail.to for mail in relay.mails) == [(f"warga{number}@example.org",) for number in (1, 2, 3)]
        assert {reply["state"] for reply in gateway.all("replies")} == {"sent", "kept"}
        assert "[error" not in gateway.log


def test_replies_that_wait_are_neither_given_up_nor_left_until_next_year(tmp_path: Path, clock: Clock) -> None:
    relay = Relay()
    with Gateway(tmp_path, mail=relay.settings) as gateway:
        for number in range(3):
            swaks(gateway.smtp, f"warga{number}@example.org", "Banjir di Jl. Kemang Raya")
        until(lambda: gateway.figure("kanal_channel_circuit_open"), "the way out to be closed")
        clock.jump(YEAR, gateway)
        swaks(gateway.smtp, "warga3@example.org", "Banjir di Jl. Kemang Raya")
        gateway.reported(4)
        clock.jump(0, gateway)
        with relay:
            relay.wait(4)
            gateway.sent(4)
        assert {reply["state"] for reply in gateway.all("replies")} == {"sent"}
        assert len(relay.mails) == 4


def test_a_run_with_the_clock_a_year_ahead_destroys_nothing_and_leaves_nothing_behind(
    tmp_path: Path, clock: Clock
) -> None:
    """What seems old is not forgotten; once the clock is right, replies that waited leave, and who had his fill of
    answers in that year to come is answered again today."""
    relay, settings = Relay(), {"replies_per_person_per_day": 1}
    with Gateway(tmp_path, mail=relay.settings, sms={"keep_raw_days": 90}, settings=settings) as gateway:
        sms(gateway, "m1", "Pohon tumbang di Jl. Antasari")
        gateway.settled()
        gateway.stop()
        clock.set(YEAR)
        gateway.start()
        swaks(gateway.smtp, "warga@example.org", "Banjir di Jl. Kemang Raya")
        until(lambda: gateway.figure("kanal_reply_attempts_total"), "a first try")
        until(lambda: "nothing is forgotten by itself" in gateway.log, "the day's purge")
        gateway.stop()
        clock.set(0)
        with relay:
            gateway.start()
            relay.wait(1)
            swaks(gateway.smtp, "warga@example.org", "Lampu jalan padam di Jl. Fatmawati No. 12")
            relay.wait(2)
        assert b"Antasari" in gateway.body(1)
