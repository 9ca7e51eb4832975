"""What a delivery holds: what X answered when asked, or what it brought."""

from collections.abc import Iterator, Mapping
from typing import Any

from adapters import Event
from adapters.payload import table, tables, text
from adapters.x import former, messages, posts

Told = Mapping[str, Any]
POSTS = frozenset({"post.mention.create", "post.reply.create", "post.quote.create"})
MESSAGES = frozenset({"dm.received", "dm.sent"})
ENCRYPTED = "chat.received"


class Reading:
    """For one account: its id and its name."""

    def __init__(self, channel: str, account: str, username: str) -> None:
        self._channel = channel
        self._account = account
        self._username = username

    def events(self, told: Told) -> list[Event] | None:
        """None where it is nothing of X's."""
        data = table(told, "data")
        if text(told, "for_user_id"):
            return list(self._of_account_activity(told))
        if "payload" in data:
            return list(self._of_activity(data))
        if "event_type" in data:
            return _those(messages.asked(self._channel, self._account, told))
        return _those(self._post(told)) if text(data, "id") else None

    def _of_activity(self, data: Told) -> Iterator[Event]:
        kind, payload = text(data, "event_type"), table(data, "payload")
        if kind in POSTS:
            yield from _those(self._post({"data": payload, "includes": table(data, "includes")}))
        elif kind in MESSAGES:
            yield from self._messages(payload)
        elif kind == ENCRYPTED:
            yield from _those(messages.encrypted(self._channel, payload))

    def _of_account_activity(self, told: Told) -> Iterator[Event]:
        for old in tables(told, "tweet_create_events"):
            yield from _those(self._post(former.post(old)))
        yield from self._messages(told)

    def _messages(self, told: Told) -> Iterator[Event]:
        for event in tables(told, "direct_message_events"):
            yield from _those(messages.called(self._channel, self._account, event, table(told, "users")))

    def _post(self, told: Told) -> Event | None:
        return posts.message(self._channel, self._account, self._username, told)


def _those(event: Event | None) -> list[Event]:
    return [event] if event else []
