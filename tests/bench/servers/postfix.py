"""Postfix that keeps each mail in its queue before it answers 250, and then throws it away."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench.process import Server, free_port, memory_mb, wait_for_port

SYSTEM_CONFIG = Path("/etc/postfix/main.cf")
SERVICES = Path("/usr/share/postfix/master.cf.dist")
CONFIG = """\
compatibility_level = 3.6
queue_directory = {directory}/spool
data_directory = {directory}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
maillog_file = {directory}/maillog
maillog_file_prefixes = /tmp, /var
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = bench.example.org
mydestination =
local_recipient_maps =
mynetworks = 127.0.0.0/8
relay_domains = jakarta.go.id
smtpd_relay_restrictions = permit_mynetworks, reject
default_transport = discard:
relay_transport = discard:
in_flow_delay = 0
smtp_tls_security_level = none
disable_dns_lookups = yes
"""


def available() -> bool:
    return os.geteuid() == 0 and _program() is not None and SERVICES.exists()


@contextmanager
def serving(directory: Path) -> Iterator[Server]:
    """Postfix with a queue of its own in `directory`, whose parents all may enter. Needs root."""
    port = free_port()
    _configure(directory, port)
    _postfix(directory, "start")
    try:
        wait_for_port(port)
        master = int((directory / "spool/pid/master.pid").read_text())
        yield Server("Postfix", port, lambda: memory_mb(master))
    finally:
        _postfix(directory, "stop")


def _configure(directory: Path, port: int) -> None:
    for name in ("etc", "spool", "data"):
        (directory / name).mkdir(parents=True)
    directory.chmod(0o755)
    shutil.chown(directory / "data", "postfix")
    if not SYSTEM_CONFIG.exists():  # without it the postfix command refuses any other
        SYSTEM_CONFIG.write_text("compatibility_level = 3.6\n")
    (directory / "etc/main.cf").write_text(CONFIG.format(directory=directory))
    (directory / "etc/master.cf").write_text(_services(port))


def _services(port: int) -> str:
    """The distributed services on our port, none in a chroot."""
    listed = re.sub(r"^smtp +inet.*$", f"127.0.0.1:{port} inet n - n - - smtpd", SERVICES.read_text(), flags=re.M)
    return re.sub(r"^(\S+\s+\S+\s+\S+\s+\S+\s+)y(\s)", r"\1n\2", listed, flags=re.M)


def _postfix(directory: Path, verb: str) -> None:
    command = [_program() or "postfix", "-c", str(directory / "etc"), verb]
    done = subprocess.run(command, capture_output=True, timeout=60, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"postfix {verb}: {done.stderr.decode()[-1000:]}")


def _program() -> str | None:
    return shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
