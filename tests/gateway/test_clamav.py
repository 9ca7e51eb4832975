"""Asking clamd of ClamAV whether a file is malware."""

import asyncio
import io
import zipfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from gateway.clamav import Clamd, ScannerDown, Verdict, is_place
from tests.gateway.scanner import EICAR, SIGNATURE, Clamav


@pytest.fixture(scope="module")
def clamav(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clamav]:
    with Clamav(tmp_path_factory.mktemp("c")) as clamav:
        clamav.start()
        yield clamav


def zipped(content: bytes) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("laporan.com", content)
    return written.getvalue()


@pytest.mark.threat("P2-44")
async def test_a_real_scanner_finds_what_it_knows(clamav: Clamav) -> None:
    clamd = Clamd(clamav.place)
    assert await clamd.scan(EICAR) == Verdict(signature=SIGNATURE)
    assert await clamd.scan(zipped(EICAR)) == Verdict(signature=SIGNATURE)
    assert await clamd.scan(b"Lampu padam") == Verdict()
    assert await clamd.scan(b"") == Verdict()
    assert await clamd.scan(bytes(300_000)) == Verdict()
    assert (await clamd.version()).startswith("ClamAV")


async def test_what_is_too_large_for_it_is_refused_or_not_answered(clamav: Clamav) -> None:
    """It may close the connection before it was heard out; then nobody reads what it said."""
    try:
        assert "size limit exceeded" in (await Clamd(clamav.place).scan(bytes(3 << 20))).refused
    except ScannerDown:
        assert await Clamd(clamav.place).scan(b"Lampu padam") == Verdict()


async def test_where_none_listens_it_is_down(tmp_path: Path) -> None:
    with pytest.raises(ScannerDown):
        await Clamd(f"unix:{tmp_path}/none").scan(b"x")


@asynccontextmanager
async def answering(said: bytes) -> AsyncIterator[Clamd]:
    """Something that listens to all and then says this."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield Clamd(f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}")


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"stream: OK\0", Verdict()),
        (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", Verdict("Win.Test.EICAR_HDB-1")),
        (b"stream: <b>a b\x1b FOUND\0", Verdict("_b_a_b_")),
        (b"INSTREAM size limit exceeded. ERROR\0", Verdict(refused="INSTREAM size limit exceeded. ERROR")),
        (b"stream: Heuristics.Limits.Exceeded FOUND\0", Verdict("Heuristics.Limits.Exceeded")),
    ],
)
async def test_what_it_says(said: bytes, verdict: Verdict) -> None:
    async with answering(said) as clamd:
        assert await clamd.scan(b"x") == verdict


@pytest.mark.parametrize("said", [b"", b"stream: OK", b"x" * 5_000], ids=["nothing", "half a line", "no end"])
async def test_who_does_not_say_it_properly_is_down(said: bytes) -> None:
    async with answering(said) as clamd:
        with pytest.raises(ScannerDown):
            await clamd.scan(b"x")


@pytest.mark.parametrize(
    ("place", "good"),
    [
        ("unix:/run/clamav/clamd.ctl", True),
        ("tcp:127.0.0.1:3310", True),
        ("tcp:[::1]:3310", True),
        ("tcp:clamav.lan:3310", True),
        ("unix:clamd.ctl", False),
        ("/run/clamav/clamd.ctl", False),
        ("127.0.0.1:3310", False),
        ("tcp:127.0.0.1", False),
        ("tcp:127.0.0.1:99999", False),
        ("", False),
    ],
)
def test_where_a_scanner_can_be(place: str, good: bool) -> None:
    assert is_place(place) is good
