"""The webhook channel."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from ipaddress import ip_network
from typing import Any, ClassVar
from uuid import uuid4
from zoneinfo import ZoneInfo

import msgspec

from adapters import (
    Attachment,
    Batch,
    ChannelDown,
    ChannelSettings,
    Delivery,
    Event,
    Get,
    Received,
    Refused,
    RequestRefused,
    Response,
    Unreadable,
    WebRequest,
    times,
)
from adapters.calling import Calls
from adapters.signing import allowed
from adapters.webhook import challenge, feeding, proving, reading, values
from adapters.webhook.mapping import Challenge, Feed
from adapters.webhook.settings import WebhookSettings


class Webhook(Calls):
    """Receives at any path what is proven; asks a feed for what it has. What is kept is a body as it came, or one
    report of a feed."""

    kind: ClassVar[str] = "webhook"
    Settings: ClassVar[type[ChannelSettings]] = WebhookSettings
    provider: ClassVar[str] = feeding.PROVIDER

    def __init__(self, settings: WebhookSettings) -> None:
        self._settings = settings
        self._networks = [ip_network(network) for network in settings.allow]
        self._zone = ZoneInfo(settings.timezone)

    def can_receive(self) -> bool:
        return self._settings.proof is not None

    def receive(self, request: WebRequest) -> Received:
        """Raises `RequestRefused`: 403 without proof, 404 where nobody is to call, 405, 413."""
        proof = self._settings.proof
        if proof is None:
            raise RequestRefused("this source is asked and does not call", 404)
        if self._networks and not allowed(request.peer, self._networks):
            raise RequestRefused("the address is not among those allowed")
        if max(len(request.query), len(request.body)) > self._settings.max_size:
            raise RequestRefused("too large", 413)
        if self._settings.challenge and challenge.asked(self._settings.challenge, request):
            return Received([], self._challenged(self._settings.challenge, request))
        proving.prove(proof, self._settings.secrets, request)
        if request.method not in {"GET", "POST", "PUT"}:
            raise RequestRefused("neither GET, POST nor PUT", 405)
        body, content_type = proving.said(proof, request)
        identity = sha256(body).hexdigest() if self._settings.fields.tells_which else uuid4().hex
        kept = self._delivery(identity, request.received_at, body, content_type)
        return Received([kept], self._answer())

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return reading.messages(self._settings.fields, self._zone, delivery)

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        return reading.content(delivery, attachment)

    def hosts(self) -> Sequence[str]:
        return self._settings.photo_hosts

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        if not attachment.reference or not values.urls(attachment.reference):
            raise Refused("the file has no address")
        return await get(attachment.reference)

    def source(self) -> str:
        return self._settings.feed.url if self._settings.feed else ""

    async def poll(self, cursor: str | None) -> Batch:
        return await self._asked(self._feed(), cursor)

    async def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        """Raises `Refused` where nobody says how the feed is told a time."""
        feed = self._feed()
        if not feed.time_format:
            raise Refused("feed.time_format must say how the feed is asked for what came since a time")
        cursor, is_over = times.written(since, feed.time_format, self._zone), False
        while not is_over:
            batch = await self._asked(feed, cursor)
            yield Batch(batch.deliveries, None)
            cursor, is_over = batch.cursor or cursor, batch.wait > 0

    async def check(self) -> bool:
        if self._settings.feed:
            await self.poll(None)
        return bool(self._settings.feed)

    def called_at(self, own: str) -> Sequence[str]:
        proof = self._settings.proof
        if proof is None or proof.shows != "token":
            return [own]
        return [{"path": f"{own}/SECRET", "query": f"{own}?{proof.name}=SECRET"}.get(proof.where, own)]

    def first_steps(self, web: str) -> Sequence[str]:
        proof, url = self._settings.proof, f"{web}/in/{self._settings.name}"
        if proof is None or proof.shows == "hmac":
            return []
        if proof.shows == "address":
            return [f"curl --json @FILE {url}"]
        shown = {"path": f"{url}/SECRET", "query": f'"{url}?{proof.name}=SECRET"'}
        header = f'{url} -H "{proof.name}: {proof.prefix}SECRET"'
        return [f"curl --json @FILE {shown.get(proof.where, header)}"]

    def _challenged(self, asked: Challenge, request: WebRequest) -> Response:
        token = self._settings.challenge_token
        return challenge.answer(asked, token.reveal() if token else "", request)

    def _answer(self) -> Response:
        told = self._settings
        return Response(status=told.answer_status, body=told.answer_body.encode(), content_type=told.answer_type)

    def _delivery(self, identity: str, received_at: datetime, body: bytes, content_type: str, **facts: str) -> Delivery:
        return Delivery(
            id=identity,
            channel=self._settings.name,
            received_at=received_at,
            body=body,
            content_type=content_type,
            headers=facts,
        )

    def _feed(self) -> Feed:
        if self._settings.feed is None:
            raise ChannelDown("the settings have no feed")
        return self._settings.feed

    async def _asked(self, feed: Feed, cursor: str | None) -> Batch:
        answer = await self._ask(feed, cursor)
        return await asyncio.to_thread(self._batch, feed, answer, cursor, datetime.now(UTC))

    async def _ask(self, feed: Feed, cursor: str | None) -> bytes:
        token = self._settings.feed_token
        url, headers = feeding.question(feed, token.reveal() if token else "", cursor)
        most = self._settings.max_size
        return feeding.heard(await self.call("GET", url, b"", headers, most + 1), most)

    def _batch(self, feed: Feed, answer: bytes, cursor: str | None, received_at: datetime) -> Batch:
        """Raises `ChannelDown` where somebody else answered."""
        try:
            told = reading.answer(answer)
            items = reading.items(self._settings.fields, told)
        except Unreadable as error:
            raise ChannelDown(f"the source does not answer as it should: {error}") from None
        deliveries = {one.id: one for one in (self._item(item, received_at) for item in items)}
        onward, more = feeding.onward(feed, told, len(items), cursor)
        return Batch(list(deliveries.values()), onward, 0 if more else feed.poll_seconds)

    def _item(self, item: Any, received_at: datetime) -> Delivery:
        body = msgspec.json.encode(item)
        identity = reading.id_of(self._settings.fields, item) or sha256(body).hexdigest()
        return self._delivery(identity, received_at, body, reading.JSON, **{reading.ITEM: "1"})
