"""The status pages: the code tells how it stands, the PIN more, and what is wrong looks like what is unknown."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import pytest_asyncio

from gateway import control
from tests.gateway.console.support import Seen, Visitor
from tests.gateway.support import (
    FLOOD,
    LAMP,
    RINA,
    SAME_FLOOD,
    Running,
    channel,
    running,
    settings_in,
    sms,
    sms_channel,
)

PEERS = count(1)
PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    settings = settings_in(tmp_path_factory.mktemp("track"), sms_channel(), channel("form", "balai-warga"))
    async with running(settings) as gateway:
        await gateway.judging()
        await gateway.send(sms("m1", FLOOD), sms("m2", SAME_FLOOD, RINA), sms("m3", LAMP))
        yield gateway


@pytest.fixture
def citizen(gateway: Running) -> Visitor:
    """Someone whose questions are not counted together with those of other tests."""
    return Visitor(gateway.app, peer=f"192.0.2.{next(PEERS)}")


def pins(gateway: Running) -> list[str]:
    return re.findall(r"PIN (\d{6})", " ".join(gateway.told()))


def flood(gateway: Running) -> str:
    return str(gateway.all("cases")[0]["code"])


async def opened(citizen: Visitor, code: str, pin: str) -> tuple[str, str]:
    """The page's address once the PIN was right, and the cookie that opens it."""
    answer = await citizen.post("/lacak", {"kode": code.lower().replace("-", " "), "pin": pin})
    assert answer.status == 303
    assert pin not in str(answer.headers)
    return answer.to, answer.headers["Set-Cookie"].split(";")[0]


def plain(seen: Seen, *given: str) -> str:
    """A page without what was asked for."""
    html = seen.html
    for one in given:
        html = html.replace(one, "")
    return html


async def test_the_code_alone_tells_the_status_and_when_but_not_what(citizen: Visitor, gateway: Running) -> None:
    seen = await citizen.get(f"/lacak/{flood(gateway)}", **PAGE)
    assert seen.status == 200
    assert "diterima" in seen.text
    assert "menunggu diteruskan" in seen.text
    assert f"{datetime.now(UTC) + timedelta(hours=7):%d/%m/%Y}" in seen.text
    assert not any(word in seen.text for word in ("lutut", "Kemang", "Paling lambat", "Ditangani", "Belum selesai?"))


async def test_with_the_pin_it_tells_more_and_the_pin_is_in_no_address(citizen: Visitor, gateway: Running) -> None:
    to, cookie = await opened(citizen, flood(gateway), pins(gateway)[1])
    assert to == f"/lacak/{flood(gateway)}"
    seen = await citizen.get(to, Cookie=cookie, **PAGE)
    assert SAME_FLOOD in seen.text
    assert FLOOD not in seen.text
    assert "Paling lambat" in seen.text
    assert "Orang yang melaporkan hal yang sama 2" in seen.text


async def test_what_opens_one_case_opens_no_other(citizen: Visitor, gateway: Running) -> None:
    _, cookie = await opened(citizen, flood(gateway), pins(gateway)[0])
    lamp = gateway.all("cases")[1]["code"]
    assert LAMP not in (await citizen.get(f"/lacak/{lamp}", Cookie=cookie, **PAGE)).text
    assert FLOOD not in (await citizen.get(f"/lacak/{flood(gateway)}", Cookie="lacak=x", **PAGE)).text


@pytest.mark.threat("P0-21", "P1-35")
async def test_a_wrong_pin_and_an_unknown_code_look_alike(citizen: Visitor, gateway: Running) -> None:
    code, unknown, pin = flood(gateway), "KNL-0000-0000", "000000x"
    answers = [
        await citizen.post("/lacak", {"kode": code, "pin": pin}),
        await citizen.post("/lacak", {"kode": unknown, "pin": pin}),
        await citizen.post("/lacak", {"kode": "bukan kode", "pin": pin}),
        await citizen.get("/lacak/KNL-0000-0000", **PAGE),
    ]
    assert {answer.status for answer in answers} == {404}
    assert len({plain(answer, code, unknown, "bukan kode", "KNL-0000-0000") for answer in answers}) == 1
    assert {frozenset(answer.headers.items()) for answer in answers} == {frozenset(answers[0].headers.items())}


