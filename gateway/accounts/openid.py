"""Logging in as a provider of identities says: OpenID Connect Core 1.0, the code flow, with PKCE (RFC 7636).

What a log-in under way must remember (state, nonce, verifier) goes with the browser, sealed, so that nobody can finish
what another began, and nothing is kept of log-ins that nobody finishes.
"""

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import aiohttp
import msgspec
from authlib.common.errors import AuthlibBaseError
from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from gateway.accounts import tokens
from gateway.tables import OpenIdSettings
from gateway.vault import CannotOpen, DataKey, Vault
from normalizer.message import Discreet

#: Of what providers sign with, those that need no secret of theirs here.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
SCOPE = "openid email"
ERRAND_SECONDS = 600
#: Clocks differ.
LEEWAY_SECONDS = 60
LONGEST_ANSWER = 262_144
_TIMEOUT = aiohttp.ClientTimeout(total=15)
_ABOUT = b"log-in by OpenID Connect"

T = TypeVar("T")


class Failed(Exception):
    """The log-in is void, or the provider does not keep to the standard; the message is for the log."""


class Unreachable(Exception):
    """The provider does not answer."""


class Identity(Discreet, frozen=True):
    """Who somebody is: `subject` is the provider's name for them, for ever, `mail` the address that it has verified, ""
    if there is none; `wanted` is the page that they were on their way to."""

    subject: str
    mail: str
    wanted: str


class _Errand(Discreet, frozen=True, array_like=True):
    state: str
    nonce: str
    verifier: str
    wanted: str
    at: float


