"""A stand-in for X: people who post and write to an account of ours, and the X API v2 by which it learns of them.

    with X() as x:
        post = x.posts(7, "@kanal_kota banjir di RT 3")
        x.edits(post, "@kanal_kota banjir di RT 3 RW 2")
        x.writes(7, "Ini nomor saya")
        …
        assert x.answers(post)

A person is a number. What they do waits to be asked for, and is brought to the webhook, where there is one.
"""

import asyncio
import itertools
import json
from collections.abc import Sequence
from hmac import compare_digest
from typing import Any
from urllib.parse import quote_plus

from aiohttp import ClientSession

from adapters.testing.standins import x_rows as rows
from adapters.testing.standins.x_api import XApi
from adapters.testing.standins.x_rows import Row


class X(XApi):
    """`is_former`: its webhooks are those of the Account Activity API."""

    is_former = False

    def posts(self, who: int, words: str, **more: Any) -> str:
        """Returns the post's id, as most of these do. `more` are further fields of a post."""
        return str(self.do(lambda: self._post(str(who), words, more)))

    def replies(self, who: int, to: str, words: str) -> str:
        return self.posts(who, words, referenced_tweets=[{"type": "replied_to", "id": to}])

    def quotes(self, who: int, other: str, words: str) -> str:
        return self.posts(who, words, referenced_tweets=[{"type": "quoted", "id": other}])

    def passes_on(self, who: int, other: str, words: str) -> str:
        """A retweet."""
        return self.posts(who, f"RT {words}", referenced_tweets=[{"type": "retweeted", "id": other}])

    def edits(self, post: str, words: str) -> str:
        """It gets a new id."""
        return str(self.do(lambda: self._edit(post, words)))

    def posts_files(self, who: int, words: str, files: Sequence[tuple[bytes, str]]) -> str:
        """Contents with their media types: photos, or a video."""
        keys = [self.keep(content, media_type) for content, media_type in files]
        link = {"url": "https://t.co/media", "expanded_url": "https://x.com/photo/1", "media_key": keys[0]}
        return self.posts(who, f"{words} {link['url']}", attachments={"media_keys": keys}, entities={"urls": [link]})

    def writes(self, who: int, words: str, **more: Any) -> str:
        """A direct message."""
        return str(self.do(lambda: self._write(str(who), words, more)))

    def sends_file(self, who: int, content: bytes, media_type: str) -> str:
        """A photo by direct message."""
        links = [{"url": "https://t.co/media", "expanded_url": "https://x.com/messages/media/1"}]
        keys = [self.keep(content, media_type)]
        return self.writes(who, "https://t.co/media", attachments={"media_keys": keys}, entities={"urls": links})

    def writes_encrypted(self, who: int) -> str:
        """What only X's own programs can read."""
        return str(self.do(lambda: self._encrypt(str(who))))

    def officer_writes(self, to: int, words: str) -> str:
        """In X's own application."""
        return str(self.do(lambda: self._sent(str(to), words))["dm_event_id"])

    def answers(self, post: str) -> list[str]:
        """What the account has said to a post in public, oldest first."""
        said = [one for one in list(self.rows.values()) if one["author_id"] == self.account]
        return [one["text"] for one in said if rows.refers(one, "replied_to") == post]

    def shown(self, who: int) -> list[str]:
        """What somebody was sent by direct message, oldest first."""
        talk = rows.conversation(str(who), self.account)
        return [
            one["text"]
            for one in list(self.talks)
            if one["sender_id"] == self.account and one["dm_conversation_id"] == talk
        ]

    async def subscribe(self, url: str) -> bool:
        """Makes sure that the app's secret is known there; from then on webhooks go to it."""
        token = f"{next(self.numbers)} kanal"
        expected = self._proof(token.encode())["x-twitter-webhooks-signature"]
        async with ClientSession() as session, session.get(f"{url}?crc_token={quote_plus(token)}") as response:
            told = json.loads(await response.read()) if response.status == 200 else {}
        if not compare_digest(str(told.get("response_token")), expected):
            return False
        self.posting.url = url
        return True

    def about(self) -> Sequence[str]:
        """Settings that lead to it; the secrets are nobody's."""
        names = ("username", "consumer_key", "consumer_secret", "access_token", "access_token_secret")
        told = [f"{name}: {getattr(self, name)}" for name in names]
        return [f'api_url = "{self.url}"', *told, "Type a post, a direct message after '>', or the webhook's address."]

    def hears(self, line: str) -> None:
        """What somebody at the terminal writes; the address to bring it to is one as well."""
        if line.startswith(("http://", "https://")):
            print("taken" if asyncio.run(self.subscribe(line)) else "refused", flush=True)
        elif line.startswith(">"):
            self.writes(7, line.removeprefix(">").strip())
        else:
            self.posts(7, f"@{self.username} {line}")

    def _post(self, who: str, words: str, more: Row) -> str:
        known = str(next(self.numbers))
        row = rows.post(known, who, words, self.now(), **more)
        self.rows[known] = row
        self._tell_of(row)
        return known

    def _edit(self, post: str, words: str) -> str:
        old, known = self.rows[post], str(next(self.numbers))
        history = [*old["edit_history_tweet_ids"], known]
        kept = {name: old[name] for name in ("conversation_id", "referenced_tweets") if name in old}
        row = rows.post(known, old["author_id"], words, self.now(), edit_history_tweet_ids=history, **kept)
        old["edited"] = True
        self.rows[known] = row
        self._tell_of(row)
        return known

    def _write(self, who: str, words: str, more: Row) -> str:
        row = rows.message(str(next(self.numbers)), who, self.account, words, self.now(), **more)
        self.talks.append(row)
        keys = row.get("attachments", {}).get("media_keys", ())
        told = rows.former_message(row, self.account, self.now(), [self.media(key) for key in keys])
        if self.is_former:
            self._bring({"for_user_id": self.account, **told})
        else:
            self._bring(rows.activity("dm.received", self.account, told))
        return str(row["id"])

    def _encrypt(self, who: str) -> str:
        known = f"e4f4d3fc-8bbf-4928-92eb-{next(self.numbers):x}"
        told = {"id": known, "sender_id": who, "created_at_msec": str(int(self.now().timestamp() * 1000))}
        talk = {"conversation_id": f"{who}:{self.account}", "encoded_event": "CwABAAAAEzIwODA0MDA4MjUy"}
        self._bring(rows.activity("chat.received", self.account, {**told, **talk}))
        return known

    def _tell_of(self, row: Row) -> None:
        """Webhooks tell less of a post than who asks learns: neither its media nor the rest of a long text."""
        if not (events := list(self._events(row))):
            return
        if self.is_former:
            self._bring(rows.former_post(row, self.account))
            return
        payload = {name: value for name, value in row.items() if name != "note_tweet"}
        for event in events:
            included = {"users": [rows.person(row["author_id"])]}
            self._bring(rows.activity(event, self.account, payload, includes=included))

    def _events(self, row: Row) -> itertools.chain[str]:
        is_mention = rows.mentions(row, self.username) and not rows.refers(row, "retweeted")
        return itertools.chain(
            ["post.mention.create"] * is_mention,
            ["post.reply.create"] * self._is_of_ours(row, "replied_to"),
            ["post.quote.create"] * self._is_of_ours(row, "quoted"),
        )

    def _is_of_ours(self, row: Row, kind: str) -> bool:
        return self.rows.get(rows.refers(row, kind), {}).get("author_id") == self.account

    def _bring(self, told: Row) -> None:
        if self.posting.url is not None:
            self.posting.add(json.dumps(told).encode())
