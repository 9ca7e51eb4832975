"""Logging in by OpenID Connect: with a provider that keeps to the standard, and with those that do not."""

from typing import Any

import pytest

from adapters.settings import Secret
from gateway.accounts.openid import Failed, Identity, OpenId, Unreachable
from gateway.tables import ConsoleSettings, OpenIdSettings
from gateway.vault import Vault
from tests.gateway.accounts.provider import SECRET, Provider, running

BACK = "https://kanal.example/masuk/openid/kembali"
VAULT = Vault(b"l" * 32, {1: b"e" * 32})


def client(provider: Provider, **values: Any) -> OpenId:
    settings = OpenIdSettings(issuer=provider.issuer, client_id="kanal", client_secret=Secret(SECRET))
    return OpenId(settings, lambda: VAULT, **values)


async def logged_in(provider: Provider, **said: str) -> Identity:
    openid = client(provider)
    address, errand = await openid.begin(BACK, "/petugas")
    return await openid.finish(BACK, provider.authorize(address) | said, errand)


@pytest.mark.threat("P1-22")
async def test_somebody_is_who_the_provider_says() -> None:
    async with running(Provider()) as provider:
        identity = await logged_in(provider)
        again = await logged_in(provider)
    assert (identity.mail, identity.wanted) == ("rini@balaikota.example", "/petugas")
    assert identity.subject == again.subject != "s1"
    assert provider.asked["code_challenge_method"] == "S256"
    assert provider.asked["response_type"] == "code"
    assert repr(identity) == "Identity()"


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize(
    "claims",
    [{"email_verified": False}, {"email_verified": None}, {"email_verified": "false"}],
    ids=["not verified", "nothing said", "said in a text"],
)
async def test_an_address_that_is_not_verified_is_none(claims: dict[str, Any]) -> None:
    async with running(Provider(**claims)) as provider:
        assert (await logged_in(provider)).mail == ""


LIES: dict[str, Provider] = {
    "signed by another key": Provider("key"),
    "not signed": Provider("none"),
    "signed with the public key as a secret": Provider("hmac"),
    "of another issuer": Provider(iss="https://lain.example"),
    "for another client": Provider(aud="lain"),
    "for several, of which another asked": Provider(aud=["kanal", "lain"], azp="lain"),
    "of another log-in": Provider(nonce="lain"),
    "of no log-in": Provider(nonce=None),
    "too old": Provider(exp=1_700_000_000),
    "without an end": Provider(exp=None),
    "from the future": Provider(iat=4_000_000_000, nbf=4_000_000_000),
    "about nobody": Provider(sub=None),
    "about something else than a name": Provider(sub=["s1"]),
    "without a mail, and the user info is somebody else's": Provider(email=None),
    "an issuer that calls itself otherwise": Provider("issuer"),
    "no JSON": Provider("html"),
    "endless": Provider("long"),
}


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize("provider", LIES.values(), ids=LIES)
async def test_a_token_that_proves_nothing_lets_nobody_in(provider: Provider) -> None:
    async with running(provider):
        with pytest.raises(Failed):
            await logged_in(provider)


@pytest.mark.threat("P1-22")
@pytest.mark.parametrize(
    "said",
    [{"state": "lain"}, {"state": "é"}, {"error": "access_denied"}, {"iss": "https://lain.example"}],
    ids=["another state", "a state in other letters", "not let in", "another issuer"],
)
async def test_an_answer_that_is_not_to_our_question_lets_nobody_in(said: dict[str, str]) -> None:
    async with running(Provider()) as provider:
        with pytest.raises(Failed):
            await logged_in(provider, **said)


@pytest.mark.threat("P1-22")
async def test_what_the_browser_brings_back_is_ours_and_young() -> None:
    now = [1_000.0]
    async with running(Provider()) as provider:
        openid = client(provider, clock=lambda: now[0])
        address, errand = await openid.begin(BACK, "")
        said = provider.authorize(address)
        for brought in ("", "é", "AAAA", errand[:-4] + "AAAA"):
            with pytest.raises(Failed, match="not sent by us"):
                await openid.finish(BACK, said, brought)
        now[0] += 600
        with pytest.raises(Failed, match="too long"):
            await openid.finish(BACK, said, errand)
    assert said["state"] not in errand


async def test_a_provider_that_is_down_is_said_to_be() -> None:
    async with running(Provider("down")) as provider:
        with pytest.raises(Unreachable):
            await client(provider).begin(BACK, "")
    with pytest.raises(Unreachable):
        await client(provider).begin(BACK, "")


@pytest.mark.parametrize(
    ("issuer", "is_right"),
    [
        ("https://sso.kota.example/realms/pegawai", True),
        ("http://127.0.0.1:9400", True),
        ("http://sso.kota.example", False),
        ("sso.kota.example", False),
    ],
)
async def test_nobody_may_read_along_on_the_way_to_the_provider(issuer: str, is_right: bool) -> None:
    settings = ConsoleSettings(openid=OpenIdSettings(issuer=issuer, client_id="kanal"))
    assert [problem.where for problem in settings.problems()] == ([] if is_right else ["openid.issuer"])
