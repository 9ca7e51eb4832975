"""Two gateways, one the other's case store; and one with a receiver of webhooks. What they say goes over a network that
loses, delays, doubles and mixes it up."""

import asyncio
import smtplib
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from adapters.signing import signed
from gateway import control
from gateway.casestore import Status
from gateway.photos import cleaned
from gateway.store.opening import opened
from gateway.store.views import Views
from tests.end_to_end.kanal import OWN, SECRET, Gateway, Row, fetch, until
from tests.end_to_end.unreliable import LATE, Unreliable, background
from tests.gateway.casestore import fake_receiver
from tests.gateway.test_photos import SECRET as TELLING
from tests.gateway.test_photos import exif, file, picture

#: Incidents that have nothing in common, by who reports them; those by mail have a photo.
TEXTS = {
    "+62811100001": "Banjir setinggi lutut di Jl. Kemang Raya",
    "+62811100002": "Lampu jalan padam di Jl. Fatmawati No. 12 sejak tiga malam",
    "+62811100003": "Sampah menumpuk di depan Pasar Senen, baunya menyengat",
    "rina@example.org": "Trotoar rusak di Jl. Sabang, banyak pejalan kaki jatuh",
    "bambang@example.org": "Pungutan liar di parkiran Blok M setiap sore",
}
FLOOD, LAMP, WASTE, PAVEMENT, PARKING = TEXTS.values()
LATER = {FLOOD: "Sekarang sudah sepinggang", PAVEMENT: "Hari ini ada yang jatuh lagi"}
QUICK = {"poll_seconds": 0.3, "retry_seconds": 0.1, "confirm_seconds": 5}


def say(gateway: Gateway, sender: str, text: str, photo: bytes | None = None) -> None:
    """By SMS, or by mail."""
    if "@" in sender:
        mail(gateway, sender, text, photo)
        return
    body = urlencode({"sender": sender, "to": "1708", "message": text, "id": text[-30:], "charset": "UTF-8"})
    assert fetch(f"{gateway.sms_url}/{SECRET}/mo", body.encode())[0] == 200


def mail(gateway: Gateway, sender: str, text: str, photo: bytes | None) -> None:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, OWN, "Laporan warga"
    made.set_content(text)
    if photo:
        made.add_attachment(photo, maintype="image", subtype="jpeg", filename="Budi di rumah.jpg")
    host, _, port = gateway.smtp.partition(":")
    with smtplib.SMTP(host, int(port), timeout=60) as client:
        client.send_message(made)


def photo_of(sender: str) -> bytes:
    """Each has one of its own, with a place and a name in it; none has one in an SMS."""
    return file("JPEG", picture((64 + len(sender), 48)), exif=exif()) if "@" in sender else b""


def everybody_reports(gateway: Gateway) -> None:
    for sender, text in TEXTS.items():
        say(gateway, sender, text, photo_of(sender))
    reported(gateway, len(TEXTS))


def some_say_more(gateway: Gateway) -> None:
    """Each on the case that it reported."""
    codes = by_text(gateway)
    for sender, text in TEXTS.items():
        if text in LATER:
            say(gateway, sender, f"{LATER[text]} ({codes[text]})")


def by_text(gateway: Gateway) -> dict[str, str]:
    """The codes of its cases by what was reported first."""
    known = {row["what"]: code for code, row in cases(gateway).items()}
    return {text: next(code for what, code in known.items() if text[:30] in what) for text in TEXTS.values()}


def reported(gateway: Gateway, count: int) -> None:
    until(lambda: gateway.figure("kanal_reports_total") == count, f"{count} reports")


def filed(gateway: Gateway) -> None:
    """Returns once everything that there is to tell outside is told."""
    until(lambda: states(gateway) == ["filed"] * len(TEXTS), "everything to be told outside")


def states(gateway: Gateway) -> list[str]:
    with Views(gateway.folder / "data") as views:
        return [row["state"] for row in views.filings(limit=100)]


def cases(gateway: Gateway) -> dict[str, Row]:
    """By their codes."""
    with Views(gateway.folder / "data") as views:
        return {row["code"]: row for row in views.cases(limit=100)}


def numbers(gateway: Gateway) -> dict[str, str]:
    """What our cases are called outside."""
    with Views(gateway.folder / "data") as views:
        return {row["case"]: row["number"] for row in views.filings(limit=100)}


def order(gateway: Gateway, verb: str, **values: Any) -> Any:
    """As a command does it, but without a process of its own."""
    return asyncio.run(control.ask(gateway.folder / "data", verb, values | {"actor": "petugas"}))


class Two(NamedTuple):
    ours: Gateway
    theirs: Gateway
    network: Unreliable

    def statuses(self) -> list[tuple[str, str]]:
        """Of each of our cases, here and there."""
        ours, theirs = cases(self.ours), cases(self.theirs)
        return [(ours[code]["status"], theirs[number]["status"]) for code, number in numbers(self.ours).items()]

    def agree(self) -> bool:
        return all(here == there for here, there in self.statuses())


@contextmanager
def two(folder: Path) -> Iterator[Two]:
    channel = {"name": "gateways", "kind": "open311"}
    with (
        Gateway(folder / "theirs", settings={"code_prefix": "KLB"}, more=[channel]) as theirs,
        background(Unreliable(f"http://127.0.0.1:{theirs.web}")) as network,
    ):
        asked = {"app": "kanal", "channel": None, "per_minute": 0, "per_day": 0}
        made = order(theirs, "add key", **asked)
        where = {"url": f"{network.url}/in/gateways", "api_key": {"file": "key"}, "default_service": "lain-lain"}
        ours = Gateway(folder / "ours", stores=[{"name": "bekasi", "kind": "open311"} | where | QUICK])
        (ours.folder / "key").touch(mode=0o600)
        (ours.folder / "key").write_text(made["key"])
        with ours:
            yield Two(ours, theirs, network)


