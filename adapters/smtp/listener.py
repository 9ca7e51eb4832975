"""Takes mail in: own sockets, own recipients only, limits on everything, 250 only for what is on disk."""

import asyncio
import logging
import ssl
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial

from aiosmtpd.smtp import SMTP, Envelope
from aiosmtpd.smtp import Session as Facts

from adapters import Accept, Bind, ChannelDown, Delivery, NotAccepted, answering
from adapters.accepting import Accepting, Room
from adapters.hosts import source_of
from adapters.mails.identity import identity
from adapters.patience import Patience, Turns
from adapters.smtp.data import Data
from adapters.smtp.session import LARGE, TOO_MANY, LmtpSession, Session
from adapters.smtp.settings import SmtpSettings
from adapters.sockets import name

GRACE = 10.0  # seconds for what is under way when we are told to stop
MAX_RECIPIENTS = 100  # of one mail, as RFC 5321, 4.5.3.1.8 asks for at least

_log = logging.getLogger(__name__)


class Listener:
    """The open sockets of one channel and the conversations on them."""

    def __init__(self, settings: SmtpSettings, accept: Accept) -> None:
        self.settings = settings
        self.tls: ssl.SSLContext | None = None
        self._patience = Patience(at_once=20, per_second=2)
        self.turns = Turns(in_a_pass=4)
        self._accept = accept
        self._room = Room(
            settings.max_connections, settings.max_connections_per_address, self._end_one, settings.trusts
        )
        self._accepting: list[Accepting] = []
        self._sessions: dict[Session, str] = {}  # with their sources, the oldest first
        self._storing: set[asyncio.Task[str]] = set()

    async def open(self, bind: Bind) -> list[str]:
        """Listen, and say where. Raises ChannelDown."""
        self.tls = server_tls(self.settings)
        try:
            smtp = await self._serve("smtp", self.settings.smtp, Session, bind)
            lmtp = await self._serve("lmtp", self.settings.lmtp, LmtpSession, bind)
        except OSError as error:
            raise ChannelDown(f"cannot listen: {error.strerror or error}") from error
        return smtp + lmtp

    async def _serve(self, protocol: str, where: str, kind: type[Session], bind: Bind) -> list[str]:
        sockets = await bind(where) if where else ()
        self._accepting.append(Accepting(partial(kind, self), self._room, TOO_MANY))
        self._accepting[-1].serve(sockets)
        return [f"{protocol}://{name(sock)}" for sock in sockets]

    async def run(self) -> None:
        """Until cancelled."""
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Accept no more, dismiss the idle, give what is under way some seconds."""
        for accepting in self._accepting:
            await accepting.close()
        for session in list(self._sessions):
            session.dismiss("421 4.3.2 Shutting down, try again later")
        try:
            await self._settle()
        finally:
            self._give_up()

    async def _settle(self) -> None:
        under_way = {task for session in self._sessions if (task := session.done())} | self._storing
        if under_way:
            await asyncio.wait(under_way, timeout=GRACE)

    def _give_up(self) -> None:
        for session in list(self._sessions):
            session.abort()
        for task in self._storing:
            task.cancel()

    def enter(self, session: Session) -> None:
        self._sessions[session] = source_of(session.address)

    def leave(self, session: Session) -> None:
        """At the end of a session; when it is told twice, nothing happens."""
        if self._sessions.pop(session, None) is not None:
            self._room.leave(session.address)

    def _end_one(self, source: str) -> bool:
        """The oldest that may be ended."""
        sessions = (session for session, of in self._sessions.items() if of == source)
        return any(session.give_way("421 4.7.0 Too busy, try again later") for session in sessions)

    async def refused(self, session: Session) -> None:
        """Our own servers pass on what strangers say, and all of it comes from them."""
        if not self.settings.trusts(session.address):
            await self._patience.spend(session.address)

    def crowded(self) -> bool:
        return sum(session.held for session in self._sessions) > self.settings.max_memory

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Facts, envelope: Envelope, hostname: str, lines: list[str]
    ) -> list[str]:
        session.host_name = hostname
        kept = [line for line in lines if not line.startswith("250-AUTH")]
        return ["\r\n".join([*kept[:-1], "250-PIPELINING", kept[-1]])]

    async def handle_VRFY(self, server: SMTP, session: Facts, envelope: Envelope, address: str) -> str:  # noqa: N802
        return "252 2.5.2 Send some mail, it will be tried"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Facts, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if len(envelope.rcpt_tos) >= MAX_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        if not self.settings.owns(address):
            return "550 5.7.1 Not an address of this office"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_exception(self, error: Exception) -> str:
        return "451 4.3.0 Error in processing, try again later"

    async def keep(self, facts: Facts, envelope: Envelope, data: Data, protocol: str) -> str:
        """The answer to the final dot. The mail is kept even if the peer hangs up, which cancels its session."""
        task = asyncio.create_task(self._keep(facts, envelope, data, protocol))
        self._storing.add(task)
        task.add_done_callback(self._storing.discard)
        return await asyncio.shield(task)

    async def _keep(self, facts: Facts, envelope: Envelope, data: Data, protocol: str) -> str:
        answering(250, 452)
        try:
            await self._accept((await self._delivery(facts, envelope, data, protocol),), None)
        except NotAccepted:
            return "452 4.3.1 Not kept, try again later"
        except asyncio.CancelledError:
            return "451 4.3.0 Not kept, try again later"
        except Exception as error:  # whatever it was, the sender is to try again and learns nothing of it
            _log.error("%s: a mail was not accepted: %s", self.settings.name, type(error).__name__)
            return "451 4.3.0 Not kept, try again later"
        return "250 2.0.0 Kept"

    async def _delivery(self, facts: Facts, envelope: Envelope, data: Data, protocol: str) -> Delivery:
        body, name = await _off_loop_if_large(data)
        return Delivery(
            id=name,
            channel=self.settings.name,
            received_at=datetime.now(UTC),
            body=body,
            content_type="message/rfc822",
            headers=_headers(facts, envelope, protocol),
        )


def server_tls(settings: SmtpSettings) -> ssl.SSLContext | None:
    """What STARTTLS shows; None without a certificate. Raises ChannelDown if the files cannot be used."""
    if settings.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(settings.certificate, settings.private_key)
    except OSError as error:
        raise ChannelDown(f"certificate or private_key cannot be used: {error.strerror}") from error
    return context


async def _off_loop_if_large(data: Data) -> tuple[bytes, str]:
    return _read(data) if data.size < LARGE else await asyncio.to_thread(_read, data)


def _read(data: Data) -> tuple[bytes, str]:
    body = data.content()
    return body, identity(body)


def _headers(facts: Facts, envelope: Envelope, protocol: str) -> dict[str, str]:
    sender = envelope.mail_from or ""
    facts_of_transport = {
        "mail_from": "" if sender == "<>" else sender,
        "rcpt_to": ",".join(envelope.rcpt_tos),
        "peer": str((facts.peer or [""])[0]),
        "helo": facts.host_name or "",
        "protocol": protocol,
    }
    return {name: _text(value) for name, value in facts_of_transport.items()}


def _text(value: str) -> str:
    """aiosmtpd passes octets that are not UTF-8 as lone surrogates, which cannot be stored."""
    return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
