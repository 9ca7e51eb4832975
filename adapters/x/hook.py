"""X's webhooks: the challenge by which it makes sure that we know the app's secret, its signature, and what it brings.

    https://docs.x.com/x-api/webhooks/introduction

Challenge and signature are made alike, so whoever may challenge us with a body has its signature: only what looks like
a challenge of X's is answered, and no JSON object does.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import msgspec

from adapters import RequestRefused, Response, WebRequest
from adapters.payload import document, table, tables, text
from adapters.proofs import shown, signature
from adapters.x import former, pages, posts
from adapters.x.reading import ENCRYPTED, MESSAGES, POSTS

SIGNATURE = "x-twitter-webhooks-signature"
_CHALLENGE = re.compile(r"[\w ./+=~-]{1,200}", re.ASCII)
Told = Mapping[str, Any]


class Piece(NamedTuple):
    """One thing of what was brought: its kind, its id and its JSON."""

    kind: str
    id: str
    body: bytes


def challenged(request: WebRequest, secret: str) -> Response:
    """Raises `RequestRefused`."""
    try:
        token = dict(parse_qsl(request.query, max_num_fields=20)).get("crc_token", "")
    except ValueError:
        token = ""  # nosec B105
    if not _CHALLENGE.fullmatch(token):
        raise RequestRefused("this is no challenge", 400)
    body = msgspec.json.encode({"response_token": proof(secret, token.encode())})
    return Response(body=body, content_type="application/json")


def prove(request: WebRequest, secret: str) -> None:
    """Raises `RequestRefused` unless the app's secret signed the body."""
    shown(request.headers.get(SIGNATURE), [proof(secret, request.body)])


def proof(secret: str, message: bytes) -> str:
    """What the header holds, or the answer to a challenge: unlike Meta's in base64."""
    return f"sha256={signature(secret, message, encoding='base64')}"


def pieces(body: bytes, account: str) -> list[Piece]:
    """What is for this account, each post and message by itself, as it is told when asked for. What is not whole is
    left to asking; what nobody knows yet is kept as it came."""
    told = document(body)
    data = table(told, "data")
    whose = text(told, "for_user_id") or text(table(data, "filter"), "user_id")
    if whose and whose != account:
        return []
    found = _of_account_activity(told) if text(told, "for_user_id") else _of_activity(data, body)
    return [Piece("other", hashlib.sha256(body).hexdigest(), body)] if found is None else list(found)


def charged(body: bytes, account: str) -> list[tuple[str, str]]:
    """What X charges for of what it brings, each by its name and id: each event of the X Activity API about somebody
    else's doing, whatever becomes of it."""
    data = table(document(body), "data")
    kind, known = text(data, "event_type"), text(data, "event_uuid")
    if text(table(data, "filter"), "user_id") not in {"", account}:
        return []
    name = {**dict.fromkeys(POSTS, "post_event"), "dm.received": "dm_event", ENCRYPTED: "dm_event"}.get(kind)
    return [(name, known or hashlib.sha256(body).hexdigest())] if name else []


def _of_activity(data: Told, body: bytes) -> list[Piece] | None:
    """None where it is of no kind that is known."""
    kind, payload = text(data, "event_type"), table(data, "payload")
    if kind in POSTS and text(payload, "id"):
        is_whole = posts.is_whole({"data": payload, "includes": table(data, "includes")})
        return [Piece(pages.POST, text(payload, "id"), body)] if is_whole else []
    if kind in MESSAGES:
        return [
            Piece(pages.MESSAGE, known, _encoded({"data": {"event_type": kind, "payload": payload}}))
            for known, payload in _messages(payload)
        ]
    if kind == ENCRYPTED and text(payload, "id"):
        return [Piece("chat", text(payload, "id"), body)]
    return None


def _of_account_activity(told: Told) -> list[Piece] | None:
    whose = {"for_user_id": text(told, "for_user_id")}
    if not ({"tweet_create_events", "direct_message_events"} & told.keys()):
        return None
    new = [one for one in tables(told, "tweet_create_events") if former.known(one) and posts.is_whole(former.post(one))]
    found = [Piece(pages.POST, former.known(one), _encoded({**whose, "tweet_create_events": [one]})) for one in new]
    return found + [Piece(pages.MESSAGE, known, _encoded({**whose, **own})) for known, own in _messages(told)]


def _messages(told: Told) -> Iterator[tuple[str, Told]]:
    users = table(told, "users")
    for event in tables(told, "direct_message_events"):
        if known := text(event, "id"):
            yield known, {"direct_message_events": [event], "users": users}


def _encoded(told: Any) -> bytes:
    return msgspec.json.encode(told)
