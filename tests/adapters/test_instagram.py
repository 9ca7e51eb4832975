"""The Instagram channel against recorded webhooks and a stand-in for Meta's Graph API."""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters import (
    LACKS,
    Address,
    ChannelDown,
    ChannelError,
    Choice,
    Delivery,
    Event,
    Message,
    Refused,
    Reply,
    Retracted,
    Sent,
    Unauthorized,
    WebRequest,
)
from adapters.instagram import Instagram
from adapters.testing import RECEIVED_AT, AdapterContract, opened, settings_of
from adapters.testing.standins.instagram import SHAPES
from adapters.testing.standins.instagram import Instagram as Account
from tests.adapters.meta_requests import SECRETS, get, proven, reaching, refused, signed, unasked

PAYLOADS = Path(__file__).parent / "payloads" / "instagram"
ACCOUNT, CITIZEN = "17841400000000001", "9100000000000001"
SETTINGS: Mapping[str, Any] = {"account_id": ACCOUNT, **SECRETS}
BODY = (PAYLOADS / "text.json").read_bytes()
REPLY = Reply(id="r-1", channel="instagram", to=Address("account", CITIZEN), text="Terima kasih. KNL-7F3K-92QX")
THIRTEEN = tuple(Choice(f"3:{number}", f"{number} Kelurahan Contoh") for number in range(1, 14))


def channel(**changes: Any) -> Instagram:
    return Instagram(settings_of(Instagram, {**SETTINGS, **changes}))


