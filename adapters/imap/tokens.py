"""Access tokens of OAuth2 (RFC 6749, 5 and 6): each login asks for one, so none gets old."""

from typing import Annotated
from urllib.parse import urlencode

import msgspec

from adapters import ChannelDown, Unauthorized
from adapters.imap.settings import ImapSettings
from adapters.lines import Line

FORM = "application/x-www-form-urlencoded"


class _Granted(msgspec.Struct):
    access_token: Annotated[str, msgspec.Meta(min_length=1)]
    refresh_token: str = ""


class Tokens:
    """Where the provider exchanges the refresh token for another one, that one is used until the process ends."""

    def __init__(self, settings: ImapSettings) -> None:
        self._settings = settings
        self._refresh_token = settings.refresh_token.reveal() if settings.refresh_token else ""

    async def fetch(self) -> str:
        """An access token; "" where we log in by password. Raises a ChannelError."""
        if not self._settings.by_token():
            return ""
        async with Line("the token server", {"Content-Type": FORM}) as line:
            answered = await line.ask("POST", self._settings.token_url, urlencode(self._form()).encode(), {})
        if answered.status in {408, 429} or answered.status >= 500:
            raise ChannelDown(f"the token server answered {answered.status}")
        if answered.status != 200:
            words = f"the token server answered {answered.status}; are client and refresh token still valid?"
            raise Unauthorized(words)
        return self._granted(answered.body)

    def _form(self) -> dict[str, str]:
        secret = self._settings.client_secret
        form = {
            "grant_type": "refresh_token" if self._refresh_token else "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": secret.reveal() if secret else "",
            "refresh_token": self._refresh_token,
            "scope": self._settings.token_scope,
        }
        return {name: value for name, value in form.items() if value}

    def _granted(self, body: bytes) -> str:
        try:
            granted = msgspec.json.decode(body, type=_Granted)
        except msgspec.MsgspecError:
            raise ChannelDown("the token server's answer holds no access token") from None
        self._refresh_token = self._refresh_token and (granted.refresh_token or self._refresh_token)
        return granted.access_token
