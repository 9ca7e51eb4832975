"""The Instagram channel."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from adapters import Capabilities, ChannelSettings, Delivery, Get, Horizon, Reply
from adapters.graph.channel import BRINGS_DAYS
from adapters.graph.talk_channel import TalkChannel
from adapters.graph.talk_reading import Changed
from adapters.instagram import asking
from adapters.instagram.comments import comment, mention
from adapters.instagram.sending import CAPABILITIES, sending
from adapters.instagram.settings import InstagramSettings

#: An account is asked for talks, for what it showed of late and comments on that: these are not found there.
HORIZON = (
    Horizon("mention", days=0, brings_days=BRINGS_DAYS),
    Horizon("old_comment", days=0, brings_days=BRINGS_DAYS),
    Horizon("comment_answer", days=0, brings_days=BRINGS_DAYS),
)


class Instagram(TalkChannel[InstagramSettings]):
    """Receives what Meta's webhooks bring of an account; answers in direct messages and below comments."""

    kind: ClassVar[str] = "instagram"
    Settings: ClassVar[type[ChannelSettings]] = InstagramSettings
    capabilities: ClassVar[Capabilities] = CAPABILITIES
    object: ClassVar[str] = "instagram"
    changed: ClassVar[Changed] = {"comments": comment, "live_comments": comment, "mentions": mention}

    def sending(self, reply: Reply) -> tuple[str, Mapping[str, Any], str]:
        return sending(reply, self.settings)

    def asked(self, since: datetime) -> AsyncIterator[list[Delivery]]:
        return asking.since(self, self.settings, since)

    def horizon(self) -> Sequence[Horizon]:
        return HORIZON

    async def complete(self, reference: str, get: Get) -> bytes:
        return await asking.words(reference, get, self.settings)
