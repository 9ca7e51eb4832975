"""What an operator says about an SMS number."""

import re
from collections.abc import Iterator, Sequence
from ipaddress import ip_network
from typing import Annotated, Literal

from msgspec import Meta

from adapters import ChannelSettings, Problem, Secret

_SECRET = re.compile(r"[A-Za-z0-9._~-]{16,}")
_URL = re.compile(r"https?://[^\s?#]+")


class SmsSettings(ChannelSettings, frozen=True, kw_only=True):
    """An SMS number behind a gateway. Without `send_url` it only receives."""

    provider: Annotated[Literal["kannel"], Meta(description="Which gateway carries the SMS.")] = "kannel"
    number: Annotated[str, Meta(description="Our number or short code; replies come from it.")]
    secret: Annotated[
        Secret, Meta(description="First part of the path that the gateway calls: 16 or more of A-Z a-z 0-9 . _ ~ -")
    ]
    allow: Annotated[
        tuple[str, ...], Meta(description="Networks (CIDR) that the gateway calls from; all others are refused.")
    ] = ("127.0.0.1/32", "::1/128")
    keywords: Annotated[
        tuple[str, ...],
        Meta(description='Words that texts to this number begin with, such as "LAPOR"; optional in a text.'),
    ] = ()
    send_url: Annotated[
        str | None, Meta(description='Kannel\'s sendsms, such as "http://127.0.0.1:13013/cgi-bin/sendsms".')
    ] = None
    username: Annotated[str, Meta(description="Name of Kannel's sendsms-user.")] = ""
    password: Annotated[Secret | None, Meta(description="Password of Kannel's sendsms-user.")] = None
    callback_url: Annotated[
        str | None, Meta(description="This channel's address as the gateway sees it, for delivery reports.")
    ] = None
    max_size: Annotated[int, Meta(description="Largest request in bytes.")] = 65_536

    def problems(self) -> Sequence[Problem]:
        return [*self._receiving(), *self._sending()]

    def _receiving(self) -> Iterator[Problem]:
        if not self.number.strip():
            yield Problem("number", "is empty")
        if not _SECRET.fullmatch(self.secret.reveal()):
            what = "must be 16 or more characters of A-Z a-z 0-9 . _ ~ -"
            yield Problem("secret", what, 'python -c "import secrets; print(secrets.token_urlsafe(24))" makes one')
        if not self.allow:
            yield Problem("allow", "is empty: nobody could deliver an SMS")
        for network in self.allow:
            if not _is_network(network):
                yield Problem("allow", f"{network!r} is no network", 'such as "10.1.2.0/24" or "10.1.2.3/32"')
        if not all(any(map(str.isalnum, keyword)) for keyword in self.keywords):
            yield Problem("keywords", "holds one without letters")

    def _sending(self) -> Iterator[Problem]:
        for name in ("send_url", "callback_url"):
            value = getattr(self, name)
            if value is not None and not _URL.fullmatch(value):
                yield Problem(name, "must be an http or https address without a query")
        if self.password is not None and not self.password.reveal():
            yield Problem("password", "is empty")
        if self.send_url is not None and not (self.username and self.password):
            yield Problem("send_url", "needs username and password as well")


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True
