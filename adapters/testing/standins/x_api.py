"""The X API v2 of one account: what is asked for and sent, as tweepy does it.

https://docs.x.com/x-api/posts/get-mentions
https://docs.x.com/x-api/direct-messages/get-dm-events
"""

import itertools
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hmac import digest
from typing import Any

from aiohttp import web
from oauthlib.common import Request
from oauthlib.oauth1.rfc5849 import signature

from adapters.testing.standins import x_rows as rows
from adapters.testing.standins.base import Call, StandIn
from adapters.testing.standins.posting import Posting
from adapters.testing.standins.x_rows import Row

#: What tweepy signs for, whichever server it asks.
SIGNED_FOR = "https://api.twitter.com"
_PROBLEM = "https://api.twitter.com/2/problems"
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author"
    " of the post you are replying to."
)
_FAULTS: Mapping[int, Row] = {
    401: {"title": "Unauthorized", "detail": "Unauthorized"},
    402: {"title": "CreditsDepleted", "type": f"{_PROBLEM}/credits", "detail": "does not have any credits"},
    403: {
        "title": "Forbidden",
        "type": f"{_PROBLEM}/oauth1-permissions",
        "detail": "Your client app is not configured with the appropriate oauth1 app permissions for this endpoint.",
    },
    429: {"title": "Too Many Requests", "detail": "Too Many Requests"},
}


