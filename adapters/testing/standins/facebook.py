"""A stand-in for a page on Facebook: posts and comments that everybody reads, and Messenger.

https://developers.facebook.com/docs/graph-api/webhooks/reference/page
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from adapters.testing.standins.base import Call
from adapters.testing.standins.graph import GraphError
from adapters.testing.standins.lists import conversations, written
from adapters.testing.standins.talks import Talks

LONGEST_MESSAGE, LONGEST_COMMENT = 2000, 8000


class Public(msgspec.Struct, kw_only=True):
    """A post, or a comment on one; `under` is what it is a comment on."""

    id: str
    who: str
    text: str
    at: float
    under: str | None = None


class Facebook(Talks):
    """`page_id` is our page. People are ids, alike in Messenger and on the page; `nameless` are those whom nobody is
    told as authors."""

    object = "page"
    codes = Talks.codes | {429: 613}

    def __init__(self, *, page_id: str = "110152340000000", **more: Any) -> None:
        super().__init__(page_id, **more)
        self.nameless: set[str] = set()
        self.things: dict[str, Public] = {}

    @property
    def page_id(self) -> str:
        return self.account

    def posts(self, who: str, text: str, **more: Any) -> str:
        """On our page. Returns the id, as `comments` does."""
        thing = self._made(f"{self.account}_{next(self._numbers)}", who, text, None)
        self.change(thing, "add", item="status", **more)
        return thing.id

    def comments(self, who: str, under: str, text: str, **more: Any) -> str:
        post = under if under not in self.things else self.things[under].under or under
        thing = self._made(f"{post.partition('_')[2] or post}_{next(self._numbers)}", who, text, under)
        self.change(thing, "add", **more)
        return thing.id

    def rewrites(self, known: str, text: str) -> None:
        self.things[known].text = text
        self.change(self.things[known], "edited", edited_time=int(self.now()))

    def becomes(self, known: str, verb: str) -> None:
        """A thing is "hide", "unhide" or "remove"."""
        self.change(self.things[known], verb)

    def mentions(self, who: str, text: str, **more: Any) -> str:
        """Elsewhere on Facebook, of which we are told the id alone."""
        thing = self._made(f"{next(self._numbers)}_{next(self._numbers)}", who, text, None)
        told = {"item": "post", "post_id": thing.id, "verb": "add", "created_time": int(thing.at), **more}
        self.bring(changes=[{"field": "mention", "value": told}])
        return thing.id

    def change(self, thing: Public, verb: str, **more: Any) -> None:
        author = {} if thing.who in self.nameless else {"from": {"id": thing.who, "name": f"Warga {thing.who[-4:]}"}}
        told = {"verb": verb, "message": thing.text, "created_time": int(thing.at), **author}
        told |= self._place(thing) | more
        self.bring(changes=[{"field": "feed", "value": told}])

    def answers(self, known: str) -> list[str]:
        """What the page commented on something."""
        return [one.text for one in list(self.things.values()) if (one.who, one.under) == (self.account, known)]

    def public(self, known: str) -> tuple[str, float] | None:
        thing = self.things.get(known)
        return (thing.who, thing.at) if thing else None

    def too_long(self, text: str) -> bool:
        return len(text) > LONGEST_MESSAGE

    async def ask(self, call: Call, path: list[str]) -> Mapping[str, Any]:
        match call.method, path:
            case "POST", [self.account, "messages"]:
                return self.message(call.fields)
            case "POST", [known, "comments"]:
                return self._commented(known, call.fields)
            case "GET", [self.account, "conversations"]:
                return {"data": conversations(self.said, self.account)}
            case "GET", [self.account, "feed"]:
                return {"data": [self._told(one) for one in self.things.values() if one.id.startswith(self.account)]}
            case "GET", [known, "comments"]:
                found = [one for one in self.things.values() if self._root(one) == known and one.id != known]
                return {"data": [self._told(one) for one in reversed(found)]}
            case "GET", [self.account]:
                return {"id": self.account, "name": "Halaman Contoh"}
            case "GET", [known] if known in self.things:
                return self._told(self.things[known])
        raise GraphError(100, f"Unsupported {call.method.lower()} request.", subcode=33)

    def _commented(self, known: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
        text = told.get("message")
        if known not in self.things:
            raise GraphError(100, "Object does not exist", subcode=33)
        if not isinstance(text, str) or not 0 < len(text) <= LONGEST_COMMENT:
            raise GraphError(100, "Invalid parameter")
        return {"id": self.comments(self.account, known, text)}

    def _made(self, known: str, who: str, text: str, under: str | None) -> Public:
        self.things[known] = Public(id=known, who=who, text=text, at=self.now(), under=under)
        return self.things[known]

    def _place(self, thing: Public) -> dict[str, Any]:
        if thing.under is None:
            return {"item": "status", "post_id": thing.id}
        return {"item": "comment", "comment_id": thing.id, "post_id": self._root(thing), "parent_id": thing.under}

    def _root(self, thing: Public) -> str:
        while thing.under in self.things:
            thing = self.things[thing.under]
        return thing.under or thing.id

    def _told(self, thing: Public) -> dict[str, Any]:
        author = {} if thing.who in self.nameless else {"from": {"id": thing.who, "name": f"Warga {thing.who[-4:]}"}}
        parent = {"parent": {"id": thing.under}} if thing.under in self.things else {}
        return {"id": thing.id, "message": thing.text, "created_time": written(thing.at), **author, **parent}
