"""What Facebook and Instagram do alike: people comment on an account, and talk with it."""

from abc import abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import msgspec

from adapters import Attachment, Batch, ChannelDown, Delivery, Event, Get, Receipt, Reply, Unreadable
from adapters.graph.backfilling import polled
from adapters.graph.channel import GraphChannel
from adapters.graph.envelopes import others
from adapters.graph.files import CDN, fetched, hosts_of
from adapters.graph.refusals import Codes
from adapters.graph.talk_codes import TALK_CODES
from adapters.graph.talk_reading import Changed, events
from adapters.graph.talk_settings import TalkSettings
from adapters.payload import text

SomeTalkSettings = TypeVar("SomeTalkSettings", bound=TalkSettings)


class TalkChannel(GraphChannel[SomeTalkSettings]):
    """`object` is what its webhooks are about, `changed` reads their changes by field."""

    codes: ClassVar[Codes] = TALK_CODES
    object: ClassVar[str]
    changed: ClassVar[Changed]

    @abstractmethod
    def sending(self, reply: Reply) -> tuple[str, Mapping[str, Any], str]:
        """Where to something is posted, what, and what the answer calls the id of it. Raises `Refused`."""

    @abstractmethod
    def asked(self, since: datetime) -> AsyncIterator[list[Delivery]]:
        """What has come since then. Raises a `ChannelError`."""

    def others(self, body: bytes) -> Sequence[str]:
        return others(body, self.settings.account)

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        found = events(delivery, self.object, self.settings.account, self.settings.app_id, self.changed)
        if found is None:
            raise Unreadable("this is no webhook of Meta's")
        return found

    def first_steps(self, web: str) -> Sequence[str]:
        return [f"tell Meta {web}/in/{self.settings.name} and the verify_token, then write to the account"]

    def source(self) -> str:
        return f"{self.settings.graph_url}/{self.settings.account}" if self.settings.poll_seconds else ""

    async def poll(self, cursor: str | None) -> Batch:
        return await polled(self.backfill, cursor, self.settings.poll_seconds)

    async def backfill(self, since: datetime) -> AsyncIterator[Batch]:
        async for found in self.asked(since):
            yield Batch(found, None)

    async def send(self, reply: Reply) -> Receipt:
        path, posted, named = self.sending(reply)
        told = await self.ask("POST", path, msgspec.json.encode(posted))
        if not (known := text(told, named)):
            raise ChannelDown("Meta answers, but not that it accepts the message")
        return Receipt(known)

    async def check(self) -> None:
        told = await self.ask("GET", f"{self.settings.account}?fields=id")
        if text(told, "id") != self.settings.account:
            raise ChannelDown("what answers at graph_url is not Meta's Graph API")

    def hosts(self) -> Sequence[str]:
        return hosts_of(self.settings.graph_url, CDN)

    async def fetch(self, attachment: Attachment, get: Get) -> bytes:
        return await fetched(attachment, get)
