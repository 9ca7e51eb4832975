"""One SMTP or LMTP conversation, on top of aiosmtpd.

aiosmtpd 1.4.6 speaks the protocol; what it leaves open, or answers in a way that loses mail, is mended here:
an exception is answered 500 with its text, DATA cuts lines and holds an object for each, its time limit covers only
the wait for the next command and says nothing to the peer, and LMTP gets one answer for all recipients.
"""

import asyncio
import logging
import re
import ssl
from typing import AnyStr, Protocol

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP, Envelope, syntax
from aiosmtpd.smtp import Session as Facts

from adapters.hosts import source_of
from adapters.patience import Turns
from adapters.smtp.data import Data
from adapters.smtp.settings import SmtpSettings

# aiosmtpd logs every peer, command and address under this name.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)

TOO_MANY = b"421 4.7.0 Too many connections, try again later\r\n"
LARGE = 1 << 20  # octets; mails beyond share the memory there is, and are read outside the event loop
_EVERYTHING = 1 << 30
_PARTING = 5.0  # seconds for a peer to take our last words
PATIENCE = 20  # refused commands and resets between two mails
_PLAIN_ADDRESS = re.compile(r"<([\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@[A-Za-z0-9.-]+)>", re.ASCII)
#: A command that is none: what was sent in its place may be a secret, and is not said again.
_QUOTED = re.compile(r'(?<=\A500 Error: )command ".*"(?= not recognized\Z)|(?<=\A421 4\.7\.0 )\S+(?= sent too many)')
_CROWDED = "452 4.3.1 Too much mail at once, try again later"
_ENDLESS = 1_000_000
_CALLS = {"*": 50, "MAIL": _ENDLESS, "RCPT": _ENDLESS, "DATA": _ENDLESS, "RSET": _ENDLESS}


class House(Protocol):
    """What a session asks of the listener it belongs to, beside the `handle_…` hooks of aiosmtpd."""

    settings: SmtpSettings
    tls: ssl.SSLContext | None
    turns: Turns

    def enter(self, session: "Session") -> None: ...

    def leave(self, session: "Session") -> None: ...

    async def refused(self, session: "Session") -> None: ...

    def crowded(self) -> bool: ...

    async def keep(self, facts: Facts, envelope: Envelope, data: Data, protocol: str) -> str: ...


