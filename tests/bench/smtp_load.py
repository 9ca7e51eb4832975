"""A load generator for mail: sessions that each send one mail of 5 KB after the other.

Prints a `Load` as JSON; an answer time is from MAIL FROM to the answer to the mail's final dot.
"""

import argparse
import asyncio
import itertools
import sys
from collections.abc import Iterator
from time import perf_counter

import msgspec

from tests.bench.http_load import PATIENCE, Job
from tests.bench.load import Load, summed
from tests.bench.texts import reports

SIZE = 5 * 1024
POOL = 200
ENVELOPE = (b"MAIL FROM:<warga@example.org>\r\n", b"RCPT TO:<dki@jakarta.go.id>\r\n", b"DATA\r\n")


class Session(asyncio.Protocol):
    """One session: greeting, EHLO, then mails until the job is done, then QUIT."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._buffer = b""
        self._steps: Iterator[bytes] = iter((b"EHLO bench.example.org\r\n",))
        self._asked_at = 0.0
        self._sending = False
        self._quit = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._job.open += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        reply = self._buffer
        if not reply.endswith(b"\n") or reply[reply.rfind(b"\n", 0, -1) + 1 :][3:4] == b"-":
            return
        self._buffer = b""
        if reply[:1] in b"45":
            self._fail(reply)
        elif not self._quit:
            self._transport.write(next(self._steps, None) or self._next_mail())

    def connection_lost(self, error: Exception | None) -> None:
        self._job.closed(error or (None if self._quit else ConnectionError("closed within a session")))

    def _next_mail(self) -> bytes:
        now = perf_counter()
        if self._sending:
            self._job.answered(self._asked_at, now, ok=True)
        mail = self._job.next(now)
        if mail is None:
            self._quit = True
            return b"QUIT\r\n"
        self._sending, self._asked_at = True, now
        self._steps = iter((*ENVELOPE[1:], mail))
        return ENVELOPE[0]

    def _fail(self, reply: bytes) -> None:
        self._job.closed(ConnectionError(f"refused: {reply[:200].decode(errors='replace')}"))
        self._transport.abort()


def mails(seed: int) -> Iterator[bytes]:
    """Mails of `SIZE` bytes without end; Message-IDs never repeat, words do after `POOL` of them."""
    texts = reports(seed)
    bodies = [_body(texts) for _ in range(POOL)]
    return (_mail(seed, number, body) for number, body in enumerate(itertools.cycle(bodies)))


def _body(texts: Iterator[str]) -> bytes:
    lines = itertools.islice(texts, SIZE // 60)
    return "\r\n".join(lines).encode()


def _mail(seed: int, number: int, body: bytes) -> bytes:
    head = (
        f"From: Warga <warga{number}@example.org>\r\nTo: dki@jakarta.go.id\r\nSubject: Laporan {number}\r\n"
        f"Date: Sun, 1 Nov 2026 10:00:00 +0700\r\nMessage-ID: <{seed}.{number}@bench.example.org>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    ).encode()
    return (head + body)[: SIZE - 5] + b"\r\n.\r\n"


async def measure(options: argparse.Namespace) -> Load:
    job = Job(mails(options.seed), options.warm_up, options.seconds)
    loop = asyncio.get_running_loop()
    connecting = (
        loop.create_connection(lambda: Session(job), "127.0.0.1", options.port) for _ in range(options.sessions)
    )
    async with asyncio.timeout(options.warm_up + options.seconds + PATIENCE):
        await asyncio.gather(*connecting)
        await job.over
    return summed(job.times, job.ended_at - job.measure_from, job.refused)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--sessions", type=int, default=16)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--warm-up", type=float, default=0.0)
    parser.add_argument("--seconds", type=float, default=3.0)
    sys.stdout.buffer.write(msgspec.json.encode(asyncio.run(measure(parser.parse_args()))))


if __name__ == "__main__":
    main()
