"""Applications that speak Open311, and a whole gateway: what they are told of reports, and what nobody is told."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from adapters import Holds, Message
from gateway.control import ask
from gateway.store import audit, person
from tests.gateway.support import Answer, Row, Running, channel, of, running, settings_in

AT = "/in/apps"
NAME, MAIL, PHONE = "Kartini Purnamawati", "kartini@canary.example", "+628119990001"
WHO = {"email": MAIL, "phone": PHONE, "first_name": NAME, "device_id": "canary-device"}
HOLE = {"service_code": "jalan-rusak", "description": f"Lubang di Jl. Mahakam, hubungi {PHONE}", "private": "false"}
FLOOD = {"service_code": "banjir", "description": "Banjir selutut di Jl. Kemang Raya sejak pagi"}
LAMP = {"service_code": "lampu-jalan", "description": "Lampu jalan mati di Jl. Fatmawati No. 12", "private": "false"}


class Application:
    """One that reports to a gateway and asks how it goes."""

    def __init__(self, gateway: Running, key: str) -> None:
        self._gateway = gateway
        self.key = key

    async def get(self, path: str, **query: str) -> Answer:
        params = query | ({"api_key": self.key} if self.key else {})
        return await self._gateway.ask(f"{AT}/{path}", params=params)

    async def rows(self, path: str, **query: str) -> list[Row]:
        answer = await self.get(f"{path}.json", **query)
        assert answer.status == 200, answer.text
        found: list[Row] = json.loads(answer.text)
        return found

    async def codes(self, **query: str) -> list[str]:
        return of(await self.rows("requests", **query), "service_request_id")

    async def post(self, fields: dict[str, str], path: str = "requests.json", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self._gateway.ask(f"{AT}/{path}", "POST", data={"api_key": self.key} | fields, headers=named)

    async def reports(self, fields: dict[str, str], **headers: str) -> str:
        """Post a report; its code, once it is settled."""
        answer = await self.post(fields, **headers)
        assert answer.status == 200, answer.text
        (row,) = json.loads(answer.text)
        await self._gateway.settled()
        (told,) = await self.rows(f"tokens/{row['token']}")
        code: str = told["service_request_id"]
        return code


async def order(gateway: Running, verb: str, **values: Any) -> Any:
    """As a command has it done."""
    return await ask(gateway.folder, verb, values)


async def joined(gateway: Running, name: str = "jaki", **limits: int) -> Application:
    values = {"channel": None, "per_minute": 0, "per_day": 0} | limits
    done = await order(gateway, "add key", app=name, actor="budi", **values)
    return Application(gateway, done["key"])


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[Running]:
    async with running(settings_in(tmp_path, channel("open311", "apps"))) as gateway:
        yield gateway


@pytest.fixture
async def idle(tmp_path: Path) -> AsyncIterator[Running]:
    """A gateway that processes nothing."""
    async with running(settings_in(tmp_path, channel("open311", "apps")), process=False) as gateway:
        yield gateway


@pytest.fixture
async def jaki(gateway: Running) -> Application:
    return await joined(gateway)


@pytest.fixture
def anybody(gateway: Running) -> Application:
    return Application(gateway, "")


async def test_a_token_gives_the_code_once_the_report_is_filed(tmp_path: Path) -> None:
    async with running(settings_in(tmp_path, channel("open311", "apps")), process=False) as gateway:
        jaki = await joined(gateway)
        (row,) = json.loads((await jaki.post(FLOOD)).text)
        (told,) = await jaki.rows(f"tokens/{row['token']}")
        assert set(told) == {"token", "service_notice"}
        assert (await jaki.get("tokens/0000.xml")).status == 404
    async with running(settings_in(tmp_path, channel("open311", "apps"))) as gateway:
        await gateway.settled()
        (told,) = await Application(gateway, "").rows(f"tokens/{row['token']}")
        assert told == {"token": row["token"], "service_request_id": gateway.all("cases")[0]["code"]}


async def test_a_public_report_is_shown_to_anybody(jaki: Application, anybody: Application, gateway: Running) -> None:
    code = await jaki.reports(HOLE | WHO | {"lat": "-6.24", "long": "106.79", "attribute[lebar]": "60"})
    (row,) = await anybody.rows("requests")
    assert {name for name, value in row.items() if value is None} == {
        "service_notice",
        "address_id",
        "zipcode",
        "media_url",
    }
    assert (row["service_request_id"], row["status"], row["status_notes"]) == (code, "open", "diterima")
    assert (row["service_code"], row["service_name"]) == ("jalan-rusak", "Jalan rusak atau berlubang")
    assert (row["lat"], row["long"]) == (-6.24, 106.79)
    assert row["description"] == "Lubang di Jl. Mahakam, hubungi [telepon]"
    assert all(datetime.fromisoformat(row[name]).utcoffset() == timedelta(hours=7) for name in row if "date" in name)
    assert await anybody.rows(f"requests/{code}") == [row]
    assert await anybody.rows("requests", service_request_id=f"{code.lower()},{code}") == [row]


async def test_the_same_is_said_in_xml(jaki: Application, anybody: Application) -> None:
    await jaki.reports(HOLE | {"description": "Lubang <b>&amp; \"dalam\" di 'pasar'"})
    (row,) = await anybody.rows("requests")
    answer = await anybody.get("requests.xml")
    assert answer.headers["Content-Type"] == "text/xml; charset=utf-8"
    (told,) = ElementTree.fromstring(answer.text)
    assert {one.tag: one.text for one in told} == {
        name: None if value is None else str(value) for name, value in row.items()
    }


@pytest.mark.threat("P0-30", "P0-21")
async def test_a_private_report_is_its_applications_own(
    gateway: Running, jaki: Application, anybody: Application
) -> None:
    qlue = await joined(gateway, "qlue")
    code = await jaki.reports(FLOOD | WHO)
    (own,) = await jaki.rows("requests")
    assert own["description"] == FLOOD["description"]
    assert [await one.codes() for one in (qlue, anybody)] == [[], []]
    for stranger in (qlue, anybody):
        (row,) = await stranger.rows(f"requests/{code}")
        told = {name: value for name, value in row.items() if value is not None}
        assert set(told) == {
            "service_request_id",
            "status",
            "status_notes",
            "requested_datetime",
            "updated_datetime",
            "expected_datetime",
        }


ACCUSING = {
    "its words": LAMP | {"description": "Lurah Tebet menerima suap untuk KTP saya"},
    "its words, on two lines": LAMP | {"description": "Petugas MINTA\r\nUANG untuk lampu"},
    "where it is": LAMP | {"address_string": "Kelurahan tempat pungli"},
    "its category": LAMP | {"service_code": "pungutan-liar"},
}


@pytest.mark.threat("P0-30")
@pytest.mark.parametrize("report", ACCUSING.values(), ids=ACCUSING)
async def test_what_accuses_an_official_is_private_whatever_is_asked(
    report: dict[str, str], jaki: Application, anybody: Application
) -> None:
    code = await jaki.reports(report)
    assert [await who.codes() for who in (jaki, anybody)] == [[code], []]
    (row,) = await anybody.rows(f"requests/{code}")
    assert (row["description"], row["address"]) == (None, None)


async def test_of_a_violation_nobody_else_sees_words_or_pin(
    jaki: Application, anybody: Application, gateway: Running
) -> None:
    """By its own category, or once a person said what it is; who it was then is confidential, too."""
    parked = {"service_code": "parkir-liar", "description": "Mobil di trotoar depan rumah saya", "private": "false"}
    codes = [await jaki.reports(parked | {"lat": "-6.26", "long": "106.81"})]
    codes.append(await jaki.reports(LAMP | {"confidential": "false"}))
    assert _confidential(gateway) == [True, False]
    sort = {"code": codes[1], "category": "parkir-liar", "why": "foto", "actor": "camat"}
    await ask(gateway.folder, "category", sort)
    shown = ("service_code", "description", "lat", "long")
    for code, text in zip(codes, (parked["description"], LAMP["description"]), strict=True):
        (theirs,) = await anybody.rows(f"requests/{code}")
        assert [theirs[name] for name in shown] == ["parkir-liar", None, None, None]
        assert "trotoar" not in str(theirs) and "Fatmawati" not in str(theirs)
        (own,) = await jaki.rows(f"requests/{code}")
        assert own["description"] == text
    assert _confidential(gateway) == [True, True]


def _confidential(gateway: Running) -> list[bool]:
    """Of each report."""
    found = (gateway.views.report_row(row["id"]) for row in gateway.all("reports"))
    return [row.report.confidentiality.confidential for row in found if row]


@pytest.mark.threat("P0-30")
async def test_nobody_is_told_who_reported(gateway: Running, jaki: Application, anybody: Application) -> None:
    for fields in (HOLE, FLOOD):
        code = await jaki.reports(fields | WHO)
        await order(gateway, "move", code=code, status="proses", actor="budi", note=f"hubungi {MAIL}")
    said = ""
    for who in (jaki, anybody):
        for path in ("requests", f"requests/{code}", "servicerequestupdates"):
            for form in ("json", "xml"):
                said += (await who.get(f"{path}.{form}")).text
    assert "Kemang" in said
    assert not [word for word in (NAME, "Kartini", MAIL, PHONE, "canary") if word in said]


async def test_who_only_the_application_knows_can_be_found(jaki: Application, gateway: Running) -> None:
    await jaki.reports(FLOOD | {"account_id": "17"})
    found = person.find(gateway.views.connection, gateway.views.vault, gateway.views.blobs, "account:jaki/17", _told)
    assert len(found.reports) == 1
    other = person.find(gateway.views.connection, gateway.views.vault, gateway.views.blobs, "account:qlue/17", _told)
    assert not other.is_known


def _told(_what: str, _done: int, _of: int) -> None:
    """Nobody waits for it."""


async def test_a_report_that_is_sent_again_is_one(jaki: Application, gateway: Running) -> None:
    again = [await jaki.post(FLOOD, Idempotency_Key="m1") for _ in range(3)]
    assert len({answer.text for answer in again}) == 1
    await gateway.settled()
    assert len(gateway.all("reports")) == 1


async def test_reports_are_chosen_as_georeport_says(jaki: Application, anybody: Application, gateway: Running) -> None:
    hole, lamp = [await jaki.reports(one) for one in (HOLE, LAMP)]
    await order(gateway, "move", code=lamp, status="ditolak", actor="budi", note="bukan wilayah kami")
    now = datetime.now(UTC)
    hour = timedelta(hours=1)
    chosen = {
        "all, newest first": ({}, [lamp, hole]),
        "a category": ({"service_code": "jalan-rusak"}, [hole]),
        "categories": ({"service_code": "jalan-rusak,LAMPU-JALAN"}, [lamp, hole]),
        "none of a category": ({"service_code": "banjir"}, []),
        "open": ({"status": "open"}, [hole]),
        "closed": ({"status": "closed"}, [lamp]),
        "both": ({"status": "open,closed"}, [lamp, hole]),
        "a code overrides": ({"service_request_id": hole, "status": "closed", "service_code": "banjir"}, [hole]),
        "since": ({"start_date": (now - hour).isoformat()}, [lamp, hole]),
        "since later": ({"start_date": (now + hour).isoformat()}, []),
        "until": ({"end_date": (now - hour).isoformat()}, []),
        "between": ({"start_date": (now - hour).isoformat(), "end_date": (now + hour).isoformat()}, [lamp, hole]),
        "the first of two": ({"page_size": "1"}, [lamp]),
        "the second of two": ({"page_size": "1", "page": "2"}, [hole]),
        "empty is as left out": ({"service_code": "", "start_date": "", "status": ""}, [lamp, hole]),
    }
    found = {name: await anybody.codes(**query) for name, (query, _) in chosen.items()}
    assert found == {name: codes for name, (_, codes) in chosen.items()}


QUESTIONS = {
    "start_date=kemarin": 400,
    "start_date=0001-01-01T00:00:00Z": 400,
    "end_date=9999-12-31T23:59:59-23:59": 400,
    "status=maybe": 400,
    "page=0": 400,
    "page_size=1001": 400,
    "page_size=-1": 400,
    "page=%D9%A1": 400,
    "service_code=" + "a," * 200: 400,
    "api_key=salah": 403,
    "&".join(f"a{n}=1" for n in range(500)): 400,
    "start_date=2026-11-01T00:00:00+07:00": 200,
    "start_date=2026-11-01": 200,
    "%00=%ED%A0%80&service_request_id=%00%ff": 200,
}


async def test_a_question_is_answered_or_refused_in_the_format_it_asks_for(idle: Running) -> None:
    told = {query: await idle.ask(f"{AT}/requests.json?{query}") for query in QUESTIONS}
    assert {query: answer.status for query, answer in told.items()} == QUESTIONS
    assert all(isinstance(json.loads(answer.text), list) for answer in told.values())
    roots = {query: ElementTree.fromstring((await idle.ask(f"{AT}/requests.xml?{query}")).text) for query in QUESTIONS}
    assert {query: root.tag for query, root in roots.items()} == {
        query: "service_requests" if status == 200 else "errors" for query, status in QUESTIONS.items()
    }


async def test_moves_are_told_in_their_order(jaki: Application, anybody: Application, gateway: Running) -> None:
    code = await jaki.reports(HOLE)
    private = await jaki.reports(FLOOD)
    for one in (code, private):
        await order(gateway, "move", code=one, status="proses", actor="budi", unit="dinas-sda", note="Tim berangkat")
    await order(
        gateway, "move", code=code, status="selesai-diusulkan", actor="budi", note="rata lagi", proof="Zm90bw=="
    )
    rows = await anybody.rows("servicerequestupdates")
    assert [(row["service_request_id"], row["status"], row["description"]) for row in rows] == [
        (code, "open", "Tim berangkat"),
        (code, "open", "rata lagi"),
    ]
    assert of(rows, "external_status_code") == ["proses", "selesai-diusulkan"]
    assert len(set(of(rows, "update_id"))) == 2
    assert of(await jaki.rows("servicerequestupdates"), "service_request_id") == [code, private, code]
    assert await anybody.rows("servicerequestupdates", page_size="1", page="2") == rows[1:]
    (row,) = await anybody.rows(f"requests/{code}")
    at = rows[1]["updated_datetime"]
    assert (row["agency_responsible"], row["updated_datetime"][:19]) == ("Dinas Sumber Daya Air", at[:19])


@pytest.mark.threat("P0-30", "P0-21")
async def test_who_quotes_a_code_makes_nothing_public(
    gateway: Running, jaki: Application, anybody: Application
) -> None:
    qlue = await joined(gateway, "qlue")
    code = await jaki.reports(FLOOD | {"service_code": "pungutan-liar"})
    await order(gateway, "move", code=code, status="koordinasi", actor="budi", note="pegawai loket 3")
    quoted = {"service_code": "banjir", "private": "false", "description": f"lihat {code} banjir"}
    assert await qlue.reports(quoted) == code
    await order(gateway, "move", code=code, status="proses", actor="budi", note="dimulai besok")
    assert [await anybody.rows(path) for path in ("requests", "servicerequestupdates")] == [[], []]
    for who in (anybody, qlue):
        (row,) = await who.rows(f"requests/{code}")
        assert (row["agency_responsible"], row["service_notice"]) == (None, None)
    (row,) = await qlue.rows("servicerequestupdates")
    assert (row["external_status_code"], row["description"] or "") == ("proses", "")
    assert of(await jaki.rows("servicerequestupdates"), "description") == ["pegawai loket 3", "dimulai besok"]


async def test_an_estimate_is_told_with_its_reason(jaki: Application, anybody: Application, gateway: Running) -> None:
    code = await jaki.reports(HOLE)
    day = (datetime.now(UTC) + timedelta(days=12)).date().isoformat()
    await order(gateway, "move", code=code, status="proses", actor="budi")
    await order(gateway, "move", code=code, status="estimasi", actor="budi", estimate=day, reason="menunggu aspal")
    (row,) = await anybody.rows(f"requests/{code}")
    assert (row["service_notice"], row["expected_datetime"][:10]) == ("menunggu aspal", day)


async def test_codes_of_joined_cases_go_on_working(jaki: Application, gateway: Running) -> None:
    hole, lamp = [await jaki.reports(one) for one in (HOLE, LAMP)]
    await order(gateway, "join", code=lamp, into=hole, actor="budi")
    await order(gateway, "move", code=hole, status="ditolak", actor="budi", note="bukan wilayah kami")
    assert of(await jaki.rows("requests"), "status") == ["closed", "closed"]
    assert await jaki.codes(status="open") == []
    assert of(await jaki.rows("servicerequestupdates"), "service_request_id") == [hole, lamp]


async def test_news_from_another_system_belong_to_their_case(jaki: Application, gateway: Running) -> None:
    code = await jaki.reports(FLOOD)
    news = {"service_request_id": code, "update_id": "248", "description": "Air sudah surut", "status": "CLOSED"}
    answers = [await jaki.post(news, "servicerequestupdates.json") for _ in range(2)]
    await gateway.settled()
    assert of(json.loads(answers[0].text), "update_id") == of(json.loads(answers[1].text), "update_id")
    assert of(gateway.views.case_reports(code), "text") == [FLOOD["description"], "Air sudah surut"]
    assert gateway.case(code)["status"] == "menunggu"


@pytest.mark.threat("P0-21")
async def test_codes_cannot_be_tried_out(gateway: Running, jaki: Application, anybody: Application) -> None:
    own = await jaki.reports(FLOOD)
    guesses = [f"KNL-0000-{number:04}" for number in range(30)]
    assert (await anybody.get("requests.json", service_request_id=",".join(guesses))).status == 429
    assert (await anybody.get(f"requests/{own}.xml")).status == 429
    assert (await anybody.get("requests/bukan-kode.json")).status == 429
    assert [(await jaki.get(f"requests/{own}.json")).status for _ in range(20)] == [200] * 20


@pytest.mark.threat("P0-21")
@pytest.mark.parametrize("separator", [" ", ",", ";KNL-0000-9999 "])
async def test_no_way_of_writing_codes_makes_them_cheaper(
    separator: str, jaki: Application, anybody: Application
) -> None:
    shown, private = await jaki.reports(HOLE), await jaki.reports(FLOOD)
    guesses = [f"KNL-0000-{number:04}" for number in range(8)]
    several = separator.join([shown, private, *guesses])
    told = [await anybody.get("requests.json", service_request_id=several)]
    told += [await anybody.get(f"requests/{several}.json") for _ in range(11)]
    assert not [answer for answer in told[1:] if answer.status == 200 or private in answer.text]
    assert told[-1].status == 429


@pytest.mark.threat("P0-21")
async def test_codes_that_are_shown_pay_for_no_others(jaki: Application, anybody: Application) -> None:
    shown = [await jaki.reports(one) for one in (HOLE, LAMP)]
    told = []
    for start in range(0, 24, 2):
        guesses = [f"KNL-0000-{number:04}" for number in (start, start + 1)]
        told.append(await anybody.get("requests.json", service_request_id=",".join([*shown, *shown, *guesses])))
    assert [answer.status for answer in told] == [200] * 5 + [429] * 7
    assert [(await anybody.get(f"requests/{code}.json")).status for code in shown] == [200, 200]


async def test_so_many_codes_can_be_asked_for_at_once(jaki: Application, anybody: Application) -> None:
    code = await jaki.reports(HOLE)
    most = {
        (who, count): (await who.get("requests.json", service_request_id=",".join([code] * count))).status
        for who, count in ((anybody, 50), (anybody, 51), (jaki, 100), (jaki, 101))
    }
    assert list(most.values()) == [200, 400, 200, 400]


async def test_photos_come_in_with_a_report(jaki: Application, gateway: Running) -> None:
    from aiohttp import FormData

    form = FormData(HOLE | {"api_key": jaki.key})
    form.add_field("media", b"\xff\xd8\xff\xe0 foto", filename="lubang.jpg", content_type="image/jpeg")
    answer = await gateway.ask(f"{AT}/requests.json", "POST", data=form)
    assert answer.status == 200, answer.text
    await gateway.settled()
    (row,) = gateway.all("deliveries")
    delivery = gateway.views.opened(row["seq"])
    adapter = gateway.app.channels["apps"].adapter
    (message,) = adapter.parse(delivery)
    assert isinstance(adapter, Holds)
    assert isinstance(message, Message)
    assert [adapter.content(delivery, one) for one in message.attachments] == [b"\xff\xd8\xff\xe0 foto"]
    assert jaki.key.encode() not in delivery.body


async def test_a_key_is_in_force_until_it_is_revoked(gateway: Running, jaki: Application) -> None:
    await jaki.reports(FLOOD)
    await order(gateway, "revoke key", app="jaki", actor="budi")
    assert [(await jaki.post(FLOOD)).status, (await jaki.get("requests.json")).status] == [403, 403]
    again = await joined(gateway)
    assert await again.codes() != []  # it is the same application
    actions = of(audit.entries(gateway.views.connection, gateway.views.vault), "action")
    assert actions == ["add an API key", "revoke an API key", "add an API key"]


async def test_keys_outlast_a_reload_and_a_restart(tmp_path: Path) -> None:
    loaded = settings_in(tmp_path, channel("open311", "apps"), channel("open311", "qlue"))
    async with running(loaded, process=False) as gateway:
        jaki = await joined(gateway)
        done = await order(gateway, "add key", app="qlue", actor="budi", channel="qlue", per_minute=0, per_day=0)
        await gateway.app.reload()
        assert (await jaki.post(FLOOD)).status == 200
    async with running(loaded, process=False) as gateway:
        assert (await Application(gateway, jaki.key).post(FLOOD)).status == 200
        assert (await Application(gateway, done["key"]).post(FLOOD)).status == 403  # it is for another channel


async def test_no_answer_is_kept_by_a_cache_or_taken_for_a_page(idle: Running) -> None:
    anybody = Application(idle, "")
    for path in ("discovery.json", "services.xml", "requests.json", "nothing.xml"):
        headers = (await anybody.get(path)).headers
        assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")


async def test_discovery_has_a_bare_content_type_and_leads_here(idle: Running) -> None:
    anybody = Application(idle, "")
    told = await anybody.get("discovery.json")
    assert told.headers["Content-Type"] == "application/json"
    (endpoint,) = json.loads(told.text)["endpoints"]
    assert endpoint["url"] == f"{idle.app.web.address}{AT}"
    assert set(endpoint["formats"]) == {"text/xml", "application/json"}
    answer = await anybody.get("discovery.xml")
    assert answer.headers["Content-Type"] == "text/xml"
    root = ElementTree.fromstring(answer.text)
    assert [one.text for one in root.iterfind("endpoints/endpoint/formats/format")] == endpoint["formats"]


async def test_a_crowd_that_asks_holds_up_nobody_who_reports(gateway: Running, jaki: Application) -> None:
    await jaki.reports(HOLE)
    crowd = [jaki.get("requests.xml") for _ in range(40)]
    *answers, posted = await asyncio.gather(*crowd, jaki.post(LAMP))
    assert {answer.status for answer in (*answers, posted)} == {200}
