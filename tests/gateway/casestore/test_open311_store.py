"""Cases filed by Open311 GeoReport v2, with whatever speaks it."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from aiohttp import web
from msgspec.structs import replace

from adapters import Address
from adapters.testing.material import opened, settings_of
from gateway.casestore import (
    CaseStoreDown,
    CaseStoreRefused,
    Filed,
    Forget,
    Later,
    OutgoingCase,
    Pending,
    Refused,
    Reporter,
    Status,
    georeport,
)
from gateway.casestore.open311 import Open311
from gateway.casestore.testing import CaseStoreContract
from gateway.casestore.tidying import tidied
from normalizer.report import ReportPlace
from tests.gateway.casestore.fake_open311 import KEY, FakeOpen311, fake_open311
from tests.gateway.casestore.outgoing import NOW, PHOTO, amendment, case, photo, report

FEWEST = {"url": "https://city.example/open311/v2", "default_service": "lain"}
STORE: Any = Open311


class TestJson(CaseStoreContract):
    case_store = Open311
    settings: ClassVar[dict[str, Any]] = FEWEST | {"api_key": KEY}
    refused_settings: ClassVar[dict[str, dict[str, Any]]] = {
        "no address": {"url": "city.example"},
        "an empty key": {"api_key": ""},
        "no service": {"default_service": ""},
        "a status that we do not have": {"statuses": {"open": "terbuka"}},
    }

    def outside(self) -> AbstractAsyncContextManager[Any]:
        return fake_open311()


class TestXmlAndTokens(CaseStoreContract):
    case_store = Open311
    settings: ClassVar[dict[str, Any]] = FEWEST | {"jurisdiction_id": "jakarta.go.id"}

    def outside(self) -> AbstractAsyncContextManager[Any]:
        return fake_open311(("xml",), tokens=True)


@asynccontextmanager
async def filing(
    formats: tuple[str, ...] = ("json",), *, tokens: bool = False, **settings: Any
) -> AsyncIterator[tuple[Open311, FakeOpen311]]:
    async with fake_open311(formats, tokens=tokens) as fake:
        made = Open311(settings_of(STORE, FEWEST | dict(fake.settings) | settings))
        async with opened(made) as store:
            yield store, fake


async def posted(*cases: OutgoingCase, **settings: Any) -> list[dict[str, str]]:
    """The fields of what is sent for these cases."""
    async with filing(**settings) as (store, fake):
        assert all(isinstance(one, Filed) for one in await store.file(cases))
        return [dict(one.fields) for one in fake.posted()]


PLACES = {
    "a pin and words": (
        ReportPlace(latitude=-6.26, longitude=106.8134567, words="Jl. Kemang Raya"),
        {"lat": "-6.260000", "long": "106.813457", "address_string": "Jl. Kemang Raya"},
    ),
    "words alone": (ReportPlace(words="Jl. Kemang Raya"), {"address_string": "Jl. Kemang Raya"}),
    "the area, where nobody said": (None, {"address_string": "31.74.01"}),
}


@pytest.mark.parametrize(("place", "expected"), PLACES.values(), ids=PLACES.keys())
async def test_where_it_is(place: ReportPlace | None, expected: dict[str, str]) -> None:
    [fields] = await posted(case(place=place, area="31.74.01"))
    assert {name: fields[name] for name in ("lat", "long", "address_string") if name in fields} == expected


async def test_without_any_place_it_says_so() -> None:
    [fields] = await posted(case(), unknown_place="?")
    assert fields["address_string"] == "?"


@pytest.mark.parametrize(
    ("category", "service"), [("banjir", "banjir"), ("pju", "lampu"), ("parkir", "lain"), (None, "lain")]
)
async def test_which_service_it_is_for(category: str | None, service: str) -> None:
    [fields] = await posted(case(category=category), services={"pju": "lampu"})
    assert fields["service_code"] == service


async def test_where_a_service_is_refused_the_default_one_takes_the_case() -> None:
    async with filing(services={"pju": "gone"}) as (store, fake):
        assert await store.file([case(category="pju")]) == [Filed(*fake.requests)]
        assert [one.fields["service_code"] for one in fake.posted()] == ["gone", "lain"]


async def test_all_reports_of_the_case_are_told_and_our_code_at_the_end() -> None:
    [fields] = await posted(case("KNL-7F3K-92QX", report("r1", subject="Banjir"), report("r2", "Sepinggang")))
    assert fields["description"] == "Banjir selutut\n\nSepinggang\n\n[KNL-7F3K-92QX]"


async def test_what_is_too_long_is_cut_but_for_our_code() -> None:
    [fields] = await posted(case("KNL-7F3K-92QX", report("r1", "panjang " * 1000)))
    assert len(fields["description"]) == 4000
    assert fields["description"].endswith("…\n\n[KNL-7F3K-92QX]")


async def test_who_reported_is_told_only_if_a_rule_says_so() -> None:
    who = Reporter(addresses=(Address("phone", "+62811100000"), Address("email", "b@x.id")), name="Budi Santoso")
    named, unnamed = await posted(case("KNL-1", report(reporter=who)), case("KNL-2", report()))
    fields = ("first_name", "last_name", "email", "phone")
    assert [named.get(name) for name in fields] == ["Budi", "Santoso", "b@x.id", "+62811100000"]
    assert not any(name in unnamed for name in fields)


async def test_what_is_confidential_of_one_report_is_of_all() -> None:
    shown = report(private=False, confidential=False)
    fields = await posted(
        case("KNL-1", shown), case("KNL-2", shown, report("r2")), case("KNL-3", report(anonymous=True))
    )
    names = ("private", "confidential", "anonymous")
    assert [[one[name] for name in names] for one in fields] == [
        ["false", "false", "false"],
        ["true", "true", "false"],
        ["true", "true", "true"],
    ]


async def test_photos_go_with_the_form_and_other_files_stay() -> None:
    files = (photo("a.jpg"), photo("b.jpg", gone=True), photo("c.pdf", "application/pdf"), photo("d.jpg"))
    async with filing() as (store, fake):
        await store.file([case("KNL-1", report(files=files))])
        [sent] = fake.posted()
        assert sent.photos == (PHOTO, PHOTO)
        assert sent.key == "knl-1"


async def test_a_case_whose_photos_are_too_large_goes_without_them() -> None:
    async with filing() as (store, fake):
        fake.always = web.Response(status=413, text="too large")
        assert isinstance((await store.file([case("KNL-1", report(files=(photo(),)))]))[0], Refused)
        assert [len(one.photos) for one in fake.posted()] == [1, 0]


ANSWERS: dict[str, tuple[int, str, type]] = {
    "half an answer": (200, '[{"service_request', Later),
    "a page": (200, "<html>OK</html>", Later),
    "an empty list": (200, "[]", Later),
    "no number": (200, '[{"service_notice": "thanks"}]', Later),
    "an empty number": (200, '[{"service_request_id": ""}]', Later),
    "a number that is a number": (200, '[{"service_request_id": 17}]', Filed),
    "one record without a list": (201, '{"service_request_id": "17"}', Filed),
    "a list under a name": (200, '{"service_requests": [{"service_request_id": "17"}]}', Filed),
    "a token": (200, '[{"token": "t1", "service_request_id": null}]', Pending),
    "it failed over this one": (500, "<html>Traceback</html>", Later),
    "errors": (400, '[{"code": "400", "description": "lat is required"}]', Refused),
    "a page of a proxy": (400, "<html>Bad Request</html>", Refused),
}


@pytest.mark.threat("P0-10")
@pytest.mark.parametrize(("status", "said", "outcome"), ANSWERS.values(), ids=ANSWERS.keys())
async def test_what_an_answer_means(status: int, said: str, outcome: type) -> None:
    async with filing() as (store, fake):
        fake.always = web.Response(status=status, text=said)
        [found] = await store.file([case()])
        assert isinstance(found, outcome)


def seconds(body: bytes) -> float:
    """Of processor time, the least of three: other processes are not measured."""
    spent: list[float] = []
    for _ in range(3):
        began = time.process_time()
        georeport.records(body, xml=True)
        spent.append(time.process_time() - began)
    return min(spent)


@pytest.mark.threat("P1-40")
def test_a_text_in_many_pieces_costs_no_more_than_many_texts() -> None:
    pieces = b"<r><q><f>%b</f></q></r>"
    assert seconds(pieces % (b"x<g/>" * 500_000)) < 3 * seconds(pieces % (b"<g>x</g>" * 500_000))
    assert georeport.records(pieces % b"Banjir <b>selutut</b> &amp; naik", xml=True) == [{"f": "Banjir  & naik"}]


@pytest.mark.threat("P1-40")
async def test_a_long_answer_holds_up_nothing_else() -> None:
    longest, last = 0.0, time.thread_time()

    async def watch() -> None:
        nonlocal longest, last
        while True:
            await asyncio.sleep(0)
            now = time.thread_time()
            longest, last = max(longest, now - last), now

    async with filing(("xml",)) as (store, fake):
        number = b"<service_request_id>17</service_request_id>"
        fake.always = web.Response(body=b"<r><q>" + number + b"<f/>" * 1_000_000 + b"</q></r>")
        watching = asyncio.create_task(watch())
        began, last = time.process_time(), time.thread_time()
        assert await store.file([case()]) == [Filed("17")]
        await asyncio.sleep(0)  # the watch looks once more
        watching.cancel()
        assert longest < (time.process_time() - began) / 2


DOWN = {"moved": 302, "refuses our key": 401, "too busy": 429, "no such address": 404, "gone": 410, "ill": 503}


@pytest.mark.threat("P0-10")
@pytest.mark.parametrize("status", DOWN.values(), ids=DOWN.keys())
async def test_what_is_wrong_for_all_holds_all_back(status: int) -> None:
    async with filing() as (store, fake):
        fake.always = web.Response(status=status, text="<html>…</html>")
        with pytest.raises(CaseStoreDown) as caught:
            await store.file([case("KNL-1"), case("KNL-2")])
        assert KEY not in str(caught.value)
        assert len(fake.posted()) == 1


async def test_a_refusal_names_what_it_is_about_and_quotes_nothing() -> None:
    async with filing() as (store, fake):
        said = '[{"code": "400", "description": "address_string for Budi 0811 is required: Banjir selutut"}]'
        fake.always = web.Response(status=400, text=said)
        assert await store.file([case()]) == [Refused("it answers 400 (400, address_string)")]


async def test_what_was_filed_before_it_went_down_stays_filed() -> None:
    async with filing() as (store, fake):
        await store.file([case("KNL-0")])
        fake.fail("")
        fake.fail("throttled")
        outcomes = await store.file([case("KNL-1"), case("KNL-2"), case("KNL-3")])
        assert [type(one) for one in outcomes] == [Filed, Later, Later]
        assert [one.retry_after for one in outcomes[1:] if isinstance(one, Later)] == [7, 7]


@pytest.mark.threat("P0-10")
async def test_what_an_earlier_process_filed_is_found_and_not_filed_again() -> None:
    async with filing() as (first, fake):
        [filed] = await first.file([case()])
        quoting = case("KNL-1", report(text="Melanjutkan [KNL-7F3K-92QX]"))
        await first.file([quoting])
        async with opened(Open311(settings_of(STORE, FEWEST | dict(fake.settings)))) as later:
            long_ago = NOW - timedelta(hours=3)
            assert await later.file([replace(case(), opened_at=long_ago)]) == [filed]
        assert len(fake.requests) == 2


@pytest.mark.threat("P0-10")
@pytest.mark.parametrize("updates", [True, False], ids=["as an update", "as a request of its own"])
async def test_what_came_in_between_two_tries_is_told_as_well(updates: bool) -> None:
    async with filing(updates=updates) as (store, fake):
        fake.fail("cut")
        with pytest.raises(CaseStoreDown):
            await store.file([case("KNL-1")])
        grown = case("KNL-1", report("r1"), report("r2", "Sepinggang"), version=2)
        [number] = fake.requests
        assert await store.file([grown]) == [Filed(number)]
        [_, later] = fake.posted() + fake.posted("servicerequestupdates")
        assert "Sepinggang" in later.fields["description"] and "selutut" not in later.fields["description"]


async def test_what_is_surely_new_is_filed_without_looking() -> None:
    async with filing() as (store, fake):
        await store.file([case("KNL-1"), case("KNL-2")])
        assert [one.what for one in fake.asked] == ["services", "requests", "requests"]


async def test_where_the_other_side_knows_second_tries_nothing_is_looked_for() -> None:
    async with filing(idempotent=True) as (store, fake):
        await store.file([case(opened_at=NOW - timedelta(days=3))])
        await store.file([case(opened_at=NOW - timedelta(days=3))])
        assert [(one.method, one.key) for one in fake.asked if one.what == "requests"] == [
            ("POST", "knl-7f3k-92qx")
        ] * 2


async def test_a_token_is_followed_until_it_leads_to_the_number() -> None:
    async with filing(tokens=True) as (store, fake):
        fake.ready = False
        [first] = await store.file([case()])
        assert isinstance(first, Pending)
        pauses = [one.after for _ in range(3) for one in await store.file([case(token=first.token)])]  # type: ignore[union-attr]
        assert pauses == [2, 4, 8]
        fake.ready = True
        assert await store.file([case(token=first.token)]) == [Filed(*fake.requests)]
        assert len(fake.posted()) == 1


async def test_a_token_that_is_not_known_any_more_is_no_dead_end() -> None:
    async with filing(tokens=True) as (store, fake):
        assert [type(one) for one in await store.file([case(token="t/9")])] == [Pending]
        assert len(fake.requests) == 1


async def test_an_amendment_is_an_update_with_its_photos() -> None:
    async with filing() as (store, fake):
        [filed] = await store.file([case()])
        assert isinstance(filed, Filed)
        assert await store.amend([amendment(filed.number, report("r2", "Surut", files=(photo(),)))]) == [filed]
        [sent] = fake.posted("servicerequestupdates")
        assert sent.fields["description"] == "Surut"
        assert (sent.fields["update_id"], sent.fields["status"], sent.key) == ("knl-2", "OPEN", "knl-2")
        assert sent.photos == (PHOTO,)


async def test_without_updates_it_is_a_request_that_names_the_first_and_is_made_once() -> None:
    async with filing(updates=False) as (store, fake):
        [filed] = await store.file([case()])
        assert isinstance(filed, Filed)
        for _ in range(2):
            assert await store.amend([amendment(filed.number, report("r2", "Surut"))]) == [filed]
        [_, added] = fake.posted()
        assert added.fields["description"] == f"Tambahan untuk {filed.number}:\n\nSurut\n\n[knl-2]"


async def test_what_says_nothing_new_asks_for_nothing() -> None:
    async with filing() as (store, fake):
        assert await store.amend([amendment("17")]) == [Filed("17")]
        assert fake.asked == []


async def test_what_is_to_be_forgotten_is_for_a_person() -> None:
    async with filing() as (store, _):
        assert isinstance((await store.amend([amendment("17", forget=Forget.EVERYTHING)]))[0], Refused)


async def test_news_without_updates_are_the_requests_themselves() -> None:
    async with filing(updates=False, statuses={"open": "menunggu"}) as (store, fake):
        [filed] = await store.file([case()])
        assert isinstance(filed, Filed)
        fake.tell(filed.number, Status.SELESAI, "Sudah surut")
        [told], _ = await store.news(None)
        assert (told.number, told.status, told.note) == (filed.number, Status.SELESAI, "Sudah surut")


@pytest.mark.parametrize("ids", [("9", "10", "11"), ("c", "b", "a")], ids=["by their numbers", "as they are listed"])
async def test_of_what_happened_in_one_second_the_last_is_the_newest(ids: tuple[str, ...]) -> None:
    async with filing() as (store, fake):
        told = zip(ids, ("IN_PROGRESS", "REOPEN", "CLOSED"), strict=True)
        at = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
        same = {"service_request_id": "17", "updated_datetime": at}
        fake.updates = [same | {"update_id": one, "status": status} for one, status in told]
        if ids[0].isdecimal():
            fake.updates.reverse()
        news, cursor = await store.news(None)
        assert [one.status for one in sorted(news, key=lambda one: one.at)] == [
            Status.PROSES,
            Status.MENUNGGU,
            Status.SELESAI,
        ]
        assert len({one.at for one in news}) == 3
        assert await store.news(cursor) == (news, cursor)


async def test_a_clock_that_is_wrong_there_does_not_end_the_news() -> None:
    async with filing() as (store, fake):
        fake.updates = [{"service_request_id": "17", "update_id": 1, "updated_datetime": "9000-01-01T00:00:00Z"}]
        [told], cursor = await store.news(None)
        assert told.at <= datetime.now(UTC)
        now = datetime.now(UTC).isoformat()
        fake.updates = [{"service_request_id": "17", "update_id": 2, "updated_datetime": now}]
        [later], _ = await store.news(cursor)
        assert later.at > told.at


@pytest.mark.parametrize("said", ["0001-01-01T00:00:00+07:00", "0001-01-01T00:00:00", "kemarin sore"])
async def test_a_time_that_is_none_stops_no_news(said: str) -> None:
    async with filing() as (store, fake):
        odd = {"service_request_id": "17", "update_id": 1, "updated_datetime": said, "status": "CLOSED"}
        now = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        good = {"service_request_id": "18", "update_id": 2, "updated_datetime": now, "status": "CLOSED"}
        fake.updates, fake.since_counts = [odd, good], False
        began = datetime.now(UTC)
        news, cursor = await store.news(None)
        assert [(one.number, one.id) for one in news] == [("18", "2"), ("17", "1")]
        assert cursor is not None and began <= datetime.fromisoformat(cursor) <= datetime.now(UTC)


async def test_a_text_that_was_cut_within_an_emoji_stops_no_news() -> None:
    async with filing() as (store, fake):
        now = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
        fake.updates = [
            {"service_request_id": "17", "update_id": 1, "updated_datetime": now, "description": "Selesai \ud83d"},
            {"service_request_id": "18", "update_id": 2, "updated_datetime": now, "description": "Selesai"},
        ]
        news, _ = await store.news(None)
        assert [one.note for one in tidied(news, datetime.now(UTC))] == ["Selesai", "Selesai"]


async def test_what_is_no_unicode_is_refused_alone() -> None:
    async with filing() as (store, _):
        with pytest.raises(CaseStoreRefused):
            await store.file([case("KNL-1", report(text="\ud800"))])


async def test_what_was_lost_alone_is_missed_once_it_has_shown_another_of_ours() -> None:
    async with filing() as (store, fake):
        one, other = await store.file([case("KNL-1"), case("KNL-2")])
        assert isinstance(one, Filed) and isinstance(other, Filed)
        assert await store.missing([one.number]) == []
        fake.lose(other.number)
        assert await store.missing([other.number]) == [other.number]
        assert await store.missing([str(number) for number in range(120)] + [one.number]) == [
            str(number) for number in range(120)
        ]


async def test_what_it_shows_none_of_is_not_taken_for_lost() -> None:
    async with filing() as (store, fake):
        [filed] = await store.file([case()])
        assert isinstance(filed, Filed)
        fake.requests.clear()
        assert await store.missing([filed.number]) == []
        assert await store.missing([]) == []


async def test_a_discovery_document_leads_to_the_endpoint() -> None:
    async with fake_open311() as fake:
        [address] = [fake.settings["url"]]
        specification = "http://wiki.open311.org/GeoReport_v2"
        document = {
            "endpoints": [
                {"specification": specification, "url": "http://169.254.169.254/v2", "type": "production"},
                {"specification": specification, "url": "https://[/v2", "type": "production"},
                {"specification": specification, "url": "http://127.0.0.1:1/test", "type": "test"},
                {"specification": specification, "url": address, "type": "production", "formats": ["text/xml"]},
            ]
        }

        async def answer(_request: web.BaseRequest) -> web.Response:
            return web.json_response(document)

        runner = web.ServerRunner(web.Server(answer), shutdown_timeout=0.1)
        await runner.setup()
        await (site := web.TCPSite(runner, "127.0.0.1", 0)).start()
        known = f"{site.name.rsplit(':', 1)[0]}:{runner.addresses[0][1]}/discovery.json"
        try:
            made = settings_of(STORE, FEWEST | dict(fake.settings) | {"url": known})
            async with opened(Open311(made)) as store:
                await store.check()
                assert isinstance((await store.file([case()]))[0], Filed)
        finally:
            await runner.cleanup()


CHECKS: dict[str, tuple[dict[str, Any], str]] = {
    "all is well": ({}, ""),
    "another key": ({"api_key": "salah"}, "refuses our credentials"),
    "no such service": ({"default_service": "jalan"}, "no service jalan"),
    "nothing there": ({"url": "http://127.0.0.1:1"}, "cannot be reached"),
}


@pytest.mark.parametrize(("changes", "said"), CHECKS.values(), ids=CHECKS.keys())
async def test_it_can_be_checked(changes: dict[str, Any], said: str) -> None:
    async with filing(**changes) as (store, _):
        if not said:
            await store.check()
            return
        with pytest.raises(CaseStoreDown, match=said):
            await store.check()


ODD: dict[str, Callable[[], web.Response]] = {
    "endless": lambda: web.Response(body=b"[" + b" " * (17 << 20)),
    "deep": lambda: web.Response(body=b"[" * 100_000),
    "entities": lambda: web.Response(body=b'<!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>'),
    "too many records": lambda: web.Response(text=json.dumps([{"service_request_id": "17"}] * 10_001)),
    "no text": lambda: web.Response(body=bytes(range(256))),
}


@pytest.mark.threat("P1-40")
@pytest.mark.parametrize("made", ODD.values(), ids=ODD.keys())
async def test_an_odd_answer_is_no_number(made: Callable[[], web.Response]) -> None:
    async with filing() as (store, fake):
        fake.always = made()
        try:
            [outcome] = await store.file([case()])
        except CaseStoreDown:
            return
        assert isinstance(outcome, Later)