class _Provider(msgspec.Struct, frozen=True):
    """OpenID Connect Discovery 1.0, 3."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)


class _Tokens(Discreet, frozen=True):
    id_token: str
    access_token: str = ""


class _Person(Discreet, frozen=True):
    """Some providers say "true" in a text."""

    sub: str
    email: str = ""
    email_verified: bool | str = False

    @property
    def mail(self) -> str:
        return self.email if self.email_verified in (True, "true") else ""


class OpenId:
    """`vault` gives the one in force."""

    def __init__(
        self, settings: OpenIdSettings, vault: Callable[[], Vault], clock: Callable[[], float] = time.time
    ) -> None:
        self._settings = settings
        self._vault = vault
        self._clock = clock

    async def begin(self, back: str, wanted: str) -> tuple[str, str]:
        """Where to send the browser, and what it is to bring back in a cookie; `back` is where the provider is to send
        it then. Raises `Unreachable` or `Failed`."""
        async with _asking() as session:
            provider = await self._provider(session)
        errand = _Errand(tokens.new(), tokens.new(), tokens.new(), wanted, self._clock())
        address = prepare_grant_uri(
            provider.authorization_endpoint,
            client_id=self._settings.client_id,
            response_type="code",
            redirect_uri=back,
            scope=SCOPE,
            state=errand.state,
            nonce=errand.nonce,
            code_challenge=create_s256_code_challenge(errand.verifier),  # type: ignore[no-untyped-call]
            code_challenge_method="S256",
        )
        sealed = self._key().seal(msgspec.msgpack.encode(errand), _ABOUT)
        return address, urlsafe_b64encode(sealed).decode()

    async def finish(self, back: str, said: Mapping[str, str], brought: str) -> Identity:
        """`said` is what the provider sent along, `brought` the cookie. Raises `Unreachable` or `Failed`."""
        errand = self._errand(brought)
        if not tokens.same(said.get("state", ""), errand.state):
            raise Failed("the state is not the one that the browser was sent with")
        if said.get("iss", self._settings.issuer) != self._settings.issuer:
            raise Failed("another issuer answered (RFC 9207)")
        if "error" in said or "code" not in said:
            raise Failed("the provider let nobody in")
        async with _asking() as session:
            provider = await self._provider(session)
            given = await self._tokens(session, provider, said["code"], back, errand.verifier)
            claims = await self._claims(session, provider, given, errand.nonce)
            person = await self._person(session, provider, given, claims)
        subject = self._vault().pseudonym("openid", self._settings.issuer, person.sub)
        return Identity(subject, person.mail, errand.wanted)

    def _key(self) -> DataKey:
        return DataKey(self._vault().derived("openid errand"), b"")

    def _errand(self, brought: str) -> _Errand:
        try:
            opened = self._key().open(urlsafe_b64decode(brought.encode("ascii")), _ABOUT)
            errand = msgspec.msgpack.decode(opened, type=_Errand)
        except (CannotOpen, ValueError):
            raise Failed("the browser was not sent by us") from None
        if self._clock() >= errand.at + ERRAND_SECONDS:
            raise Failed("it took too long")
        return errand

    async def _provider(self, session: aiohttp.ClientSession) -> _Provider:
        found = await _asked(session, "GET", get_well_known_url(self._settings.issuer, external=True), _Provider)
        if found.issuer.rstrip("/") != self._settings.issuer.rstrip("/"):
            raise Failed("the issuer calls itself by another name (OpenID Connect Discovery 1.0, 4.3)")
        return found

    async def _tokens(
        self, session: aiohttp.ClientSession, provider: _Provider, code: str, back: str, verifier: str
    ) -> _Tokens:
        secret = self._settings.client_secret
        body = prepare_token_request("authorization_code", redirect_uri=back, code=code, code_verifier=verifier)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        auth = ClientAuth(self._settings.client_id, secret.reveal() if secret else "", _method(provider, bool(secret)))
        address, headers, body = auth.prepare("POST", provider.token_endpoint, headers, body)  # type: ignore[no-untyped-call]
        return await _asked(session, "POST", address, _Tokens, data=body, headers=headers)

    async def _claims(
        self, session: aiohttp.ClientSession, provider: _Provider, given: _Tokens, nonce: str
    ) -> Mapping[str, Any]:
        """What the ID token says, once it is proven (OpenID Connect Core 1.0, 3.1.3.7)."""
        keys = await _asked(session, "GET", provider.jwks_uri, dict[str, Any])
        allowed = [one for one in ALGORITHMS if one in provider.id_token_signing_alg_values_supported]
        try:
            token = jwt.decode(given.id_token, KeySet.import_key_set(keys), algorithms=allowed)  # type: ignore[arg-type]
            options = {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": self._settings.client_id},
            }
            params = {"nonce": nonce, "client_id": self._settings.client_id, "access_token": given.access_token}
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=int(self._clock()), leeway=LEEWAY_SECONDS)
        except (JoseError, AuthlibBaseError, ValueError, KeyError, TypeError) as error:
            raise Failed(f"the ID token is not right: {type(error).__name__}") from None
        return claims

    async def _person(
        self, session: aiohttp.ClientSession, provider: _Provider, given: _Tokens, claims: Mapping[str, Any]
    ) -> _Person:
        try:
            person = msgspec.convert(dict(claims), _Person)
        except msgspec.ValidationError:
            raise Failed("the ID token names nobody") from None
        if person.email or not provider.userinfo_endpoint or not given.access_token:
            return person
        headers = {"Authorization": f"Bearer {given.access_token}"}
        more = await _asked(session, "GET", provider.userinfo_endpoint, _Person, headers=headers)
        if not hmac.compare_digest(more.sub.encode(), person.sub.encode()):
            raise Failed("the user info is about somebody else (OpenID Connect Core 1.0, 5.3.2)")
        return more


def _method(provider: _Provider, has_secret: bool) -> str:
    known = provider.token_endpoint_auth_methods_supported
    if not has_secret:
        return "none"
    return "client_secret_post" if "client_secret_basic" not in known else "client_secret_basic"


@asynccontextmanager
async def _asking() -> Any:
    async with aiohttp.ClientSession(timeout=_TIMEOUT, cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


async def _read(answer: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for some in answer.content.iter_chunked(LONGEST_ANSWER):
        body += some
        if len(body) > LONGEST_ANSWER:
            raise Failed("the provider's answer is too long")
    return bytes(body)


async def _asked(session: aiohttp.ClientSession, method: str, address: str, kind: type[T], **values: Any) -> T:
    """Raises `Unreachable` or `Failed`."""
    try:
        async with session.request(method, address, allow_redirects=False, **values) as answer:
            body, status = await _read(answer), answer.status
    except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
        raise Unreachable(type(error).__name__) from None
    if status >= 500:
        raise Unreachable(f"HTTP {status}")
    if status != 200:
        raise Failed(f"the provider answers with HTTP {status}")
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Failed("the provider's answer is not what the standard says") from None
