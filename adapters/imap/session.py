"""A connection to a mail server with one folder open. It blocks, and belongs to one thread.

imapclient is asked for little, since some of its answers are not what they seem: `search("n:*")` gives the last mail
even if it is before n; `fetch("1:*")` fails; and `idle_check()` says for ever that nothing has come once the server is
gone. So ranges end at UIDNEXT, mails are fetched by number, and whatever stirs during IDLE ends it by `idle_done()`,
which notices a dead connection.
"""

import socket
import ssl
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import msgspec
from imapclient import IMAPClient, SocketTimeout

from adapters import ChannelDown, Unauthorized
from adapters.imap.faults import told
from adapters.imap.settings import ImapSettings

CONNECT, READ = 10.0, 60.0  # seconds


class Folder(msgspec.Struct, frozen=True):
    """A folder as it was opened: the next mail's UID will be `next` or more."""

    validity: int
    next: int


class Listed(msgspec.Struct, frozen=True):
    """A mail in the folder: its size in octets, and when the server got it."""

    uid: int
    size: int
    came_at: datetime


class Session:
    """Connected by its construction, which takes no longer than a server may take to greet. All methods raise a
    `ChannelError`, after which the session is of no more use."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        with told("the mail server cannot be reached"):
            self._context = _context(settings)
            self._client = _connected(settings, self._context)

    def log_in(self, token: str) -> None:
        """`token` is the OAuth2 access token where we log in by one."""
        if self._settings.tls == "starttls":
            with told("the mail server does not start TLS"):
                self._client.starttls(self._context)
        with told("the login"):
            _log_in(self._client, self._settings, token)

    def offers(self, capability: str) -> bool:
        with told("the mail server went away"):
            return bool(self._client.has_capability(capability))

    def open(self, folder: str, *, to_change: bool = False) -> Folder:
        """Asked anew, it is as the folder is then."""
        with told(f"the folder {folder!r} cannot be opened"):
            answer = self._client.select_folder(folder, readonly=not to_change)
        try:
            return Folder(int(answer[b"UIDVALIDITY"]), int(answer[b"UIDNEXT"]))
        except KeyError:
            raise ChannelDown(f"the server does not number the mails of {folder!r} for good") from None

    def numbers(self, first: int, last: int, since: date | None = None) -> list[int]:
        """The UIDs in a range, ascending; `since`: of the mails that came on that day or later."""
        asked = ["UID", f"{first}:{last}", *(["SINCE", since] if since else [])]
        with told("the mail server went away"):
            return sorted(uid for uid in self._client.search(asked) if first <= uid <= last)

    def listed(self, uids: Sequence[int]) -> list[Listed]:
        """Ascending; those of which the server says both."""
        answers = self._fetched(uids, "RFC822.SIZE", "INTERNALDATE")
        return [
            Listed(uid, size, came_at)
            for uid, answer in sorted(answers.items())
            if isinstance(size := answer.get(b"RFC822.SIZE"), int)
            and isinstance(came_at := answer.get(b"INTERNALDATE"), datetime)
        ]

    def mails(self, uids: Sequence[int]) -> dict[int, bytes]:
        """The octets of those that the server gives; nothing is marked as read."""
        answers = ((uid, one.get(b"BODY[]")) for uid, one in self._fetched(uids, "BODY.PEEK[]").items())
        return {uid: mail for uid, mail in answers if isinstance(mail, bytes)}

    def beginning(self, uid: int, octets: int) -> bytes | None:
        """At most so much of a mail; None if the server does not give it."""
        found = self._fetched([uid], f"BODY.PEEK[]<0.{octets}>").get(uid, {}).get(b"BODY[]<0>")
        return found if isinstance(found, bytes) else None

    def mark_read(self, uids: Sequence[int]) -> None:
        with told("mails could not be marked as read"):
            self._client.add_flags(uids, [b"\\Seen"], silent=True)

    def move(self, uids: Sequence[int], folder: str) -> None:
        with told(f"mails could not be moved to {folder!r}"):
            if self._client.has_capability("MOVE"):
                self._client.move(uids, folder)
                return
            self._client.copy(uids, folder)
        self.delete(uids)

    def delete(self, uids: Sequence[int]) -> None:
        """Where the server can expunge single mails they are gone, elsewhere only marked: others may have marked more,
        which is not ours to expunge."""
        with told("mails could not be deleted"):
            self._client.delete_messages(uids, silent=True)
            if self._client.has_capability("UIDPLUS"):
                self._client.uid_expunge(uids)

    def begin_idle(self) -> int:
        """The server tells what happens until `end_idle`; the file descriptor that can be read once it does."""
        with told("the mail server went away"):
            self._client.idle()
            descriptor: int = self._client.socket().fileno()
            return descriptor

    def end_idle(self) -> None:
        with told("the mail server went away"):
            self._client.idle_done()

    def close(self) -> None:
        """Without a farewell, for which a server that is ill could keep us waiting."""
        with suppress(OSError, IMAPClient.Error):
            self._client.shutdown()

    def break_off(self) -> None:
        """From another thread: whatever is waited for ends in an error."""
        with suppress(OSError):  # of a TLS socket the plain one: its own shutdown disturbs who reads from it
            socket.socket.shutdown(self._client.socket(), socket.SHUT_RDWR)

    def _fetched(self, uids: Iterable[int], *items: str) -> Mapping[int, Mapping[bytes, Any]]:
        with told("mails could not be fetched"):
            answers: Mapping[int, Mapping[bytes, Any]] = self._client.fetch(list(uids), list(items))
            return answers


def _context(settings: ImapSettings) -> ssl.SSLContext | None:
    if settings.tls == "none":  # reading all the authorities of the world takes a tenth of a second
        return None
    return ssl.create_default_context(cafile=str(settings.ca) if settings.ca else None)


def _connected(settings: ImapSettings, context: ssl.SSLContext | None) -> IMAPClient:
    client = IMAPClient(
        settings.host,
        settings.port_number(),
        ssl=settings.tls == "tls",
        ssl_context=context,
        timeout=SocketTimeout(CONNECT, READ),
    )
    client.normalise_times = False  # else INTERNALDATE is in this machine's own time, and does not say so
    client._imap.debug = 0  # else every mail and token is made into a line of a log, whether that is kept or not
    return client


def _log_in(client: IMAPClient, settings: ImapSettings, token: str) -> None:
    if not token:
        if client.has_capability("LOGINDISABLED"):
            raise Unauthorized("the mail server takes no password on this connection; should it be encrypted?")
        client.login(settings.username, settings.password.reveal() if settings.password else "")
    elif client.has_capability("AUTH=XOAUTH2"):
        client.oauth2_login(settings.username, token)
    else:
        client.oauthbearer_login(settings.username, token)
