"""A stand-in for what all of Meta's Graph API has in common: tokens, errors, files, and webhooks with their challenge,
signatures and batches. What one of its products does is a subclass's: see `whatsapp`.

    https://developers.facebook.com/docs/graph-api/guides/error-handling
    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
"""

import hashlib
import hmac
import itertools
import json
import secrets
import time
from abc import abstractmethod
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from aiohttp import ClientSession, web

from adapters.testing.standins.base import Call, StandIn
from adapters.testing.standins.posting import Posting

VERSION = "v25.0"
#: How long the address of a file is good, in seconds.
ADDRESS_SECONDS = 300
ATTACHMENTS = "attachments"
#: Where a file lies that whoever has its address may have.
CDN = "cdn"


class GraphError(Exception):
    """`details` are Meta's words for developers."""

    def __init__(self, code: int, details: str, status: int = 400, subcode: int | None = None) -> None:
        super().__init__(details)
        self.code = code
        self.details = details
        self.status = status
        self.subcode = subcode


class File(msgspec.Struct, frozen=True):
    content: bytes
    media_type: str
    owner: str

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.content).digest()

    @property
    def base64(self) -> str:
        """Its digest, as webhooks tell it."""
        return b64encode(self.digest).decode()


class Graph(StandIn):
    """`object` is what its webhooks are about, `codes` tell a fault of a status. Token and secrets are made up anew.
    Time goes by as it does, and by `wait`."""

    object: str
    codes: dict[int, int] = {400: 100, 401: 190, 403: 10, 404: 100, 429: 4, 500: 1, 503: 2}

    def __init__(self, *, port: int = 0, pause: float = 0.2) -> None:
        super().__init__(port=port, posting=Posting(self._proof, pause=pause))
        self.token = f"EAA{secrets.token_hex(16)}"
        self.app_secret = secrets.token_hex(16)
        self.verify_token = secrets.token_hex(16)
        self.files: dict[str, File] = {}
        self._ahead = 0.0
        self._numbers = itertools.count(10**15)
        self._together: list[dict[str, Any]] | None = None

    @property
    def graph_url(self) -> str:
        return f"{self.url}/{VERSION}"

    @abstractmethod
    async def ask(self, call: Call, path: list[str]) -> Mapping[str, Any]:
        """What the product answers; `path` is without the version. Raises `GraphError`."""

    def now(self) -> float:
        return time.time() + self._ahead

    def wait(self, seconds: float) -> None:
        self._ahead += seconds

    async def subscribe(self, url: str) -> bool:
        """Makes sure whose the address is, as when it is entered in the App Dashboard; from then on webhooks go
        there."""
        challenge = str(next(self._numbers))
        asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": self.verify_token}
        async with ClientSession() as session, session.get(url, params=asked) as response:
            if (response.status, await response.text()) != (200, challenge):
                return False
        self.posting.url = url
        return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """What happens meanwhile is brought in one webhook."""
        self._together = []
        try:
            yield
        finally:
            entries, self._together = self._together, None
            self._post(entries)

    def notify(self, entry: dict[str, Any]) -> None:
        if self._together is not None:
            self._together.append(entry)
        else:
            self._post([entry])

    def keep(self, content: bytes, media_type: str, owner: str) -> str:
        """The id of a file that somebody has sent."""
        known = str(next(self._numbers))
        self.files[known] = File(content, media_type, owner)
        return known

    def name_of(self, path: str) -> str:
        """The last of its names: "messages", "media", "attachments", "cdn", or "object" for an id."""
        last = path.rstrip("/").rpartition("/")[2]
        return "object" if last.replace("_", "").isdecimal() else last

    async def answer(self, call: Call) -> web.Response:
        if call.path.strip("/") == CDN:
            return self._attachment(call)
        if call.headers.get("Authorization") != f"Bearer {self.token}":
            return self.failure(401, None)
        version, *path = call.path.strip("/").split("/")
        try:
            if version == ATTACHMENTS:
                return self._attachment(call)
            return web.json_response(await self.ask(call, path))
        except GraphError as error:
            return _told(error.status, error.code, error.details, error.subcode)

    def failure(self, status: int, retry_after: int | None) -> web.Response:
        """503 comes from something in front of Graph that speaks no JSON."""
        if status == 503:
            return web.Response(status=503, text="<html>Service Unavailable</html>", content_type="text/html")
        code = self.codes.get(status, 1 if status >= 500 else 100)
        return _told(status, code, "on demand", headers={"Retry-After": str(retry_after)} if retry_after else {})

    def found(self, media: str, owner: str | None) -> dict[str, Any]:
        """What Graph tells of a file. Raises `GraphError`."""
        file = self.files.get(media)
        if file is None or owner not in {None, file.owner}:
            raise GraphError(100, f"Object with ID '{media}' does not exist", subcode=33)
        return {
            "id": media,
            "url": self.address(media, ATTACHMENTS),
            "mime_type": file.media_type,
            "sha256": file.digest.hex(),
            "file_size": len(file.content),
        }

    def address(self, media: str, place: str = CDN) -> str:
        """Where a file lies, for a while."""
        expires = int(self.now()) + ADDRESS_SECONDS
        return f"{self.url}/{place}/?mid={media}&ext={expires}&hash={self._hash(media, expires)}"

    def _attachment(self, call: Call) -> web.Response:
        media, expires = str(call.fields.get("mid", "")), str(call.fields.get("ext", "0"))
        known = call.fields.get("hash") == self._hash(media, int(expires))
        if media not in self.files or not known or int(expires) < self.now():
            return web.Response(status=404)
        return web.Response(body=self.files[media].content, content_type=self.files[media].media_type)

    def _hash(self, media: str, expires: int) -> str:
        return hmac.digest(self.app_secret.encode(), f"{media}:{expires}".encode(), "sha256").hex()[:16]

    def _post(self, entries: list[dict[str, Any]]) -> None:
        """Letters outside ASCII are escaped, as Meta does before it signs."""
        if entries:
            self.posting.add(json.dumps({"object": self.object, "entry": entries}).encode())

    def _proof(self, body: bytes) -> Mapping[str, str]:
        return {"X-Hub-Signature-256": f"sha256={hmac.digest(self.app_secret.encode(), body, 'sha256').hex()}"}


def _told(
    status: int, code: int, details: str, subcode: int | None = None, headers: Mapping[str, str] | None = None
) -> web.Response:
    error: dict[str, Any] = {"message": f"(#{code}) {details}", "type": "OAuthException", "code": code}
    error |= {"error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": "AbCdEf"}
    error |= {"error_subcode": subcode} if subcode else {}
    return web.json_response({"error": error}, status=status, headers=headers)
