"""What an operator says about applications that speak Open311."""

from collections.abc import Sequence
from typing import Annotated

from msgspec import Meta

from adapters import ChannelSettings, Problem


class Open311Settings(ChannelSettings, frozen=True, kw_only=True):
    """Applications that report by GeoReport v2. Each needs a key, which `kanal keys add` makes."""

    open: Annotated[bool, Meta(description="Take reports without a key as well.")] = False
    per_minute: Annotated[
        int, Meta(description="Reports a minute from one address without a key, where `open`.", ge=1)
    ] = 10
    private: Annotated[
        bool, Meta(description="Keep reports from the public whose application says nothing about it.")
    ] = True
    confidential: Annotated[
        bool, Meta(description="Keep from officers who reported, where the application says nothing about it.")
    ] = True
    anonymous: Annotated[
        bool, Meta(description="Keep nobody as the reporter, where the application says nothing about it.")
    ] = False
    jurisdiction: Annotated[
        str, Meta(description="The jurisdiction_id that is ours; requests that name another are refused.")
    ] = ""
    contact: Annotated[str, Meta(description="Whom developers may ask; shown to anybody.")] = ""
    key_service: Annotated[str, Meta(description="How a developer gets a key; shown to anybody.")] = ""
    max_photos: Annotated[int, Meta(description="Most photos with one report.", ge=0, le=100)] = 10

    def problems(self) -> Sequence[Problem]:
        too_small = Problem("max_size", "is too small for a report", "at least 1024")
        return [too_small] if self.max_size < 1024 else []
