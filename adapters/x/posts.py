"""Posts, as the X API v2 has them: https://docs.x.com/x-api/fundamentals/data-dictionary

`told` is one with what belongs to it: {"data": {…}, "includes": {"users": […], "media": […], …}}.
"""

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from adapters import Address, Attachment, Message, Place
from adapters.payload import number, table, tables, text
from adapters.times import iso
from normalizer.message import Aside

KIND = "x"
Told = Mapping[str, Any]
#: How a long text ends where the rest of it was left out.
_CUT = re.compile(r"…(\s*https://t\.co/\w+)?\s*\Z")
_FULL = 270


def message(channel: str, account: str, username: str, told: Told) -> Message | None:
    """None of what is no report: what the account says itself, and what others only pass on."""
    post = table(told, "data")
    referred = {text(one, "type"): text(one, "id") for one in tables(post, "referenced_tweets")}
    known = text(post, "id")
    if not known or text(post, "author_id") == account or "retweeted" in referred:
        return None
    original = next(iter(_strings(post, "edit_history_tweet_ids")), known)
    return Message(
        id=known,
        replaces=original if original != known else None,
        channel=channel,
        sender=_author(post, told),
        conversation=text(post, "conversation_id") or known,
        public=True,
        text=_words(post, username, told),
        place=_place(post, told),
        attachments=tuple(attachments(post, told)),
        asides=tuple(_quoted(referred.get("quoted", ""), told)),
        fields={"message_id": known},
        known_as=f"{KIND}:{known}",
        in_reply_to=referred.get("replied_to") or None,
        sent_at=iso(text(post, "created_at")),
    )


def is_whole(told: Told) -> bool:
    """Is all there that a webhook may leave out: the rest of a long text, what it quotes, its media? What is not whole
    is left to who asks."""
    post, included = table(told, "data"), table(told, "includes")
    words = text(post, "text")
    is_cut = len(words) >= _FULL and bool(_CUT.search(words)) and not table(post, "note_tweet")
    wanted = {text(one, "id") for one in tables(post, "referenced_tweets") if text(one, "type") == "quoted"}
    wanted |= set(_strings(table(post, "attachments"), "media_keys"))
    there = {text(one, "id") for one in tables(included, "tweets")}
    there |= {text(one, "media_key") for one in tables(included, "media")}
    return not is_cut and wanted <= there


def address(user: Told, known: str) -> Address:
    """A kind of its own: numbers of other networks' accounts are those of others."""
    name = " ".join(filter(None, (text(user, "name"), _at(text(user, "username")))))
    return Address(KIND, known, name or None)


def attachments(told_of: Told, told: Told) -> Iterator[Attachment]:
    """Files of a post or a direct message, at the addresses where they lie."""
    media = {text(one, "media_key"): one for one in tables(table(told, "includes"), "media")}
    for key in _strings(table(told_of, "attachments"), "media_keys"):
        if found := media.get(key):
            yield attachment(text(found, "type"), text(found, "url"), tables(found, "variants"))


def attachment(kind: str, url: str, variants: Sequence[Told]) -> Attachment:
    """Of a video the best that is one file. Without an address it is told of, and cannot be had."""
    if kind not in {"video", "animated_gif"}:
        media_type = "image/png" if url.split("?", maxsplit=1)[0].endswith(".png") else "image/jpeg"
        return Attachment(name=None, media_type=media_type, size=0, reference=url or None)
    files = [one for one in variants if text(one, "content_type") == "video/mp4" and text(one, "url")]
    best = max(files, key=lambda one: number(one, "bit_rate") or number(one, "bitrate") or 0, default={})
    return Attachment(name=None, media_type="video/mp4", size=0, reference=text(best, "url") or url or None)


def words(written: str, links: Sequence[Told], dropped: frozenset[str] = frozenset()) -> str:
    """With links as they were before X made them short, and without those to its own media or to what is quoted."""
    for link in links:
        goes = text(link, "media_key") or any(one and one in text(link, "expanded_url") for one in dropped)
        full = "" if goes else text(link, "unwound_url") or text(link, "expanded_url") or text(link, "url")
        if short := text(link, "url"):
            written = written.replace(short, full)
    return html.unescape(written).strip()


def _words(post: Told, username: str, told: Told) -> str:
    note = table(post, "note_tweet")
    written, entities = (text(note, "text"), table(note, "entities")) if note else ("", {})
    links = [*tables(entities, "urls"), *tables(table(post, "entities"), "urls")]
    quoted = frozenset(f"/status/{text(one, 'id')}" for one in tables(table(told, "includes"), "tweets"))
    return without(words(written or text(post, "text"), links, quoted), username)


def without(written: str, username: str) -> str:
    """The name by which we were called says nothing."""
    return re.sub(rf"[ ]?(?<!\w)@{username}(?!\w)", "", written, flags=re.IGNORECASE).strip()


def _author(post: Told, told: Told) -> Address | None:
    known = text(post, "author_id")
    users = {text(one, "id"): one for one in tables(table(told, "includes"), "users")}
    return address(users.get(known, {}), known) if known else None


def _place(post: Told, told: Told) -> Place | None:
    """A point is a pin; what somebody chose from a list of places covers as much as a city, so its name is words."""
    geo = table(post, "geo")
    named = next(
        (one for one in tables(table(told, "includes"), "places") if text(one, "id") == text(geo, "place_id")), {}
    )
    point = table(geo, "coordinates").get("coordinates")
    return place(point, text(named, "full_name"))


def place(point: object, named: str) -> Place | None:
    """`point` is longitude and latitude, as GeoJSON has them."""
    match point:
        case [int() | float() as longitude, int() | float() as latitude]:
            if -180 <= longitude <= 180 and -90 <= latitude <= 90:
                return Place(float(latitude), float(longitude), words=named or None)
    return Place(words=named) if named else None


def _quoted(known: str, told: Told) -> Iterator[Aside]:
    there = {text(one, "id"): one for one in tables(table(told, "includes"), "tweets")}
    quoted = there.get(known, {}) if known else {}
    if said := text(table(quoted, "note_tweet"), "text") or text(quoted, "text"):
        yield Aside(kind="quote", text=html.unescape(said))


def _strings(told: Told, name: str) -> list[str]:
    values = told.get(name)
    return [one for one in values if isinstance(one, str)] if isinstance(values, list) else []


def _at(username: str) -> str:
    return f"@{username}" if username else ""
