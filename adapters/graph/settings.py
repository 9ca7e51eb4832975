"""What an operator says about an account at Meta."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from adapters import FetchingSettings, Problem, QuietSeconds, Secret
from adapters.hosts import is_private

GRAPH = "https://graph.facebook.com/v25.0"
_URL = re.compile(r"https?://[^\s?#]+")


class GraphSettings(FetchingSettings, frozen=True, kw_only=True):
    """What all channels of Meta's products are told."""

    quiet_seconds: QuietSeconds = 5
    token: Annotated[Secret, Meta(description="Access token of a system user.")]
    app_secret: Annotated[Secret, Meta(description="The app's secret, which Meta signs with.")]
    former_app_secret: Annotated[
        Secret | None, Meta(description="The one before it, for as long as Meta may still sign with that.")
    ] = None
    verify_token: Annotated[
        Secret, Meta(description="Any words of ours, to be told Meta with the callback URL: 16 characters or more.")
    ]
    graph_url: Annotated[str, Meta(description="Where Meta's Graph API is, with its version.")] = GRAPH

    @property
    def app_secrets(self) -> Sequence[str]:
        """Those that are valid now."""
        return [one.reveal() for one in (self.app_secret, self.former_app_secret) if one]

    @property
    def bearer(self) -> str:
        """The token as it is sent."""
        return self.token.reveal().strip()

    def problems(self) -> Sequence[Problem]:
        return [*self._secrets(), *self._address()]

    def _secrets(self) -> Iterator[Problem]:
        for name in ("token", "app_secret", "former_app_secret", "verify_token"):
            value = getattr(self, name)
            if value is not None and not value.reveal().strip():
                yield Problem(name, "is empty")
        if any(char.isspace() or not char.isascii() for char in self.bearer):
            yield Problem("token", "holds what no access token holds")
        if 0 < len(self.verify_token.reveal().strip()) < 16:
            hint = 'python -c "import secrets; print(secrets.token_urlsafe(24))" makes one'
            yield Problem("verify_token", "must be 16 or more characters", hint)

    def _address(self) -> Iterator[Problem]:
        if not _URL.fullmatch(self.graph_url):
            yield Problem("graph_url", "must be an http or https address without a query", f'such as "{GRAPH}"')
        elif not is_private(self.graph_url):
            yield Problem("graph_url", "the token and what citizens write would travel in clear text", "use https://")
