"""The way to the judge's process.

Until its index is loaded, and whenever it is lost, every report is new; the sweep has it judged later.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

import msgspec
import structlog

from dedupe.fingerprint import Fingerprint
from dedupe.verdict import NEW, Verdict
from gateway.child import Child, ChildLost
from gateway.duplicates import Terms
from gateway.judgeorders import Answer, Change, Commit, Compare, Load, Look, Ruling, Weigh

LOAD_SECONDS = 600.0
ANSWER_SECONDS = 5.0
LOOK_SECONDS = 1.0

log = structlog.get_logger()
_encode = msgspec.msgpack.Encoder().encode
_answer = msgspec.msgpack.Decoder(Answer)


class Answers(Protocol):
    """A judge: see `gateway.child.Child`."""

    async def ask(self, frame: bytes, seconds: float) -> bytes: ...

    async def end(self) -> None: ...


class Judging:
    """Callers hold `turn`, but for `alike`: what is compared is committed before anything else is compared, and reports
    must see what was settled before them."""

    def __init__(self, folder: Path, start: Callable[[str], Awaitable[Answers]] = Child.start) -> None:
        self._folder = folder
        self._start_child = start
        self._child: Answers | None = None
        self._waiting = False
        self._missed: list[Change] = []
        self._is_loading = False
        self._one_at_a_time = asyncio.Lock()
        self._terms = Terms()
        self._failed = ""
        self.turn = asyncio.Lock()
        self.size = 0

    @property
    def loaded(self) -> bool:
        return self._child is not None

    @property
    def judged(self) -> bool:
        """Were the last `rulings` a judge's? Else they are to be asked for again later."""
        return self.loaded and not self._failed

    async def weigh(self, terms: Terms) -> None:
        """Judge by these, now and by whatever process there will be."""
        changed, self._terms = terms != self._terms, terms
        if changed and self._child is not None:
            await self._ask(Weigh(terms))

    async def run(self) -> None:
        """Start the judge's process and, whenever it is lost, another."""
        while True:
            if self._child is None:
                await self.load()
            await asyncio.sleep(LOOK_SECONDS)

    async def rulings(self, new: Sequence[Fingerprint]) -> list[Ruling]:
        """One for each, in order; `commit` or `forget` follows."""
        answer = await self._ask(Compare(list(new))) if new else None
        self._waiting = answer is not None
        self._tell(answer.failed if answer else "")
        return answer.rulings if answer and not answer.failed else [Ruling(NEW)] * len(new)

    async def alike(self, new: Fingerprint, most: int) -> list[Verdict]:
        """The open reports that are most like it, for somebody who is about to report; none while the index is loaded.
        Whoever is cancelled meanwhile leaves the judge to finish."""
        answer = await asyncio.shield(self._ask(Look(new, most)))
        return answer.verdicts if answer else []

    async def commit(self) -> None:
        """What was compared is kept."""
        await self._decide(kept=True)

    async def forget(self) -> None:
        """What was compared was not kept."""
        await self._decide(kept=False)

    async def change(
        self, opened: Sequence[Fingerprint] = (), closed: Sequence[str] = (), gone: Sequence[str] = ()
    ) -> None:
        """While the index is loaded, from what was there before, changes wait for it."""
        new = Change(list(opened), list(closed), list(gone))
        if self._is_loading:
            self._missed.append(new)
        elif opened or closed or gone:
            await self._ask(new)

    async def close(self) -> None:
        if self._child:
            await self._child.end()

    def _tell(self, failed: str) -> None:
        """Once for each reason, and when it is over."""
        if failed and failed != self._failed:
            log.error("another's judge failed: reports are judged later", reason=failed)
        elif self._failed and not failed:
            log.info("another's judge answers again")
        self._failed = failed

    async def _decide(self, kept: bool) -> None:
        if self._waiting:
            self._waiting = False
            await self._ask(Commit(kept))

    async def load(self) -> None:
        """Start the judge, and have it build its index."""
        started = time.monotonic()
        self._missed, self._is_loading = [], True
        try:
            child = await self._start_child("gateway.judge")
            answer = _answer.decode(await child.ask(_encode(Load(str(self._folder), self._terms)), LOAD_SECONDS))
            while self._missed:
                answer = _answer.decode(await child.ask(_encode(self._missed.pop(0)), ANSWER_SECONDS))
        finally:
            self._is_loading = False
        self._child, self.size = child, answer.size
        seconds = round(time.monotonic() - started, 2)
        log.info("the index of open reports is loaded", count=answer.size, seconds=seconds)

    async def _ask(self, order: Weigh | Compare | Commit | Look | Change) -> Answer | None:
        async with self._one_at_a_time:
            return await self._asked(order)

    async def _asked(self, order: Weigh | Compare | Commit | Look | Change) -> Answer | None:
        if self._child is None:
            return None
        try:
            answer = _answer.decode(await self._child.ask(_encode(order), ANSWER_SECONDS))
        except ChildLost as loss:
            log.error("the judge was lost: reports are judged later", reason=str(loss))
            self._child = None
            return None
        except BaseException:
            self._child = None
            raise
        self.size = answer.size
        return answer
