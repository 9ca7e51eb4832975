"""Cases told by a signed webhook, and news that come back proven alike."""

import json
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, ClassVar

import msgspec
import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import Address, RequestRefused, WebRequest
from adapters.signing import SIGNATURE, TIMESTAMP
from adapters.testing.material import opened, settings_of
from gateway.casestore import (
    CaseStoreDown,
    CaseStoreRefused,
    Filed,
    Forget,
    Later,
    News,
    OutgoingFile,
    Pending,
    Refused,
    Reporter,
    Status,
)
from gateway.casestore.http import Http
from gateway.casestore.testing import CaseStoreContract
from tests.gateway.casestore.fake_receiver import SECRET, FakeReceiver, fake_receiver, news, proof
from tests.gateway.casestore.outgoing import PHOTO, amendment, case, photo, report

STORE: Any = Http
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
OLD = "rahasia-lama-0123456789"
DONE = {"id": "n1", "number": "CRM-1", "status": "selesai", "at": "2026-11-22T16:00:00+07:00"}


def request(body: bytes, path: str = "news", **changes: Any) -> WebRequest:
    asked: dict[str, Any] = {
        "method": "POST",
        "path": path,
        "public_url": f"https://kanal.example/stores/crm/{path}",
        "headers": proof(body, NOW),
        "query": "",
        "body": body,
        "peer": "192.0.2.1",
        "received_at": NOW,
    }
    return WebRequest(**asked | changes)


GENUINE = request(news(DONE))


class TestContract(CaseStoreContract):
    case_store = Http
    settings: ClassVar[dict[str, Any]] = {"url": "https://crm.example/kanal", "secret": SECRET}
    refused_settings: ClassVar[dict[str, dict[str, Any]]] = {
        "no address": {"url": "crm.example"},
        "no address of news": {"news_url": "crm.example"},
        "an empty secret": {"secret": ""},
        "a short old secret": {"old_secret": "short"},
    }
    genuine = GENUINE
    refused: ClassVar[dict[str, WebRequest]] = {
        "forged": request(news(DONE), headers=proof(news(), NOW)),
        "another secret": request(news(DONE), headers=proof(news(DONE), NOW, OLD)),
        "unproven": request(news(DONE), headers={}),
        "stale": request(news(DONE), headers=proof(news(DONE), NOW - timedelta(minutes=6))),
        "from the future": request(news(DONE), headers=proof(news(DONE), NOW + timedelta(minutes=6))),
        "outside ASCII": request(news(DONE), headers={TIMESTAMP: "é", SIGNATURE: "v1=é"}),
        "elsewhere": request(news(DONE), path="other"),
        "not posted": request(news(DONE), method="PUT"),
    }

    def outside(self) -> AbstractAsyncContextManager[Any]:
        return fake_receiver()


def made(**changes: Any) -> Http:
    store: Http = Http(settings_of(STORE, {"url": "https://crm.example", "secret": SECRET} | changes))
    return store


@asynccontextmanager
async def telling(**changes: Any) -> AsyncIterator[tuple[Http, FakeReceiver]]:
    async with fake_receiver(**changes) as fake, opened(made(**fake.settings)) as store:
        yield store, fake


async def test_a_case_is_told_with_all_that_is_known() -> None:
    who = Reporter(addresses=(Address("phone", "+62811100000"),), name="Budi")
    gone = OutgoingFile(name="b.jpg", media_type="image/jpeg", read=photo(gone=True).read)
    async with telling() as (store, fake):
        [filed] = await store.file(
            [case("KNL-1", report(files=(photo("a.jpg"), gone), reporter=who), category="banjir")]
        )
        assert filed == Filed("CRM-1")
    [said] = fake.received
    assert (said["type"], said["key"], said["case"]["code"], said["case"]["category"]) == (
        "case",
        "knl-1",
        "KNL-1",
        "banjir",
    )
    [told] = said["case"]["reports"]
    digest = sha256(PHOTO).hexdigest()
    content = b64encode(PHOTO).decode()
    assert told["files"] == [{"name": "a.jpg", "media_type": "image/jpeg", "sha256": digest, "content": content}]
    assert told["reporter"] == {"addresses": [{"kind": "phone", "value": "+62811100000"}], "name": "Budi"}
    assert told["confidential"] is True


async def test_photos_may_stay() -> None:
    async with telling(photos=False) as (store, fake):
        await store.file([case("KNL-1", report(files=(photo(),)))])
    assert "files" not in fake.received[0]["case"]["reports"][0]


