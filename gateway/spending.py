"""What the use of channels costs: counted by the day, with the price of that day. Pure.

Days and months are those of UTC, as X and Meta count them.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from adapters import ChannelSettings, Costs, Paid
from gateway.store.records import Spending

FREE = Costs(currency="")


def costs(settings: ChannelSettings) -> Costs:
    return settings.costs if isinstance(settings, Paid) else FREE


def spendings(settings: ChannelSettings, spent: Mapping[str, int], at: float) -> tuple[Spending, ...]:
    """What was spent, as it is kept; what has no known price costs nothing, and is counted all the same."""
    told = costs(settings)
    rates = told.rates()
    return tuple(
        Spending(
            channel=settings.name,
            day=day(at),
            unit=unit,
            currency=told.currency,
            count=count,
            cost=count * rates.get(unit, 0.0),
        )
        for unit, count in spent.items()
        if count
    )


def day(at: float) -> str:
    """As in "2026-11-23"."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d")


def month(at: float) -> str:
    """As in "2026-11"."""
    return day(at)[:7]
