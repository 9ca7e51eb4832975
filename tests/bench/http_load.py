"""A load generator for webhooks: keep-alive connections, each with one request under way.

Prints a `Load` as JSON. Costs a tenth of what a server in Python does per request, so that the server is measured.
"""

import argparse
import asyncio
import itertools
import random
import re
import sys
from collections.abc import Iterator
from time import perf_counter
from urllib.parse import quote

import msgspec

from tests.bench.load import Load, summed
from tests.bench.texts import identity, reports, sender

POOL = 2_000
PATIENCE = 30.0
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
BODY_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


class Job:
    """What all connections share: the requests still to make, and the answer times."""

    def __init__(self, requests: Iterator[bytes], warm_up: float, seconds: float, pause: float = 0.0) -> None:
        self.requests = requests
        self.pause = pause
        self.measure_from = perf_counter() + warm_up
        self.until = self.measure_from + seconds
        self.times: list[float] = []
        self.refused = 0
        self.ended_at = self.measure_from
        self.open = 0
        self.over = asyncio.get_running_loop().create_future()

    def next(self, now: float) -> bytes | None:
        return next(self.requests, None) if now < self.until else None

    def answered(self, asked_at: float, now: float, ok: bool) -> None:
        if asked_at >= self.measure_from:
            self.times.append(now - asked_at)
            self.ended_at = now
            self.refused += not ok

    def closed(self, error: Exception | None) -> None:
        self.open -= 1
        if self.over.done():
            return
        if error is not None:
            self.over.set_exception(error)
        elif self.open == 0:
            self.over.set_result(None)


class Client(asyncio.Protocol):
    """One connection: asks again as soon as it is answered, or after the job's pause."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._buffer = b""
        self._asked_at = 0.0
        self._waiting = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._job.open += 1
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0 or len(self._buffer) < head + 4 + _body_length(self._buffer[:head]):
            return
        now = perf_counter()
        self._job.answered(self._asked_at, now, self._buffer.startswith(b"HTTP/1.1 2"))
        self._buffer = b""
        self._waiting = False
        if self._job.pause:
            asyncio.get_running_loop().call_later(self._job.pause, self._ask)
        else:
            self._ask(now)

    def connection_lost(self, error: Exception | None) -> None:
        self._job.closed(error or (ConnectionError("closed while waiting for an answer") if self._waiting else None))

    def _ask(self, now: float | None = None) -> None:
        now = perf_counter() if now is None else now
        request = self._job.next(now)
        self._waiting = request is not None
        if request is None:
            self._transport.close()
            return
        self._asked_at = now
        assert isinstance(self._transport, asyncio.WriteTransport)
        self._transport.write(request)


def _body_length(head: bytes) -> int:
    found = BODY_LENGTH.search(head)
    return int(found[1]) if found else 0


def requests(target: str, host: str, seed: int, count: int, body: str = "") -> Iterator[bytes]:
    """Requests for `target`, or posts of `body` to it as a form, whose {id}, {sender} and {text} are filled in. Ids are
    random UUIDs, as Kannel gives; texts come again after `count` or, where that is 0, after `POOL` of them, and then
    the requests never end."""
    rest = f" HTTP/1.1\r\nHost: {host}\r\nUser-Agent: bench\r\n".encode()
    fresh = list(zip(range(count or POOL), reports(seed), strict=False))
    filled = [(_filled(target, number, text), _filled(body, number, text)) for number, text in fresh]
    chance = random.Random(seed)
    again = filled if count else itertools.cycle(filled)
    return (_request(identity(chance).encode(), where, said, rest) for where, said in again)


def _filled(template: str, number: int, text: str) -> list[bytes]:
    """The pieces around the id."""
    return template.replace("{sender}", quote(sender(number))).replace("{text}", quote(text)).encode().split(b"{id}")


def _request(given: bytes, target: list[bytes], body: list[bytes], rest: bytes) -> bytes:
    content = given.join(body)
    if not content:
        return b"GET " + given.join(target) + rest + b"\r\n"
    return b"POST " + given.join(target) + rest + FORM + b"Content-Length: %d\r\n\r\n" % len(content) + content


async def measure(options: argparse.Namespace) -> Load:
    prepared = requests(options.target, f"127.0.0.1:{options.port}", options.seed, options.count, options.body)
    job = Job(prepared, options.warm_up, options.seconds, options.pause)
    loop = asyncio.get_running_loop()
    started = perf_counter()
    connecting = (
        loop.create_connection(lambda: Client(job), "127.0.0.1", options.port) for _ in range(options.connections)
    )
    async with asyncio.timeout(options.warm_up + options.seconds + PATIENCE):
        await asyncio.gather(*connecting)
        await job.over
    return summed(job.times, job.ended_at - max(started, job.measure_from), job.refused)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", default="/?from={sender}&text={text}&id={id}")
    parser.add_argument("--body", default="", help="post this as a form")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=0, help="stop after so many requests; 0: when time is up")
    parser.add_argument("--pause", type=float, default=0.0, help="seconds between answer and next request")
    parser.add_argument("--warm-up", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=3.0)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(measure(parser.parse_args()))))


if __name__ == "__main__":
    main()