@pytest.mark.threat("P0-21")
async def test_pins_are_not_tried_out_on_the_page_either(citizen: Visitor, gateway: Running) -> None:
    code = flood(gateway)
    tried = [(await citizen.post("/lacak", {"kode": code, "pin": f"00000{n}x"})).status for n in range(7)]
    assert tried == [404] * 5 + [429] * 2
    right = await citizen.post("/lacak", {"kode": code, "pin": pins(gateway)[0]})
    assert right.status == 429, "or the right one among many would show"


async def test_programs_are_answered_as_ever(citizen: Visitor, gateway: Running) -> None:
    code = flood(gateway)
    line = await citizen.get(f"/lacak/{code}", Accept="*/*")
    assert line.body == f"Laporan {code}: diterima.\n".encode()
    assert line.headers.get("Cache-Control") == "no-store"
    assert (await citizen.get(f"/lacak/{code}", Accept="application/json")).body.startswith(b'{"code":"KNL-')


@pytest.mark.threat("P0-20")
async def test_what_was_asked_is_shown_as_words(citizen: Visitor) -> None:
    seen = await citizen.get("/lacak/%3Cscript%3Ealert(1)%3C%2Fscript%3E", **PAGE)
    assert seen.status == 404
    assert "<script>alert" not in seen.html


@pytest.mark.threat("P1-25")
async def test_what_was_asked_makes_no_header_of_its_own(citizen: Visitor) -> None:
    answer = await citizen.post("/lacak/x%0D%0ASet-Cookie:%20a=b/belum", {"what": "x"})
    assert (answer.status, answer.to) == (303, "/lacak/x%0D%0ASet-Cookie%3A%20a%3Db")


async def test_what_is_called_done_is_opened_again_with_the_pin_alone(citizen: Visitor, gateway: Running) -> None:
    lamp, pin = str(gateway.all("cases")[1]["code"]), pins(gateway)[2]
    move = {"code": lamp, "actor": "camat"}
    await control.ask(gateway.folder, "move", move | {"status": "proses"})
    to, cookie = await opened(citizen, lamp, pin)
    assert "Belum selesai?" not in (await citizen.get(to, Cookie=cookie, **PAGE)).text
    await control.ask(gateway.folder, "move", move | {"status": "selesai-diusulkan", "proof": "Zm90bw=="})
    await control.ask(gateway.folder, "move", move | {"status": "selesai", "note": "sudah diganti"})
    assert "Belum selesai?" not in (await citizen.get(to, **PAGE)).text
    page = await citizen.get(to, Cookie=cookie, **PAGE)
    assert "Belum selesai?" in page.text
    assert "sudah diganti" in page.text
    assert (await citizen.post(f"{to}/belum", {"what": "masih padam"})).to == to
    assert gateway.case(lamp)["status"] == "selesai"
    empty = await citizen.post(f"{to}/belum", Cookie=cookie)
    assert (empty.status, "Tulis apa yang belum beres" in empty.text) == (422, True)
    answer = await citizen.post(f"{to}/belum", {"what": "masih padam, hubungi 081234567890"}, Cookie=cookie)
    assert answer.to == f"{to}?dibuka=1"
    assert "dibuka lagi" in (await citizen.get(answer.to, Cookie=cookie, **PAGE)).text
    assert gateway.case(lamp)["status"] == "menunggu"
    history = str(gateway.views.history(lamp))
    assert "masih padam" in history
    assert "081234567890" not in history


async def test_a_photo_of_what_is_not_done_joins_the_case(citizen: Visitor, gateway: Running) -> None:
    code, pin = flood(gateway), pins(gateway)[0]
    move = {"code": code, "actor": "camat"}
    await control.ask(gateway.folder, "move", move | {"status": "ditolak", "note": "bukan wewenang kami"})
    to, cookie = await opened(citizen, code, pin)
    before = len(gateway.all("reports"))
    body = (
        b'--batas\r\nContent-Disposition: form-data; name="what"\r\n\r\nmasih banjir\r\n'
        b'--batas\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n'
        b"Content-Type: image/jpeg\r\n\r\n\xff\xd8\xff\xe0\r\n--batas--\r\n"
    )
    in_parts = {"Content-Type": "multipart/form-data; boundary=batas"}
    answer = await citizen.send(f"{to}/belum", body, Cookie=cookie, **in_parts)
    assert answer.to == f"{to}?dibuka=1"
    await gateway.settled()
    brought = gateway.all("reports")[before:]
    assert [(one["case"], len(one["attachments"])) for one in brought] == [(code, 1)]
