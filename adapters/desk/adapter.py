"""The channel of all desks."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import ClassVar
from urllib.parse import parse_qsl, urlencode

from msgspec.structs import replace

from adapters import Attachment, ChannelSettings, Delivery, Event, Office, Unreadable, forms
from adapters.desk import entries, offices
from adapters.desk.settings import DeskSettings
from adapters.forms import Form

#: What belongs to a session, not to a report.
SESSION = "csrf"


class Desk:
    """Nothing comes in by itself: pages hand over what was entered."""

    kind: ClassVar[str] = "desk"
    Settings: ClassVar[type[ChannelSettings]] = DeskSettings

    def __init__(self, settings: DeskSettings) -> None:
        self._settings = settings
        self._offices: Sequence[Office] = ()

    async def open(self) -> None:
        """Raises `ChannelDown` if the file of offices cannot be read."""
        if self._settings.offices:
            self._offices = await asyncio.to_thread(offices.read, self._settings.offices)

    async def close(self) -> None:
        pass

    def offices(self) -> Sequence[Office]:
        return self._offices

    def faults(self, form: Form) -> Mapping[str, str]:
        return dict(entries.faults(form, self._settings))

    def entered(self, posted: Delivery) -> Delivery:
        """Without what belongs to the session and, unless the settings keep it, the NIK, wherever it was written."""
        form = _form(posted)
        nik = "" if self._settings.nik else form.one("nik")
        token = form.one(SESSION)
        if posted.content_type.lower().startswith(forms.URLENCODED):
            return replace(posted, body=_without(posted.body, nik, token))
        kept = replace(posted, body=_blanked(posted.body, nik, token))
        if any(value and value in str(_form(kept).fields) for value in (nik, token)):
            raise Unreadable("what must not be kept cannot be taken out of it")
        return kept

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        return [entries.message(delivery, _form(delivery), self._settings)]

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        content = _form(delivery).file(attachment)
        if content is None:
            raise Unreadable("the form has no such part")
        return content


def _form(delivery: Delivery) -> Form:
    try:
        return forms.read(delivery.body, delivery.content_type)
    except forms.Broken as error:
        raise Unreadable(str(error)) from None


def _without(body: bytes, *secrets: str) -> bytes:
    """An urlencoded form; of each secret as many stars as it has characters are left."""
    pairs = parse_qsl(body.decode("latin-1"), keep_blank_values=True, encoding="utf-8", errors="replace")
    return urlencode([(name, _starred(value, secrets)) for name, value in pairs]).encode()


def _starred(value: str, secrets: Sequence[str]) -> str:
    for secret in filter(None, secrets):
        value = value.replace(secret, "*" * len(secret))
    return value


def _blanked(body: bytes, *secrets: str) -> bytes:
    """A form in parts; all octets keep their places."""
    for secret in filter(None, (one.encode() for one in secrets)):
        body = body.replace(secret, b"*" * len(secret))
    return body
