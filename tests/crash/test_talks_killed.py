"""The gateway is killed between the messages of a talk, which goes on as if nothing had happened."""

from pathlib import Path

import pytest

from tests.crash.talks import played


@pytest.mark.parametrize("name", ["laporan", "foto"])
def test_a_talk_goes_on_after_kills(tmp_path: Path, name: str) -> None:
    """In turn before an answer and after one."""
    assert played(name, tmp_path, said=lambda turn: turn % 2 == 0, seen=lambda turn: turn % 2 == 1) >= 3
