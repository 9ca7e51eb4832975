"""The public form: three steps that never lose what was entered, a code and a PIN at the end, and nothing of others."""

import json
import re
import time
from collections.abc import AsyncIterator
from html import unescape

import altcha
import pytest
import pytest_asyncio

from adapters import FormTerms
from gateway.console import tickets
from gateway.console.form.gate import Gate
from gateway.console.form.proof import challenge, is_proven
from tests.gateway import borders
from tests.gateway.console.support import MOST_WEIGHT, Seen, Visitor, weight
from tests.gateway.support import FLOOD, Running, channel, running, settings_in

KEY = bytes(32)
ENTRY = "5d1c9c3f0b7e4a4f9a52c7c1d20e8b11"
WHAT, WHERE = "Lampu jalan padam di depan SDN 03", "Jl. Kemang Raya No. 8"
SCRIPT = "<script>alert(1)</script>"
TERMS = FormTerms(
    title="", photos=3, asks_contact=True, asks_public=True, difficulty=1, per_minute=3, unproven_per_hour=2
)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def gateway(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Running]:
    folder = tmp_path_factory.mktemp("form")
    borders.imported(folder / "data")
    forms = (
        channel("form", "balai-warga", difficulty=1, unproven_per_hour=100),
        channel("form", "pajak", title="Lapor pajak", ask_contact=False, unproven_per_hour=1),
    )
    mail = channel("smtp", "mail", recipients=["dki@jakarta.go.id"], lmtp="127.0.0.1:0", relay="127.0.0.1:1")
    async with running(settings_in(folder, *forms, mail, fall_back=["mail"])) as gateway:
        await gateway.judging()
        yield gateway


@pytest.fixture
def citizen(gateway: Running) -> Visitor:
    return Visitor(gateway.app)


def entered(seen: Seen) -> dict[str, str]:
    """What a browser without script would send of a page's form."""
    found = dict(re.findall(r'<input[^>]*? name="([a-z]+)"[^>]*? value="([^"]*)"', seen.html.replace('value=""', "")))
    what = re.search(r'<textarea id="what".*?>(.*?)</textarea>', seen.html, re.DOTALL)
    return {name: unescape(value) for name, value in found.items() if name not in {"go", "joins", "public"}} | {
        "what": unescape(what[1]) if what else ""
    }


def shown(seen: Seen) -> list[str]:
    """The steps that are seen."""
    return re.findall(r'data-report-step="(\d)">', seen.html)


async def sent(citizen: Visitor, fields: dict[str, str], path: str = "/lapor/balai-warga") -> Seen:
    """The page after a report was sent."""
    page = await citizen.get(path)
    answer = await citizen.post(path, entered(page) | {"go": "send"} | fields)
    assert answer.status == 303, answer.text
    return await citizen.get(answer.to, Cookie=answer.headers["Set-Cookie"].split(";")[0])


def code_of(seen: Seen) -> tuple[str, str]:
    code, pin = re.findall(r'class="code">([^<]+)<', seen.html)
    return code, pin


async def test_without_script_each_step_carries_what_was_entered(citizen: Visitor) -> None:
    first = await citizen.get("/lapor")
    assert shown(first) == ["1"]
    second = await citizen.post("/lapor", entered(first) | {"what": WHAT, "go": "2"})
    assert (shown(second), entered(second)["what"]) == (["2"], WHAT)
    third = await citizen.post("/lapor", entered(second) | {"where": WHERE, "go": "3"})
    fourth = await citizen.post("/lapor", entered(third) | {"contact": "0811 0000 001", "go": "4"})
    assert shown(fourth) == ["4"]
    back = await citizen.post("/lapor", entered(fourth) | {"go": "1"})
    assert entered(back) == entered(first) | {"what": WHAT, "where": WHERE, "contact": "0811 0000 001"}


async def test_it_is_in_english_too(citizen: Visitor) -> None:
    page = await citizen.get("/lapor")
    assert 'href="/lapor/balai-warga?bahasa=en"' in page.html
    english = await citizen.get("/lapor/balai-warga?bahasa=en")
    assert "What happened?" in english.text
    assert "Apa" not in english.text
    assert (await citizen.post("/lapor?bahasa=en", {"what": WHAT, "go": "2"})).text.count("Step 2 of 4") == 1


