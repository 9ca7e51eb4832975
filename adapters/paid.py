"""What a channel costs. Nothing is done about it here: the gateway counts, slows down and stops."""

from collections.abc import Mapping
from typing import Annotated, Protocol, runtime_checkable

import msgspec
from msgspec import Meta


class Costs(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the use of a channel costs. A kind's own derives from this: its further fields are the price of each thing
    that `spent` of a batch or receipt may name, with the usual ones as defaults."""

    currency: Annotated[
        str, Meta(description="Of these prices and the cap: three letters of ISO 4217.", pattern="^[A-Z]{3}$")
    ] = "IDR"
    monthly_cap: Annotated[
        float,
        Meta(
            description="Most to be spent in a month of UTC: asking slows down before, then stops, and what is to be"
            " said waits for a person; 0: no cap.",
            ge=0,
        ),
    ] = 0

    def rates(self) -> Mapping[str, float]:
        """The price of one of each thing, 0 where it is not known."""
        return {name: getattr(self, name) for name in self.__struct_fields__ if name not in Costs.__struct_fields__}


@runtime_checkable
class Paid(Protocol):
    """Settings of a channel whose provider charges for its use."""

    @property
    def costs(self) -> Costs: ...
