"""`python -m tests.normalizer.mail_costs`: every mail goes the whole way of a delivery, under a limit of memory.

A line of JSON for each: its name, seconds of processor time, octets of memory beside its own, the error if it cannot be
read, and what is triaged. Run as a process of its own, so that the limit is not that of the tests, and what is used is
used by the mails.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from time import process_time

import msgspec

from adapters import Delivery
from adapters.smtp import Smtp, SmtpSettings
from gateway.filed import Reading
from gateway.reading import read
from normalizer.book import Book
from tests.normalizer import bombs, corpus

#: Octets that one mail may take beside its own.
MEMORY = 200_000_000
NOW = datetime(2026, 11, 2, 3, tzinfo=UTC)
MAILS = Path(__file__).parent / "mails"


class Cost(msgspec.Struct, frozen=True):
    name: str
    seconds: float
    memory: int
    triage: tuple[str, ...] = ()
    error: str | None = None


def every() -> Iterator[tuple[str, Callable[[], bytes]]]:
    for path in sorted((*MAILS.glob("*.eml"), *corpus.FOLDER.glob("*.eml"), *pythons())):
        yield path.name, path.read_bytes
    for name, raw in bombs.BOMBS.items():
        yield name, partial(bytes, raw)
    yield from bombs.HEAVY.items()


def pythons() -> list[Path]:
    """CPython's own test mails; none where its tests are not installed, as on Debian."""
    spec = find_spec("test")
    folders = [
        Path(folder) / "test_email" / "data" for folder in (spec.submodule_search_locations if spec else None) or ()
    ]
    return sorted(path for folder in folders for path in folder.glob("msg_*.txt"))


def costs() -> Iterator[Cost]:
    adapter, book = Smtp(SmtpSettings(name="mail", kind="smtp", recipients=("lapor@example.go.id",))), Book("31")
    read(
        adapter, Delivery(id="", channel="mail", received_at=NOW, body=b"Lampu padam di Jl. Mawar"), book
    )  # loads much
    for name, make in every():
        delivery = Delivery(id=name, channel="mail", received_at=NOW, body=make(), headers={"mail_from": "a@b.id"})
        _limit(_mapped() + MEMORY)
        began, held = process_time(), _resident("VmRSS")
        Path("/proc/self/clear_refs").write_text("5", "ascii")  # the peak counts from here (proc(5))
        reading = _read(adapter, delivery, book)
        seconds = process_time() - began
        memory = _resident("VmHWM") - held
        _limit(resource.RLIM_INFINITY)
        triage = next((filed.report.triage for filed in reading.filed if filed), ())
        yield Cost(name, seconds, max(0, memory), triage, reading.error)


def _read(adapter: Smtp, delivery: Delivery, book: Book) -> Reading:
    try:
        return read(adapter, delivery, book)
    except MemoryError:
        return Reading(error="out of memory")


def _mapped() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _resident(what: str) -> int:
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(what))


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))


def measured() -> list[Cost]:
    """Of all mails, by one process of their own."""
    command = [sys.executable, "-m", "tests.normalizer.mail_costs"]
    at_once = os.environ | {"MALLOC_MMAP_THRESHOLD_": "8388608"}  # what is freed is given back: mallopt(3)
    ran = subprocess.run(command, env=at_once, capture_output=True, check=True)
    return msgspec.json.Decoder(Cost).decode_lines(ran.stdout)


if __name__ == "__main__":
    for cost in costs():
        sys.stdout.buffer.write(msgspec.json.encode(cost) + b"\n")
