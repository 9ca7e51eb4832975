"""What waits in a store, and what waits for a person, as `kanal doctor` asks it."""

import sqlite3

import msgspec

_SQL = """
    SELECT (SELECT count(*) FROM deliveries WHERE state = 'received'),
           (SELECT min(received_at) FROM deliveries WHERE state = 'received'),
           (SELECT count(*) FROM deliveries WHERE state = 'quarantined'),
           (SELECT count(*) FROM replies WHERE state = 'due'),
           (SELECT min(due_at) FROM replies WHERE state = 'due' AND due_at > 0),
           (SELECT count(*) FROM replies WHERE state = 'uncertain'),
           (SELECT count(*) FROM replies WHERE state = 'failed'),
           (SELECT max(received_at) FROM (SELECT received_at FROM deliveries ORDER BY seq DESC LIMIT 1000)),
           (SELECT count(*) FROM notices WHERE state = 'due' AND tries > 0),
           (SELECT count(*) FROM notices WHERE state = 'failed'),
           (SELECT count(*) FROM talks WHERE mode = 'person'),
           (SELECT min(since) FROM talks WHERE mode = 'person')
"""
_WAITING = """
    SELECT channel, count(*) FROM (
        SELECT channel FROM deliveries WHERE state = 'received'
        UNION ALL SELECT channel FROM replies WHERE state = 'due'
    ) GROUP BY channel
"""


class Standing(msgspec.Struct, frozen=True):
    """Counts, and since when the oldest waits; `latest` is when the last came in. Of notices to units, those that could
    not be sent so far are `untold`, those that are given up `never_told`. `talks` are those that wait
    for a person. Times in seconds since the epoch."""

    received: int
    oldest_received: float | None
    quarantined: int
    due: int
    oldest_due: float | None
    uncertain: int
    failed: int
    latest: float | None
    untold: int
    never_told: int
    talks: int
    oldest_talk: float | None


def standing(connection: sqlite3.Connection) -> Standing:
    return Standing(*connection.execute(_SQL).fetchone())


def waiting(connection: sqlite3.Connection) -> dict[str, int]:
    """How many deliveries wait to be processed and replies to be sent, by channel."""
    return dict(connection.execute(_WAITING).fetchall())
