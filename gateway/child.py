"""The parent's side of a child process: ask it something, and end it if it does not answer."""

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process

from gateway.frames import LENGTH_BYTES, OUT_OF_MEMORY, packed

EXIT_SECONDS = 1.0


class ChildLost(Exception):
    """The child died (memory, processor time, a crash) or took too long, and was ended. `spent`: it had used up its
    time, as it would again."""

    def __init__(self, reason: str, spent: bool = False) -> None:
        super().__init__(reason)
        self.spent = spent


class Child:
    """One running child. It ends when its standard input does, so it never outlives its parent."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, module: str) -> "Child":
        """With what `main` of this module does."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "gateway.started", module, stdin=PIPE, stdout=PIPE, process_group=0
        )
        return cls(process)

    async def ask(self, frame: bytes, seconds: float) -> bytes:
        """Raises `ChildLost`; the child is ended then, and also if the caller is cancelled meanwhile."""
        try:
            async with asyncio.timeout(seconds):  # in Python 3.11 wait_for may swallow the cancellation at a stop
                return await self._ask(frame)
        except TimeoutError:
            await self.end()
            raise ChildLost("it took too long", spent=True) from None
        except (asyncio.IncompleteReadError, ConnectionError):
            await self._gone()
            raise ChildLost(self._reason(), spent=self._process.returncode == -signal.SIGXCPU) from None
        except BaseException:
            await self.end()
            raise

    async def end(self) -> None:
        """Popen.kill would ask for the exit code first, and if there is one already, asyncio would not learn it."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)
        await self._process.wait()

    async def _gone(self) -> None:
        """It has closed its end: let it say by its exit code why."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(EXIT_SECONDS):
                await self._process.wait()
        await self.end()

    async def _ask(self, frame: bytes) -> bytes:
        received, asked = self._process.stdout, self._process.stdin
        assert received is not None and asked is not None
        asked.write(packed(frame))
        await asked.drain()
        length = int.from_bytes(await received.readexactly(LENGTH_BYTES), "big")
        return await received.readexactly(length)

    def _reason(self) -> str:
        if self._process.returncode == OUT_OF_MEMORY:
            return "it ran out of memory"
        return f"its process ended (code {self._process.returncode})"
