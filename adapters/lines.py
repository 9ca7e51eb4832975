"""The way to a provider: HTTP requests."""

from collections.abc import Mapping
from typing import Self

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout
from yarl import URL

from adapters.answered import LONGEST_ANSWER, Answered, seconds_asked
from adapters.errors import ChannelDown
from adapters.exchange import noted

_TIMEOUT = ClientTimeout(total=60, sock_connect=5)


class Line:
    """Made within an event loop, and closed when it is no longer used, or by `async with`. `provider` is whom the
    errors name, `headers` go with each request."""

    def __init__(self, provider: str, headers: Mapping[str, str]) -> None:
        self._provider = provider
        self._session = ClientSession(timeout=_TIMEOUT, headers=headers)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._session.close()

    async def ask(
        self, method: str, url: str, body: bytes, headers: Mapping[str, str], most: int = LONGEST_ANSWER
    ) -> Answered:
        """An answer, of which at most so many bytes are read. `url` is asked as it is written.

        Raises `ChannelDown` without its cause, which may hold the URL, and so a number or a password; also where an
        answer was cut: whether the request was heeded is then not known.
        """
        try:
            async with self._session.request(
                method, URL(url, encoded=True), data=body or None, headers=headers, allow_redirects=False
            ) as response:
                noted(response.status, response.headers)
                patience = seconds_asked(response.headers.get("Retry-After"))
                return Answered(response.status, await _beginning_of(response, most), patience)
        except (ClientError, OSError, ValueError) as error:
            raise ChannelDown(f"{self._provider} cannot be reached: {type(error).__name__}") from None


async def _beginning_of(response: ClientResponse, most: int) -> bytes:
    body = b""
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) >= most:
            break
    return body[:most]
