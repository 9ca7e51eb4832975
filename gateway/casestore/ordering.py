"""News in the order in which they happened, so that an older state never overwrites a newer one. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec.structs import replace

from gateway.casestore.contract import News

TICK = timedelta(microseconds=1)


def in_order(news: Iterable[News], now: datetime) -> list[News]:
    """What lies ahead, by a clock that is wrong, happened now: else nothing that comes later would be newer. Of what
    happened to one case at the same time the next is a microsecond newer: by its id where that is a number, else as it
    was listed, which is the oldest first."""
    newest: dict[str, datetime] = {}
    ordered: list[News] = []
    for one in sorted(news, key=lambda one: (one.at, int(one.id) if _is_number(one.id) else 0)):
        case = one.number or one.code
        at = min(one.at, now)
        newest[case] = at = max(at, newest[case] + TICK) if case in newest else at
        ordered.append(replace(one, at=at))
    return ordered


def _is_number(identity: str) -> bool:
    return identity.isascii() and identity.isdecimal() and len(identity) < 20
