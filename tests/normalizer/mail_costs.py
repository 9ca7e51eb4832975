"""`python -m tests.normalizer.mail_costs`: every mail goes the whole way of a delivery, under a limit of memory.

A line of JSON for each: its name, seconds of processor time, the error if it cannot be read, and what is triaged. Run
as a process of its own, so that the limit is not that of the tests, and what is used is used by the mails.
"""

import resource
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
    adapter, book = Smtp(SmtpSettings(name="mail", kind="smtp", recipients=("lapor@example.go.id",))), Book("")
    read(
        adapter, Delivery(id="", channel="mail", received_at=NOW, body=b"Lampu padam di Jl. Mawar"), book
    )  # loads much
    for name, make in every():
        delivery = Delivery(id=name, channel="mail", received_at=NOW, body=make(), headers={"mail_from": "a@b.id"})
        _limit(_mapped() + MEMORY)
        began = process_time()
        reading = _read(adapter, delivery, book)
        seconds = process_time() - began
        _limit(resource.RLIM_INFINITY)
        triage = next((filed.report.triage for filed in reading.filed if filed), ())
        yield Cost(name, seconds, triage, reading.error)


def _read(adapter: Smtp, delivery: Delivery, book: Book) -> Reading:
    try:
        return read(adapter, delivery, book)
    except MemoryError:
        return Reading(error="out of memory")


def _mapped() -> int:
    return int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()


def _limit(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, resource.RLIM_INFINITY))


if __name__ == "__main__":
    for cost in costs():
        sys.stdout.buffer.write(msgspec.json.encode(cost) + b"\n")
