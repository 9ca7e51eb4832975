"""What a mail server's refusals mean. Its own words are not said again: they may name people."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from adapters import ChannelDown, ChannelError, Unauthorized, noted_word

_CODE = re.compile(r"\[([A-Z-]{2,40})[\] ]")
_PASSING = {"UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "THROTTLED"}  # RFC 5530; the last is Yahoo's and Outlook's


@contextmanager
def told(what: str) -> Iterator[None]:
    """Errors of the library and of sockets become ours; `what` says what failed. Where an answer makes no sense, the
    library fails in any way."""
    try:
        yield
    except ChannelError:
        raise
    except Exception as error:
        noted_word("NO" if isinstance(error, IMAPClientError) and not _is_cut(error) else "")
        raise _meaning(what, error) from None
    noted_word("OK")


def _is_cut(error: Exception) -> bool:
    return isinstance(error, IMAPClientAbortError) or _cut_off(error)


def _meaning(what: str, error: Exception) -> ChannelError:
    code = _code(error)
    match error:
        case LoginError() if code not in _PASSING and not _cut_off(error):
            return Unauthorized(f"the mail server refuses the login{code and f' ({code})'}")
        case ssl.SSLCertVerificationError():
            return ChannelDown("the mail server's certificate is not trusted; `ca` names who signed it")
        case ssl.SSLError():
            return ChannelDown("TLS with the mail server failed; is `tls` as its port wants it?")
    return ChannelDown(f"{what} ({code or type(error).__name__})")


def _code(error: Exception) -> str:
    found = _CODE.search(str(error)) if isinstance(error, IMAPClientError) else None
    return found[1] if found else ""


def _cut_off(error: Exception) -> bool:
    """imapclient calls it a refused login too when the connection ends in it."""
    return isinstance(error.__context__, IMAPClientAbortError)
