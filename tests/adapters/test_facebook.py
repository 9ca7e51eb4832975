"""The Facebook channel against recorded webhooks and a stand-in for Meta's Graph API."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest

from adapters import (
    LACKS,
    Address,
    Attachment,
    ChannelDown,
    ChannelError,
    Choice,
    Delivery,
    Message,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Retracted,
    Sent,
    Throttled,
    Unauthorized,
    WebRequest,
)
from adapters.facebook import Facebook
from adapters.graph.refusals import refusal
from adapters.graph.talk_codes import TALK_CODES
from adapters.graph.times import moment
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of
from adapters.testing.standins.facebook import Facebook as Page
from tests.adapters.meta_requests import SECRETS, challenge, get, proven, reaching, refused, signed, unasked

PAYLOADS = Path(__file__).parent / "payloads" / "facebook"
PAGE, CITIZEN = "110152340000000", "7100000000000001"
SETTINGS: Mapping[str, Any] = {"page_id": PAGE, **SECRETS}
BODY = (PAYLOADS / "text.json").read_bytes()
REPLY = Reply(id="r-1", channel="facebook", to=Address("account", CITIZEN), text="Terima kasih. KNL-7F3K-92QX")
THIRTEEN = tuple(Choice(f"3:{number}", f"{number} Kelurahan Contoh") for number in range(1, 14))


def channel(**changes: Any) -> Facebook:
    return Facebook(settings_of(Facebook, {**SETTINGS, **changes}))


@pytest.mark.threat("P0-15")
class TestFacebook(AdapterContract):
    adapter = Facebook
    settings = {**SETTINGS, "poll_seconds": 300}
    payloads = PAYLOADS
    genuine = signed(BODY)
    refused = refused(BODY)
    refused_settings = {
        "a page's name": {"page_id": "PemprovContoh"},
        "a verify token that can be guessed": {"verify_token": "kanal"},
        "a hasty poll": {"poll_seconds": 5},
    }
    reply = REPLY

    def words(self, url: str) -> bytes:
        known = urlsplit(url).path.rpartition("/")[2]
        return json.dumps({"id": known, "message": "Banjir", "from": {"id": "1"}}).encode()

    def prove(self, request: WebRequest) -> WebRequest:
        return proven(request)

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with Page() as page:
            page.heard_of(CITIZEN)
            statuses = {"throttled": 429, "down": 503, "unauthorized": 401}
            if outcome in statuses:
                page.fault("messages", status=statuses[outcome])
            codes: Mapping[str, tuple[int, int | None]] = {"refused": (10, 2018278), "gone": (551, None)}
            page.refused = {CITIZEN: codes[outcome]} if outcome in codes else {}
            yield reaching(page)

    @asynccontextmanager
    async def feed(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with Page() as page:
            page.comments(CITIZEN, page.posts(CITIZEN, "Banjir"), "Belum surut")
            page.writes(CITIZEN, "Banjir")
            statuses = {"throttled": 429, "down": 503, "unauthorized": 401}
            if outcome in statuses:
                page.fault(status=statuses[outcome], times=None)
            yield reaching(page)


@pytest.fixture
def page() -> Iterator[Page]:
    with Page() as standin:
        standin.heard_of(CITIZEN)
        yield standin


async def sent(page: Page, reply: Reply = REPLY, **changes: Any) -> Any:
    async with opened(channel(**reaching(page))) as adapter:
        return await adapter.send(msgspec.structs.replace(reply, **changes))


async def asked(page: Page, since: datetime) -> list[Delivery]:
    async with opened(channel(**reaching(page))) as adapter:
        return [one async for batch in adapter.backfill(since) for one in batch.deliveries]


def messages(deliveries: list[Delivery]) -> list[Message]:
    return [event for one in deliveries for event in channel().parse(one) if isinstance(event, Message)]


def test_a_challenge_is_answered_by_its_own_words() -> None:
    received = channel().receive(challenge())
    assert (received.deliveries, received.response.status, received.response.body) == ([], 200, b"1158201444")


@pytest.mark.parametrize(
    ("name", "kept"),
    [("of-another-page", False), ("batch", True), ("unknown-field", True), ("of-another-object", True)],
)
def test_what_is_for_other_pages_alone_is_acknowledged_and_not_kept(name: str, kept: bool) -> None:
    received = channel().receive(signed((PAYLOADS / f"{name}.json").read_bytes()))
    assert (bool(received.deliveries), received.response.status) == (kept, 200)


@pytest.mark.threat("P0-5")
@pytest.mark.parametrize("name", ["text", "standby", "comment"])
def test_a_thousand_items_at_once_are_kept_in_pieces(name: str) -> None:
    (entry,) = json.loads((PAYLOADS / f"{name}.json").read_bytes())["entry"]
    held = next(one for one in ("messaging", "standby", "changes") if one in entry)
    many = json.dumps(entry[held][0])
    entry[held] = [json.loads(many.replace("m_Ab1", f"m_{n}").replace("777000001", f"88{n}")) for n in range(1000)]
    deliveries = channel().receive(signed(json.dumps({"object": "page", "entry": [entry]}).encode())).deliveries
    assert len(deliveries) > 10
    assert max(len(one.body) for one in deliveries) < 20_000
    assert len({message.id for message in messages(list(deliveries))}) == 1000


@pytest.mark.parametrize(
    ("told", "read"),
    [
        (1795361929, "2026-11-22T15:38:49+00:00"),
        (1795361929000, "2026-11-22T15:38:49+00:00"),
        ("1795361929", "2026-11-22T15:38:49+00:00"),
        ("2026-11-22T15:38:49+0000", "2026-11-22T15:38:49+00:00"),
        ("2026-11-22T22:38:49+07:00", "2026-11-22T15:38:49+00:00"),
        (True, None),
        (None, None),
        ("kemarin", None),
        ("9" * 400, None),
        (1e300, None),
    ],
)
def test_times_come_in_many_forms(told: object, read: str | None) -> None:
    found = moment(told)
    assert (found and found.isoformat()) == read


async def test_what_is_said_in_messenger(page: Page) -> None:
    receipt = await sent(page)
    (call,) = page.called("messages")
    assert call.path == f"/v25.0/{PAGE}/messages"
    assert json.loads(call.body) == {
        "recipient": {"id": CITIZEN},
        "messaging_type": "RESPONSE",
        "message": {"text": REPLY.text},
    }
    assert receipt.external_id == page.shown(CITIZEN)[0].id


async def test_thirteen_choices_are_quick_replies(page: Page) -> None:
    await sent(page, text="x" * 2000, choices=THIRTEEN)
    (shown,) = page.shown(CITIZEN)
    assert [title for _, title in shown.options] == [choice.label for choice in THIRTEEN]


@pytest.mark.parametrize("late", [False, True])
async def test_what_a_person_wrote_by_hand_alone_has_the_tag(page: Page, late: bool) -> None:
    page.wait(90_000)
    if late:
        await sent(page, late=True)
        assert [one.tag for one in page.shown(CITIZEN)] == ["HUMAN_AGENT"]
    else:
        with pytest.raises(Refused):
            await sent(page)
        assert page.called("messages")[0].fields.get("tag") is None


async def test_after_a_week_nobody_is_written_to(page: Page) -> None:
    page.wait(8 * 86_400)
    with pytest.raises(Refused):
        await sent(page, late=True)


@pytest.mark.parametrize("said", ["post", "comment", "nested"])
async def test_what_was_said_in_public_is_answered_where_it_stands(page: Page, said: str) -> None:
    known = page.posts("7200", "Banjir")
    for _ in range({"post": 0, "comment": 1, "nested": 2}[said]):
        known = page.comments("7200", known, "Belum surut")
    await sent(page, conversation=known, public=True)
    assert page.answers(known) == [REPLY.text]


@pytest.mark.parametrize("place", ["", "../me", "m_1", "1_2?fields=x"])
async def test_nothing_is_commented_where_nobody_said_anything(page: Page, place: str) -> None:
    with pytest.raises(Refused):
        await sent(page, conversation=place, public=True)
    assert page.calls == []


async def test_who_said_something_in_public_is_answered_in_private_once(page: Page) -> None:
    known = page.posts("7200", "Banjir")
    to = Address("account", "7200")
    await sent(page, to=to, opens=known)
    assert [(one.opened_by, one.to) for one in page.shown("7200")] == [(known, "7200")]
    with pytest.raises(Refused, match="before"):
        await sent(page, to=to, opens=known)


async def test_in_private_it_is_answered_within_seven_days(page: Page) -> None:
    known = page.posts("7200", "Banjir")
    page.wait(8 * 86_400)
    with pytest.raises(Refused, match="too old"):
        await sent(page, to=Address("account", "7200"), opens=known)


@pytest.mark.parametrize("to", [Address("email", "a@example.org"), Address("account", "404")])
async def test_who_never_wrote_is_not_written_to(page: Page, to: Address) -> None:
    with pytest.raises(Refused):
        await sent(page, to=to)


@pytest.mark.parametrize(
    ("status", "error", "meant"),
    [
        (400, {"code": 10, "error_subcode": 2018278}, Refused),
        (400, {"code": 10}, Unauthorized),
        (400, {"code": 100, "error_subcode": 2018001}, RecipientGone),
        (400, {"code": 100, "error_subcode": 33}, Unauthorized),
        (400, {"code": 100}, Refused),
        (400, {"code": 190}, Unauthorized),
        (400, {"code": 200, "error_subcode": 1545041}, RecipientGone),
        (400, {"code": 200}, Unauthorized),
        (400, {"code": 551}, RecipientGone),
        (400, {"code": 613}, Throttled),
        (500, {"code": 1200}, ChannelDown),
        (400, {"code": 10900}, Refused),
    ],
)
def test_what_a_code_means(status: int, error: dict[str, Any], meant: type[ChannelError]) -> None:
    found = refusal(TALK_CODES, status, {"error": {"message": f"to {CITIZEN}", **error}}, None)
    assert type(found) is meant
    assert CITIZEN not in str(found)


@pytest.mark.parametrize(
    ("changes", "meant"), [({}, None), ({"token": "EAAkedaluwarsa"}, Unauthorized), ({"page_id": "1"}, Unauthorized)]
)
async def test_the_check_proves_token_and_page(
    page: Page, changes: dict[str, Any], meant: type[ChannelError] | None
) -> None:
    found = None
    async with opened(channel(**{**reaching(page), **changes})) as adapter:
        try:
            await adapter.check()
        except ChannelError as error:
            found = type(error)
    assert found is meant


async def test_a_file_is_fetched_where_it_lies(page: Page) -> None:
    page.sends_file(CITIZEN, "image", b"JPEG", "image/jpeg")
    (message,) = messages(await asked(page, RECEIVED_AT - timedelta(days=900)))[-1:]
    address = page.address(next(iter(page.files)))

    async def bare(url: str, headers: Mapping[str, str] | None = None) -> bytes:
        assert not headers, "who has the address may have the file: the token stays here"
        return await get(url)

    file = Attachment(None, "image/jpeg", 0, reference=f"url:{address}")
    assert (message.sender, await channel().fetch(file, bare)) == (Address("account", CITIZEN), b"JPEG")
    with pytest.raises(Refused):
        await channel().fetch(Attachment(None, "image/jpeg", 0, reference="media:1"), get)


def brought(page: Page) -> list[Message]:
    """What its webhooks would have brought."""
    bodies = [Delivery(id=str(n), channel="facebook", received_at=RECEIVED_AT, body=one) for n, one in left(page)]
    return messages(bodies)


def left(page: Page) -> list[tuple[int, bytes]]:
    return list(enumerate(page.posting.taken_back()))


@pytest.mark.parametrize(("app", "events"), [("", 2), ("1", 1), ("2", 2)])
async def test_what_our_app_said_is_no_news_and_what_staff_wrote_is(page: Page, app: str, events: int) -> None:
    await sent(page)
    page.officer_writes(CITIZEN, "Petugas sudah berangkat")
    read = channel(app_id=app)
    found = [event for body in page.posting.taken_back() for event in read.parse(delivery(body))]
    assert [event.text for event in found if isinstance(event, Sent)] == [
        REPLY.text,
        "Petugas sudah berangkat",
    ][-events:]


def delivery(body: bytes) -> Delivery:
    return Delivery(id="d", channel="facebook", received_at=RECEIVED_AT, body=body)


async def test_what_is_asked_for_is_what_webhooks_bring(page: Page) -> None:
    post = page.posts(CITIZEN, "Banjir")
    page.comments("7200", page.comments(CITIZEN, post, "Belum surut"), "Di sini juga")
    page.writes(CITIZEN, "Tolong")
    page.officer_writes(CITIZEN, "Sebentar")
    told = {(one.id, one.text, one.sender, one.conversation, one.in_reply_to) for one in brought(page)}
    found = messages(await asked(page, datetime.now(UTC) - timedelta(hours=1)))
    assert {(one.id, one.text, one.sender, one.conversation, one.in_reply_to) for one in found} == told
    assert len(told) == 4


async def test_what_is_older_than_asked_for_is_left(page: Page) -> None:
    post = page.posts(CITIZEN, "Banjir")
    page.writes(CITIZEN, "Tolong")
    page.wait(7200)
    page.comments("7200", post, "Belum surut")
    found = messages(await asked(page, datetime.now(UTC) + timedelta(hours=1)))
    assert [one.text for one in found] == ["Belum surut"]


async def test_who_asks_goes_on_where_it_was(page: Page) -> None:
    async with opened(channel(**reaching(page), poll_seconds=300)) as adapter:
        first = await adapter.poll(None)
        page.posts(CITIZEN, "Banjir")
        second = await adapter.poll(first.cursor)
        page.wait(3600)
        third = await adapter.poll((datetime.now(UTC) + timedelta(hours=1)).isoformat())
    assert [len(one.deliveries) for one in (first, second, third)] == [0, 1, 0]
    assert (adapter.source(), second.wait) == (f"{page.graph_url}/{PAGE}", 300)
    assert channel().source() == ""


async def test_the_words_of_a_mention_are_asked_for(page: Page) -> None:
    known = page.mentions("7200", "Jalan berlubang, @Pemprov Contoh")
    (first,) = brought(page)
    assert (first.text, first.sender, first.fields) == ("", None, {LACKS: known})
    adapter = channel(**reaching(page))

    body = await adapter.complete(first.fields[LACKS], get)
    (second,) = messages([Delivery(id="w", channel="facebook", received_at=RECEIVED_AT, body=body)])
    assert (second.replaces, second.text, second.fields) == (first.id, "Jalan berlubang, @Pemprov Contoh", {})
    assert second.sender == Address("account", "7200", "Warga 7200")


@pytest.mark.parametrize("reference", ["", "../me", "m_1", "1?fields=access_token"])
async def test_words_are_asked_for_by_an_id_only(reference: str) -> None:
    with pytest.raises(Refused):
        await channel().complete(reference, unasked)


def test_what_was_removed_is_taken_back_also_without_its_author(page: Page) -> None:
    page.nameless = {"7200"}
    known = page.posts("7200", "Banjir")
    page.becomes(known, "hide")
    page.becomes(known, "unhide")
    page.becomes(known, "remove")
    bodies = [Delivery(id=str(n), channel="facebook", received_at=RECEIVED_AT, body=one) for n, one in left(page)]
    events = [event for one in bodies for event in channel().parse(one)]
    assert [type(event) for event in events] == [Message, Retracted]
    assert [event.message for event in events if isinstance(event, Retracted)] == [known]


def test_odd_methods_are_refused() -> None:
    with pytest.raises(RequestRefused) as caught:
        channel().receive(signed(BODY, method="PUT"))
    assert caught.value.status == 405