async def test_a_change_tells_what_is_new_alone() -> None:
    async with telling() as (store, fake):
        await store.file([case()])
        assert await store.amend([amendment("CRM-1", report("r2", "Surut"), joined_into="CRM-9")]) == [Filed("CRM-1")]
    said = fake.received[-1]
    assert [one["text"] for one in said["new"]] == ["Surut"]
    assert (said["type"], said["number"], said["joined_into"]) == ("change", "CRM-1", "CRM-9")
    assert "reports" not in said["case"]


async def test_what_is_to_be_forgotten_is_replaced_by_what_stays() -> None:
    async with telling() as (store, fake):
        await store.file([case()])
        await store.amend([amendment("CRM-1", forget=Forget.REPORTERS)])
    said = fake.received[-1]
    assert said["forget"] == "reporters"
    assert [one["key"] for one in said["case"]["reports"]] == ["r1"]


ANSWERS: dict[str, tuple[int, str, type]] = {
    "a number": (200, '{"number": "17", "more": 1}', Filed),
    "made": (201, '{"number": "17"}', Filed),
    "a token": (202, '{"token": "t", "after": 5}', Pending),
    "nothing": (204, "", Later),
    "half an answer": (200, '{"numb', Later),
    "a page": (200, "<html>", Later),
    "a number that is none": (200, '{"number": ["17"]}', Later),
    "deep": (200, "[" * 100_000, Later),
    "it failed over this one": (500, "Traceback", Later),
    "refused": (422, '{"number": "17"}', Refused),
}


