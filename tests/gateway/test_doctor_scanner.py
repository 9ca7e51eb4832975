"""What the doctor says of the scanner for malware."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from gateway.doctor import scanner
from gateway.doctor.finding import Health, Patient
from tests.gateway.support import settings_in


@contextmanager
def answering(socket: Path, version: str) -> Iterator[None]:
    """Something that gives this as its version."""
    ready, loop = Event(), asyncio.new_event_loop()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.write(version.encode() + b"\0")
        writer.close()

    async def serve() -> None:
        async with await asyncio.start_unix_server(answer, socket):
            ready.set()
            await stopped.wait()

    stopped = asyncio.Event()
    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    ready.wait(60)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
        loop.close()


def found(folder: Path, **gateway: Any) -> list[tuple[Health, str]]:
    patient = Patient(settings_in(folder, **gateway), folder, None)
    return [(one.health, one.said + one.hint) for one in scanner.check(patient)]


@pytest.mark.parametrize(
    ("version", "health"),
    [
        ("ClamAV 1.4.3", Health.OK),
        ("ClamAV 1.4.3/27800/Mon Nov 23 08:12:01 2099", Health.OK),
        ("ClamAV 1.4.3/27800/Sat Nov 23 08:12:01 2024", Health.WARN),
    ],
    ids=["no signatures of ClamAV's", "new signatures", "old signatures"],
)
def test_a_scanner_that_answers_is_as_good_as_its_signatures(tmp_path: Path, version: str, health: Health) -> None:
    with answering(tmp_path / "s", version):
        [(how, said)] = found(tmp_path, clamav=f"unix:{tmp_path}/s")
    assert (how, version in said) == (health, True)


def test_one_that_does_not_answer_is_found(tmp_path: Path) -> None:
    [(how, said)] = found(tmp_path, clamav=f"unix:{tmp_path}/none", clamav_required=True)
    assert (how, "none is passed on" in said) == (Health.FAIL, True)


def test_where_none_is_wanted_nothing_is_said(tmp_path: Path) -> None:
    assert found(tmp_path) == []
