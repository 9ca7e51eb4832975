"""A feed, which is asked for what is new."""

import random
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

from adapters.testing.standins.base import Call, StandIn
from tests.soak.faults import Fault
from tests.soak.line import Answers, StandInLine


class Feed(StandIn):
    """`told` are its reports, oldest first; `asked_for` is up to where it was asked. Where it `forgets`, it begins anew
    each time, and tells in any order. Who asks must show the `token`."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[dict[str, str]] = []
        self.asked_for = 0
        self.forgets = False
        self.token = "rahasia-sumber-berita"
        self._random = random.Random(311)

    def name_of(self, path: str) -> str:
        return path.strip("/")

    async def answer(self, call: Call) -> web.Response:
        if call.headers.get("Authorization") != f"Bearer {self.token}":
            return self.failure(401, None)
        self.asked_for = int(call.fields.get("after", 0))
        upto = len(self.told)
        found = self.told[0 if self.forgets else self.asked_for : upto]
        if self.forgets:
            self._random.shuffle(found)
        return web.json_response({"reports": found, "next": str(upto)})

    def failure(self, status: int, retry_after: int | None) -> web.Response:
        return web.Response(status=status, headers={"Retry-After": str(retry_after)} if retry_after else {})

    def hears(self, line: str) -> None:
        """Nobody types."""


class FeedLine(StandInLine):
    name = "feed"
    secret = "token"
    standin: Feed

    def __init__(self) -> None:
        super().__init__(Feed())

    def settings(self, folder: Path) -> Mapping[str, Any]:
        token = folder / "feed-token"
        token.touch(mode=0o600)
        token.write_text(self.standin.token)
        asked = {"url": f"{self.standin.url}/reports", "poll_seconds": 5, "parameter": "after", "cursor": "next"}
        feed = {**asked, "headers": {"Authorization": "Bearer {token}"}}
        fields = {"items": "reports", "id": "id", "text": "text"}
        return {
            "name": self.name,
            "kind": "webhook",
            "feed_token": {"file": str(token)},
            "fields": fields,
            "feed": feed,
        }

    def say(self, number: int, text: str) -> Answers:
        self.standin.told.append({"id": f"f-{number}", "text": text})
        return None

    def held(self) -> int:
        return len(self.standin.told) - self.standin.asked_for

    @property
    def faults(self) -> Mapping[str, Fault]:
        return {**super().faults, "repeated": self._forgetting}

    @contextmanager
    def _forgetting(self) -> Iterator[None]:
        self.standin.forgets = True
        yield
        self.standin.forgets = False