@pytest.mark.threat("P0-15")
class TestInstagram(AdapterContract):
    adapter = Instagram
    settings = {**SETTINGS, "poll_seconds": 300}
    payloads = PAYLOADS
    genuine = signed(BODY)
    refused = refused(BODY)
    refused_settings = {
        "the account's name": {"account_id": "pemprov.contoh"},
        "a page's name": {"page_id": "PemprovContoh"},
        "a verify token that can be guessed": {"verify_token": "kanal"},
        "a hasty poll": {"poll_seconds": 5},
    }
    reply = REPLY

    def words(self, url: str) -> bytes:
        kind, known = re.findall(r"fields=(\w+)\.\w+\((\d+)\)", url)[0]
        return json.dumps({kind: {"id": known, "text": "Banjir", "username": "rina"}}).encode()

    def prove(self, request: WebRequest) -> WebRequest:
        return proven(request)

    @asynccontextmanager
    async def peer(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with Account() as account:
            account.heard_of(CITIZEN)
            statuses = {"throttled": 429, "down": 503, "unauthorized": 401}
            if outcome in statuses:
                account.fault("messages", status=statuses[outcome])
            codes: Mapping[str, tuple[int, int | None]] = {"refused": (10, 2534022), "gone": (551, None)}
            account.refused = {CITIZEN: codes[outcome]} if outcome in codes else {}
            yield reaching(account)

    @asynccontextmanager
    async def feed(self, outcome: str) -> AsyncIterator[Mapping[str, Any]]:
        with Account() as account:
            account.comments(CITIZEN, "Belum surut")
            account.writes(CITIZEN, "Banjir")
            statuses = {"throttled": 429, "down": 503, "unauthorized": 401}
            if outcome in statuses:
                account.fault(status=statuses[outcome], times=None)
            yield reaching(account)


@pytest.fixture
def account() -> Iterator[Account]:
    with Account() as standin:
        standin.heard_of(CITIZEN)
        yield standin


async def sent(account: Account, reply: Reply = REPLY, **changes: Any) -> Any:
    async with opened(channel(**reaching(account))) as adapter:
        return await adapter.send(msgspec.structs.replace(reply, **changes))


def delivery(body: bytes) -> Delivery:
    return Delivery(id="d", channel="instagram", received_at=RECEIVED_AT, body=body)


def brought(account: Account) -> list[Event]:
    """What its webhooks would have brought."""
    return [event for body in account.posting.taken_back() for event in channel().parse(delivery(body))]


async def asked(account: Account, since: datetime) -> list[Event]:
    async with opened(channel(**reaching(account))) as adapter:
        found = [one async for batch in adapter.backfill(since) for one in batch.deliveries]
    return [event for one in found for event in channel().parse(one)]


@pytest.mark.parametrize(("name", "kept"), [("of-another-account", False), ("batch", True), ("unknown-field", True)])
def test_what_is_for_other_accounts_alone_is_acknowledged_and_not_kept(name: str, kept: bool) -> None:
    received = channel().receive(signed((PAYLOADS / f"{name}.json").read_bytes()))
    assert (bool(received.deliveries), received.response.status) == (kept, 200)


@pytest.mark.parametrize("shape", SHAPES)
def test_comments_and_mentions_are_the_same_in_every_shape(account: Account, shape: str) -> None:
    account.shape = shape
    comment, mention = account.comments(CITIZEN, "Lampu padam"), account.mentions(CITIZEN, "Banjir")
    found = [event for event in brought(account) if isinstance(event, Message)]
    assert [(one.id, one.text, LACKS in one.fields) for one in found] == [
        (comment, "Lampu padam", False),
        (mention, "", True),
    ]


@pytest.mark.parametrize("held", ["entry", "changes"])
def test_a_thousand_at_once_are_kept_in_pieces(held: str) -> None:
    (entry,) = json.loads((PAYLOADS / "comment.json").read_bytes())["entry"]
    (change,) = entry.pop("changes")
    many = [{**change, "value": {**change["value"], "id": str(number)}} for number in range(1000)]
    entries = [{**entry, "changes": many}] if held == "changes" else [{**entry, **one} for one in many]
    deliveries = channel().receive(signed(json.dumps({"object": "instagram", "entry": entries}).encode())).deliveries
    assert max(len(one.body) for one in deliveries) < 20_000
    found = [event for one in deliveries for event in channel().parse(one) if isinstance(event, Message)]
    assert {one.id for one in found} == {str(number) for number in range(1000)}


def test_what_is_unsent_is_taken_back(account: Account) -> None:
    known = account.writes(CITIZEN, "Jangan bilang siapa-siapa")
    account.takes_back(CITIZEN, known)
    first, second = brought(account)
    assert (type(first), second) == (Message, Retracted("instagram", known))


async def test_what_is_said_in_a_direct_message(account: Account) -> None:
    receipt = await sent(account, text="x" * 1000, choices=THIRTEEN)
    (shown,) = account.shown(CITIZEN)
    assert (shown.id, len(shown.options)) == (receipt.external_id, 13)


async def test_letters_count_as_bytes(account: Account) -> None:
    assert channel().capabilities.alphabet == "utf-8"
    with pytest.raises(Refused):
        await sent(account, text="é" * 501)


async def test_an_app_that_logs_in_by_facebook_sends_by_the_page(account: Account) -> None:
    async with opened(channel(**reaching(account), page_id="110152340000000")) as adapter:
        with pytest.raises(Unauthorized):
            await adapter.send(REPLY)
    assert [call.path for call in account.calls] == ["/v25.0/110152340000000/messages"]


@pytest.mark.parametrize("late", [False, True])
async def test_what_a_person_wrote_by_hand_alone_has_the_tag(account: Account, late: bool) -> None:
    account.wait(90_000)
    if late:
        await sent(account, late=True)
        assert [one.tag for one in account.shown(CITIZEN)] == ["HUMAN_AGENT"]
    else:
        with pytest.raises(Refused):
            await sent(account)


async def test_a_comment_is_answered_below_it_and_once_in_private(account: Account) -> None:
    known = account.comments("9200", "Lampu padam")
    to = Address("account", "9200")
    await sent(account, to=to, conversation=known, public=True)
    await sent(account, to=to, opens=known)
    assert account.answers(known) == [REPLY.text]
    assert [one.opened_by for one in account.shown("9200")] == [known]
    with pytest.raises(Refused, match="before"):
        await sent(account, to=to, opens=known)


@pytest.mark.parametrize("in_comment", [True, False])
async def test_a_mention_is_completed_and_answered_where_it_stands(account: Account, in_comment: bool) -> None:
    known = account.mentions("9200", "Jalan berlubang @pemprov.contoh", in_comment=in_comment)
    (first,) = brought(account)
    assert isinstance(first, Message)
    assert (first.text, first.sender) == ("", None)
    body = await channel(**reaching(account)).complete(first.fields[LACKS], get)
    (second,) = channel().parse(delivery(body))
    assert isinstance(second, Message)
    assert (second.replaces, second.text, second.fields) == (first.id, "Jalan berlubang @pemprov.contoh", {})
    assert second.sender == Address("handle", "warga.9200", "warga.9200")
    await sent(account, to=second.sender, conversation=second.conversation, public=True)
    assert account.answers(known) == [REPLY.text]


@pytest.mark.parametrize("reference", ["", "mention:", "mention:x", "mention:1:2){id}", "comment:1", "mention:a:1"])
async def test_words_are_asked_for_by_ids_only(reference: str) -> None:
    with pytest.raises(Refused):
        await channel().complete(reference, unasked)


async def test_words_that_meta_does_not_tell_are_asked_for_again(account: Account) -> None:
    with pytest.raises(ChannelDown):
        await channel(**reaching(account)).complete("mention:1:2", get)


@pytest.mark.parametrize("place", ["", "../me", "mention:", "mention::1", "1?fields=x"])
async def test_nothing_is_answered_where_nobody_said_anything(account: Account, place: str) -> None:
    with pytest.raises(Refused):
        await sent(account, conversation=place, public=True)
    assert account.calls == []


async def test_what_is_asked_for_is_what_webhooks_bring(account: Account) -> None:
    account.comments("9200", "Di sini juga", under=account.comments(CITIZEN, "Lampu padam"))
    account.writes(CITIZEN, "Tolong")
    account.officer_writes(CITIZEN, "Sebentar")
    told = {_gist(one) for one in brought(account)}
    assert {_gist(one) for one in await asked(account, datetime.now(UTC) - timedelta(hours=1))} == told
    assert len(told) == 4
    assert await asked(account, datetime.now(UTC) + timedelta(hours=1)) == []


def _gist(event: Event) -> tuple[object, ...]:
    if isinstance(event, Sent):
        return (event.message, event.text, event.to)
    assert isinstance(event, Message)
    return (event.id, event.text, event.sender, event.conversation, event.in_reply_to)


@pytest.mark.parametrize(
    ("changes", "meant"), [({}, None), ({"token": "EAAkedaluwarsa"}, Unauthorized), ({"account_id": "1"}, Unauthorized)]
)
async def test_the_check_proves_token_and_account(
    account: Account, changes: dict[str, Any], meant: type[ChannelError] | None
) -> None:
    found = None
    async with opened(channel(**{**reaching(account), **changes})) as adapter:
        try:
            await adapter.check()
        except ChannelError as error:
            found = type(error)
    assert found is meant


@pytest.mark.parametrize(
    ("graph_url", "first"),
    [
        ("https://graph.facebook.com/v25.0", "graph.facebook.com"),
        ("https://graph.instagram.com/v25.0", "graph.instagram.com"),
        ("http://127.0.0.1:8081/v25.0", "http://127.0.0.1:8081"),
    ],
)
def test_files_are_fetched_from_meta_alone(graph_url: str, first: str) -> None:
    hosts = channel(graph_url=graph_url).hosts()
    assert hosts == (first, "*.fbcdn.net", "*.fbsbx.com", "*.cdninstagram.com")


_names = ("id", "text", "from", "mid", "message", "attachments", "payload", "timestamp", "words", "media_id", "read")
_ODD = (None, True, 0, -1, 2**70, 1e300, float("nan"), "", "1", "x" * 500, "\ud83d", "https://a", "\0")
_values = st.recursive(
    st.sampled_from(_ODD),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_names), inner, max_size=3),
    max_leaves=6,
)


@given(told=st.dictionaries(st.sampled_from(_names), _values), held=st.sampled_from(["messaging", "changes", "entry"]))
def test_whatever_stands_anywhere_in_a_webhook_is_read(told: dict[str, Any], held: str) -> None:
    change = {"field": "comments", "value": told}
    items = {"messaging": [told, {"message": told}], "changes": [change, {"field": "mentions", "value": told}]}
    entry = {"id": ACCOUNT, **(change if held == "entry" else {held: items[held]})}
    body = json.dumps({"object": "instagram", "entry": [entry]}).encode()
    for event in channel().parse(delivery(body)):
        assert not isinstance(event, Message) or 0 < len(event.id) <= 400
