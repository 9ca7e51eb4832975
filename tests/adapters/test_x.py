"""The X channel against recorded answers and webhooks, and a stand-in for the X API, asked by tweepy."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from aiohttp import ClientTimeout
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters import (
    Address,
    Batch,
    ChannelDown,
    ChannelError,
    Delivery,
    Message,
    RecipientGone,
    Refused,
    Reply,
    RequestRefused,
    Sent,
    Throttled,
    Unauthorized,
    Unreadable,
    WebRequest,
)
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of
from adapters.testing.standins.x import X as StandIn
from adapters.x import X, line
from adapters.x.hook import SIGNATURE, proof
from adapters.x.reasons import patience, refusal
from adapters.x.spending import Spending

PAYLOADS = Path(__file__).parent / "payloads" / "x"
ACCOUNT, CITIZEN, OTHER = "1716450569", 2244994945, 783214
SECRET = "rahasia-aplikasi"
SETTINGS: Mapping[str, Any] = {
    "username": "kanal_kota",
    "consumer_key": "kunci-aplikasi",
    "consumer_secret": SECRET,
    "access_token": f"{ACCOUNT}-tokenakun",
    "access_token_secret": "rahasia-akun",
    "webhook": True,
}
BODY = (PAYLOADS / "called-mention.json").read_bytes()
REPLY = Reply(id="a-1", channel="x", to=Address("x", str(CITIZEN)), text="Terima kasih. Kode KNL-7F3K-92QX")


def request(**changes: Any) -> WebRequest:
    made = WebRequest(
        method="POST",
        path="",
        public_url="https://kanal.example.go.id/in/x",
        headers={"Content-Type": "application/json"},
        query="",
        body=BODY,
        peer="192.0.2.7",
        received_at=RECEIVED_AT,
    )
    return msgspec.structs.replace(made, **changes)


def signed(body: bytes = BODY, secret: str = SECRET, **changes: Any) -> WebRequest:
    return request(body=body, headers={SIGNATURE: proof(secret, body)}, **changes)


def recorded(name: str) -> WebRequest:
    return signed((PAYLOADS / f"{name}.json").read_bytes())


def channel(**changes: Any) -> X:
    return X(settings_of(X, {**SETTINGS, **changes}))


def reaching(x: StandIn) -> dict[str, Any]:
    """The settings that lead to a stand-in."""
    names = ("username", "consumer_key", "consumer_secret", "access_token", "access_token_secret")
    return {"api_url": x.url, **{name: getattr(x, name) for name in names}}


@pytest.mark.threat("P0-15", "P0-16")
class TestX(AdapterContract):
    adapter = X
    settings = SETTINGS
    payloads = PAYLOADS
    genuine = signed()
    refused = {
        "forged with another secret": signed(secret="tebakan"),
        "forged body": request(body=BODY + b" ", headers={SIGNATURE: proof(SECRET, BODY)}),
        "forged by writing it anew": request(
            body=json.dumps(json.loads(BODY)).encode(), headers={SIGNATURE: proof(SECRET, BODY)}
        ),
        "forged in hexadecimal, as Meta signs": request(headers={SIGNATURE: f"sha256={b'0'.hex() * 32}"}),
        "forged outside ASCII": request(headers={SIGNATURE: "sha256=é"}),
        "forged challenge, to have a body signed": request(method="GET", query="crc_token=%7B%22data%22%3A%7B%7D%7D"),
        "unproven": request(),
        "unproven challenge": request(method="GET"),
    }
    refused_settings = {
        "a name with @": {"username": "@kanal_kota"},
        "a bearer token in place of the account's": {"access_token": "AAAAAAAAAAAAAAAAAAAAA"},
        "a secret over two lines": {"consumer_secret": "rahasia\naplikasi"},
        "no origin": {"api_url": "https://api.twitter.com/2"},
        "asked for direct messages too often": {"messages_seconds": 30},
    }
    reply = REPLY

    def prove(self, request: WebRequest) -> WebRequest:
        return msgspec.structs.replace(request, headers={SIGNATURE: proof(SECRET, request.body)})

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with StandIn() as x:
            x.writes(CITIZEN, "Banjir")
            _goes_wrong(x, outcome, "messages")
            x.closed = {str(CITIZEN)} if outcome == "gone" else set()
            yield reaching(x)

    @asynccontextmanager
    async def feed(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with StandIn() as x:
            x.posts(CITIZEN, "@kanal_kota banjir di RT 3")
            x.writes(CITIZEN, "Nomor rumah 5")
            _goes_wrong(x, outcome, "*")
            yield reaching(x)


def _goes_wrong(x: StandIn, outcome: str, name: str) -> None:
    statuses = {"throttled": 429, "down": 503, "unauthorized": 401, "refused": 400}
    if outcome in statuses:
        x.fault(name, status=statuses[outcome], times=None)


@pytest.fixture
def x() -> Iterator[StandIn]:
    with StandIn(pause=0.02) as standin:
        yield standin


async def polled(x: StandIn, cursor: str | None = None, **changes: Any) -> Batch:
    async with opened(channel(**{**reaching(x), **changes})) as adapter:
        batch: Batch = await adapter.poll(cursor)
    return batch


async def sent(x: StandIn, reply: Reply = REPLY) -> Any:
    async with opened(channel(**reaching(x))) as adapter:
        return await adapter.send(reply)


def read(batch: Batch) -> list[Any]:
    return [event for one in batch.deliveries for event in channel().parse(one)]


def texts(batch: Batch) -> list[str]:
    return [event.text for event in read(batch)]


async def test_what_is_new_since_then_is_told_once(x: StandIn) -> None:
    x.posts(CITIZEN, "@kanal_kota satu")
    first = await polled(x)
    x.posts(CITIZEN, "@kanal_kota dua")
    second = await polled(x, first.cursor)
    third = await polled(x, second.cursor)
    assert [texts(one) for one in (first, second, third)] == [["satu"], ["dua"], []]
    assert third.cursor == second.cursor


async def test_who_begins_hears_of_the_last_day_only(x: StandIn) -> None:
    x.now = lambda: datetime.now(UTC) - timedelta(days=2)  # type: ignore[method-assign]
    x.posts(CITIZEN, "@kanal_kota lama")
    x.writes(CITIZEN, "lama")
    del x.now
    x.posts(CITIZEN, "@kanal_kota baru")
    assert texts(await polled(x)) == ["baru"]


async def all_of(x: StandIn, cursor: str | None, **changes: Any) -> tuple[list[str], str | None]:
    """Asking on and on until there is no more."""
    said: list[str] = []
    while (batch := await polled(x, cursor, **changes)).cursor != cursor:
        said, cursor = [*said, *texts(batch)], batch.cursor
    return said, cursor


async def test_a_flood_is_read_page_by_page(x: StandIn) -> None:
    _, cursor = await all_of(x, None, direct_messages=False)
    for number in range(230):
        x.posts(CITIZEN, f"@kanal_kota laporan {number}")
    said, cursor = await all_of(x, cursor, direct_messages=False)
    assert sorted(said) == sorted(f"laporan {number}" for number in range(230))
    assert [call.fields["max_results"] for call in x.called("mentions")] == ["100"] * len(x.called("mentions"))
    x.posts(CITIZEN, "@kanal_kota sesudahnya")
    assert (await all_of(x, cursor, direct_messages=False))[0] == ["sesudahnya"]


async def test_messages_are_walked_until_one_that_is_known(x: StandIn) -> None:
    x.writes(CITIZEN, "mula-mula")
    first = await polled(x)
    for number in range(230):
        x.writes(CITIZEN, f"pesan {number}")
    said, cursor = await all_of(x, first.cursor)
    assert sorted(said) == sorted(f"pesan {number}" for number in range(230))
    asked = len(x.called("dm_events"))
    x.writes(CITIZEN, "sesudahnya")
    assert texts(await polled(x, cursor)) == ["sesudahnya"]
    assert len(x.called("dm_events")) == asked + 1


async def test_what_comes_while_pages_are_read_is_not_lost(x: StandIn) -> None:
    for number in range(150):
        x.posts(CITIZEN, f"@kanal_kota laporan {number}")
    first = await polled(x, direct_messages=False)
    x.posts(CITIZEN, "@kanal_kota di tengah")
    said, _ = await all_of(x, first.cursor, direct_messages=False)
    assert {*texts(first), *said} == {f"laporan {number}" for number in range(150)} | {"di tengah"}


async def test_of_a_long_post_all_is_read_and_of_one_with_files_each_is_named(x: StandIn) -> None:
    long = "Jalan berlubang di depan pasar. " * 20
    x.posts(CITIZEN, f"@kanal_kota {long}")
    x.posts_files(CITIZEN, "@kanal_kota sampah", [(b"satu", "image/jpeg"), (b"dua", "image/jpeg")])
    whole, files = read(await polled(x))
    assert whole.text == long.strip()
    assert (files.text, len(files.attachments)) == ("sampah", 2)


async def test_an_edit_replaces_what_it_edits_by_whatever_id_that_was_known(x: StandIn) -> None:
    first = x.posts(CITIZEN, "@kanal_kota banjir")
    batch = await polled(x)
    second = x.edits(first, "@kanal_kota banjir di RT 3")
    third = x.edits(second, "@kanal_kota banjir di RT 3 RW 2")
    (edit,) = read(await polled(x, batch.cursor))
    assert (edit.id, edit.replaces, edit.text) == (third, first, "banjir di RT 3 RW 2")


async def test_what_is_passed_on_is_no_report_and_what_is_quoted_is_kept(x: StandIn) -> None:
    other = x.posts(OTHER, "Pohon tumbang di Jalan Mawar")
    x.passes_on(CITIZEN, other, "@kanal_kota banjir")
    x.quotes(CITIZEN, other, "@kanal_kota tolong ini")
    (quote,) = read(await polled(x))
    assert [aside.text for aside in quote.asides] == ["Pohon tumbang di Jalan Mawar"]


async def test_a_poll_says_what_it_was_charged_for(x: StandIn) -> None:
    other = x.posts(OTHER, "Pohon tumbang")
    x.quotes(CITIZEN, other, "@kanal_kota ini")
    x.posts(CITIZEN, "@kanal_kota itu")
    x.writes(CITIZEN, "Halo")
    assert (await polled(x)).spent == {"post_read": 3, "user_read": 1, "dm_read": 1}


async def test_the_same_is_charged_for_once_in_a_day(x: StandIn) -> None:
    """Messages are told of again whenever they are asked for."""
    for number in range(30):
        x.writes(CITIZEN, f"pesan {number}")
    async with opened(channel(**reaching(x))) as adapter:
        spent = [(await adapter.poll(None)).spent for _ in range(2)]
        x.writes(CITIZEN, "satu lagi")
        spent.append((await adapter.poll(None)).spent)
    assert spent == [{"dm_read": 20, "user_read": 1}, {}, {"dm_read": 1}]


def test_another_day_is_charged_for_anew() -> None:
    spending = Spending()
    days = [datetime(2026, 11, 23, 23, 59, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)]
    things = [("post_read", "1"), ("post_read", "2"), ("user_read", "1")]
    assert [spending.spent(things, day) for day in (*days, days[1])] == [{"post_read": 2, "user_read": 1}] * 2 + [{}]


async def test_patience_with_messages_does_not_keep_from_hearing_mentions(x: StandIn) -> None:
    x.fault("dm_events", status=429, retry_after=600)
    x.posts(CITIZEN, "@kanal_kota banjir")
    batch = await polled(x)
    assert texts(batch) == ["banjir"]
    assert batch.wait <= 30


async def test_patience_lasts_until_the_first_of_the_limits_is_over(x: StandIn) -> None:
    x.fault("dm_events", status=429, retry_after=600)
    x.fault("mentions", status=429, retry_after=300)
    with pytest.raises(Throttled) as caught:
        await polled(x)
    assert 200 < caught.value.retry_after <= 301


async def test_a_page_whose_way_is_not_good_any_more_is_asked_for_anew(x: StandIn) -> None:
    for number in range(101):
        x.posts(CITIZEN, f"@kanal_kota laporan {number}")
    first = await polled(x, direct_messages=False)
    x.fault("mentions", status=400)
    said, _ = await all_of(x, first.cursor, direct_messages=False)
    assert "laporan 0" in said


@pytest.mark.parametrize("name", ["mentions", "dm_events"])
async def test_a_permission_that_is_missing_is_told_once_the_rest_is_heard(x: StandIn, name: str) -> None:
    x.fault(name, status=403, times=None)
    x.posts(CITIZEN, "@kanal_kota banjir")
    x.writes(CITIZEN, "Halo")
    first = await polled(x)
    with pytest.raises(Unauthorized, match="permissions"):
        await all_of(x, first.cursor)
    assert len(texts(first)) == 1


FAULTS: Mapping[str, tuple[dict[str, Any], type[ChannelError]]] = {
    "an answer that is cut": ({"cut": True}, ChannelDown),
    "a page of HTML": ({"status": 502}, ChannelDown),
    "no credits": ({"status": 402}, Unauthorized),
    "keys that are not good": ({"status": 401}, Unauthorized),
}


@pytest.mark.parametrize(("fault", "expected"), FAULTS.values(), ids=FAULTS)
async def test_whatever_goes_wrong_is_an_error_of_the_channel(
    x: StandIn, fault: dict[str, Any], expected: type[ChannelError]
) -> None:
    x.posts(CITIZEN, "@kanal_kota banjir")
    x.fault(**fault, times=None)
    with pytest.raises(expected):
        await polled(x)


async def test_nobody_at_the_other_end_is_an_error_of_the_channel(x: StandIn) -> None:
    x.stop()
    with pytest.raises(ChannelDown, match="cannot be reached"):
        await polled(x)
    x.start()


async def test_a_stalled_connection_ends(x: StandIn, monkeypatch: pytest.MonkeyPatch) -> None:
    """tweepy itself would wait for ever."""
    monkeypatch.setattr(line, "PATIENCE", ClientTimeout(total=0.2))
    x.fault("mentions", slow=5)
    with pytest.raises(ChannelDown, match="cannot be reached"):
        await polled(x, direct_messages=False)


@pytest.mark.threat("P0-11")
async def test_what_x_cannot_give_back_is_known(x: StandIn) -> None:
    x.most = 3
    for number in range(5):
        x.posts(CITIZEN, f"@kanal_kota laporan {number}")
    async with opened(channel(**reaching(x))) as adapter:
        since = datetime.now(UTC) - timedelta(days=40)
        batches: list[Batch] = [one async for one in adapter.backfill(since)]
    assert sorted(text for one in batches for text in texts(one)) == ["laporan 2", "laporan 3", "laporan 4"]
    assert [(one.what, one.most, one.days) for one in channel().horizon()] == [("mention", 800, None), ("dm", None, 30)]
    assert [one.what for one in channel(direct_messages=False).horizon()] == ["mention"]


async def test_the_check_knows_whose_the_token_is(x: StandIn) -> None:
    async with opened(channel(**reaching(x))) as adapter:
        await adapter.check()
    async with opened(channel(**{**reaching(x), "username": "orang_lain"})) as adapter:
        with pytest.raises(ChannelDown, match="another account"):
            await adapter.check()
    async with opened(channel(**{**reaching(x), "consumer_secret": "salah"})) as adapter:
        with pytest.raises(Unauthorized):
            await adapter.check()


def openly(post: str, text: str = "Laporan Anda kami terima.") -> Reply:
    return msgspec.structs.replace(REPLY, public=True, in_reply_to=post, text=text)


async def test_who_posts_is_answered_below_the_post_and_who_writes_by_a_message(x: StandIn) -> None:
    post = x.posts(CITIZEN, "@kanal_kota banjir")
    receipt = await sent(x, openly(post))
    assert (x.answers(post), receipt.spent) == (["Laporan Anda kami terima."], {"post": 1})
    message = await sent(x)
    assert (x.shown(CITIZEN), message.spent) == ([REPLY.text], {"dm": 1})
    assert (message.external_id or "").startswith("dm:")


async def test_a_link_in_public_is_counted_as_such(x: StandIn) -> None:
    post = x.posts(CITIZEN, "@kanal_kota banjir")
    assert (await sent(x, openly(post, "Lihat https://kanal.example.go.id"))).spent == {"post_with_link": 1}


def _of_who_does_not_name_us(x: StandIn) -> str:
    return x.replies(CITIZEN, x.posts(int(ACCOUNT), "Selamat pagi"), "masih rusak")


#: How a reply comes to be refused, and what is said of it.
REFUSED: Mapping[str, tuple[Any, type[ChannelError], str]] = {
    "its author does not name us": (lambda x: openly(_of_who_does_not_name_us(x)), Refused, "did not mention"),
    "the post is gone": (lambda x: openly("1"), Refused, "gone"),
    "the post is of another channel": (lambda x: openly("<a@example.org>"), Refused, "no post"),
    "it is longer than 280": (lambda x: openly(x.posts(CITIZEN, "@kanal_kota a"), "A" * 281), Refused, "longer"),
    "it is to a phone": (
        lambda x: msgspec.structs.replace(REPLY, to=Address("phone", "+6281112722060")),
        Refused,
        "accounts of its own",
    ),
}


@pytest.mark.parametrize(("made", "expected", "why"), REFUSED.values(), ids=REFUSED)
async def test_what_is_refused_is_told_in_words_that_quote_nothing(
    x: StandIn, made: Any, expected: type[ChannelError], why: str
) -> None:
    reply = made(x)
    with pytest.raises(expected, match=why) as caught:
        await sent(x, reply)
    assert reply.text not in str(caught.value)


async def test_who_quotes_us_is_answered_in_public(x: StandIn) -> None:
    post = x.quotes(CITIZEN, x.posts(int(ACCOUNT), "Selamat pagi"), "masih rusak")
    await sent(x, openly(post))
    assert x.answers(post)


async def test_what_is_said_twice_in_a_row_is_refused_not_said_twice(x: StandIn) -> None:
    post = x.posts(CITIZEN, "@kanal_kota banjir")
    await sent(x, openly(post))
    with pytest.raises(Refused, match="the same just now"):
        await sent(x, openly(post))


#: Status, X's words, its headers, and what that is.
ANSWERS: Mapping[str, tuple[int, dict[str, Any], dict[str, str], type[ChannelError]]] = {
    "patience": (429, {"title": "Too Many Requests"}, {}, Throttled),
    "the month's reads are used up": (
        429,
        {"type": "https://api.twitter.com/2/problems/usage-capped"},
        {},
        Unauthorized,
    ),
    "no credits": (402, {"title": "CreditsDepleted", "detail": "no credits"}, {}, Unauthorized),
    "no permission for direct messages": (403, {"detail": "the appropriate oauth1 app permissions"}, {}, Unauthorized),
    "our account is locked": (403, {"detail": "Your account is temporarily locked."}, {}, Unauthorized),
    "they take no messages": (403, {"detail": "You do not have permission to DM one or more"}, {}, RecipientGone),
    "they have blocked us": (403, {"detail": "You have been blocked from"}, {}, RecipientGone),
    "codes of API v1.1": (
        403,
        {"errors": [{"code": 349, "message": "You cannot send messages to this user"}]},
        {},
        RecipientGone,
    ),
    "anything else": (403, {"detail": "You are not permitted to perform this action."}, {}, Refused),
    "not found": (404, {"title": "Not Found Error"}, {}, Refused),
    "errors with status 200": (200, {"errors": [{"title": "Not Found Error"}]}, {}, Refused),
    "another address": (301, {}, {}, ChannelDown),
    "over capacity, in HTML": (503, {}, {}, ChannelDown),
    "a page of somebody in between": (403, {}, {}, ChannelDown),
}


@pytest.mark.parametrize(
    "words",
    [
        "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged.",
        "You can only reply to or quote posts where you are mentioned or are the author.",
    ],
)
def test_who_did_not_name_us_is_told_in_either_wording(words: str) -> None:
    assert "did not mention" in str(refusal(403, {"title": "Forbidden", "detail": words}, {}))


@pytest.mark.parametrize(("status", "told", "headers", "expected"), ANSWERS.values(), ids=ANSWERS)
def test_what_an_answer_means(
    status: int, told: dict[str, Any], headers: dict[str, str], expected: type[ChannelError]
) -> None:
    assert type(refusal(status, told, headers)) is expected


NOW = "Mon, 23 Nov 2026 10:00:00 GMT"
RESET = int(datetime(2026, 11, 23, 10, 5, tzinfo=UTC).timestamp())
TOMORROW = str(RESET + 80_000)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({"Date": NOW, "x-rate-limit-reset": str(RESET)}, 300, id="by X's clock, whatever ours says"),
        pytest.param({"Date": NOW, "x-rate-limit-reset": str(RESET - 900)}, 1, id="over already"),
        pytest.param({"Date": NOW, "x-rate-limit-reset": TOMORROW}, 900, id="never longer than it lasts"),
        pytest.param(
            {"Date": NOW, "x-user-limit-24hour-remaining": "0", "x-user-limit-24hour-reset": TOMORROW},
            80_300,
            id="that of the day",
        ),
        pytest.param({"x-rate-limit-reset": "besok"}, 60, id="no time"),
        pytest.param({}, 60, id="nothing told"),
    ],
)
def test_how_long_patience_lasts(headers: dict[str, str], seconds: float) -> None:
    assert patience(headers) == seconds


@pytest.mark.threat("P0-12")
def test_patience_without_a_date_is_by_our_own_clock() -> None:
    reset = str(int(datetime.now(UTC).timestamp()) + 100)
    assert 90 < patience({"x-rate-limit-reset": reset}) <= 100


def challenge(query: str) -> bytes:
    return channel(consumer_secret="apiSecret").receive(request(method="GET", query=query, headers={})).response.body


def test_a_challenge_is_answered_over_the_token_as_it_is_meant() -> None:
    expected = {"response_token": "sha256=O5hJl2njQRIa4vsumZ+3oom9ECR5m3aQLRZkPoYelp0="}
    assert json.loads(challenge("crc_token=test+token")) == json.loads(challenge("crc_token=test%20token")) == expected


@pytest.mark.parametrize("token", ["", "%7B%7D", "%22for_user_id%22", "a%0Ab", "a" * 201, "%5B1%5D", "é"])
def test_whoever_challenges_us_gets_no_signature_for_a_body(token: str) -> None:
    with pytest.raises(RequestRefused) as caught:
        challenge(f"crc_token={token}")
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("made", "status"),
    [
        pytest.param(signed(method="PUT"), 405, id="method"),
        pytest.param(signed(path="more"), 404, id="path"),
        pytest.param(signed(body=b"x" * 4_194_305), 413, id="too large"),
    ],
)
def test_requests_are_refused_with_the_right_status(made: WebRequest, status: int) -> None:
    with pytest.raises(RequestRefused) as caught:
        channel().receive(made)
    assert caught.value.status == status


def test_who_is_not_called_has_no_address() -> None:
    with pytest.raises(RequestRefused) as caught:
        channel(webhook=False).receive(signed())
    assert caught.value.status == 404


def ids(made: WebRequest) -> list[str]:
    return [one.id for one in channel().receive(made).deliveries]


def of_another(name: str) -> WebRequest:
    return signed((PAYLOADS / f"{name}.json").read_bytes().replace(ACCOUNT.encode(), b"999"))


#: What is brought, and the ids of what is kept of it.
BROUGHT: Mapping[str, tuple[WebRequest, list[str]]] = {
    "a mention": (recorded("called-mention"), ["post:2080765813578191303"]),
    "a reply": (recorded("called-reply"), ["post:2080765813578191303"]),
    "a message": (recorded("called-message"), ["dm:2080765901528535096"]),
    "an encrypted message": (recorded("encrypted"), ["chat:e4f4d3fc-8bbf-4928-92eb-e5058d6bb6f6"]),
    "a former mention": (recorded("former-mention"), ["post:2080765813578191303"]),
    "a former message": (recorded("former-message"), ["dm:2080765901528535096"]),
    "a mention of another account": (of_another("called-mention"), []),
    "a former message to another account": (of_another("former-message"), []),
    "a mention whose photos are left out": (
        signed(
            (PAYLOADS / "called-mention.json")
            .read_bytes()
            .replace(b'"lang"', b'"attachments":{"media_keys":["3_1"]},"lang"')
        ),
        [],
    ),
}


@pytest.mark.parametrize(("made", "kept"), BROUGHT.values(), ids=BROUGHT)
def test_what_is_brought_has_the_id_that_it_has_when_asked_for(made: WebRequest, kept: list[str]) -> None:
    assert ids(made) == kept


#: What X charges for what it brings: each event of the X Activity API, whether it is kept or not.
CHARGED: Mapping[str, tuple[WebRequest, Mapping[str, int]]] = {
    "a mention": (recorded("called-mention"), {"post_event": 1}),
    "a reply": (recorded("called-reply"), {"post_event": 1}),
    "a message": (recorded("called-message"), {"dm_event": 1}),
    "an encrypted message": (recorded("encrypted"), {"dm_event": 1}),
    "a mention whose photos are left out": (BROUGHT["a mention whose photos are left out"][0], {"post_event": 1}),
    "a deletion": (recorded("called-deletion"), {}),
    "a mention of another account": (of_another("called-mention"), {}),
    "a former mention": (recorded("former-mention"), {}),
    "what nobody knows yet": (signed(b'{"data":{"event_type":"news.new","payload":{}}}'), {}),
}


@pytest.mark.parametrize(("made", "spent"), CHARGED.values(), ids=CHARGED)
def test_what_is_brought_is_charged_for_once(made: WebRequest, spent: Mapping[str, int]) -> None:
    adapter = channel()
    assert (adapter.receive(made).spent, adapter.receive(made).spent) == (spent, {})


@pytest.mark.parametrize("body", [b"{}", b'{"data":{"event_type":"news.new","payload":{}}}', b"\xff", b"[]"])
def test_what_nobody_knows_yet_is_acknowledged_and_kept(body: bytes) -> None:
    received = channel().receive(signed(body))
    assert (len(received.deliveries), received.response.status) == (1, 200)


def test_a_long_text_that_was_cut_is_left_to_asking() -> None:
    told = json.loads(BODY)
    told["data"]["payload"]["text"] = "@kanal_kota " + "banjir " * 38 + "… https://t.co/abcdefghij"
    assert ids(signed(json.dumps(told).encode())) == []


async def test_what_comes_by_both_ways_is_the_same(x: StandIn) -> None:
    x.posts(CITIZEN, "@kanal_kota banjir")
    x.writes(CITIZEN, "Halo")
    asked = await polled(x)
    names = [one.id for one in asked.deliveries]
    x.posting.url = "http://127.0.0.1:9/"
    x.posts(CITIZEN, "@kanal_kota padam")
    x.writes(CITIZEN, "Lagi")
    brought = [one for body in x.posting.taken_back() for one in channel().receive(signed(body)).deliveries]
    again = await polled(x, asked.cursor)
    assert [one.id for one in brought] == [one.id for one in again.deliveries]
    assert not {one.id for one in brought} & set(names)
    assert said(brought) == said(again.deliveries)


def said(deliveries: Sequence[Delivery]) -> list[tuple[str, str]]:
    found = [event for one in deliveries for event in channel().parse(one)]
    return [(event.id, event.text) for event in found if isinstance(event, Message)]


async def test_what_an_officer_writes_by_x_is_told_but_no_report(x: StandIn) -> None:
    x.officer_writes(CITIZEN, "Kami cek dulu.")
    (event,) = read(await polled(x))
    assert isinstance(event, Sent)
    assert (event.text, event.to) == ("Kami cek dulu.", Address("x", str(CITIZEN)))


async def test_files_are_fetched_where_they_lie_and_those_of_messages_with_a_proof() -> None:
    asked: dict[str, Mapping[str, str]] = {}

    async def get(url: str, headers: Mapping[str, str] | None = None) -> bytes:
        asked[url] = headers or {}
        return b"foto"

    for name in ("photos", "message-photo"):
        delivery = Delivery(id="d", channel="x", received_at=RECEIVED_AT, body=(PAYLOADS / f"{name}.json").read_bytes())
        (event,) = channel().parse(delivery)
        assert isinstance(event, Message)
        assert [await channel().fetch(one, get) for one in event.attachments] == [b"foto"] * len(event.attachments)
    assert [bool(headers.get("Authorization")) for headers in asked.values()] == [False, False, True]


ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda one: st.lists(one, max_size=2)
)


@settings(max_examples=40)
@given(st.sampled_from(sorted(PAYLOADS.glob("*[!s].json"))), st.data())
def test_one_odd_value_never_ends_the_reader(path: Path, data: st.DataObject) -> None:
    told = json.loads(path.read_bytes())
    place: Any = told
    while True:
        keys = list(place) if isinstance(place, dict) else list(range(len(place)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(place[key], dict | list) or not place[key] or data.draw(st.booleans()):
            place[key] = data.draw(ODD)
            break
        place = place[key]
    body = json.dumps(told).encode()
    try:
        events = channel().parse(Delivery(id="d", channel="x", received_at=RECEIVED_AT, body=body))
    except Unreadable:
        events = ()
    assert msgspec.json.encode(events)
    assert channel().receive(signed(body)).response.status == 200