class ApiError(Exception):
    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class XApi(StandIn):
    """Keys, tokens and secrets are made up anew. What it keeps is of API v2. `most` is how many mentions it gives out;
    `closed` take no direct messages from us; only where `summons` is off, anybody is answered in public. Who posts
    `beside` another account posts where both hear it."""

    def __init__(
        self,
        *,
        port: int = 0,
        account: str = "1716450569",
        username: str = "kanal_kota",
        pause: float = 0.2,
        beside: "XApi | None" = None,
    ) -> None:
        super().__init__(port=port, posting=Posting(self._proof, pause=pause))
        self.account = account
        self.username = username
        self.consumer_key, self.consumer_secret = secrets.token_hex(12), secrets.token_hex(25)
        self.access_token = f"{account}-{secrets.token_hex(20)}"
        self.access_token_secret = secrets.token_hex(22)
        self.most = 800
        self.summons = True
        self.closed: set[str] = set()
        self.rows: dict[str, Row] = beside.rows if beside else {}
        self.talks: list[Row] = []
        self.files: dict[str, tuple[bytes, str]] = {}
        self.numbers: Iterator[int] = beside.numbers if beside else itertools.count(1_990_000_000_000_000_000)

    def now(self) -> datetime:
        return datetime.now(UTC)

    def name_of(self, path: str) -> str:
        """The last of its names: "mentions", "dm_events", "tweets", "messages", "me"; or "files"."""
        return "files" if path.startswith("/files/") else path.rpartition("/")[2]

    async def answer(self, call: Call) -> web.Response:
        if call.name == "files":
            return self._file(call.path.rpartition("/")[2])
        if not self._is_signed(call):
            return self.failure(401, None)
        try:
            status, told = self._answered(call)
            return web.json_response(told, status=status)
        except ApiError as error:
            return _problem(error.status, {"title": "Forbidden", "detail": error.detail})

    def failure(self, status: int, retry_after: int | None) -> web.Response:
        """Of 5xx something in front of it tells, which speaks no JSON."""
        if status >= 500:
            return web.Response(status=status, text="<html>over capacity</html>", content_type="text/html")
        reset = int(time.time()) + (retry_after or 900)
        limits = {"x-rate-limit-limit": "15", "x-rate-limit-remaining": "0", "x-rate-limit-reset": str(reset)}
        told = _FAULTS.get(status, {"title": "Invalid Request", "detail": "on demand"})
        return _problem(status, told, limits if status == 429 else {})

    def keep(self, content: bytes, media_type: str) -> str:
        """The key of a file that somebody has sent."""
        key = f"{'7' if media_type.startswith('video') else '3'}_{next(self.numbers)}"
        self.files[key] = (content, media_type)
        return key

    def media(self, key: str) -> Row:
        """What it tells of a file."""
        url = f"{self.url}/files/{key}"
        if not self.files[key][1].startswith("video"):
            return {"media_key": key, "type": "photo", "url": url}
        small = {"content_type": "application/x-mpegURL", "url": f"{url}.m3u8"}
        return {
            "media_key": key,
            "type": "video",
            "variants": [small, {"content_type": "video/mp4", "bit_rate": 1, "url": url}],
        }

    def _answered(self, call: Call) -> tuple[int, Row]:
        match call.method, call.path.strip("/").split("/")[1:]:
            case "GET", ["users", "me"]:
                return 200, {"data": {**rows.person(self.account), "username": self.username}}
            case "GET", ["users", self.account, "mentions"]:
                return 200, self._mentions(call.fields)
            case "GET", ["dm_events"]:
                return 200, self._messages(call.fields)
            case "POST", ["tweets"]:
                return 201, {"data": self._posted(call.fields)}
            case "POST", ["dm_conversations", "with", who, "messages"]:
                return 201, {"data": self._sent(who, str(call.fields.get("text", "")))}
        raise ApiError(404, "Not Found")

    def _mentions(self, asked: Mapping[str, str]) -> Row:
        newest = [one for one in reversed(self.rows.values()) if self._is_told(one)][: self.most]
        since, start = int(asked.get("since_id", 0)), asked.get("start_time", "")
        found = [one for one in newest if int(one["id"]) > since and one["created_at"] >= start]
        page, meta = _page(found, asked, least=5)
        told = [rows.shown(one, asked.get("tweet.fields", "")) for one in page]
        return {**({"data": told} if told else {}), "meta": meta, **self._included(page, asked, "author_id")}

    def _is_told(self, row: Row) -> bool:
        """Does it mention or answer the account, and was not edited since?"""
        ours = self.rows.get(rows.refers(row, "replied_to"), {}).get("author_id") == self.account
        return (
            row["author_id"] != self.account and (ours or rows.mentions(row, self.username)) and not row.get("edited")
        )

    def _messages(self, asked: Mapping[str, str]) -> Row:
        month = rows.time(self.now() - timedelta(days=30))
        found = [one for one in reversed(self.talks) if one["created_at"] >= month]
        page, meta = _page(found, asked, least=1)
        return {**({"data": page} if page else {}), "meta": meta, **self._included(page, asked, "sender_id")}

    def _included(self, page: Sequence[Row], asked: Mapping[str, str], author: str) -> Row:
        """What belongs to a page, as far as it was asked for."""
        wanted = asked.get("expansions", "")
        keys = [key for one in page for key in one.get("attachments", {}).get("media_keys", ())]
        others = [other["id"] for one in page for other in one.get("referenced_tweets", ()) if other["id"] in self.rows]
        found: Row = {}
        if author in wanted:
            found["users"] = [rows.person(who) for who in dict.fromkeys(one[author] for one in page)]
        if "attachments.media_keys" in wanted:
            found["media"] = [self.media(key) for key in keys]
        if "referenced_tweets.id" in wanted:
            found["tweets"] = [
                rows.shown(self.rows[one], asked.get("tweet.fields", "")) for one in dict.fromkeys(others)
            ]
        if "geo.place_id" in wanted:
            found["places"] = [one["geo"]["place"] for one in page if "place" in one.get("geo", {})]
        return {"includes": {name: things for name, things in found.items() if things}}

    def _posted(self, told: Mapping[str, Any]) -> Row:
        words, to = str(told.get("text", "")), str(told.get("reply", {}).get("in_reply_to_tweet_id", ""))
        if not words or rows.weight(words) > 280:
            raise ApiError(403, "Your post text is too long.")
        if to not in self.rows:
            raise ApiError(403, "You attempted to reply to a Tweet that is deleted or not visible to you.")
        if self.summons and not self._has_summoned(self.rows[to]):
            raise ApiError(403, NOT_SUMMONED)
        answers = [one for one in self.rows.values() if one["author_id"] == self.account]
        if any((one["text"], rows.refers(one, "replied_to")) == (words, to) for one in answers):
            raise ApiError(403, "You are not allowed to create a Tweet with duplicate content.")
        known, reference = str(next(self.numbers)), [{"type": "replied_to", "id": to}]
        self.rows[known] = rows.post(known, self.account, words, self.now(), referenced_tweets=reference)
        return {"id": known, "text": words, "edit_history_tweet_ids": [known]}

    def _has_summoned(self, row: Row) -> bool:
        quoted = self.rows.get(rows.refers(row, "quoted"), {})
        return rows.mentions(row, self.username) or quoted.get("author_id") == self.account

    def _sent(self, who: str, words: str) -> Row:
        if who in self.closed:
            raise ApiError(403, "You do not have permission to DM one or more participants.")
        if not 0 < len(words) <= 10_000:
            raise ApiError(400, "The text is empty or too long.")
        row = rows.message(str(next(self.numbers)), self.account, who, words, self.now())
        self.talks.append(row)
        return {"dm_conversation_id": row["dm_conversation_id"], "dm_event_id": row["id"]}

    def _file(self, key: str) -> web.Response:
        if key not in self.files:
            return web.Response(status=404)
        content, media_type = self.files[key]
        return web.Response(body=content, content_type=media_type)

    def _is_signed(self, call: Call) -> bool:
        """By OAuth 1.0a, with our keys and tokens, https://www.rfc-editor.org/rfc/rfc5849"""
        header = call.headers.get("Authorization", "")
        params = signature.collect_parameters(headers={"Authorization": header}, exclude_oauth_signature=False)
        proof = dict(params)
        known = (proof.get("oauth_consumer_key"), proof.get("oauth_token")) == (self.consumer_key, self.access_token)
        request = Request(f"{SIGNED_FOR}{call.path}", call.method)
        query = [(name, value) for name, value in call.fields.items() if call.method == "GET"]
        request.params = [*query, *((name, value) for name, value in params if name != "oauth_signature")]
        request.signature = proof.get("oauth_signature", "")
        return known and signature.verify_hmac_sha1(request, self.consumer_secret, self.access_token_secret)

    def _proof(self, body: bytes) -> Mapping[str, str]:
        mac = b64encode(digest(self.consumer_secret.encode(), body, "sha256")).decode()
        return {"x-twitter-webhooks-signature": f"sha256={mac}"}


def _page(found: Sequence[Row], asked: Mapping[str, str], least: int) -> tuple[list[Row], Row]:
    """A page, and what is told of it. Raises `ApiError`."""
    size, begin = int(asked.get("max_results", 10)), int(asked.get("pagination_token", 0))
    if not least <= size <= 100:
        raise ApiError(400, f"The `max_results` query parameter value [{size}] is not between {least} and 100")
    page = list(found[begin : begin + size])
    meta: Row = {"result_count": len(page)}
    if page:
        meta |= {"newest_id": page[0]["id"], "oldest_id": page[-1]["id"]}
    return page, meta | ({"next_token": str(begin + size)} if begin + size < len(found) else {})


def _problem(status: int, told: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> web.Response:
    return web.json_response({"type": "about:blank", **told, "status": status}, status=status, headers=headers)
