"""Access tokens of OAuth2 (RFC 6749, 5 and 6): each login asks for one, so none gets old."""

from typing import Annotated

import aiohttp
import msgspec

from adapters import ChannelDown, Unauthorized
from adapters.imap.settings import ImapSettings

TIMEOUT = aiohttp.ClientTimeout(total=30)
_MOST = 65_536  # octets of an answer


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
        status, body = await self._asked()
        if status in {408, 429} or status >= 500:
            raise ChannelDown(f"the token server answered {status}")
        if status != 200:
            raise Unauthorized(f"the token server answered {status}; are client and refresh token still valid?")
        return self._granted(body)

    async def _asked(self) -> tuple[int, bytes]:
        try:
            async with (
                aiohttp.ClientSession(timeout=TIMEOUT) as http,
                http.post(self._settings.token_url, data=self._form(), allow_redirects=False) as answer,
            ):
                return answer.status, await answer.content.read(_MOST)
        except (aiohttp.ClientError, OSError) as error:
            raise ChannelDown(f"the token server cannot be reached ({type(error).__name__})") from None

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
