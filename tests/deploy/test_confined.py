"""The gateway does its whole work under the system call rules of its systemd unit, enforced by the kernel."""

import signal
import subprocess
import sys
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import pytest

from tests.end_to_end.city import swaks
from tests.end_to_end.kanal import SECRET, Gateway, fetch
from tests.end_to_end.relay import Relay

UNIT = Path(__file__).parents[2] / "config" / "examples" / "kanal.service"
CONFINED = (sys.executable, "-m", "tests.deploy.confined", str(UNIT))


class Confined(Gateway):
    runner: ClassVar = CONFINED


def test_the_main_job_is_done_under_the_rules_of_the_unit(tmp_path: Path) -> None:
    relay = Relay()
    mail = {**relay.settings, "relay": f"localhost:{relay.port}"}
    with relay, Confined(tmp_path, mail=mail) as gateway:
        swaks(gateway.smtp, "warga@example.org", "Banjir di Jl. Kemang Raya", "--attach", f"@{UNIT}")
        status, _ = fetch(f"{gateway.sms_url}/{SECRET}/mo?sender=%2B628110000001&message={quote('Lampu mati')}")
        gateway.reported(2)
        gateway.sent(1)
        relay.wait(1)
        (case, _) = gateway.all("cases")
        gateway.order("cases", "move", case["code"], "proses")
    assert status == 200


REFUSED = {
    "memory that can be written and executed": "import mmap; mmap.mmap(-1, 4096, prot=7)",
    "sockets of other kinds": "import socket; socket.socket(socket.AF_NETLINK)",
}


@pytest.mark.parametrize("attempt", REFUSED.values(), ids=REFUSED)
def test_the_rules_refuse(attempt: str) -> None:
    done = subprocess.run([*CONFINED, sys.executable, "-c", attempt], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "OSError" in done.stderr or "PermissionError" in done.stderr


def test_the_rules_end_what_calls_outside_of_them() -> None:
    attempt = "import os; os.chroot('/')"
    done = subprocess.run([*CONFINED, sys.executable, "-c", attempt], capture_output=True, check=False)
    assert done.returncode == -signal.SIGSYS
