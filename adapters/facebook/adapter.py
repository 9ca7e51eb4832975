"""The Facebook channel."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from adapters import Capabilities, ChannelSettings, Delivery, Get, Horizon, Reply
from adapters.facebook import asking
from adapters.facebook.feed import feed, mention
from adapters.facebook.sending import CAPABILITIES, sending
from adapters.facebook.settings import FacebookSettings
from adapters.graph.channel import BRINGS_DAYS
from adapters.graph.talk_channel import TalkChannel
from adapters.graph.talk_reading import Changed

#: A page is asked for talks, its newer posts and their comments: these are not found there.
HORIZON = (
    Horizon("mention", days=0, brings_days=BRINGS_DAYS),
    Horizon("old_comment", days=0, brings_days=BRINGS_DAYS),
)


class Facebook(TalkChannel[FacebookSettings]):
    """Receives what Meta's webhooks bring of a page; answers in Messenger and below comments."""

    kind: ClassVar[str] = "facebook"
    Settings: ClassVar[type[ChannelSettings]] = FacebookSettings
    capabilities: ClassVar[Capabilities] = CAPABILITIES
    object: ClassVar[str] = "page"
    changed: ClassVar[Changed] = {"feed": feed, "mention": mention}

    def sending(self, reply: Reply) -> tuple[str, Mapping[str, Any], str]:
        return sending(reply, self.settings.page_id)

    def asked(self, since: datetime) -> AsyncIterator[list[Delivery]]:
        return asking.since(self, self.settings.page_id, since)

    def horizon(self) -> Sequence[Horizon]:
        return HORIZON

    async def complete(self, reference: str, get: Get) -> bytes:
        return await asking.words(reference, get, self.settings)
