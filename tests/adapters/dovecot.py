"""A real Dovecot: Debian's packages dovecot-imapd and dovecot-lmtpd. Needs root."""

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from imapclient import IMAPClient

from tests.adapters.smtp_running import tool
from tests.end_to_end.kanal import free_port

USER = "dki"
OWN = "dki@jakarta.go.id"
_NOBODY = 65534

_CONFIG = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = {ssl}
disable_plaintext_auth = no
auth_failure_delay = 0
default_internal_user = dovecot
default_login_user = dovenull
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 50
imap_idle_notify_interval = 5 secs
{more}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%n {folder}/users
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
  process_min_avail = 1
  service_count = 0
  chroot =
}}
service imap {{
  process_min_avail = 2
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
protocol lmtp {{
  auth_username_format = %Ln
}}
namespace inbox {{
  inbox = yes
  mailbox Diproses {{
    auto = create
  }}
  mailbox Kecamatan {{
    auto = create
  }}
}}
"""
_TLS = """
ssl_cert = <{certificate}
ssl_key = <{key}
"""


class Dovecot:
    """`with Dovecot() as dovecot:` runs it on free ports of 127.0.0.1, with one user. Starting takes 0.1 s."""

    def __init__(
        self,
        *,
        password: str = "rahasia-dovecot",
        certificate: tuple[Path, Path] | None = None,
        more: str = "",
    ) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="kanal-dovecot-"))
        self.folder.chmod(0o711)  # pytest's own folders are closed to Dovecot's users
        self.password = password
        (self.folder / "run").mkdir()
        tls = _TLS.format(certificate=certificate[0], key=certificate[1]) if certificate else ""
        self._how = {"ssl": "yes" if certificate else "no", "more": tls + more}
        self._choose_ports()
        home = self.folder / "home"
        users = f"{USER}:{{PLAIN}}{password}:{_NOBODY}:{_NOBODY}::{home}::\n"
        (self.folder / "users").write_text(users)
        home.mkdir()
        os.chown(home, _NOBODY, _NOBODY)

    def __enter__(self) -> Self:
        for _ in range(3):
            with suppress(subprocess.CalledProcessError):  # another test may have taken a port since
                self.start()
                return self
            self._choose_ports()
        raise RuntimeError((self.folder / "log").read_text())

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        command = [tool("dovecot", "dovecot-imapd"), "-c", str(self.folder / "dovecot.conf")]
        quiet = subprocess.DEVNULL  # it goes on holding what it was given
        subprocess.run(command, stdin=quiet, stdout=quiet, stderr=quiet, check=True)
        _await_port(self.imap)
        _await_port(self.lmtp)
        until = time.monotonic() + 60
        while self._pid() is None:  # it is written last, and without it nothing would be stopped
            assert time.monotonic() < until, "Dovecot does not say that it runs"
            time.sleep(0.02)

    def stop(self) -> None:
        """With all of its processes, whatever they are doing."""
        if (pid := self._pid()) is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        until = time.monotonic() + 60
        while _has_members(pid):
            assert time.monotonic() < until, "Dovecot does not stop"
            time.sleep(0.02)
        (self.folder / "run" / "master.pid").unlink()

    def settings(self, **changes: Any) -> dict[str, Any]:
        plain = {"host": "127.0.0.1", "port": self.imap, "tls": "none", "username": USER, "password": self.password}
        return {"recipients": [OWN], **plain, **changes}

    def deliver(self, *mails: bytes, sender: str = "warga@example.org") -> None:
        """Through LMTP, as a mail server does."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as client:
            for mail in mails:
                client.sendmail(sender, [OWN], mail)

    def place(self, mails: Iterable[bytes]) -> None:
        """As files in the Maildir."""
        new = self.folder / "home" / "Maildir" / "new"
        for folder in (new, new.parent / "cur", new.parent / "tmp"):
            folder.mkdir(parents=True, exist_ok=True)
        for number, mail in enumerate(mails):
            (new / f"1790000000.M{number:06}.kanal").write_bytes(mail)
        subprocess.run(["chown", "-R", f"{_NOBODY}:{_NOBODY}", new.parent], check=True)

    def person(self) -> IMAPClient:
        """Somebody at another client."""
        client = IMAPClient("127.0.0.1", self.imap, ssl=False)
        client.login(USER, self.password)
        return client

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """Of the mails in a folder."""
        with self.person() as client:
            client.select_folder(folder, readonly=True)
            found = client.fetch(client.search("ALL"), ["ENVELOPE"])
        return sorted(one[b"ENVELOPE"].subject.decode() for one in found.values())

    def _choose_ports(self) -> None:
        self.imap, self.imaps, self.lmtp = (free_port() for _ in range(3))
        (self.folder / "dovecot.conf").write_text(_CONFIG.format(**self._how, **vars(self)))

    def _pid(self) -> int | None:
        with suppress(FileNotFoundError, ValueError):
            return int((self.folder / "run" / "master.pid").read_text())
        return None


def _await_port(port: int) -> None:
    until = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < until, "Dovecot did not start"
            time.sleep(0.02)
        else:
            return


def _has_members(group: int) -> bool:
    """That live: what became of the others may take its time."""
    found = (_state_and_group(one) for one in Path("/proc").glob("[0-9]*/stat"))
    return any(state != "Z" and its_group == group for state, its_group in found)


def _state_and_group(stat: Path) -> tuple[str, int]:
    with suppress(OSError):
        state, _, group, *_ = stat.read_text().rpartition(")")[2].split()
        return state, int(group)
    return "Z", 0
