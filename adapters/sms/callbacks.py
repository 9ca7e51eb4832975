"""Where a provider is to bring the delivery reports of a reply, so that they carry our id of it."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from adapters import Reply
from adapters.sms.settings import SmsSettings


def url(settings: SmsSettings, reply: Reply | None = None) -> str | None:
    """None where no reports are wanted. The id is in hexadecimal because Kannel would take the "%3A" of a quoted one
    for an escape of its own; without `reply` the provider gets it in another way."""
    if settings.callback_url is None:
        return None
    path = f"{settings.callback_url.rstrip('/')}/{settings.secret.reveal()}/dlr"
    return f"{path}?{urlencode({'reply': reply.id.encode().hex()})}" if reply else path


def reply_of(fields: Mapping[str, Any]) -> str | None:
    """Our id of the reply; None where it is missing or none of ours."""
    try:
        return bytes.fromhex(fields["reply"]).decode() or None
    except (KeyError, TypeError, ValueError):
        return None
