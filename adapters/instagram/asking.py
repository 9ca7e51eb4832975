"""What an account on Instagram is asked for: what no webhook brought, and the words of a mention.

https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_comment
https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/mentioned_media
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters import ChannelDown, Delivery, Get, Refused
from adapters.graph.backfilling import Asks, is_since, pages, talks, webhook
from adapters.graph.ids import is_object
from adapters.instagram.comments import MENTION, WORDS
from adapters.instagram.settings import InstagramSettings
from adapters.payload import document, table, text

#: What was shown before is not looked through for new comments.
OLDEST_MEDIA = timedelta(days=30)
_COMMENT = "id,text,timestamp,from,username,parent_id"
_OBJECT = "instagram"
Told = Mapping[str, Any]


async def since(channel: Asks, settings: InstagramSettings, since: datetime) -> AsyncIterator[list[Delivery]]:
    """What was said in direct messages and commented since then."""
    account = settings.account_id
    async for found in talks(channel, settings.talks_at, "instagram", since, account):
        yield found
    async for shown in pages(channel, f"{account}/media", {"fields": "id,timestamp", "limit": "50"}):
        new = [one for one in shown if is_since(one, since - OLDEST_MEDIA, "timestamp")]
        for media in filter(lambda one: text(one, "id"), new):
            async for found in _comments(channel, account, text(media, "id"), since):
                yield found
        if len(new) < len(shown):
            return


async def words(reference: str, get: Get, settings: InstagramSettings) -> bytes:
    """What a mention says, as a webhook might have told it."""
    media, comment = _ids(reference)
    asked = (
        f"mentioned_comment.comment_id({comment}){{id,text,timestamp,username}}"
        if comment
        else f"mentioned_media.media_id({media}){{id,caption,timestamp,username,media_type,media_url}}"
    )
    url = f"{settings.graph_url.rstrip('/')}/{settings.account_id}?fields={asked}"
    told = document(await get(url, headers={"Authorization": f"Bearer {settings.bearer}"}))
    said = table(told, asked.partition(".")[0])
    if text(said, "id") != (comment or media):
        raise ChannelDown("Meta does not tell what was said")
    value = {"media_id": media, "comment_id": comment, WORDS: said}
    return webhook(_OBJECT, settings.account_id, changes=[{"field": "mentions", "value": value}])


def _ids(reference: str) -> tuple[str, str]:
    """Raises `Refused` where it is not that of a mention."""
    kind, _, ids = reference.partition(":")
    media, _, comment = ids.partition(":")
    known = is_object(comment or media) and (not media or is_object(media))
    if kind != MENTION or not known:
        raise Refused("this is no mention on Instagram")
    return media, comment


async def _comments(channel: Asks, account: str, media: str, since: datetime) -> AsyncIterator[list[Delivery]]:
    """The newest first."""
    async for found in pages(channel, f"{media}/comments", {"fields": _COMMENT, "limit": "50"}):
        new = [one for one in found if is_since(one, since, "timestamp")]
        yield [_told(channel, account, media, one) for one in new if text(one, "id")]
        if len(new) < len(found):
            return


def _told(channel: Asks, account: str, media: str, comment: Told) -> Delivery:
    value = {**comment, "media": {"id": media}}
    return channel.told(text(comment, "id"), webhook(_OBJECT, account, changes=[{"field": "comments", "value": value}]))
