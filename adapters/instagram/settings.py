"""What an operator says about an account on Instagram."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from adapters import Problem, Secret
from adapters.graph.talk_settings import TalkSettings


class InstagramSettings(TalkSettings, frozen=True, kw_only=True):
    """A professional account on Instagram; docs/instagram.md tells where each of these is found."""

    account_id: Annotated[str, Meta(description="Meta's id of the account; not its name.")]
    page_id: Annotated[
        str,
        Meta(description="Of the page that the account is tied to, if the app logs in by Facebook; else left out."),
    ] = ""
    token: Annotated[Secret, Meta(description="Access token of the account, or of the page that it is tied to.")]
    app_secret: Annotated[
        Secret, Meta(description="The secret Meta signs with: of the Instagram app, if the app logs in by Instagram.")
    ]

    @property
    def account(self) -> str:
        return self.account_id

    @property
    def talks_at(self) -> str:
        """The id by which direct messages are sent and asked for."""
        return self.page_id or self.account_id

    def problems(self) -> Sequence[Problem]:
        return [*super().problems(), *self._account()]

    def _account(self) -> Iterator[Problem]:
        for name, value in (("account_id", self.account_id), ("page_id", self.page_id or "0")):
            if not (value.isascii() and value.isdecimal()):
                hint = "docs/instagram.md tells how it is asked for"
                yield Problem(name, "is a number of digits only", hint)
