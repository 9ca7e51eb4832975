"""Files, which lie with Meta for seven days.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media

An id leads to an address that is good for five minutes and wants the token, too.
"""

import hashlib
from base64 import b64decode
from collections.abc import Sequence
from urllib.parse import quote

from adapters import Attachment, ChannelDown, Get, Refused
from adapters.graph.files import hosts_of
from adapters.payload import document, text
from adapters.whatsapp.content import MEDIA
from adapters.whatsapp.settings import WhatsAppSettings

#: Where Meta's files lie.
HOSTS = ("lookaside.fbsbx.com", "*.fbcdn.net", "*.whatsapp.net")


def hosts(settings: WhatsAppSettings) -> Sequence[str]:
    return hosts_of(settings.graph_url, HOSTS)


async def fetched(attachment: Attachment, get: Get, settings: WhatsAppSettings) -> bytes:
    """Raises what `get` does, `Refused` if it names no file of Meta's, and `ChannelDown` if it came damaged."""
    reference = attachment.reference or ""
    if not reference.startswith(MEDIA) or reference == MEDIA:
        raise Refused("this is no file of Meta's")
    headers = {"Authorization": f"Bearer {settings.bearer}"}
    media = quote(reference.removeprefix(MEDIA), safe="")
    asked = f"{settings.graph_url.rstrip('/')}/{media}?phone_number_id={settings.phone_number_id}"
    told = document(await get(asked, headers=headers))
    if not (url := text(told, "url")):
        raise ChannelDown("Meta does not say where the file lies")
    content = await get(url, headers=headers)
    if (digest := _digest(text(told, "sha256"))) and digest != hashlib.sha256(content).digest():
        raise ChannelDown("the file came damaged")
    return content


def _digest(told: str) -> bytes | None:
    """Written in hexadecimal where a file is asked for, and in base64 where a message names it."""
    try:
        return bytes.fromhex(told) if len(told) == 64 else b64decode(told, validate=True)
    except ValueError:
        return None
