"""A citizen asks what became of a report: the code tells the status, with the PIN more, and neither can be guessed."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters.limits import MOST_KEYS, Buckets
from gateway import control
from tests.gateway.support import FLOOD, LAMP, RINA, SAME_FLOOD, Running, copy, prepare, running, settings_in, sms

JSON = {"Accept": "application/json"}


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a gateway has filed a flood that two reported, and a lamp."""
    folder = tmp_path_factory.mktemp("filed")
    messages = (sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", LAMP))
    prepare(settings_in(folder), lambda gateway: gateway.send(*messages))
    return folder


@pytest.fixture
async def gateway(tmp_path: Path, filed: Path) -> AsyncIterator[Running]:
    copy(filed, tmp_path)
    async with running(settings_in(tmp_path, web={"trusted_proxies": ["127.0.0.1"]}), process=False) as gateway:
        yield gateway


class Asker:
    """Asks from a new address each time, if from none that is given, so that no address runs out."""

    def __init__(self, gateway: Running) -> None:
        self._gateway = gateway
        self._asked = 0

    async def ask(
        self, code: str, pin: str | None = None, source: str = "", **options: Any
    ) -> tuple[int, dict[str, Any]]:
        self._asked += 1
        headers = JSON | {"X-Forwarded-For": source or f"192.0.2.{self._asked}"}
        response = await self._gateway.ask(
            f"/lacak/{code}", params=({"pin": pin} if pin is not None else {}) | options, headers=headers
        )
        return response.status, json.loads(response.text)


def pins(gateway: Running) -> list[str]:
    return re.findall(r"PIN (\d{6})", " ".join(gateway.told()))


async def test_the_code_tells_the_status_and_nothing_of_the_report(gateway: Running) -> None:
    code = gateway.all("cases")[0]["code"]
    status, told = await Asker(gateway).ask(code.lower())
    assert (status, told) == (200, {"code": code, "status": "diterima", "message": f"Laporan {code}: diterima."})


async def test_an_estimate_and_its_reason_take_the_place_of_the_due_date(gateway: Running) -> None:
    code, pin = gateway.all("cases")[0]["code"], pins(gateway)[0]
    move = {"code": code, "actor": "camat"}
    await control.ask(gateway.folder, "move", move | {"status": "proses"})
    reason = "menunggu pompa, hubungi 081234567890."
    day = (datetime.now(UTC) + timedelta(days=20)).date()
    estimate = {"status": "estimasi", "estimate": day.isoformat(), "reason": reason}
    await control.ask(gateway.folder, "move", move | estimate)
    asker = Asker(gateway)
    _, told = await asker.ask(code, pin)
    assert (told["due"], "menunggu pompa" in told["reason"]) == (day.isoformat(), True)
    assert f"dikerjakan. Perkiraan selesai {day:%d/%m/%Y}. Sebab: menunggu pompa, hubungi" in told["message"]
    assert "081234567890" not in str(told)
    assert (await asker.ask(code))[1]["message"] == f"Laporan {code}: dikerjakan."
    await control.ask(gateway.folder, "move", move | {"status": "selesai-diusulkan", "proof": "Zm90bw=="})
    await control.ask(gateway.folder, "move", move | {"status": "selesai"})
    assert "reason" not in (await asker.ask(code, pin))[1]


@pytest.mark.threat("P0-21")
async def test_the_pin_opens_its_own_report_only(gateway: Running) -> None:
    code = gateway.all("cases")[0]["code"]
    first, second, other = pins(gateway)
    asker = Asker(gateway)
    assert [(await asker.ask(code, pin))[1]["report"] for pin in (first, second)] == [FLOOD, SAME_FLOOD]
    status, told = await asker.ask(code, other)
    assert (status, set(told)) == (404, {"code", "status", "message"})


@pytest.mark.threat("P0-21", "P1-35")
async def test_wrong_and_unknown_are_answered_alike(gateway: Running) -> None:
    code = gateway.all("cases")[0]["code"]
    asker = Asker(gateway)
    known, unknown = await asker.ask(code, "000000x"), await asker.ask("KNL-0000-0000", "000000")
    assert {**known[1], "code": ""} == {**unknown[1], "code": ""}
    assert (known[0], unknown[0], (await asker.ask("KNL-0000-0000"))[0]) == (404, 404, 404)


@pytest.mark.threat("P0-30")
@pytest.mark.parametrize("asked", ["+6281110000001", "Budi Santoso", "KNL-0000-0000 Budi"])
async def test_what_was_asked_is_not_said_again(gateway: Running, asked: str) -> None:
    asker = Asker(gateway)
    answers = [await asker.ask(asked, "081110", source="203.0.113.7") for _ in range(7)]
    assert [status for status, _ in answers] == [404] * 5 + [429] * 2
    assert {told["code"] for _, told in answers} == {""}


async def test_any_code_and_pin_is_answered(gateway: Running) -> None:
    known = gateway.all("cases")[0]["code"]
    for code in ("", "%FF%FE", "%00", "..%2F..", "KNL-", "x" * 2000, "%ED%A0%80", "<b>", known):
        response = await gateway.ask(f"/lacak/{code}?pin=%FF%ED%A0%80&bahasa=%FF")
        assert response.status == 404, code


async def test_the_status_follows_the_case_it_was_joined_into(gateway: Running) -> None:
    flood, lamp = (row["code"] for row in gateway.all("cases"))
    await control.ask(gateway.folder, "join", {"code": lamp, "into": flood, "actor": "camat"})
    await control.ask(gateway.folder, "move", {"code": flood, "status": "proses", "actor": "camat"})
    asker = Asker(gateway)
    assert (await asker.ask(lamp, bahasa="en"))[1]["message"] == f"Report {lamp}: being worked on."
    opened = (await asker.ask(lamp, pins(gateway)[2]))[1]
    assert (opened["status"], opened["report"]) == ("dikerjakan", LAMP)


@pytest.mark.threat("P1-35")
async def test_a_line_of_text_is_the_answer_unless_json_is_asked_for(gateway: Running) -> None:
    code = gateway.all("cases")[0]["code"]
    response = await gateway.ask(f"/lacak/{code}")
    assert response.text == f"Laporan {code}: diterima.\n"
    assert response.headers["Cache-Control"] == "no-store"


async def test_all_who_share_a_code_may_ask_at_once(gateway: Running) -> None:
    code, pin = gateway.all("cases")[0]["code"], pins(gateway)[1]
    asker = Asker(gateway)
    assert {(await asker.ask(code))[0] for _ in range(20)} | {(await asker.ask(code, pin))[0] for _ in range(20)} == {
        200
    }


async def test_a_stranger_who_tries_pins_shuts_out_nobody_else(gateway: Running) -> None:
    code, pin = gateway.all("cases")[0]["code"], pins(gateway)[0]
    asker = Asker(gateway)
    tried = [(await asker.ask(code, f"00000{number}x", source="203.0.113.7"))[0] for number in range(7)]
    assert tried == [404] * 5 + [429] * 2
    assert (await asker.ask(code, pin, source="203.0.113.7"))[0] == 429, "or the right one among many would show"
    assert (await asker.ask(code, pin))[0] == 200


async def test_the_pins_of_one_code_cannot_be_tried_from_everywhere(gateway: Running) -> None:
    code, pin = gateway.all("cases")[0]["code"], pins(gateway)[0]
    asker = Asker(gateway)
    assert {(await asker.ask(code, "000000x"))[0] for _ in range(50)} == {404}
    assert (await asker.ask(code, pin))[0] == 429
    assert (await asker.ask(code))[0] == 200


async def test_one_subscriber_of_ipv6_has_one_share(gateway: Running) -> None:
    asker = Asker(gateway)
    asked = [(await asker.ask("KNL-0000-0000", source=f"2001:db8::{number}"))[0] for number in range(12)]
    assert asked == [404] * 10 + [429] * 2


@pytest.mark.threat("P0-21")
async def test_one_address_cannot_ask_often(gateway: Running) -> None:
    asked = [(await gateway.ask(f"/lacak/KNL-0000-00{number}")).status for number in range(10, 23)]
    assert asked == [404] * 10 + [429] * 3


def test_a_bucket_allows_a_burst_and_then_one_now_and_then() -> None:
    buckets = Buckets(burst=2, seconds=10)
    assert [buckets.take("a", 0.0) for _ in range(3)] == [True, True, False]
    assert buckets.take("b", 0.0)
    assert [buckets.take("a", now) for now in (9.9, 10.1, 10.2, 20.1)] == [False, True, False, True]
    assert [buckets.take("a", 1000.0) for _ in range(3)] == [True, True, False]


def test_a_clock_that_goes_back_gives_nothing() -> None:
    buckets = Buckets(burst=1, seconds=10)
    assert [buckets.take("a", now) for now in (100.0, 0.0, 5.0)] == [True, False, False]


def test_old_keys_are_forgotten_not_kept_for_ever() -> None:
    buckets = Buckets(burst=1, seconds=1e9)
    for number in range(MOST_KEYS + 1):
        buckets.take(str(number), 0.0)
    assert (buckets.take(str(MOST_KEYS), 0.0), buckets.take("0", 0.0)) == (False, True)
