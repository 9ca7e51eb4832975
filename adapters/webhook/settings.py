"""What an operator says about a source as a channel."""

from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from msgspec import Meta

from adapters import FetchingSettings, Problem, Secret
from adapters.hosts import is_host, is_web_address
from adapters.webhook.mapping import Challenge, Feed, Fields, Proof

FEWEST_CHARACTERS = 16
_ID_HINT = 'such as "id", or of several values "[sender, created_at]"'


class WebhookSettings(FetchingSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A source of reports in JSON or forms, which calls (`proof`) or is asked (`feed`): docs/webhook.md."""

    fields: Annotated[Fields, Meta(description="Where a report says what.")]
    proof: Annotated[Proof | None, Meta(description="How a source that calls proves itself; left out: none calls.")] = (
        None
    )
    secret: Annotated[
        Secret | None, Meta(description="Key of the HMAC, or the token, of a source that calls: 16 or more characters.")
    ] = None
    former_secret: Annotated[
        Secret | None, Meta(description="The one before it, for as long as the source may still use that.")
    ] = None
    allow: Annotated[
        tuple[str, ...], Meta(description="Networks (CIDR) that it calls from; left out: any, if it shows a proof.")
    ] = ()
    challenge: Annotated[
        Challenge | None,
        Meta(description="How a source that calls asks whether the address is ours; left out: none does."),
    ] = None
    challenge_token: Annotated[
        Secret | None,
        Meta(description="What it must show then: 16 or more characters of your own, told to the source."),
    ] = None
    feed: Annotated[Feed | None, Meta(description="How a source is asked; left out: it is not.")] = None
    feed_token: Annotated[Secret | None, Meta(description="What we show where we ask: {token} in `feed`.")] = None
    photo_hosts: Annotated[
        tuple[str, ...],
        Meta(
            description='Hosts that its files may be fetched from, such as "cdn.example.org" or "*.example.org", or'
            ' origins within a network of your own, such as "http://10.1.2.3:9000". From no others are they.'
        ),
    ] = ()
    timezone: Annotated[str, Meta(description="Zone of times that are told without one.")] = "Asia/Jakarta"
    answer_status: Annotated[int, Meta(description="HTTP status that the source wants.", ge=200, le=299)] = 200
    answer_body: Annotated[str, Meta(description="Text that it wants.")] = ""
    answer_type: Annotated[str, Meta(description="Content type that it wants.")] = "text/plain; charset=utf-8"
    max_size: Annotated[int, Meta(description="Largest request, or answer of a feed, in bytes.")] = 10_485_760

    @property
    def secrets(self) -> Sequence[str]:
        """Those that are valid now."""
        return [one.reveal() for one in (self.secret, self.former_secret) if one]

    def problems(self) -> Sequence[Problem]:
        return [*self.fields.problems(), *self._called(), *self._asked(), *self._others()]

    def warnings(self) -> Sequence[Problem]:
        if not self.proof or self.fields.tells_which:
            return ()
        what = "is missing: what is sent once more, for want of an answer, may be reported twice"
        return [Problem("fields.id", what, _ID_HINT)]

    def _called(self) -> Iterator[Problem]:
        if not self.proof:
            if self.secret or self.allow or self.challenge:
                yield Problem("proof", "is missing", "[channels.proof] says how the source proves itself")
            return
        yield from self.proof.problems()
        if bool(self.challenge and self.challenge.token_parameter) != bool(self.challenge_token):
            what = "goes together with challenge.token_parameter"
            yield Problem("challenge_token", what, 'token_parameter = "hub.verify_token"')
        if self.proof.shows == "address" and not self.allow:
            yield Problem("allow", "is missing: which networks does the source call from?", 'such as ["192.0.2.0/24"]')
        if self.proof.shows != "address" and not self.secret:
            yield Problem("secret", "is missing", 'add secret = { file = "PATH" }')

    def _asked(self) -> Iterator[Problem]:
        if not self.feed:
            if not self.proof:
                hint = "[channels.proof] for a source that calls, [channels.feed] for one that is asked"
                yield Problem("proof", "or feed must say how reports come in", hint)
            return
        yield from self.feed.problems()
        if not self.fields.id:
            what = "is missing: whoever is asked tells the same again, which counts once by its id"
            yield Problem("fields.id", what, _ID_HINT)
        if self.feed.takes_token and not self.feed_token:
            yield Problem("feed_token", "is missing", 'add feed_token = { file = "PATH" }')
        if self.feed.takes_token and not self.feed.is_safe:
            yield Problem("feed.url", "would show the token to whoever reads along", "ask by https://")

    def _others(self) -> Iterator[Problem]:
        for name in ("secret", "former_secret", "challenge_token"):
            secret: Secret | None = getattr(self, name)
            if secret is not None and len(secret.reveal()) < FEWEST_CHARACTERS:
                yield Problem(name, f"is shorter than {FEWEST_CHARACTERS} characters", "{ made = … } makes one")
        if self.feed_token is not None and not self.feed_token.reveal():
            yield Problem("feed_token", "is empty")
        for network in self.allow:
            if not _is_network(network):
                yield Problem("allow", f"{network!r} is no network", 'such as "192.0.2.0/24" or "192.0.2.7/32"')
        for host in self.photo_hosts:
            if not _is_source(host):
                yield Problem("photo_hosts", f"{host!r} is neither a host nor an origin", 'such as "*.example.org"')
        if self.fields.photos and not self.photo_hosts:
            yield Problem("photo_hosts", "is missing: from which hosts may photos be fetched?")
        if not _is_zone(self.timezone):
            yield Problem("timezone", f"{self.timezone!r} is no time zone", 'such as "Asia/Jakarta"')


def _is_source(text: str) -> bool:
    if "://" in text:
        return is_web_address(text) and not urlsplit(text).path
    return is_host(text.removeprefix("*."))


def _is_network(text: str) -> bool:
    try:
        return bool(ip_network(text))
    except ValueError:
        return False


def _is_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, OSError, KeyError):
        return False
