"""Files: of posts at addresses that anybody may ask, of direct messages at one that only those ask who took part."""

import logging
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from adapters import Attachment, Get, Refused
from adapters.x.settings import API, XSettings

logging.getLogger("oauthlib").setLevel(logging.CRITICAL + 1)  # it logs what it signs

HOSTS = ("pbs.twimg.com", "video.twimg.com")
PRIVATE_HOSTS = ("ton.twitter.com", "ton.x.com")


def hosts(settings: XSettings) -> Sequence[str]:
    """With another API than X's own, files may lie there, too."""
    return (*HOSTS, *PRIVATE_HOSTS) if settings.api == API else (*HOSTS, *PRIVATE_HOSTS, settings.api)


async def fetched(attachment: Attachment, get: Get, settings: XSettings) -> bytes:
    """Raises what `get` does, and `Refused` where X did not tell the address."""
    url = attachment.reference or ""
    if not url.startswith(("https://", f"{settings.api}/")):
        raise Refused("X does not say where the file lies")
    is_private = urlsplit(url).hostname in PRIVATE_HOSTS
    return await get(url, headers=_signed(url, settings) if is_private else {})


def _signed(url: str, settings: XSettings) -> Mapping[str, str]:
    """OAuth 1.0a, https://www.rfc-editor.org/rfc/rfc5849"""
    from oauthlib.oauth1 import Client  # noqa: PLC0415  is nothing to who only reads

    names = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")
    _, headers, _ = Client(*(getattr(settings, name).reveal().strip() for name in names)).sign(url)
    return dict(headers)
