"""The way to Meta's Graph API."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from adapters.graph.payload import document
from adapters.lines import LONGEST_ANSWER, Line


class Answered(NamedTuple):
    """`told` is empty where somebody other than Graph answered; `retry_after` is in seconds."""

    status: int
    told: Mapping[str, Any]
    retry_after: float | None


class GraphLine:
    """Made within an event loop, and closed when it is no longer used."""

    def __init__(self, graph_url: str, token: str) -> None:
        self._graph_url = graph_url.rstrip("/")
        self._line = Line("Meta", {"Authorization": f"Bearer {token}"})

    async def close(self) -> None:
        await self._line.close()

    async def ask(self, method: str, path: str, body: bytes | None = None, most: int = LONGEST_ANSWER) -> Answered:
        """`most` are the bytes of an answer that are read. Raises `ChannelDown`, as `Line` does."""
        headers = {"Content-Type": "application/json"} if body else {}
        heard = await self._line.ask(method, f"{self._graph_url}/{path}", body or b"", headers, most)
        return Answered(heard.status, document(heard.body), heard.retry_after)