class Session(SMTP):
    """A conversation in SMTP."""

    protocol = "SMTP"
    line_length_limit = 65536  # how much is read ahead; how long lines may be is nobody's limit

    def __init__(self, house: House, address: str) -> None:
        self.address = address
        self._source = source_of(address)
        self._house = house
        self._busy = False
        self._last_words = ""
        self._data: Data | None = None
        self._keeping = False
        self._in_vain = 0
        super().__init__(
            house,
            loop=asyncio.get_running_loop(),
            hostname=house.settings.our_host(),
            ident="Kanal",
            data_size_limit=house.settings.max_size,
            enable_SMTPUTF8=True,
            timeout=house.settings.command_timeout,
            tls_context=house.tls,
            command_call_limit=_CALLS,
            auth_exclude_mechanism=("LOGIN", "PLAIN"),
        )

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._house.enter(self)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._house.leave(self)
        super().connection_lost(error)

    @property
    def held(self) -> int:
        """Octets of the mail under way."""
        return self._data.size if self._data else 0

    def done(self) -> "asyncio.Task[None] | None":
        """The task that ends with the conversation."""
        return self._handler_coroutine

    def dismiss(self, words: str) -> None:
        """End the conversation, but not before the mail under way is answered."""
        self._last_words = words
        if not self._busy:
            self._part(words)

    async def push(self, status: AnyStr) -> None:
        await super().push(_QUOTED.sub("command", status) if isinstance(status, str) else status)
        if status[:1] in ("5", b"5"):
            await self._count_in_vain()
            await self._house.refused(self)
        await self._house.turns.take(self._source)

    async def _count_in_vain(self) -> None:
        self._in_vain += 1
        if self._in_vain > PATIENCE:
            self._part("421 4.7.0 Too many errors, goodbye")
            await asyncio.Event().wait()  # for the end of the connection, which cancels us

    @syntax("RSET")
    async def smtp_RSET(self, arg: str | None) -> None:  # noqa: N802
        await self._count_in_vain()
        await super().smtp_RSET(arg)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """A plain address is recognised in a hundredth of the time that the parser of the standard library takes."""
        found = _PLAIN_ADDRESS.match(arg)
        read: tuple[str | None, str | None] = (found[1], arg[found.end() :]) if found else super()._getaddr(arg)
        return read

    def give_way(self, words: str) -> bool:
        """End the conversation, unless a mail is being kept or the end has come already."""
        may = not self._keeping and self.transport is not None and not self.transport.is_closing()
        if may:
            self._part(words)
        return may

    @syntax("DATA")
    async def smtp_DATA(self, arg: str | None) -> None:  # noqa: N802
        if await self.check_helo_needed():
            return
        if problem := self._unready(arg):
            await self.push(problem)
            return
        self._busy = True
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._answer(await self._take())
        self._busy = False
        self._in_vain = 0
        self.envelope = self._create_envelope()
        self._reset_timeout()
        if self._last_words:
            self._part(self._last_words)

    def _unready(self, arg: str | None) -> str | None:
        assert self.envelope
        if arg:
            return "501 5.5.4 Syntax: DATA"
        return None if self.envelope.rcpt_tos else "503 5.5.1 Error: need RCPT command"

    async def _take(self) -> str:
        assert self.session and self.envelope
        self._data = data = Data(self._house.settings.max_size)
        try:
            await self._receive(data)
            self._keeping = True
            return data.refusal or await self._house.keep(self.session, self.envelope, data, self._spoken())
        finally:
            self._data = None
            self._keeping = False

    async def _receive(self, data: Data) -> None:
        self._reset_timeout(self._house.settings.data_timeout)
        while (rest := data.feed(await self._reader.read(_EVERYTHING))) is None:
            if self._reader.at_eof():
                raise ConnectionResetError
            if data.size > LARGE and self._house.crowded():
                data.refuse(_CROWDED)
        if rest:
            self._reader.feed_data(rest)
        self._reset_timeout(self._house.settings.data_timeout)

    async def _answer(self, status: str) -> None:
        await self.push(status)

    def _spoken(self) -> str:
        """The protocol's name by RFC 3848."""
        assert self.session
        extended = "E" if self.session.extended_smtp and self.protocol == "SMTP" else ""
        return extended + self.protocol + ("S" if self.session.ssl else "")

    async def _handle_client(self) -> None:
        try:
            await super()._handle_client()
        except Exception:  # the peer went away in mid-sentence, and there is nobody to tell
            self.abort()

    def _timeout_cb(self) -> None:
        self._part("421 4.4.2 Timeout, closing connection")

    def _part(self, words: str) -> None:
        """aiosmtpd closes without a word, and a peer that reads nothing stays for ever."""
        transport = self.transport
        if isinstance(transport, asyncio.WriteTransport) and not transport.is_closing():
            transport.write(words.encode() + b"\r\n")
            transport.close()
        self._abort_after(_PARTING)

    def _abort_after(self, seconds: float) -> None:
        if self._timeout_handle is not None:
            self._timeout_handle.cancel()
        self._timeout_handle = self.loop.call_later(seconds, self.abort)

    def abort(self) -> None:
        """End the conversation at once. Nobody tells us that a TLS handshake ended: asyncio keeps it to itself."""
        transport = self._original_transport or self.transport
        if isinstance(transport, asyncio.WriteTransport):
            transport.abort()
        if self._handler_coroutine is not None:
            self._handler_coroutine.cancel()
        self._house.leave(self)


class LmtpSession(Session, LMTP):
    """A conversation in LMTP: the final dot is answered once for each recipient (RFC 2033, 4.2)."""

    protocol = "LMTP"

    async def _answer(self, status: str) -> None:
        assert self.envelope
        await self.push("\r\n".join([status] * len(self.envelope.rcpt_tos)))
