"""Objects of the X API, as JSON has them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

Row = dict[str, Any]
LINK = 23
_LINKS = re.compile(r"https?://\S+")
_MENTIONS = re.compile(r"(?<!\w)@(\w{1,15})")
_LIGHT = re.compile(r"[\u0000-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
#: Of a post what is told unasked.
_ALWAYS = ("id", "text", "edit_history_tweet_ids")


def person(who: str) -> Row:
    return {"id": who, "name": f"Warga {who}", "username": f"warga{who}"}


def time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def post(known: str, author: str, words: str, at: datetime, **more: Any) -> Row:
    """What is longer than 280 characters is cut, and whole in `note_tweet`."""
    row: Row = {
        "id": known,
        "text": words,
        "author_id": author,
        "created_at": time(at),
        "conversation_id": known,
        "edit_history_tweet_ids": [known],
        "entities": {"mentions": [{"username": name} for name in _MENTIONS.findall(words)]},
        **more,
    }
    if len(words) > 280:
        row |= {"text": f"{words[:270]}… https://t.co/abcdefghij", "note_tweet": {"text": words}}
    return row


def mentions(row: Row, username: str) -> bool:
    """Does its author name the account?"""
    return username.lower() in {name.lower() for name in _MENTIONS.findall(whole(row))}


def refers(row: Row, kind: str) -> str:
    """The id of the post that it replies to, quotes or passes on; "" if none."""
    return next((one["id"] for one in row.get("referenced_tweets", ()) if one["type"] == kind), "")


def whole(row: Row) -> str:
    return str(row.get("note_tweet", {}).get("text") or row["text"])


def shown(row: Row, fields: str) -> Row:
    """What is told of a post to who asks for these fields."""
    asked = {*_ALWAYS, *fields.split(",")}
    return {name: value for name, value in row.items() if name in asked}


def weight(words: str) -> int:
    """What counts against 280: https://docs.x.com/fundamentals/counting-characters"""
    bare = _LINKS.sub("", words)
    return 2 * len(bare) - len(_LIGHT.findall(bare)) + LINK * len(_LINKS.findall(words))


def conversation(one: str, other: str) -> str:
    return "-".join(sorted((one, other), key=int))


def message(known: str, sender: str, to: str, words: str, at: datetime, **more: Any) -> Row:
    """A direct message of API v2, which names no recipient."""
    return {
        "id": known,
        "event_type": "MessageCreate",
        "text": words,
        "sender_id": sender,
        "dm_conversation_id": conversation(sender, to),
        "created_at": time(at),
        **more,
    }


def former_message(row: Row, to: str, at: datetime, media: Sequence[Row]) -> Row:
    """The same of API v1.1, with who takes part."""
    links = row.get("entities", {}).get("urls", [])
    said: Row = {"text": row["text"], "entities": {"hashtags": [], "symbols": [], "user_mentions": [], "urls": links}}
    for one in media:
        told = {"id_str": one["media_key"], "type": one["type"], "media_url_https": one["url"]}
        said |= {"attachment": {"type": "media", "media": told}}
    event = {
        "type": "message_create",
        "id": row["id"],
        "created_timestamp": str(int(at.timestamp() * 1000)),
        "message_create": {"target": {"recipient_id": to}, "sender_id": row["sender_id"], "message_data": said},
    }
    users = {who: {"data": person(who)} for who in (row["sender_id"], to)}
    return {"direct_message_events": [event], "users": users}


def activity(event: str, account: str, payload: Mapping[str, Any], **more: Any) -> Row:
    """The envelope of the X Activity API. Its ids may be negative."""
    told = {
        "event_uuid": f"-{hash(event) % 10**18}",
        "filter": {"user_id": account},
        "event_type": event,
        "tag": "kanal",
    }
    return {"data": {**told, "payload": payload, **more}}


def former_post(row: Row, account: str) -> Row:
    """A post of API v1.1 as the Account Activity API brings it."""
    author = {
        "id_str": row["author_id"],
        "name": f"Warga {row['author_id']}",
        "screen_name": f"warga{row['author_id']}",
    }
    at = datetime.fromisoformat(row["created_at"]).strftime("%a %b %d %H:%M:%S +0000 %Y")
    old: Row = {"id": int(row["id"]), "id_str": row["id"], "text": row["text"], "user": author, "created_at": at}
    if "note_tweet" in row:
        old |= {"truncated": True, "extended_tweet": {"full_text": row["note_tweet"]["text"]}}
    return {"for_user_id": account, "tweet_create_events": [old | dict(_former_references(row))]}


def _former_references(row: Row) -> Iterator[tuple[str, Any]]:
    if to := refers(row, "replied_to"):
        yield "in_reply_to_status_id_str", to
    if of := refers(row, "retweeted"):
        yield "retweeted_status", {"id_str": of}
