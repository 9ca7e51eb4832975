"""File handles: as many as the settings' connections need are asked for at the start; too few are told of."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import handles
from tests.gateway.support import channel, settings_in, sms_channel

START = """
import resource, sys
from pathlib import Path
from gateway import handles, logs
from tests.gateway.support import settings_in
soft, hard = map(int, sys.argv[2:])
resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
logs.configure(json=True)
handles.provide(settings_in(Path(sys.argv[1])))
print(*handles.limits())
"""


def test_every_connection_that_the_settings_allow_needs_one(tmp_path: Path) -> None:
    mail = channel("smtp", recipients=["a@b.id"], smtp="127.0.0.1:8025", max_connections=300)
    few = handles.needed(settings_in(tmp_path, web={"max_connections": 100}))
    assert handles.needed(settings_in(tmp_path, web={"max_connections": 600})) == few + 500
    assert handles.needed(settings_in(tmp_path, sms_channel(), mail, web={"max_connections": 100})) == few + 300


@pytest.mark.threat("P1-37")
@pytest.mark.parametrize(
    ("soft", "hard", "then", "warned"),
    [
        pytest.param(64, 4096, "what is needed", False, id="it may have more, and asks for what it needs"),
        pytest.param(64, 200, 200, True, id="it may have more, but too few"),
        pytest.param(64, 64, 64, True, id="it may have no more"),
        pytest.param(4000, 4096, 4000, False, id="it has enough"),
    ],
)
def test_the_limit_is_raised_at_the_start(tmp_path: Path, soft: int, hard: int, then: object, warned: bool) -> None:
    wanted = handles.needed(settings_in(tmp_path)) if then == "what is needed" else then
    command = [sys.executable, "-c", START, str(tmp_path), str(soft), str(hard)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"{wanted} {hard}\n"
    assert ("too few file handles" in done.stderr, "LimitNOFILE=" in done.stderr) == (warned, warned)


def test_what_is_open_is_counted(tmp_path: Path) -> None:
    before = handles.in_use()
    with (tmp_path / "file").open("w"):
        assert handles.in_use() == before + 1
    assert handles.limits()[1] <= max(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 30)
