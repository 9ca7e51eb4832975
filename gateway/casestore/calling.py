"""How a case store is called over HTTP: with time limits of our own, answers limited in size, no redirect followed, and
what goes wrong told for what it is."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Self, TypeGuard, TypeVar

import msgspec
from aiohttp import ClientError, ClientSession, ClientTimeout
from yarl import URL

from adapters.answered import seconds_asked
from gateway.casestore.contract import CaseStoreDown, CaseStoreError, CaseStoreRefused, Filed, Later, Outcome, Pending

SECONDS = 60.0
CONNECT_SECONDS = 10.0
#: News may hold photos.
MOST_BYTES = 16 << 20
LONGEST_NUMBER = 200

Item = TypeVar("Item")


class Answer(msgspec.Struct, frozen=True):
    """What the other side says: it may be anything."""

    status: int
    body: bytes

    def is_good(self) -> bool:
        return 200 <= self.status < 300


class Caller:
    """A client that is held while the gateway runs. `what` is how it is called in messages, which quote nothing;
    `most` are the bytes of an answer at most."""

    def __init__(self, what: str, most: int = MOST_BYTES) -> None:
        self._what = what
        self._most = most
        self._session: ClientSession | None = None

    async def open(self) -> Self:
        timeout = ClientTimeout(total=SECONDS, connect=CONNECT_SECONDS)
        self._session = ClientSession(timeout=timeout, headers={"User-Agent": "Kanal"})
        return self

    async def close(self) -> None:
        if self._session:
            await self._session.close()

    async def ask(
        self,
        method: str,
        url: str | URL,
        *,
        params: Mapping[str, str] | None = None,
        data: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """An answer that says something about what was asked. Raises `CaseStoreDown` if there is none: nobody there,
        too slow or too long, credentials refused, moved elsewhere, too busy or ill; and `CaseStoreRefused` if it cannot
        even be said."""
        if self._session is None:
            raise CaseStoreDown(f"{self._what} is not open")
        try:
            async with self._session.request(
                method, url, params=params, data=data, headers=headers, allow_redirects=False
            ) as response:
                body = await self._body(response.content.iter_chunked(65_536))
                self._judge(response.status, response.headers.get("Retry-After"))
                return Answer(response.status, body)
        except UnicodeError:
            raise CaseStoreRefused("it holds a text that is no Unicode") from None
        except TimeoutError:
            raise CaseStoreDown(f"{self._what} did not answer in time") from None
        except (ClientError, OSError, ValueError) as error:  # without its cause: it may hold the URL, and so our key
            raise CaseStoreDown(f"{self._what} cannot be reached: {type(error).__name__}") from None

    async def _body(self, chunks: Any) -> bytes:
        body = bytearray()
        async for chunk in chunks:
            body += chunk
            if len(body) > self._most:
                raise CaseStoreDown(f"{self._what} answers with more than {self._most >> 20} MB")
        return bytes(body)

    def _judge(self, status: int, retry_after: str | None) -> None:
        if 300 <= status < 400:
            raise CaseStoreDown(f"{self._what} answers {status}: it has moved, set its new address")
        if status in {401, 403, 407}:
            raise CaseStoreDown(f"{self._what} refuses our credentials: it answers {status}")
        if status in {408, 425, 429, 502, 503, 504}:
            raise CaseStoreDown(f"{self._what} answers {status}", seconds_asked(retry_after))


def is_number(said: str | None) -> TypeGuard[str]:
    """Can it be a case's number there, or a token for it? Citizens are told it, and officers type it."""
    return said is not None and 0 < len(said) <= LONGEST_NUMBER and said.isprintable() and said == said.strip()


def taken(status: int, number: str | None, token: str | None, after: float) -> Outcome:
    """What an answer means that tells of no failure."""
    if number:
        return Filed(number)
    return Pending(token, after) if token else Later(f"it answers {status}, but with no number")


async def one_by_one(items: Sequence[Item], do: Callable[[Item], Awaitable[Outcome]]) -> Sequence[Outcome]:
    """Each item's outcome. Once the other side is down the rest is left for later, so that what is done stays done;
    raises what it said if that was the first thing."""
    outcomes: list[Outcome] = []
    for item in items:
        try:
            outcomes.append(await do(item))
        except CaseStoreError as error:
            if not outcomes:
                raise
            patience = error.retry_after if isinstance(error, CaseStoreDown) else None
            left = len(items) - len(outcomes)
            return [*outcomes, *[Later(str(error), patience)] * left]
    return outcomes
