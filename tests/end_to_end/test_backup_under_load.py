"""Backups of a gateway under load and of one that was killed: what was acknowledged before one began is in it."""

import json
import re
import smtplib
import threading
import urllib.parse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.end_to_end.kanal import OWN, SECRET, Gateway, Row, fetch, until

SMS_CITIZENS = 3
LARGE = 300_000


class City:
    """Citizens who write as fast as they are answered, by SMS and in large mails, and what was acknowledged."""

    def __init__(self, gateway: Gateway) -> None:
        self.acknowledged: set[str] = set()
        self._sms_url = f"{gateway.sms_url}/{SECRET}/mo"
        self._smtp = gateway.smtp.split(":")
        self._over = threading.Event()

    @contextmanager
    def writing(self) -> Iterator[None]:
        citizens = [threading.Thread(target=self._write, args=(f"s{n}", self.sms)) for n in range(SMS_CITIZENS)]
        citizens.append(threading.Thread(target=self._write, args=("m0", self._mail)))
        for citizen in citizens:
            citizen.start()
        try:
            yield
        finally:
            self._over.set()
            for citizen in citizens:
                citizen.join()

    def _write(self, name: str, send: Callable[[str], None]) -> None:
        number = 0
        while not self._over.is_set():
            number += 1
            send(f"{name}-{number:05}")
            self.acknowledged.add(f"{name}-{number:05}")

    def sms(self, message: str) -> None:
        form = {"sender": "+6281110000001", "id": message, "message": f"Banjir {message}"}
        assert fetch(self._sms_url, urllib.parse.urlencode(form).encode())[0] == 200

    def _mail(self, message: str) -> None:
        body = f"From: rina@example.org\r\nSubject: Banjir {message}\r\n\r\n" + "banjir\r\n" * (LARGE // 8)
        with smtplib.SMTP(self._smtp[0], int(self._smtp[1]), timeout=60) as client:
            client.sendmail("rina@example.org", [OWN], body)


def back_up(gateway: Gateway, shelf: Path) -> Path:
    shelf.mkdir(parents=True)
    ended = gateway.kanal("backup", str(shelf), "--json")
    assert ended.returncode == 0, ended
    return Path(json.loads(ended.stdout)["backup"])


def restored(gateway: Gateway, backup: Path, folder: Path) -> Gateway:
    """A gateway on another machine, as it were, that is to go on from a backup."""
    other = Gateway(folder)
    ended = other.kanal("restore", str(backup), "--key", str(gateway.folder / "data" / "master.key"))
    assert ended.returncode == 0, ended
    return other


def held(gateway: Gateway) -> Counter[str]:
    """The messages among its deliveries, and how often each is there."""
    return numbered(row["body"][:2_000] for row in gateway.bodies())


def numbered(texts: Iterable[str]) -> Counter[str]:
    return Counter(number for text in texts for number in set(re.findall(r"\b[sm]\d-\d{5}\b", text)))


def once_each(found: Counter[str]) -> bool:
    return set(found.values()) == {1}


def said(report: Row) -> str:
    return f"{report.get('subject')} {report['text']}"


@pytest.mark.threat("P0-14")
def test_a_backup_under_load_holds_what_was_acknowledged_before_it_began(tmp_path: Path) -> None:
    with Gateway(tmp_path / "one", settings={"replies_per_person_per_day": 1_000_000}) as gateway:
        city = City(gateway)
        taken: list[tuple[set[str], Path]] = []
        with city.writing():
            for number in range(2):
                until(lambda: len(city.acknowledged) > 60 * len(taken) + 30, "messages")
                taken.append((set(city.acknowledged), back_up(gateway, tmp_path / f"shelf{number}")))
            until(lambda: len(city.acknowledged) > len(taken[-1][0]) + 30, "messages after the last backup")

    for number, (before, backup) in enumerate(taken):
        other = restored(gateway, backup, tmp_path / f"other{number}")
        found = held(other)
        assert before <= found.keys(), "acknowledged before the backup began, and not in it"
        assert once_each(found)
        assert len(found) < len(city.acknowledged), "the backup was taken when all was over"
    with other:
        other.settled()
        again = min(city.acknowledged & {name for name in found if name.startswith("s")})
        City(other).sms(again)
        other.settled()
        assert held(other) == found
        assert numbered(map(said, other.all("reports"))) == found


@pytest.mark.threat("P0-14")
def test_a_backup_of_a_gateway_that_was_killed_holds_all_that_it_acknowledged(tmp_path: Path) -> None:
    gateway = Gateway(tmp_path / "one")
    with gateway:
        city = City(gateway)
        with city.writing():
            until(lambda: len(city.acknowledged) > 50, "messages")
        gateway.kill()
    assert (gateway.folder / "data" / "kanal.db-wal").stat().st_size > 0
    found = held(restored(gateway, back_up(gateway, tmp_path / "shelf"), tmp_path / "other"))
    assert (set(found), once_each(found)) == (city.acknowledged, True)
