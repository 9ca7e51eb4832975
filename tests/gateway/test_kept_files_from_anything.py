"""What lies in the data folder may be damaged, and a scanner may answer anything: it is told, and nothing breaks."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway import learntfile
from gateway.atlases import keeping
from gateway.clamav import Clamd, ScannerDown, Verdict
from gateway.errors import ConfigError

KEYS = st.sampled_from(["format", "areas", "streets", "kept", "words", "categories", "code", "name", "rings"])
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=8,
)
CONTENT = st.one_of(
    st.binary(max_size=100), VALUES.map(lambda value: json.dumps(value).encode()), st.just(b"[" * 50_000)
)
FILES: dict[str, tuple[str, Callable[[Path], object]]] = {
    "imported areas": (f"{keeping.FOLDER}/{keeping.FILE}", keeping.read),
    "what was learnt": (learntfile.FILE, learntfile.load),
}


@pytest.mark.parametrize(("name", "load"), FILES.values(), ids=FILES)
@given(content=CONTENT)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_a_kept_file_is_read_or_refused_with_a_reason(
    tmp_path: Path, name: str, load: Callable[[Path], object], content: bytes
) -> None:
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    try:
        assert load(tmp_path) is not None
    except ConfigError as refused:
        assert path.name in str(refused)


ANSWERS = st.one_of(
    st.binary(max_size=200), st.sampled_from([b"stream: OK\0", b"stream: A.B-1 FOUND\0", b"x" * 100_000, b"ERROR\0"])
)


async def _told(answers: list[bytes]) -> list[Verdict | None]:
    """What is taken from a scanner that gives these answers, one for each file; None where it is down."""
    given_ = iter(answers)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(bytes(4))
        writer.write(next(given_))
        writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        clamd = Clamd(f"tcp:127.0.0.1:{server.sockets[0].getsockname()[1]}")
        return [await _verdict(clamd) for _ in answers]


async def _verdict(clamd: Clamd) -> Verdict | None:
    try:
        return await clamd.scan(b"berkas")
    except ScannerDown:
        return None


@given(answers=st.lists(ANSWERS, max_size=5))
@settings(max_examples=40, deadline=None)
def test_no_answer_of_a_scanner_but_its_own_word_makes_a_file_clean(answers: list[bytes]) -> None:
    for answer, verdict in zip(answers, asyncio.run(_told(answers)), strict=True):
        if verdict is not None and verdict == Verdict():
            assert answer.split(b"\0")[0].strip() == b"stream: OK"
        if verdict and verdict.signature is not None:
            assert b"FOUND" in answer
