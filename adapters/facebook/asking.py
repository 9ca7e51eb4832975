"""What a page is asked for: what no webhook brought, and the words that one left out.

https://developers.facebook.com/docs/graph-api/reference/page/feed
https://developers.facebook.com/docs/graph-api/reference/comment
"""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters import ChannelDown, Delivery, Get, Refused
from adapters.facebook.settings import FacebookSettings
from adapters.graph.backfilling import Asks, is_since, pages, talks, webhook
from adapters.graph.ids import is_object
from adapters.payload import document, table, tables, text

#: Older posts are not looked through for new comments.
OLDEST_POST = timedelta(days=30)
_COMMENT = "id,message,from,created_time,parent{id},attachment{media{image{src}}}"
_COMMENTS = {"filter": "stream", "order": "reverse_chronological", "limit": "100"}
_POST = "id,message,from,created_time,full_picture,attachments{media_type}"
_OBJECT = "page"
Told = Mapping[str, Any]


async def since(channel: Asks, page: str, since: datetime) -> AsyncIterator[list[Delivery]]:
    """What was said in Messenger, posted by visitors and commented since then."""
    async for found in talks(channel, page, "messenger", since, page):
        yield found
    query = {"fields": _POST, "since": str(int((since - OLDEST_POST).timestamp())), "limit": "50"}
    async for posts in pages(channel, f"{page}/feed", query):
        yield [_told(channel, page, _posted(post)) for post in posts if is_since(post, since)]
        for post in filter(lambda one: text(one, "id"), posts):
            async for found in _comments(channel, page, text(post, "id"), since):
                yield found


async def words(reference: str, get: Get, settings: FacebookSettings) -> bytes:
    """What a mention of the page says, as a webhook would have told it."""
    if not is_object(reference):
        raise Refused("this is no post or comment of Meta's")
    url = f"{settings.graph_url.rstrip('/')}/{reference}?fields=id,message,from,created_time"
    told = document(await get(url, headers={"Authorization": f"Bearer {settings.bearer}"}))
    if text(told, "id") != reference:
        raise ChannelDown("Meta does not tell what was said")
    value = {**told, "item": "post", "post_id": reference, "verb": "completed"}
    return webhook(_OBJECT, settings.page_id, changes=[{"field": "mention", "value": value}])


async def _comments(channel: Asks, page: str, post: str, since: datetime) -> AsyncIterator[list[Delivery]]:
    """The newest first."""
    async for found in pages(channel, f"{post}/comments", {"fields": _COMMENT, **_COMMENTS}):
        new = [one for one in found if is_since(one, since)]
        yield [_told(channel, page, _commented(one, post)) for one in new]
        if len(new) < len(found):
            return


def _told(channel: Asks, page: str, value: Told) -> Delivery:
    known = text(value, "comment_id") or text(value, "post_id")
    return channel.told(known, webhook(_OBJECT, page, changes=[{"field": "feed", "value": value}]))


def _posted(post: Told) -> Told:
    kinds = {text(one, "media_type") for one in tables(table(post, "attachments"), "data")}
    picture = {"photo": text(post, "full_picture")} if "video" not in kinds else {}
    return {**_said(post), **picture, "item": "status", "post_id": text(post, "id")}


def _commented(comment: Told, post: str) -> Told:
    picture = text(table(table(table(comment, "attachment"), "media"), "image"), "src")
    parent = text(table(comment, "parent"), "id") or post
    place = {"comment_id": text(comment, "id"), "post_id": post, "parent_id": parent}
    return {**_said(comment), **place, "photo": picture, "item": "comment"}


def _said(told: Told) -> dict[str, Any]:
    named = {name: told[name] for name in ("from", "message", "created_time") if name in told}
    return {**named, "verb": "add"}
