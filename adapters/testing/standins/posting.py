"""How a provider brings what it has to a web server of ours: by POST, again and again until that is answered by 2xx."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from aiohttp import ClientError, ClientSession, ClientTimeout

Proof = Callable[[bytes], Mapping[str, str]]


class Posting:
    """JSON bodies wait in a row for the one at `url`; while there is none they are kept. `proof` makes the headers that
    show whose a body is; `answered` is called with the body of each 2xx. `copies`: how often each is posted although it
    was taken. `answers` are the statuses so far, 0 for none."""

    def __init__(
        self, proof: Proof = lambda _: {}, *, answered: Callable[[bytes], None] = lambda _: None, pause: float = 0.2
    ) -> None:
        self.url: str | None = None
        self.copies = 1
        self.answers: list[int] = []
        self.proof = proof
        self._answered = answered
        self._pause = pause
        self._row: deque[bytes] = deque()
        self._held: list[bytes] | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def left(self) -> int:
        """How many wait."""
        return len(self._row)

    def add(self, body: bytes) -> None:
        (self._row if self._held is None else self._held).extend([body] * self.copies)

    def taken_back(self) -> list[bytes]:
        """What was not taken yet, which is posted no more."""
        left = list(self._row)
        self._row.clear()
        return left

    @contextmanager
    def reversed(self) -> Iterator[None]:
        """What is added meanwhile is posted afterwards, the last one first."""
        self._held = []
        try:
            yield
        finally:
            held, self._held = self._held, None
            self._row.extend(held[::-1])

    def open(self) -> None:
        """To be called in the loop that posts."""
        self._task = asyncio.create_task(self._work())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _work(self) -> None:
        async with ClientSession(timeout=ClientTimeout(total=30)) as session:
            while True:
                if self.url is None or not self._row or not await self._taken(session, self.url, self._row[0]):
                    await asyncio.sleep(self._pause if self._row else 0.01)
                else:
                    self._row.popleft()

    async def _taken(self, session: ClientSession, url: str, body: bytes) -> bool:
        headers = {"Content-Type": "application/json", **self.proof(body)}
        try:
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                answer = await response.read()
                self.answers.append(response.status)
                taken = 200 <= response.status < 300
                if taken:
                    self._answered(answer)
                return taken
        except (ClientError, TimeoutError):
            self.answers.append(0)
            return False
