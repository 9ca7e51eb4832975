"""A provider of identities that keeps to the standard, but for one lie that the test names."""

import hmac
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import RSAKey

KEY, OTHER_KEY = (RSAKey.generate_key(2048, {"kid": "k1"}) for _ in range(2))
SECRET = "rahasia-klien"


class Provider:
    """`claims` replace those of the ID token (None takes one away), `lie` is one of "key", "none", "hmac", "html",
    "down", "long", "issuer"."""

    def __init__(self, lie: str = "", **claims: Any) -> None:
        self.lie = lie
        self.claims = claims
        self.issuer = ""
        self.asked: dict[str, str] = {}

    def authorize(self, address: str) -> dict[str, str]:
        """What somebody's browser brings back who logs in there."""
        self.asked = dict(parse_qsl(urlsplit(address).query))
        return {"state": self.asked["state"], "code": "kode"}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/.well-known/openid-configuration":
                return self._about()
            case "/jwks":
                return web.json_response({"keys": [KEY.as_dict(private=False)]})
            case "/token":
                return await self._token(request)
        return web.json_response({"sub": "orang-lain", "email": "rini@balaikota.example", "email_verified": True})

    def _about(self) -> web.Response:
        if self.lie in {"html", "down", "long"}:
            status = 503 if self.lie == "down" else 200
            return web.Response(status=status, text="<html>" * (100_000 if self.lie == "long" else 1))
        return web.json_response(
            {
                "issuer": "https://lain.example" if self.lie == "issuer" else self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/jwks",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        )

    async def _token(self, request: web.Request) -> web.Response:
        form = await request.post()
        proven = create_s256_code_challenge(str(form["code_verifier"])) == self.asked["code_challenge"]  # type: ignore[no-untyped-call]
        if not proven or form["redirect_uri"] != self.asked["redirect_uri"] or "Authorization" not in request.headers:
            return web.json_response({"error": "invalid_grant"}, status=400)
        return web.json_response({"id_token": self._signed(), "access_token": "a", "token_type": "Bearer"})

    def _signed(self) -> str:
        now = int(time.time())
        told = {"iss": self.issuer, "aud": self.asked["client_id"], "sub": "s1", "iat": now, "exp": now + 60}
        told |= {"nonce": self.asked["nonce"], "email": "rini@balaikota.example", "email_verified": True} | self.claims
        claims = {name: value for name, value in told.items() if value is not None}
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, OTHER_KEY if self.lie == "key" else KEY)
        said = signed.split(".")[1]
        if self.lie == "none":
            return f"{NO_ALGORITHM}.{said}."
        if self.lie == "hmac":
            proven = f"{HMAC}.{said}"
            return f"{proven}.{_encoded(hmac.digest(KEY.as_pem(private=False), proven.encode(), 'sha256'))}"
        return signed


def _encoded(part: bytes) -> str:
    return urlsafe_b64encode(part).decode().rstrip("=")


NO_ALGORITHM, HMAC = _encoded(b'{"alg":"none"}'), _encoded(b'{"alg":"HS256","kid":"k1"}')


@asynccontextmanager
async def running(provider: Provider) -> AsyncIterator[Provider]:
    runner = web.ServerRunner(web.Server(provider.answer))  # type: ignore[arg-type]
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    provider.issuer = f"http://{host}:{port}"
    try:
        yield provider
    finally:
        await runner.cleanup()
