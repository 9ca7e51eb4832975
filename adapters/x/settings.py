"""What an operator says about an account on X."""

import re
from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from adapters import FetchingSettings, Limit, Limits, Problem, QuietSeconds, Secret
from adapters.hosts import is_private, is_web_address
from adapters.paid import Costs

#: tweepy signs for this host, whichever the request goes to.
API = "https://api.twitter.com"
_USERNAME = re.compile(r"\w{1,15}", re.ASCII)
_ACCESS_TOKEN = re.compile(r"\d{1,20}-[A-Za-z0-9]+", re.ASCII)
_SECRETS = ("consumer_key", "consumer_secret", "access_token", "access_token_secret")


class XCosts(Costs, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """See https://docs.x.com/x-api/getting-started/pricing and https://docs.x.com/x-api/activity/event-pricing.md; the
    same thing is charged for once in a day of UTC."""

    currency: Annotated[
        str, Meta(description="Of these prices and the cap: three letters of ISO 4217.", pattern="^[A-Z]{3}$")
    ] = "USD"
    post_read: Annotated[
        float, Meta(description="A post that was read; of mentions 0.001 if the account owns the app.", ge=0)
    ] = 0.005
    user_read: Annotated[float, Meta(description="Who wrote it.", ge=0)] = 0.01
    dm_read: Annotated[float, Meta(description="A direct message that was read.", ge=0)] = 0.01
    post_event: Annotated[float, Meta(description="A post that X called about.", ge=0)] = 0.005
    dm_event: Annotated[
        float, Meta(description="A direct message that X called about, also one that only it can read.", ge=0)
    ] = 0.01
    post: Annotated[float, Meta(description="A public answer.", ge=0)] = 0.015
    post_with_link: Annotated[float, Meta(description="A public answer with a link in it.", ge=0)] = 0.2
    dm: Annotated[float, Meta(description="A direct message that was sent.", ge=0)] = 0.015


class XSettings(FetchingSettings, frozen=True, kw_only=True):
    """An account on X, and the app by which it is used; docs/x.md tells how to make one."""

    quiet_seconds: QuietSeconds = 5
    limits: Limits = (
        Limit(most=15, seconds=900, of="private"),
        Limit(most=1440, seconds=86_400, of="private"),
        Limit(most=100, seconds=900, of="public"),
        Limit(most=10_000, seconds=86_400, of="public"),
    )
    username: Annotated[str, Meta(description="The account's name, without @.")]
    consumer_key: Annotated[Secret, Meta(description="The app's API key.")]
    consumer_secret: Annotated[
        Secret, Meta(description="The app's API key secret, by which X also proves what it brings.")
    ]
    access_token: Annotated[
        Secret, Meta(description="The account's access token for the app, which begins with its id.")
    ]
    access_token_secret: Annotated[Secret, Meta(description="The secret of that token.")]
    mentions_seconds: Annotated[
        float, Meta(description="How often X is asked for mentions and replies: every so many seconds.", ge=4)
    ] = 30
    messages_seconds: Annotated[
        float,
        Meta(description="The same for direct messages, for which X is asked 15 times in 15 minutes at most.", ge=60),
    ] = 90
    direct_messages: Annotated[
        bool, Meta(description="Are direct messages read? Otherwise the app needs no permission for them.")
    ] = True
    webhook: Annotated[
        bool, Meta(description="Does X also call? It is asked all the same: what it brings is there within a second.")
    ] = False
    api_url: Annotated[str, Meta(description="Where the X API is, if a server of one's own stands in between.")] = API
    costs: Annotated[
        XCosts, Meta(description="What X charges, which is for what was read as well as for what is said.")
    ] = XCosts()

    @property
    def account(self) -> str:
        """The account's id, which its token begins with."""
        return self.access_token.reveal().strip().partition("-")[0]

    @property
    def api(self) -> str:
        """An origin, without a slash at its end."""
        return self.api_url.rstrip("/")

    def problems(self) -> Sequence[Problem]:
        return [*self._secrets(), *self._others()]

    def _secrets(self) -> Iterator[Problem]:
        for name in _SECRETS:
            value = getattr(self, name).reveal().strip()
            if not value or not value.isascii() or any(char.isspace() for char in value):
                yield Problem(name, "is empty, or holds what none holds", "the app's Keys and tokens page shows it")
        if not _ACCESS_TOKEN.fullmatch(self.access_token.reveal().strip()):
            yield Problem("access_token", "is no access token", "it begins with the account's number and a dash")

    def _others(self) -> Iterator[Problem]:
        if not _USERNAME.fullmatch(self.username):
            yield Problem("username", f"{self.username!r} is no name of an account", "as in DKIJakarta, without @")
        if not is_web_address(self.api_url) or self.api.count("/") != 2:
            yield Problem("api_url", f"{self.api_url!r} is no origin", f"as in {API}")
        elif not is_private(self.api_url):
            yield Problem("api_url", "tokens and what citizens write would travel in clear text", "use https://")
