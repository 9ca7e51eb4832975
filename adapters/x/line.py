"""The way to X, by tweepy, whose asynchronous client is told by `_Session` where X is.

The client has no patience of its own and leaves its library's errors, and those of aiohttp where an answer is no JSON;
so the session has both: each answer that is not a good one is a `ChannelError` before the client sees it. tweepy logs
tokens and what was said, so it logs nothing. Loaded only by who asks: it takes a quarter of a second.
"""

import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, NamedTuple

from aiohttp import ClientError, ClientSession, ClientTimeout
from tweepy.asynchronous import AsyncClient
from yarl import URL

from adapters import ChannelDown, noted
from adapters.payload import document, table, tables, text
from adapters.x.reasons import refusal
from adapters.x.settings import XSettings

logging.getLogger("tweepy").setLevel(logging.CRITICAL + 1)

PATIENCE = ClientTimeout(total=30, sock_connect=5)
#: Of a page of mentions, which are new.
MENTIONS = 100
#: Of one of messages, which begins with the newest whether they are new or not, and is charged for.
MESSAGES = 20
_POST = (
    "created_at,author_id,conversation_id,in_reply_to_user_id,referenced_tweets,attachments,entities,geo,note_tweet,"
    "edit_history_tweet_ids"
)
_MEDIA = "type,url,variants,alt_text"
_USER = "name,username"
Page = Mapping[str, Any]


class Line:
    """Made within an event loop, and closed when it is no longer used. Every method raises a `ChannelError`."""

    def __init__(self, settings: XSettings) -> None:
        self._account = settings.account
        self._session = _Session(settings.api)
        self._client = AsyncClient(
            consumer_key=settings.consumer_key.reveal().strip(),
            consumer_secret=settings.consumer_secret.reveal().strip(),
            access_token=settings.access_token.reveal().strip(),
            access_token_secret=settings.access_token_secret.reveal().strip(),
            return_type=dict,
        )
        self._client.session = self._session

    async def close(self) -> None:
        await self._session.close()

    async def mentions(self, token: str, since_id: str | None = None, since: datetime | None = None) -> Page:
        """A page of posts that mention or reply to the account, newest first."""
        return dict(
            await self._client.get_users_mentions(
                self._account,
                user_auth=True,
                max_results=MENTIONS,
                since_id=since_id,
                start_time=since,
                pagination_token=token or None,
                tweet_fields=_POST,
                user_fields=_USER,
                media_fields=_MEDIA,
                place_fields="full_name,geo",
                expansions="author_id,attachments.media_keys,referenced_tweets.id,geo.place_id",
            )
        )

    async def messages(self, token: str) -> Page:
        """A page of direct messages of thirty days, newest first, our own among them."""
        return dict(
            await self._client.get_direct_message_events(
                max_results=MESSAGES,
                pagination_token=token or None,
                event_types="MessageCreate",
                dm_event_fields="id,text,event_type,created_at,sender_id,dm_conversation_id,attachments,entities",
                user_fields=_USER,
                media_fields=_MEDIA,
                expansions="sender_id,attachments.media_keys",
            )
        )

    async def username(self) -> tuple[str, str]:
        """The id and the name of the account that the token is of."""
        me = table(await self._client.get_me(), "data")
        return text(me, "id"), text(me, "username")

    async def post(self, words: str, to: str) -> str:
        """The id of a public answer to a post."""
        return _id(await self._client.create_tweet(text=words, in_reply_to_tweet_id=to), "id")

    async def message(self, words: str, to: str) -> str:
        """The id of a direct message."""
        sent = await self._client.create_direct_message(participant_id=to, text=words)
        return _id(sent, "dm_event_id")


class _Answer(NamedTuple):
    """As much of aiohttp's response as tweepy uses."""

    status: int
    reason: str | None
    headers: Mapping[str, str]
    told: Page

    async def read(self) -> bytes:
        return b""

    async def json(self) -> Page:
        return self.told


class _Session:
    """As much of aiohttp's session as tweepy uses: what goes to its literal address goes to ours, as it was signed."""

    def __init__(self, api: str) -> None:
        self._api = api
        self._session = ClientSession(timeout=PATIENCE)

    @asynccontextmanager
    async def request(self, method: str, url: Any, **more: Any) -> AsyncIterator[_Answer]:
        ours = URL(f"{self._api}{URL(str(url), encoded=True).raw_path_qs}", encoded=True)
        try:
            async with self._session.request(method, ours, allow_redirects=False, **more) as response:
                told = document(await response.read())
                noted(response.status, response.headers)
        except (ClientError, OSError) as error:
            raise ChannelDown(f"X cannot be reached: {type(error).__name__}") from None
        if not 200 <= response.status < 300 or _is_refusal(told):
            raise refusal(response.status, told, response.headers)
        if not told:
            raise ChannelDown("what X answers cannot be read")
        yield _Answer(response.status, response.reason, response.headers, told)

    async def close(self) -> None:
        await self._session.close()


def _is_refusal(told: Page) -> bool:
    """X answers with 200 and errors alone where it gives nothing."""
    return bool(tables(told, "errors")) and not told.keys() & {"data", "meta"}


def _id(told: Page, name: str) -> str:
    known = text(table(told, "data"), name)
    if not known:
        raise ChannelDown("X answers, but not that it took the message")
    return known
