"""What an operator says about an SMS number."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from msgspec import Meta

from adapters import ChannelSettings, Costs, Problem, QuietSeconds, Secret
from adapters.sms.mapping import Mapping, Proof
from adapters.sms.needs import NEEDS, Provider

LOOPBACK = ("127.0.0.1/32", "::1/128")
ANYWHERE = ("0.0.0.0/0", "::/0")
_SECRET = re.compile(r"[A-Za-z0-9._~-]{16,}")
_URL = re.compile(r"https?://[^\s?#]+")
_HINTS = {
    "allow": 'the networks that it tells it calls from; if it tells none, ["0.0.0.0/0", "::/0"], and the secret alone'
    " is the proof",
}


class SmsCosts(Costs, frozen=True, kw_only=True):
    """What replies by SMS cost."""

    segment: Annotated[float, Meta(description="Price of each SMS of a reply; 0: not known.", ge=0)] = 0


class SmsSettings(ChannelSettings, frozen=True, kw_only=True):
    """An SMS number behind a gateway or provider; docs/sms.md tells what each takes of these settings."""

    quiet_seconds: QuietSeconds = 5
    provider: Annotated[Provider, Meta(description="Which gateway or provider carries the SMS.")] = "kannel"
    replies_by: Annotated[
        Provider | None,
        Meta(description="Who carries the replies and brings their delivery reports, where it is another one."),
    ] = None
    number: Annotated[str, Meta(description="Our number or short code; replies come from it.")]
    secret: Annotated[
        Secret, Meta(description="First part of the path that the gateway calls: 16 or more of A-Z a-z 0-9 . _ ~ -")
    ]
    allow: Annotated[
        tuple[str, ...] | None,
        Meta(
            description="Networks (CIDR) that the gateway calls from; all others are refused. Left out: this machine,"
            " or any for a provider that signs what it sends."
        ),
    ] = None
    keywords: Annotated[
        tuple[str, ...],
        Meta(description='Words that texts to this number begin with, such as "LAPOR"; optional in a text.'),
    ] = ()
    send_url: Annotated[
        str | None,
        Meta(description='Where replies go, such as Kannel\'s "http://127.0.0.1:13013/cgi-bin/sendsms".'),
    ] = None
    username: Annotated[str, Meta(description="Our name there, such as Kannel's sendsms-user.")] = ""
    password: Annotated[Secret | None, Meta(description="Our password, token or key there.")] = None
    account: Annotated[str, Meta(description="Our account there: Twilio's account SID, 8x8's sub-account.")] = ""
    signing_key: Annotated[
        Secret | None,
        Meta(
            description="Key of the provider's signatures; where it signs nothing, the Authorization header it shows."
        ),
    ] = None
    former_signing_key: Annotated[
        Secret | None, Meta(description="The key before it, for as long as the provider may still sign with that one.")
    ] = None
    signature_method: Annotated[
        Literal["md5hash", "md5", "sha1", "sha256", "sha512"],
        Meta(description="How Vonage signs, as its dashboard says; all but md5hash are HMACs."),
    ] = "sha256"
    signature_seconds: Annotated[
        int, Meta(description="How old a signature may be that tells its time, as Vonage's do.", ge=1)
    ] = 90_000
    callback_url: Annotated[
        str | None, Meta(description="This channel's address as the gateway sees it, for delivery reports.")
    ] = None
    timezone: Annotated[str, Meta(description="Zone of times that the provider tells without one.")] = "Asia/Jakarta"
    sim: Annotated[
        int, Meta(description="Which SIM of an Android phone sends; 0: the phone's own choice.", ge=0, le=3)
    ] = 0
    mapping: Annotated[
        Mapping | None, Meta(description='Which field means what, for provider = "mapped" and no other.')
    ] = None
    costs: Annotated[SmsCosts, Meta(description="What it costs.")] = SmsCosts()
    max_size: Annotated[int, Meta(description="Largest request in bytes.")] = 65_536

    @property
    def way_out(self) -> Provider:
        return self.replies_by or self.provider

    def networks(self, provider: Provider) -> Sequence[str]:
        """Where the provider may call from."""
        if self.allow is not None:
            return self.allow
        proven = self.mapping and self.mapping.proof if provider == "mapped" else NEEDS[provider].anywhere
        return ANYWHERE if proven else LOOPBACK

    @property
    def key(self) -> str:
        """`password` itself, or nothing."""
        return self.password.reveal() if self.password else ""

    def api(self, usual: str) -> str:
        """Where the provider takes replies, without a slash at its end: `send_url`, or where it usually does."""
        return (self.send_url or usual).rstrip("/")

    @property
    def signing_keys(self) -> Sequence[str]:
        """Those that are valid now."""
        return [key.reveal() for key in (self.signing_key, self.former_signing_key) if key]

    @property
    def can_send(self) -> bool:
        sending = NEEDS[self.way_out].sending
        return bool(sending) and all(map(self._has, sending))

    def problems(self) -> Sequence[Problem]:
        return [*self._receiving(), *self._sending(), *self._needed(), *self._mapped()]

    def _receiving(self) -> Iterator[Problem]:
        if not self.number.strip():
            yield Problem("number", "is empty")
        if not _SECRET.fullmatch(self.secret.reveal()):
            what = "must be 16 or more characters of A-Z a-z 0-9 . _ ~ -"
            yield Problem("secret", what, 'python -c "import secrets; print(secrets.token_urlsafe(24))" makes one')
        if self.allow == ():
            yield Problem("allow", "is empty: nobody could deliver an SMS")
        for network in self.allow or ():
            if not _is_network(network):
                yield Problem("allow", f"{network!r} is no network", 'such as "10.1.2.0/24" or "10.1.2.3/32"')
        if not all(any(map(str.isalnum, keyword)) for keyword in self.keywords):
            yield Problem("keywords", "holds one without letters")
        if not _is_zone(self.timezone):
            yield Problem("timezone", f"{self.timezone!r} is no time zone", 'such as "Asia/Jakarta"')

    def _sending(self) -> Iterator[Problem]:
        for name in ("send_url", "callback_url"):
            value = getattr(self, name)
            if value is not None and not _URL.fullmatch(value):
                yield Problem(name, "must be an http or https address without a query")
        for name in ("password", "signing_key", "former_signing_key"):
            value = getattr(self, name)
            if value is not None and not value.reveal():
                yield Problem(name, "is empty")

    def _needed(self) -> Iterator[Problem]:
        needs = NEEDS[self.provider]
        for name in needs.receiving:
            if not self._has(name):
                yield Problem(name, f'is missing: provider "{self.provider}" needs it', _HINTS.get(name, ""))
        if not needs.brings:
            hint = f'name it in replies_by = "{self.provider}", and here who brings them'
            yield Problem("provider", f'"{self.provider}" brings no SMS', hint)
        if self.replies_by and not NEEDS[self.replies_by].sending:
            yield Problem("replies_by", f'"{self.replies_by}" takes no replies')
        switch, *others = NEEDS[self.way_out].sending or ("",)
        if switch and self._has(switch) and not all(map(self._has, others)):
            yield Problem(switch, f"needs {' and '.join(others)} as well")

    def _mapped(self) -> Iterator[Problem]:
        if self.mapping is None:
            return
        yield from self.mapping.problems()
        if "mapped" not in {self.provider, self.replies_by}:
            yield Problem("mapping", f'is of no use to provider "{self.provider}"', 'provider = "mapped" takes it')
        if self.provider == "mapped" and not self.mapping.sms:
            yield Problem("mapping.sms", "is missing", "[channels.mapping.sms] says which field is what")
        yield from self._mapped_proof(self.mapping.proof)
        yield from self._mapped_replies(self.mapping)

    def _mapped_proof(self, proof: Proof | None) -> Iterator[Problem]:
        if proof and not self.signing_key:
            yield Problem("mapping.proof", "needs signing_key as well")
        if proof and proof.shows == "basic" and not all(":" in key for key in self.signing_keys):
            yield Problem("signing_key", 'must be "name:password" where the proof is basic')

    def _mapped_replies(self, mapping: Mapping) -> Iterator[Problem]:
        if self.way_out != "mapped":
            if mapping.send:
                yield Problem("mapping.send", f'is of no use: replies go by "{self.way_out}"')
        elif self.send_url and not mapping.send:
            yield Problem("send_url", "needs [channels.mapping.send] as well")
        elif mapping.send and not self.send_url:
            yield Problem("mapping.send", "needs send_url as well")

    def _has(self, name: str) -> bool:
        return bool(getattr(self, name))


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return True