@pytest.mark.threat("P0-10")
@pytest.mark.parametrize(("status", "said", "outcome"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_what_an_answer_means(status: int, said: str, outcome: type) -> None:
    async with telling() as (store, fake):
        fake.always = web.Response(status=status, text=said)
        [found] = await store.file([case()])
        assert isinstance(found, outcome)


@pytest.mark.threat("P0-10")
@pytest.mark.parametrize("status", [302, 401, 404, 429, 503])
async def test_what_is_wrong_for_all_holds_all_back(status: int) -> None:
    async with telling() as (store, fake):
        fake.always = web.Response(status=status)
        with pytest.raises(CaseStoreDown):
            await store.file([case("KNL-1"), case("KNL-2")])
        assert len(fake.received) == 1


async def test_what_is_no_unicode_is_refused_alone() -> None:
    async with telling() as (store, _):
        with pytest.raises(CaseStoreRefused):
            await store.file([case("KNL-1", report(text="\ud800"))])


@pytest.mark.parametrize(("said", "after"), [(5, 5), (-5, 1), (1e300, 86_400)])
async def test_a_token_is_asked_for_within_a_day(said: float, after: float) -> None:
    async with telling() as (store, fake):
        fake.always = web.Response(text=json.dumps({"token": "t", "after": said}))
        assert await store.file([case()]) == [Pending("t", after)]


def test_what_lies_ahead_happened_now_and_stays_in_its_order() -> None:
    ahead = [DONE | {"id": f"n{year}", "at": f"{year}-01-01T00:00:00Z"} for year in (9002, 9001, 2020)]
    told = made().receive(request(news(*ahead))).news
    assert [one.id for one in told] == ["n2020", "n9001", "n9002"]
    assert told[0].at < told[1].at < told[2].at <= NOW + timedelta(seconds=1)


async def test_a_token_is_said_again() -> None:
    async with telling() as (store, fake):
        await store.file([case(token="t")])
        assert fake.received[0]["token"] == "t"


async def test_it_can_be_checked() -> None:
    async with telling() as (store, fake):
        await store.check()
        assert fake.received == [{"type": "ping"}]
        fake.always = web.Response(status=400)
        with pytest.raises(CaseStoreDown):
            await store.check()


async def test_who_does_not_know_the_question_knows_everything() -> None:
    async with telling() as (store, fake):
        fake.always = web.Response(status=400)
        assert await store.missing(["CRM-1"]) == []


async def test_where_news_are_sent_to_us_nobody_is_asked() -> None:
    assert await made().news("c") == ((), "c")


async def test_a_piece_of_news_that_cannot_be_read_costs_no_other() -> None:
    async with telling() as (store, fake):
        fake.tell("CRM-1", Status.PROSES)
        fake.tell("CRM-2", Status.PROSES, order="Budi")
        fake.tell("CRM-3", Status.SELESAI)
        news, cursor = await store.news(None)
        assert ([one.number for one in news], cursor) == (["CRM-1", "CRM-3"], "3")
        with pytest.raises(CaseStoreDown, match=r"news\[1\]\.order") as caught:
            await store.check()
        assert "Budi" not in str(caught.value)


async def test_news_that_are_none_hold_the_cursor() -> None:
    async with fake_receiver() as fake, opened(made(**fake.settings)) as store:
        fake.news = b'{"news": "none"}'
        with pytest.raises(CaseStoreDown, match=r"\$\.news"):
            await store.news("c")


def test_of_what_is_sent_the_pieces_that_fit_are_taken() -> None:
    told = made().receive(request(news(DONE | {"status": "Budi 0811"}, DONE, DONE | {"at": "2026-11-22T16:00:00"})))
    assert [one.number for one in told.news] == ["CRM-1"]
    assert json.loads(told.response.body) == {
        "taken": 1,
        "refused": ["it does not fit the schema at `$.news[0].status`", "it does not fit the schema at `$.news[2]`"],
    }


def test_all_that_news_can_say() -> None:
    body = news(
        DONE
        | {
            "code": "KNL-1",
            "unit": "Dinas SDA",
            "estimate": "2026-11-30",
            "note": "Pompa jalan",
            "proof": b64encode(PHOTO).decode(),
            "order": 7,
            "more": "is not heeded",
        }
    )
    assert list(made().receive(request(body)).news) == [
        News(
            at=datetime(2026, 11, 22, 9, 0, tzinfo=UTC),
            number="CRM-1",
            code="KNL-1",
            status=Status.SELESAI,
            unit="Dinas SDA",
            estimate=date(2026, 11, 30),
            note="Pompa jalan",
            proof=PHOTO,
            order=7,
            id="n1",
        )
    ]


@pytest.mark.threat("P0-15")
def test_while_one_secret_replaces_another_news_may_be_signed_with_either() -> None:
    store = made(old_secret=OLD)
    told = [store.receive(request(news(DONE), headers=proof(news(DONE), NOW, secret))).news for secret in (SECRET, OLD)]
    assert told[0] == told[1] != ()


@pytest.mark.threat("P0-17")
def test_a_replay_is_the_same_news_by_its_id() -> None:
    later = request(news(DONE), received_at=NOW + timedelta(minutes=4))
    assert made().receive(GENUINE).news == made().receive(later).news
    with pytest.raises(RequestRefused):
        made().receive(request(news(DONE), received_at=NOW + timedelta(minutes=6)))


UNREADABLE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"<html>",
    "no news": b"{}",
    "no id": news({"number": "CRM-1", "at": DONE["at"]}),
    "an empty id": news(DONE | {"id": ""}),
    "no case": news({"id": "n1", "at": DONE["at"]}),
    "no time": news({"id": "n1", "number": "CRM-1"}),
    "a time without a zone": news(DONE | {"at": "2026-11-22T16:00:00"}),
    "a status of its own": news(DONE | {"status": "Budi 0811"}),
    "a proof that is no base64": news(DONE | {"proof": "!"}),
    "a note without end": news(DONE | {"note": "x" * 5000}),
    "too many": news(*[DONE] * 1001),
    "deep": b"[" * 100_000,
    "a lone surrogate": b'{"news": [{"id": "\\ud800", "at": "2026-11-22T16:00:00Z", "number": "1"}]}',
}


@pytest.mark.threat("P1-40")
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_news_that_are_none_are_refused_with_where_and_without_what(body: bytes) -> None:
    with pytest.raises(RequestRefused) as caught:
        made().receive(request(body))
    refusal = caught.value
    assert (refusal.status, refusal.answer is not None and refusal.answer.status) == (400, 400)
    assert refusal.answer is not None and "Budi" not in str(refusal) + refusal.answer.body.decode()


def test_what_is_too_large_is_refused() -> None:
    with pytest.raises(RequestRefused) as caught:
        made(max_size=1024).receive(request(news(DONE | {"note": "x" * 1024})))
    assert caught.value.status == 413


@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.text() | st.integers(), st.lists).map(json.dumps).map(str.encode)
)
@settings(max_examples=100, deadline=None)
def test_any_proven_body_is_news_or_refused(body: bytes) -> None:
    try:
        told = made().receive(request(body))
    except RequestRefused as refusal:
        assert refusal.status == 400
    else:
        assert told.response.status == 200


def test_the_schema_is_up_to_date_and_has_everything() -> None:
    written = json.loads((Path(__file__).parents[3] / "config" / "webhook.schema.json").read_text())
    assert {"Case", "Change", "Confirm", "Ping", "Numbered", "Missing", "Told"} <= written["$defs"].keys()
    assert msgspec.json.encode(written)
