"""What every channel of Meta's does alike."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar, Generic, TypeVar

from adapters import Delivery, Received, RequestRefused, WebRequest
from adapters.answered import LONGEST_ANSWER
from adapters.calling import Calls
from adapters.graph import hook
from adapters.graph.pieces import pieces
from adapters.graph.refusals import GRAPH_CODES, Codes, refusal
from adapters.graph.settings import GraphSettings
from adapters.ids import digest
from adapters.payload import document

JSON = "application/json"
#: What could not be brought is brought again for so many days; most of it nobody can ask for.
BRINGS_DAYS = 1.5
LARGEST_REQUEST = 4_194_304  # bytes: Meta's have up to 3 MB; `max_size` is that of files
MOST_TOLD = 5
SomeGraphSettings = TypeVar("SomeGraphSettings", bound=GraphSettings)


class GraphChannel(Calls, ABC, Generic[SomeGraphSettings]):
    """Receives what Meta's webhooks bring at the channel's own address, and asks its Graph API. `codes` says what its
    errors mean."""

    kind: ClassVar[str]
    codes: ClassVar[Codes] = GRAPH_CODES
    provider: ClassVar[str] = "Meta"

    def __init__(self, settings: SomeGraphSettings) -> None:
        self.settings = settings

    @abstractmethod
    def others(self, body: bytes) -> Sequence[str]:
        """The other accounts of the app that all of a request is about; none if some of it is, or may be, about ours.
        Asked before the answer, so it has to be cheap."""

    def receive(self, request: WebRequest) -> Received:
        """A request is one delivery, or several if it is large; brought again it is the same ones. What is for other
        accounts of the app is none, which is noted: it may be ours that is named wrongly. Raises `RequestRefused`: 403
        without proof, otherwise 400, 404, 405 or 413."""
        if request.path.strip("/"):
            raise RequestRefused("no such path", 404)
        if request.method in {"GET", "HEAD"}:
            return Received([], hook.challenged(request, self.settings.verify_token.reveal()))
        if request.method != "POST":
            raise RequestRefused("neither GET nor POST", 405)
        if len(request.body) > min(LARGEST_REQUEST, self.settings.max_size):
            raise RequestRefused("too large", 413)
        hook.prove(request, self.settings.app_secrets)
        if others := self.others(request.body):
            named = ", …".join(sorted({one[-4:] for one in others})[:MOST_TOLD])
            return Received([], note=f"it is for the account that Meta calls …{named}")
        return Received([self._delivery(*piece, request.received_at) for piece in pieces(request.body)])

    def app(self) -> str:
        return digest(self.kind, self.settings.app_secret.reveal())

    async def ask(self, method: str, path: str, body: bytes = b"", most: int = LONGEST_ANSWER) -> Mapping[str, Any]:
        """What the Graph API tells, in `most` bytes; nothing where somebody else answers. Raises a `ChannelError` for
        whatever is no good answer."""
        headers = {"Authorization": f"Bearer {self.settings.bearer}"} | ({"Content-Type": JSON} if body else {})
        answered = await self.call(method, f"{self.settings.graph_url.rstrip('/')}/{path}", body, headers, most)
        told = document(answered.body)
        if not 200 <= answered.status < 300:
            raise refusal(self.codes, answered.status, told, answered.retry_after)
        return told

    def told(self, known: str, body: bytes) -> Delivery:
        """What was asked for, by the id of what it tells."""
        return self._delivery(f"asked:{known}", body, datetime.now(UTC))

    def _delivery(self, known: str, body: bytes, at: datetime) -> Delivery:
        return Delivery(id=known, channel=self.settings.name, received_at=at, body=body, content_type=JSON)
