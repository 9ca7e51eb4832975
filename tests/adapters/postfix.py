"""A Postfix of our own: its configuration, queue and log in a temporary folder, on a port of 127.0.0.1. Needs root."""

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.adapters.smtp_running import run, tool

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = {folder}/log
maillog_file_prefixes = /tmp, /var
mail_owner = postfix
setgid_group = postdrop
myhostname = relay.example.org
mydestination =
local_recipient_maps =
mynetworks = 127.0.0.0/8
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = {next_hop}
disable_dns_lookups = yes
smtp_host_lookup = native
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
transport_retry_time = 1s
in_flow_delay = 0s
default_destination_recipient_limit = 50
smtp_tls_security_level = may
"""

_SERVICES = """
127.0.0.1:{port} inet n - n - - smtpd
postlog unix-dgram n - n - 1 postlogd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 2 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
scache unix - - n - 1 scache
error unix - - n - - error
retry unix - - n - - error
smtp unix - - n - - smtp
lmtp unix - - n - - lmtp
"""


class Postfix:
    """`address` is where it takes mail; everything goes on to its one next hop."""

    def __init__(self, address: str, log: Path) -> None:
        self.address = address
        self._log = log

    def fates(self) -> dict[str, list[str]]:
        """Each recipient's `status=` lines so far, in order."""
        found: dict[str, list[str]] = {}
        for recipient, status in re.findall(r"to=<([^>]+)>.*status=(\w+)", self._log.read_text()):
            found.setdefault(recipient, []).append(status)
        return found

    async def settled(self, recipients: int) -> dict[str, list[str]]:
        """The fates once so many recipients have their mail, or after a minute: it takes its time on a busy machine."""
        for _ in range(600):
            if sum("sent" in fate or "bounced" in fate for fate in self.fates().values()) >= recipients:
                break
            await asyncio.sleep(0.1)
        return self.fates()


@asynccontextmanager
async def postfix(next_hop: str, port: int) -> AsyncIterator[Postfix]:
    """Postfix in front of `next_hop`, such as "smtp:[127.0.0.1]:2525" or "lmtp:inet:127.0.0.1:2526"."""
    program = tool("postfix", "postfix")
    if os.geteuid() != 0:
        pytest.fail("Postfix can only be started by root")
    with tempfile.TemporaryDirectory(prefix="postfix") as name:
        folder = Path(name)
        _configure(folder, next_hop, port)
        status, printed = await run(program, "-c", str(folder / "etc"), "start")
        assert status == 0, printed
        try:
            await _answering(port)
            yield Postfix(f"127.0.0.1:{port}", folder / "log")
        finally:
            await run(program, "-c", str(folder / "etc"), "stop")


def _configure(folder: Path, next_hop: str, port: int) -> None:
    for name in ("etc", "queue", "data"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    system = Path("/etc/postfix/main.cf")  # Postfix's commands want one even if they are told of another
    if not system.exists():
        system.write_text("compatibility_level = 3.6\n")
    shutil.chown(folder / "data", "postfix")
    (folder / "etc" / "main.cf").write_text(_MAIN.format(folder=folder, next_hop=next_hop))
    (folder / "etc" / "master.cf").write_text(_SERVICES.format(port=port))


async def _answering(port: int) -> None:
    for _ in range(1_200):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    pytest.fail("Postfix does not answer")
