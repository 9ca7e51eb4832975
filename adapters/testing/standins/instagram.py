"""A stand-in for a professional account on Instagram: comments, mentions and direct messages.

https://developers.facebook.com/docs/instagram-platform/webhooks
"""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.testing.standins.base import Call
from adapters.testing.standins.graph import GraphError
from adapters.testing.standins.lists import conversations, written
from adapters.testing.standins.talks import Talks

LONGEST_MESSAGE, LONGEST_COMMENT = 1000, 2200
#: How comments are told, by how the app logs in and as really seen: in a list or in the entry itself, and what their
#: ids are called.
SHAPES = {"facebook": (True, "id"), "instagram": (False, "comment_id"), "seen": (True, "comment_id")}
_MENTIONED = re.compile(r"(mentioned_comment|mentioned_media)\.\w+\((\d+)\)\{[\w,]+\}")


class Comment(msgspec.Struct, frozen=True, kw_only=True):
    """`media` is what it is a comment on, `under` the comment that it answers."""

    id: str
    who: str
    text: str
    at: float
    media: str
    under: str | None = None


class Instagram(Talks):
    """`account_id` is ours, which shows `media`. People are ids, and in mentions the names that `name_of_person` gives
    them. `shape` is how comments are told."""

    object = "instagram"
    codes = Talks.codes | {429: 613}

    def __init__(self, *, account_id: str = "17841400000000001", **more: Any) -> None:
        super().__init__(account_id, **more)
        self.shape = "facebook"
        self.media: dict[str, float] = {str(next(self._numbers)): self.now()}
        self.things: dict[str, Comment] = {}
        self.elsewhere_said: dict[str, Comment] = {}

    @property
    def account_id(self) -> str:
        return self.account

    @staticmethod
    def name_of_person(who: str) -> str:
        return f"warga.{who[-4:]}"

    def comments(self, who: str, text: str, *, under: str | None = None) -> str:
        """On what we showed last. Returns the id."""
        made = self._made(who, text, next(reversed(self.media)), under)
        self.things[made.id] = made
        author = {"from": {"id": who, "username": self.name_of_person(who)}}
        _, named = SHAPES[self.shape]
        told = {named: made.id, "text": text, "media": {"id": made.media, "media_product_type": "FEED"}, **author}
        self._change("comments", told | ({"parent_id": under} if under else {}))
        return made.id

    def mentions(self, who: str, text: str, *, in_comment: bool = True) -> str:
        """Where somebody else shows something, of which we are told ids alone. Returns the id."""
        made = self._made(who, text, str(next(self._numbers)), None)
        known = made.id if in_comment else made.media
        self.elsewhere_said[known] = made
        self._change("mentions", {"media_id": made.media, **({"comment_id": made.id} if in_comment else {})})
        return known

    def takes_back(self, who: str, original: str) -> None:
        """Unsends a direct message."""
        self._item(who, message={"mid": original, "is_deleted": True})

    def answers(self, known: str) -> list[str]:
        """What we said below a comment, or where somebody mentioned us."""
        held = (*self.things.values(), *self.elsewhere_said.values())
        return [one.text for one in held if (one.who, one.under) == (self.account, known)]

    def public(self, known: str) -> tuple[str, float] | None:
        thing = self.things.get(known)
        return (thing.who, thing.at) if thing else None

    def too_long(self, text: str) -> bool:
        return len(text.encode()) > LONGEST_MESSAGE

    async def ask(self, call: Call, path: list[str]) -> Mapping[str, Any]:
        match call.method, path:
            case "POST", [self.account, "messages"]:
                return self.message(call.fields)
            case "POST", [self.account, "mentions"]:
                return self._replied(self._mentioned(call.fields), call.fields)
            case "POST", [known, "replies"] if known in self.things:
                return {"id": self.comments(self.account, _worded(call.fields), under=known)}
            case "GET", [self.account, "conversations"]:
                return {"data": conversations(self.said, self.account)}
            case "GET", [self.account, "media"]:
                return {"data": [{"id": known, "timestamp": written(at)} for known, at in self.media.items()]}
            case "GET", [media, "comments"] if media in self.media:
                found = [one for one in self.things.values() if one.media == media]
                return {"data": [self._told(one) for one in reversed(found)]}
            case "GET", [self.account]:
                return {"id": self.account, **self._asked(str(call.fields.get("fields", "")))}
        raise GraphError(100, f"Unsupported {call.method.lower()} request.", subcode=33)

    def _asked(self, fields: str) -> dict[str, Any]:
        if fields == "id":
            return {}
        found = _MENTIONED.fullmatch(fields)
        if found is None or found[2] not in self.elsewhere_said:
            raise GraphError(100, "Invalid parameter")
        said = self.elsewhere_said[found[2]]
        told = {"id": found[2], "timestamp": written(said.at), "username": self.name_of_person(said.who)}
        return {found[1]: told | {"caption" if found[1] == "mentioned_media" else "text": said.text}}

    def _mentioned(self, told: Mapping[str, Any]) -> str:
        known = str(told.get("comment_id") or told.get("media_id"))
        if known not in self.elsewhere_said or self.elsewhere_said[known].media != told.get("media_id"):
            raise GraphError(100, "Invalid parameter")
        return known

    def _replied(self, known: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
        made = self._made(self.account, _worded(told), self.elsewhere_said[known].media, known)
        self.elsewhere_said[made.id] = made
        return {"id": made.id}

    def _made(self, who: str, text: str, media: str, under: str | None) -> Comment:
        return Comment(id=str(next(self._numbers)), who=who, text=text, at=self.now(), media=media, under=under)

    def _told(self, one: Comment) -> dict[str, Any]:
        author = {"from": {"id": one.who, "username": self.name_of_person(one.who)}}
        told = {"id": one.id, "text": one.text, "timestamp": written(one.at), **author}
        return told | ({"parent_id": one.under} if one.under else {})

    def _change(self, field: str, value: dict[str, Any]) -> None:
        in_list, _ = SHAPES[self.shape]
        change = {"field": field, "value": value}
        self.bring(**({"changes": [change]} if in_list else change))


def _worded(told: Mapping[str, Any]) -> str:
    text = told.get("message")
    if not isinstance(text, str) or not 0 < len(text) <= LONGEST_COMMENT:
        raise GraphError(100, "Invalid parameter")
    return text
