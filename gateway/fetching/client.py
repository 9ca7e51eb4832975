"""The guarded client that files of a provider are fetched with.

Addresses come from providers, or from whoever can make one say so: a request goes to the hosts of the channel alone,
over https to public addresses, and what is secret goes to the host that it was meant for. Raises what the queue makes
its decisions by, in words that quote neither address nor token.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from ssl import SSLContext

from aiohttp import (
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)
from yarl import URL

from adapters import ChannelDown, Refused, Throttled, Unauthorized, noted
from adapters.answered import seconds_asked
from gateway.fetching.hosts import Hosts, Trust
from gateway.fetching.resolving import NotPublic, PublicOnly

MOST_REDIRECTS = 3
REDIRECTS = frozenset({301, 302, 303, 307, 308})
#: The other side is busy, or will know of it soon.
LATER = frozenset({408, 425})
#: What a provider may answer where our credentials have ended, or an address has, and where there is no such file.
UNWILLING = frozenset({400, 403})
THROTTLED_SECONDS = 60.0
#: Of an answer that asks for patience, in bytes.
LONGEST_WORDS = 4096
CHUNK = 65_536
Patience = Callable[[bytes], float | None]
#: Nothing of it is unpacked: what is small on the way would be large here.
ALWAYS = {"User-Agent": "Kanal", "Accept-Encoding": "identity"}


class Unwilling(ChannelDown):
    """The other side is well, but does not give this file: perhaps another time."""


class TooLarge(Refused):
    """The file is larger than it may be."""

    def __init__(self, most: int) -> None:
        super().__init__(f"the file is larger than {most / (1 << 20):.4g} MB")


class Limits:
    """In seconds, and bytes in a second once the first seconds are over."""

    def __init__(
        self, connect: float = 10.0, silence: float = 20.0, total: float = 300.0, slowest: float = 4096.0
    ) -> None:
        self.timeout = ClientTimeout(total=total, connect=connect, sock_read=silence)
        self.patience = silence
        self.slowest = slowest


class Client:
    """Of one channel: `hosts` are its adapter's, `cap` the bytes of an answer at most. `tls` says by whose word the
    other side is known."""

    def __init__(
        self, hosts: Sequence[str], cap: int, limits: Limits | None = None, tls: SSLContext | bool = True
    ) -> None:
        self._hosts = Hosts(hosts)
        self._cap = cap
        self._limits = limits or Limits()
        self._tls = tls

    async def get(
        self,
        url: str,
        headers: Mapping[str, str] | None = None,
        cap: int | None = None,
        patience: Patience | None = None,
    ) -> bytes:
        """The body of a good answer. `headers` go to the address's own origin only; `cap` may make the channel's
        smaller; `patience` reads how long whoever is asked too fast wants to be left alone. Raises `ChannelDown`
        (`Unwilling`, `Throttled`) or `Unauthorized` if it may be there another time, and `Refused` if not."""
        most = self._cap if cap is None else min(cap, self._cap)
        try:
            async with asyncio.timeout(self._limits.timeout.total):
                return await self._followed(_parsed(url), dict(headers or {}), most, patience)
        except TimeoutError:
            raise ChannelDown("the file was not there in time") from None
        except NotPublic as error:
            raise ChannelDown(str(error)) from None
        except ClientConnectorDNSError as error:  # before the others: it holds what the resolver raised
            raise ChannelDown(_unresolved(error)) from None
        except ClientConnectorCertificateError:
            raise ChannelDown("the certificate of the host that has the file cannot be trusted") from None
        except (ClientError, OSError, ValueError) as error:  # without its cause: it holds the address
            raise ChannelDown(f"the file could not be fetched: {type(error).__name__}") from None

    async def _followed(self, url: URL, headers: Mapping[str, str], most: int, patience: Patience | None) -> bytes:
        first = url
        for _ in range(MOST_REDIRECTS + 1):
            trust = self._hosts.trust(url)
            if trust is None:
                raise Refused("the file lies where the channel fetches none from")
            own = headers if url.origin() == first.origin() else {}
            found = await self._asked(url, own, trust, most, patience)
            if isinstance(found, bytes):
                return found
            url = found
        raise Refused(f"the file was moved more than {MOST_REDIRECTS} times")

    async def _asked(
        self, url: URL, headers: Mapping[str, str], trust: Trust, most: int, patience: Patience | None
    ) -> bytes | URL:
        """The body, or where it is instead."""
        async with (
            self._session(trust) as session,
            session.get(url, headers={**headers, **ALWAYS}, allow_redirects=False) as response,
        ):
            noted(response.status, response.headers)
            if response.status in REDIRECTS:
                return _moved(url, response)
            if response.status == 429:
                raise await _throttled(response, patience)
            _judge(response)
            return await self._body(response, most)

    def _session(self, trust: Trust) -> ClientSession:
        """One for each request: nothing of one is left for the next."""
        resolver = PublicOnly() if trust is Trust.PUBLIC else None
        connector = TCPConnector(resolver=resolver, use_dns_cache=False, force_close=True, ssl=self._tls)
        return ClientSession(
            connector=connector,
            timeout=self._limits.timeout,
            cookie_jar=DummyCookieJar(),
            trust_env=False,
            auto_decompress=False,
        )

    async def _body(self, response: ClientResponse, most: int) -> bytes:
        if (response.content_length or 0) > most:
            raise TooLarge(most)
        body, begun = bytearray(), time.monotonic()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > most:
                raise TooLarge(most)
            self._hurry(len(body), time.monotonic() - begun)
        return bytes(body)

    def _hurry(self, had: int, seconds: float) -> None:
        """Whoever trickles would hold its place for long."""
        if seconds > self._limits.patience and had < seconds * self._limits.slowest:
            raise ChannelDown("the file came too slowly")


def _parsed(url: str) -> URL:
    try:
        return URL(url)
    except ValueError:
        raise Refused("the file's address cannot be read") from None


def _moved(url: URL, response: ClientResponse) -> URL:
    there = response.headers.get("Location")
    if not there:
        raise ChannelDown("the file was moved, but it is not said where to")
    return url.join(_parsed(there))


async def _throttled(response: ClientResponse, patience: Patience | None) -> Throttled:
    seconds = seconds_asked(response.headers.get("Retry-After"))
    if seconds is None and patience is not None:
        seconds = patience(await response.content.read(LONGEST_WORDS))
    return Throttled("files are fetched too fast", THROTTLED_SECONDS if seconds is None else seconds)


def _judge(response: ClientResponse) -> None:
    """Raises what an answer means that is no file."""
    status = response.status
    if status == 401:
        raise Unauthorized("our credentials are refused where the file lies")
    if status in UNWILLING:
        raise Unwilling(f"who has the file answers {status}")
    if status in LATER or status >= 500:
        raise ChannelDown(f"who has the file answers {status}")
    if status != 200:
        raise Refused(f"who has the file answers {status}")
    if response.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused("the file comes packed, although that was not asked for")


def _unresolved(error: ClientConnectorDNSError) -> str:
    if isinstance(error.os_error, NotPublic):
        return str(error.os_error)
    return "the name of the host that has the file cannot be looked up"
