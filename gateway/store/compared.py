"""What reports are compared by, as it is kept: plain SQL over a reading connection."""

import sqlite3
import time
from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from dedupe.fingerprint import Fingerprint
from dedupe.window import Window

DAY = 86_400.0
#: Those of so many days tell at what pace reports come in.
DAYS = 7

_OF_CASE = (
    'SELECT r.id, r.fingerprint FROM reports r JOIN cases c ON c.code = r."case"'
    " WHERE c.code = ?1 OR c.joined_into = ?1 ORDER BY r.seq"
)
_OPEN = 'SELECT r.id, r.fingerprint FROM reports r JOIN cases c ON c.code = r."case" WHERE c.closed_at IS NULL'
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


def of_report(connection: sqlite3.Connection, report: str) -> list[Fingerprint]:
    """One, unless there is no such report or the disk damaged it."""
    return list(_decoded(connection.execute("SELECT id, fingerprint FROM reports WHERE id = ?", (report,))))


def of_case(connection: sqlite3.Connection, code: str) -> list[Fingerprint]:
    """Of all reports of a case and of those that were joined into it, in the order in which they came in."""
    return list(_decoded(connection.execute(_OF_CASE, (code,))))


def window(connection: sqlite3.Connection, words: Iterable[str]) -> Window:
    """The open reports, and in how many of them these words occur; it goes over all of them."""
    wanted, seen, count, recent = frozenset(words), Counter[str](), 0, 0
    since = time.time() - DAYS * DAY
    for one in _decoded(connection.execute(_OPEN)):
        count += 1
        recent += one.time >= since
        seen.update(wanted.intersection(one.words))
    return Window(count, dict(seen), recent / DAYS)


def _decoded(rows: Iterable[tuple[str, bytes]]) -> Iterator[Fingerprint]:
    for _, compared in rows:
        try:
            yield _fingerprint.decode(compared)
        except (msgspec.DecodeError, TypeError):  # damaged
            continue