def was_unreliable(network: Unreliable) -> bool:
    """Did each third request or so fare badly?"""
    well = network.faults[""] + network.faults[LATE]
    return network.faults.total() - well > well / 5


@pytest.mark.threat("P0-10", "P0-32")
def test_both_ends_agree_in_the_end_though_one_was_killed(tmp_path: Path) -> None:
    with two(tmp_path) as both:
        everybody_reports(both.ours)
        until(lambda: "filed" in states(both.ours), "the first case to be filed")
        both.ours.kill()
        both.ours.start()
        filed(both.ours)
        some_say_more(both.ours)
        known = by_text(both.theirs)
        order(both.theirs, "move", code=known[FLOOD], status="proses", note="Pompa dikirim")
        order(both.theirs, "move", code=known[LAMP], status="ditolak", note="Lampu milik swasta")
        order(both.theirs, "move", code=known[WASTE], status="proses")
        order(
            both.theirs, "move", code=known[WASTE], status="selesai-diusulkan", proof=b64encode(file("JPEG")).decode()
        )
        reported(both.theirs, len(TEXTS) + len(LATER))
        assert was_unreliable(both.network)
        both.network.calm()
        until(both.agree, "both ends to agree")
        filed(both.ours)
        assert sorted(here for here, _ in both.statuses()) == [
            "ditolak",
            "menunggu",
            "menunggu",
            "proses",
            "selesai-diusulkan",
        ]
        assert set(numbers(both.ours).values()) == cases(both.theirs).keys()
        assert {code: row["reports"] for code, row in cases(both.theirs).items()} == {
            number: cases(both.ours)[code]["reports"] for code, number in numbers(both.ours).items()
        }
        code, number = next(iter(numbers(both.ours).items()))
        status, said = both.ours.page(f"/lacak/{number}")
        assert (status, said.replace(number, code)) == both.ours.page(f"/lacak/{code}")
        assert photos(both.theirs) == [cleaned(photo_of(sender)) for sender in TEXTS if photo_of(sender)]


def photos(gateway: Gateway) -> list[bytes]:
    """Those that came in with reports; of no delivery anything tells who took one."""
    with Views(gateway.folder / "data") as views:
        deliveries = views.deliveries(limit=100)
        bodies = [opened(views.connection, views.vault, views.blobs, row["seq"]).body for row in deliveries]
    assert not [body for body in bodies if TELLING in body]
    return sorted((jpeg(body) for body in bodies if b"JFIF" in body), key=len)


def jpeg(form: bytes) -> bytes:
    return form[form.index(b"\xff\xd8\xff") : form.rindex(b"\xff\xd9") + 2]


def tell(gateway: Gateway, *pieces: Row) -> int:
    """News by webhook; the status of the answer."""
    body = fake_receiver.news(*pieces)
    headers = {"Content-Type": "application/json"} | signed(fake_receiver.SECRET, body, time.time())
    with urlopen(Request(f"http://127.0.0.1:{gateway.web}/stores/crm/news", body, headers), timeout=60) as answer:
        return int(answer.status)


@pytest.mark.threat("P0-10", "P0-17")
def test_a_receiver_of_webhooks_has_everything_once_and_its_news_are_taken_in_order(tmp_path: Path) -> None:
    with (
        background(fake_receiver.fake_receiver()) as crm,
        background(Unreliable(crm.settings["url"].removesuffix("/kanal"))) as network,
    ):
        known = {"name": "crm", "kind": "http", "url": f"{network.url}/kanal", "secret": {"file": "crm"}}
        ours = Gateway(tmp_path, stores=[known | QUICK | {"news_url": f"{network.url}/kanal/news"}])
        (tmp_path / "crm").touch(mode=0o600)
        (tmp_path / "crm").write_text(fake_receiver.SECRET)
        with ours:
            everybody_reports(ours)
            filed(ours)
            some_say_more(ours)
            reported(ours, len(TEXTS) + len(LATER))
            filed(ours)
            number = {text: numbers(ours)[code] for text, code in by_text(ours).items()}
            crm.tell(number[LAMP], Status.PROSES)
            crm.tell(number[LAMP], Status.DITOLAK, note="Lampu milik swasta")
            newer, older = ({"id": f"w{at}", "number": number[WASTE], "at": moment(at)} for at in (-1, -2))
            for _ in range(3):
                assert tell(ours, newer | {"status": "koordinasi"}) == tell(ours, older | {"status": "proses"}) == 200
            until(lambda: of(ours, LAMP)["status"] == "ditolak", "the news that it was asked for")
            until(lambda: "news" in events(ours, WASTE), "the news that were told")
            assert was_unreliable(network)
            assert crm.cases.keys() == set(number.values())
            assert len(crm.cases) == len(TEXTS)
            told = [report for _, report in crm.reports.values()]
            assert len(told) == len(TEXTS) + len(LATER)
            wanted = sorted(cleaned(photo_of(sender)) or b"" for sender in TEXTS if photo_of(sender))
            assert sorted(b64decode(one["content"]) for report in told for one in report.get("files", ())) == wanted
            assert of(ours, WASTE)["status"] == "koordinasi"
            assert (events(ours, WASTE).count("moved"), events(ours, WASTE).count("news")) == (1, 1)


def moment(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def of(gateway: Gateway, text: str) -> Row:
    return cases(gateway)[by_text(gateway)[text]]


def events(gateway: Gateway, text: str) -> list[str]:
    """What happened to the case, in its order."""
    with Views(gateway.folder / "data") as views:
        return [line["event"] for line in views.history(by_text(gateway)[text])]
