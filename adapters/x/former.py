"""Posts as the API v1.1 had them, which the Account Activity API still brings, in the shape of API v2.

https://docs.x.com/x-api/account-activity/introduction
"""

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from adapters.payload import table, tables, text
from adapters.times import formatted

Told = Mapping[str, Any]


def post(old: Told) -> Told:
    """With what belongs to it."""
    whole, quoted, place = table(old, "extended_tweet"), table(old, "quoted_status"), table(old, "place")
    files = tables(table(whole or old, "extended_entities"), "media")
    at = formatted(text(old, "created_at"), "%a %b %d %H:%M:%S %z %Y", UTC)
    data = {
        "id": known(old),
        "text": _words(old),
        "author_id": known(table(old, "user")),
        "created_at": at.isoformat() if at else "",
        "referenced_tweets": _referred(old),
        "edit_history_tweet_ids": _history(table(old, "edit_history")),
        "attachments": {"media_keys": [known(one) for one in files]},
        "entities": {"urls": [*_links(table(whole or old, "entities")), *map(_own_link, files)]},
        "geo": {"place_id": text(place, "id"), "coordinates": table(old, "coordinates")},
    }
    included = {
        "users": [_user(table(old, "user"))],
        "media": [_media(one) for one in files],
        "tweets": [{"id": known(quoted), "text": _words(quoted)}] if quoted else [],
        "places": [{"id": text(place, "id"), "full_name": text(place, "full_name")}],
    }
    return {"data": data, "includes": included}


def known(old: Told) -> str:
    """Ids are too large for JSON's numbers as some read them."""
    return text(old, "id_str") or text(old, "id")


def _words(old: Told) -> str:
    return text(table(old, "extended_tweet"), "full_text") or text(old, "full_text") or text(old, "text")


def _referred(old: Told) -> list[dict[str, str]]:
    found = {
        "retweeted": known(table(old, "retweeted_status")),
        "quoted": text(old, "quoted_status_id_str"),
        "replied_to": text(old, "in_reply_to_status_id_str"),
    }
    return [{"type": kind, "id": one} for kind, one in found.items() if one]


def _history(told: Told) -> list[str]:
    first = text(told, "initial_tweet_id")
    ids = told.get("edit_tweet_ids")
    return [first] if first else ids if isinstance(ids, list) else []


def _links(entities: Told) -> list[dict[str, str]]:
    return [{name: text(one, name) for name in ("url", "expanded_url")} for one in tables(entities, "urls")]


def _own_link(media: Told) -> dict[str, str]:
    return {"url": text(media, "url"), "media_key": known(media)}


def _user(old: Told) -> dict[str, str]:
    return {"id": known(old), "name": text(old, "name"), "username": text(old, "screen_name")}


def _media(old: Told) -> dict[str, Any]:
    variants = tables(table(old, "video_info"), "variants")
    return {
        "media_key": known(old),
        "type": text(old, "type"),
        "url": text(old, "media_url_https"),
        "variants": variants,
    }
