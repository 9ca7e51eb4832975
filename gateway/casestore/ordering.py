"""News in the order in which they happened, so that an older state never overwrites a newer one. Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from gateway.casestore.contract import News

TICK = timedelta(microseconds=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)


def in_order(news: Iterable[News], now: datetime) -> list[News]:
    """What lies ahead, by a clock that is wrong, happened now: else nothing that comes later would be newer. Of what
    happened to one case at the same time the next is a microsecond newer: by its id where that is a number, else as it
    was listed, which is the oldest first."""
    newest: dict[str, datetime] = {}
    ordered: list[News] = []
    for one in sorted(news, key=lambda one: (dated(one.at, now), int(one.id) if _is_number(one.id) else 0)):
        case = one.number or one.code
        at = min(dated(one.at, now), now)
        newest[case] = at = max(at, newest[case] + TICK) if case in newest else at
        ordered.append(replace(one, at=at))
    return ordered


def dated(at: datetime, now: datetime) -> datetime:
    """What stands for no time, as the year 1 does in .NET, happened now."""
    return at if at.tzinfo and at >= EARLIEST else now


def _is_number(identity: str) -> bool:
    return identity.isascii() and identity.isdecimal() and len(identity) < 20
