"""What is entered at a page: its area is chosen, it may join a case, and its receipt has a PIN whoever reports."""

from pathlib import Path

import pytest

from adapters import Place
from gateway import cases
from normalizer.message import Desk
from tests.gateway.support import FLOOD, LAMP, channel, letter, running, settings_in

POISON = channel("poison")
pytestmark = pytest.mark.usefixtures("poison")


async def test_the_case_that_was_chosen_is_joined_whatever_the_words(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, POISON)) as gateway:
        await gateway.judging()
        await gateway.post(letter("1", FLOOD))
        (case,) = gateway.all("cases")
        await gateway.post(letter("2", LAMP, sender=None, joins=case["code"].lower()))
        assert [row["case"] for row in gateway.all("reports")] == [case["code"]] * 2
        (link,) = gateway.links()
        assert (link["kind"], link["reasons"]) == ("same", [f"pelapor ikut laporan {case['code']}"])


async def test_a_case_that_there_is_not_cannot_be_joined(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, POISON)) as gateway:
        await gateway.post(letter("1", LAMP, joins="KNL-0000-0000"))
        assert len(gateway.all("cases")) == 1


async def test_who_says_nothing_of_themselves_has_a_pin_on_the_receipt(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, POISON)) as gateway:
        await gateway.post(letter("1", LAMP, sender=None, anonymous=True, receipt=True))
        (report,) = gateway.all("reports")
        key = gateway.app.store.vault.lookup
        pin = cases.receipt_pin(key, report["id"])
        (kept,) = gateway.app.store.pins(report["case"])
        assert kept.pin_hash == cases.pin_hash(key, report["id"], pin)
        assert gateway.all("replies") == []


async def test_the_office_and_clerk_and_the_chosen_area_are_the_reports(tmp_path: Path) -> None:
    at = Desk(office="kelurahan-31.74.03.1002", clerk="sari")
    async with running(settings_in(tmp_path, POISON)) as gateway:
        await gateway.post(letter("1", "Lampu padam", desk=at, place=Place(area="31.74.03.1002")))
        (case,) = gateway.all("cases")
        (report,) = gateway.all("reports")
        row = gateway.app.store.report(report["id"])
        assert row
        assert (row.report.desk, case["area"]) == (at, "31.74.03.1002")
