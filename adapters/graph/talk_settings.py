"""What an operator says about an account that people comment on and talk with."""

from collections.abc import Iterator, Sequence
from typing import Annotated

from msgspec import Meta

from adapters import Limit, Limits, Problem
from adapters.graph.settings import GraphSettings

SHORTEST_POLL = 60.0


class TalkSettings(GraphSettings, frozen=True, kw_only=True):
    """What Facebook and Instagram are told alike."""

    limits: Limits = (Limit(most=300, seconds=1),)
    app_id: Annotated[
        str,
        Meta(description="Meta's id of our app: what it said itself is not taken for what staff wrote in the inbox."),
    ] = ""
    poll_seconds: Annotated[
        float,
        Meta(
            description="How often the account is asked for what Meta's webhooks did not bring; 0: never, but by"
            " `kanal channels backfill`.",
            ge=0,
        ),
    ] = 0

    @property
    def account(self) -> str:
        """Meta's id of it."""
        raise NotImplementedError

    def problems(self) -> Sequence[Problem]:
        return [*super().problems(), *self._pace()]

    def _pace(self) -> Iterator[Problem]:
        if 0 < self.poll_seconds < SHORTEST_POLL:
            yield Problem("poll_seconds", "must be 0, or 60 or more", "Meta counts how often it is asked")
