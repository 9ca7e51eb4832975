"""The way out: hands a mail to the relay and says in our words what became of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import aiosmtplib
from aiosmtplib import SMTP

from adapters import ChannelDown, ChannelError, RecipientGone, Refused, Unauthorized, noted
from adapters.mails.settings import MailSettings
from adapters.sockets import place

TIMEOUT = 60.0  # seconds for each step
GOODBYE = 2.0  # seconds for what is only polite: the mail is taken, and must not be sent again for want of a farewell
_LOGIN_WANTED = {530, 534, 535, 538}
_NO_SUCH_MAILBOX = {550, 551, 553}


async def hand_over(settings: MailSettings, recipient: str, mail: bytes) -> None:
    """Send one mail to one recipient, with the null return path, so that no bounce of it starts a loop.

    Raises a ChannelError.
    """
    options = [] if recipient.isascii() else ["SMTPUTF8", "BODY=8BITMIME"]
    async with _connection(settings) as relay:
        await relay.sendmail("", [recipient], mail, mail_options=options)
        noted(250)


async def greet(settings: MailSettings) -> None:
    """Connect, encrypt and log in as for a mail. Raises a ChannelError."""
    async with _connection(settings) as relay:
        await relay.noop()


@asynccontextmanager
async def _connection(settings: MailSettings) -> AsyncIterator[SMTP]:
    relay = _client(settings)
    try:
        with _told(_of_connecting):
            await relay.connect()
        with _told(_of_sending):
            yield relay
    except asyncio.CancelledError:
        relay.close()
        raise
    finally:
        await _leave(relay)


async def _leave(relay: SMTP) -> None:
    with suppress(aiosmtplib.SMTPException, OSError):
        if relay.is_connected:
            await relay.quit(timeout=GOODBYE)
    relay.close()


@contextmanager
def _told(meaning: Callable[[Exception], ChannelError]) -> Iterator[None]:
    try:
        yield
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        noted(_code(error))
        raise meaning(error) from None  # the relay's own words may name the citizen


def _code(error: Exception) -> int | None:
    """What the relay answered by."""
    match error:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refusal, *_]):
            return refusal.code
        case aiosmtplib.SMTPResponseException(code=code):
            return code
    return None


def _client(settings: MailSettings) -> SMTP:
    host, port = place(settings.relay)
    return SMTP(
        hostname=host,
        port=port,
        local_hostname=settings.our_host(),
        timeout=TIMEOUT,
        use_tls=settings.relay_tls == "tls",
        start_tls=settings.relay_tls == "starttls",
        username=settings.relay_username or None,
        password=settings.relay_password.reveal() if settings.relay_password else None,
    )


def _of_connecting(error: Exception) -> ChannelError:
    match error:
        case aiosmtplib.SMTPAuthenticationError(code=code) if code >= 500:
            return Unauthorized(f"the relay answered {code} to the login")
        case aiosmtplib.SMTPResponseException(code=code):
            return ChannelDown(f"the relay greets with {code}")
        case ssl.SSLError():
            return ChannelDown("TLS with the relay failed; is its certificate trusted?")
        case aiosmtplib.SMTPException() if type(error) is aiosmtplib.SMTPException:
            return Unauthorized("the relay does not offer the encryption or the login that is set")
    return ChannelDown(f"the relay cannot be reached ({type(error).__name__})")


def _of_sending(error: Exception) -> ChannelError:
    match error:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[refusal, *_]):
            return _recipient_refused(refusal.code)
        case aiosmtplib.SMTPResponseException(code=code):
            return _answered(code)
        case aiosmtplib.SMTPNotSupported():
            return Refused("the relay cannot take an address that is not ASCII")
        case ValueError():
            return Refused("the mail cannot be sent as it is")
    return ChannelDown(f"the relay went away ({type(error).__name__})")


def _recipient_refused(code: int) -> ChannelError:
    if code in _NO_SUCH_MAILBOX:
        return RecipientGone(f"the relay answered {code} to the recipient")
    return _answered(code)


def _answered(code: int) -> ChannelError:
    if code in _LOGIN_WANTED:
        return Unauthorized(f"the relay answered {code}")
    if code >= 500:
        return Refused(f"the relay answered {code}")
    return ChannelDown(f"the relay answered {code}")
