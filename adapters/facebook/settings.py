"""What an operator says about a page on Facebook."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from adapters import Problem, Secret
from adapters.graph.talk_settings import TalkSettings


class FacebookSettings(TalkSettings, frozen=True, kw_only=True):
    """A page on Facebook with its Messenger; docs/facebook.md tells where each of these is found."""

    page_id: Annotated[str, Meta(description="Meta's id of the page; not its name.")]
    token: Annotated[
        Secret,
        Meta(
            description="The page's access token, with pages_messaging, pages_manage_engagement,"
            " pages_manage_metadata and pages_read_user_content."
        ),
    ]

    @property
    def account(self) -> str:
        return self.page_id

    def problems(self) -> Sequence[Problem]:
        return [*super().problems(), *self._page()]

    def _page(self) -> Iterator[Problem]:
        if not (self.page_id.isascii() and self.page_id.isdecimal()):
            hint = "the page's settings show it below Page transparency"
            yield Problem("page_id", "is a number of digits only", hint)