@pytest.mark.threat("P0-20")
@pytest.mark.parametrize(
    ("fields", "step", "said"),
    [
        ({"go": "2"}, "1", "Tulis apa yang terjadi"),
        ({"what": WHAT, "go": "3"}, "2", "Tulis tempatnya"),
        ({"what": WHAT, "where": WHERE, "contact": "nanti saja", "go": "4"}, "3", "bukan nomor telepon"),
        ({"what": WHAT, "where": WHERE, "contact": "nanti saja", "go": "send"}, "3", "bukan nomor telepon"),
        ({"what": SCRIPT * 400, "where": SCRIPT, "go": "send"}, "1", "terlalu panjang"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_lost(
    citizen: Visitor, fields: dict[str, str], step: str, said: str
) -> None:
    seen = await citizen.post("/lapor", {"entry": ENTRY} | fields)
    assert (seen.status, shown(seen)) == (422, [step])
    assert said in seen.text
    assert SCRIPT not in seen.html
    kept = {name: value for name, value in fields.items() if name != "go"}
    assert entered(seen).items() >= (kept | {"entry": ENTRY}).items()


@pytest.mark.threat("P0-21")
async def test_who_sent_it_gets_code_and_pin_and_nobody_else(citizen: Visitor, gateway: Running) -> None:
    seen = await sent(citizen, {"what": WHAT, "where": WHERE, "entry": ENTRY})
    code, pin = code_of(seen)
    assert (await citizen.get("/lapor/pajak/selesai")).text.count(pin) == 0
    answer = await gateway.ask(f"/lacak/{code}", params={"pin": pin}, headers={"Accept": "application/json"})
    assert WHAT in answer.text
    assert "tidak ditampilkan lagi" in (await citizen.get("/lapor/balai-warga/selesai")).text
    forged = await citizen.get("/lapor/balai-warga/selesai", Cookie=f"laporan={ENTRY}")
    assert pin not in forged.text
    assert ENTRY not in str(gateway.all("deliveries") + gateway.all("reports")), "officers could ask for its PIN by it"


@pytest.mark.parametrize(
    ("contact", "said"),
    [
        ("", "Anda tidak menulis kontak"),
        ("0811 0000 001", "Petugas dapat menghubungi"),
        ("a@b.id", "Kabar kami sampaikan"),
    ],
)
async def test_nobody_is_promised_news_that_no_channel_can_bring(citizen: Visitor, contact: str, said: str) -> None:
    seen = await sent(citizen, {"what": f"Pohon miring {contact}", "where": "Jl. Melawai", "contact": contact})
    assert said in seen.text


async def test_sent_twice_it_is_one_report(citizen: Visitor, gateway: Running) -> None:
    fields = {"what": "Got mampet di Jl. Antasari", "where": "Jl. Antasari", "entry": "a" * 32}
    before = len(gateway.all("reports"))
    first, second = await sent(citizen, fields), await sent(citizen, fields | {"what": "Got mampet"})
    assert code_of(first) == code_of(second)
    assert len(gateway.all("reports")) == before + 1


async def test_without_proof_it_is_taken_and_triage_sees_it(citizen: Visitor, gateway: Running) -> None:
    await sent(citizen, {"what": "Sampah menumpuk di Jl. Wijaya", "where": "Jl. Wijaya"})
    (report,) = [one for one in gateway.all("reports") if "Wijaya" in one["text"]]
    assert "unproven" in report["triage"]
    assert report["confidentiality"]["private"]


async def test_with_proof_it_is_not_marked(citizen: Visitor, gateway: Running) -> None:
    entry = "b" * 32
    asked = await citizen.get(f"/lapor/uji?kanal=balai-warga&isian={entry}")
    payload = solved(altcha.Challenge.from_dict(json.loads(asked.body)))
    await sent(
        citizen, {"what": "Pohon tumbang di Jl. Barito", "where": "Jl. Barito", "entry": entry, "altcha": payload}
    )
    (report,) = [one for one in gateway.all("reports") if "Barito" in one["text"]]
    assert "unproven" not in report["triage"]


async def test_who_sends_too_many_is_asked_to_wait_and_loses_nothing(citizen: Visitor) -> None:
    fields = {"what": WHAT, "where": WHERE, "go": "send"}
    assert (await citizen.post("/lapor/pajak", fields)).status == 303
    seen = await citizen.post("/lapor/pajak", fields)
    assert (seen.status, entered(seen)["what"]) == (429, WHAT)
    assert "Tunggu satu menit" in seen.text


async def test_who_joins_is_of_that_case(citizen: Visitor, gateway: Running) -> None:
    first, _ = code_of(await sent(citizen, {"what": FLOOD, "where": "Jl. Kemang Raya", "public": "yes"}))
    seen = await citizen.post(
        "/lapor/balai-warga", {"what": "banjir jl kemang raya", "where": "Jl. Kemang Raya", "go": "3"}
    )
    assert "Banjir setinggi lutut" in seen.text
    assert first not in seen.html
    ticket = re.findall(r'name="joins" value="([^"]+)"', seen.html)[0]
    again = await citizen.post("/lapor/balai-warga/serupa", {"what": "banjir jl kemang raya", "joins": ticket})
    assert "checked" in again.html.split('name="joins" value=""')[0], "what was chosen stays chosen"
    earlier = await citizen.post("/lapor/balai-warga", {"what": "banjir jl kemang raya", "go": "2"})
    assert (shown(earlier), "Banjir setinggi lutut" in earlier.text) == (["2"], True)
    second, _ = code_of(await sent(citizen, {"what": "Masih tinggi airnya", "where": "sama", "joins": ticket}))
    assert second == first


async def test_each_form_has_a_page_of_its_own(citizen: Visitor) -> None:
    seen = await citizen.get("/lapor/pajak")
    assert "Lapor pajak" in seen.text
    assert 'name="contact"' not in seen.html
    assert (await citizen.get("/lapor/tidak-ada")).status == 404
    assert (await citizen.get("/lapor/uji?kanal=pajak&isian=x")).status == 404


def solved(given: altcha.Challenge) -> str:
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return altcha.Payload(given, solution).to_base64()


@pytest.mark.parametrize(
    ("what", "entry", "later", "key", "change", "proven"),
    [
        ("its own", ENTRY, 0, KEY, "", True),
        ("another entry's", "c" * 32, 0, KEY, "", False),
        ("too late", ENTRY, -7200, KEY, "", False),
        ("of another gateway", ENTRY, 0, bytes(31) + b"1", "", False),
        ("cut off", ENTRY, 0, KEY, "cut", False),
        ("none", ENTRY, 0, KEY, "none", False),
        ("no payload at all", ENTRY, 0, KEY, "[]", False),
        ("as deep as a well", ENTRY, 0, KEY, "W1" * 1000, False),
    ],
)
async def test_a_solution_counts_for_its_entry_and_hour(
    what: str, entry: str, later: int, key: bytes, change: str, proven: bool
) -> None:
    given = altcha.Challenge.from_dict(challenge(KEY, ENTRY, 1, time.time() + later))
    payload = {"": solved(given), "cut": solved(given)[:-8], "none": ""}.get(change, change)
    assert is_proven(key, entry, payload) is proven, what


async def test_an_address_that_proves_nothing_may_send_fewer() -> None:
    gate = Gate()
    assert [gate.may_send(TERMS, "a", False, 0.0) for _ in range(3)] == [True, True, False]
    assert [gate.may_send(TERMS, "a", True, 0.0) for _ in range(4)] == [True, True, True, False]
    assert gate.may_send(TERMS, "b", False, 0.0)
    assert gate.may_send(TERMS, "a", False, 1800.0)


async def test_a_ticket_is_for_what_it_was_made_for() -> None:
    ticket = tickets.seal(KEY, "KNL-7F3K-92QX", "joins")
    assert tickets.opened(KEY, ticket, "joins") == "KNL-7F3K-92QX"
    for other in ("", "x", ticket[:-4], "é" * 9, ticket.upper()):
        assert tickets.opened(KEY, other, "joins") is None
    assert tickets.opened(KEY, ticket, "another") is None
    dated = tickets.dated(KEY, ENTRY, "form", 0.0)
    assert tickets.still(KEY, dated, "form", 3599.0) == ENTRY
    assert tickets.still(KEY, dated, "form", 3600.0) is None
    assert tickets.still(KEY, ticket, "joins", 0.0) is None


async def test_it_is_light_with_everything_that_it_may_load(citizen: Visitor) -> None:
    assert await weight(citizen, "/lapor/balai-warga") < MOST_WEIGHT
