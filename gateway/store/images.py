"""The same photo in several cases, by the hashes of what photos show: of reports, and of proofs. Plain SQL.

Hashes that are at most seven bits apart have a quarter in which they differ in one bit or none, for in four quarters
of two bits each it would be eight: so each quarter is looked up with its neighbours, and only what is found so is
compared (multi-index hashing: Norouzi, Punjani and Fleet, CVPR 2012).
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import Protocol

import msgspec

from dedupe.photos import NEAR, bits_apart
from gateway.store.contract import HistoryRow

#: What came with more cases than that is a letterhead, or the picture of a sticker.
MOST_CASES = 5
#: Photos of one case that are looked at.
MOST_PHOTOS = 50
QUARTERS, DIGITS = 4, 4
assert NEAR < 2 * QUARTERS

_ROOT = "cases c ON c.code = coalesce(k.joined_into, k.code)"
_AMONG = "IN (SELECT value FROM json_each(?))"
_PROOF = "json_extract(h.detail, '$.proof')"
_PHOTOS = (
    "SELECT DISTINCT f.name, f.image FROM reports r JOIN file_owners o ON o.report = r.id JOIN files f"
    f" ON f.name = o.file WHERE r.\"case\" {_AMONG} AND f.image <> '' ORDER BY r.seq DESC LIMIT {MOST_PHOTOS}"
)
_PROOFS = (
    f"SELECT DISTINCT p.digest, coalesce(p.image, '') FROM history h JOIN proofs p ON p.digest = {_PROOF}"
    f" WHERE h.\"case\" {_AMONG} AND h.event = 'moved'"
)
_REPORTED = (
    "SELECT DISTINCT c.code, c.category, c.unit, c.closed_at IS NULL FROM file_owners o JOIN reports r"
    f' ON r.id = o.report JOIN cases k ON k.code = r."case" JOIN {_ROOT} WHERE o.file {_AMONG}'
)
_PROVEN = (
    "SELECT DISTINCT c.code, c.category, c.unit, c.closed_at IS NULL FROM history h JOIN cases k"
    f" ON k.code = h.\"case\" JOIN {_ROOT} WHERE h.event = 'moved' AND {_PROOF} {_AMONG}"
)


class As(StrEnum):
    """What a photo is in a case: a citizen's, or an officer's proof."""

    PHOTO = "photo"
    PROOF = "proof"


class Seen(msgspec.Struct, frozen=True):
    """The same photo, `here` in the case in question and `there` in the case `code`, which may be the same one."""

    here: As
    there: As
    code: str
    category: str | None
    unit: str | None


class ProofStore(Protocol):
    """What a store promises of the photos that cases were moved with."""

    def proofs_to_look_at(self, limit: int) -> list[str]:
        """The digests of those of which nobody knows yet what they show."""

    async def know_proof(self, digest: str, image: str) -> None:
        """What a proof shows, "" for nothing that tells. Raises `StoreUnavailable`."""

    def seen_elsewhere(self, digest: str, image: str, code: str) -> list[Seen]:
        """Where the photo is that the case of this code is to be moved with."""

    async def kept(self, digest: str) -> bytes | None:
        """A file that was kept, if the disk has it still."""


def add_proofs(connection: sqlite3.Connection, history: Iterable[HistoryRow]) -> None:
    """What cases are moved with is to be looked at."""
    new = [(line.detail["proof"],) for line in history if line.event == "moved" and line.detail.get("proof")]
    connection.executemany("INSERT OR IGNORE INTO proofs (digest) VALUES (?)", new)


def unknown(connection: sqlite3.Connection, limit: int) -> list[str]:
    found = connection.execute("SELECT digest FROM proofs WHERE image IS NULL LIMIT ?", (limit,))
    return [row[0] for row in found]


def know(connection: sqlite3.Connection, digest: str, image: str) -> None:
    connection.execute("UPDATE proofs SET image = ? WHERE digest = ?", (image, digest))


def forget(connection: sqlite3.Connection, digests: Iterable[str]) -> None:
    connection.executemany("DELETE FROM proofs WHERE digest = ?", [(one,) for one in digests])


def of_case(connection: sqlite3.Connection, code: str, joined: Collection[str] = ()) -> list[Seen]:
    """Where else the photos of an open case are, with those that were `joined` into it, and the proofs of any: in which
    other open cases citizens sent them, and which cases they prove."""
    codes = _json([code, *joined])
    found: dict[Seen, None] = {}
    for _, image in connection.execute(_PHOTOS, (codes,)).fetchall():
        found |= dict.fromkeys(_of_photo(connection, image, code))
    for digest, image in connection.execute(_PROOFS, (codes,)).fetchall():
        found |= dict.fromkeys(of_proof(connection, digest, image, code))
    return list(found)


def of_proof(connection: sqlite3.Connection, digest: str, image: str, code: str) -> Iterator[Seen]:
    """Where the proof of the case of this code is, too: as that of another, and as what a citizen sent."""
    for row in connection.execute(_PROVEN, (_json({digest, *_alike(connection, "proofs", "digest", image)}),)):
        if row[0] != code:
            yield Seen(As.PROOF, As.PROOF, *row[:3])
    for row in connection.execute(_REPORTED, (_json(_alike(connection, "files", "name", image)),)):
        yield Seen(As.PROOF, As.PHOTO, *row[:3])


def _of_photo(connection: sqlite3.Connection, image: str, code: str) -> Iterator[Seen]:
    reported = connection.execute(_REPORTED, (_json(_alike(connection, "files", "name", image)),)).fetchall()
    others = [row for row in reported if row[0] != code]
    if len(others) <= MOST_CASES and any(row[0] == code and row[3] for row in reported):
        yield from (Seen(As.PHOTO, As.PHOTO, *row[:3]) for row in others if row[3])
    for row in connection.execute(_PROVEN, (_json(_alike(connection, "proofs", "digest", image)),)):
        if row[0] != code:
            yield Seen(As.PHOTO, As.PROOF, *row[:3])


def _alike(connection: sqlite3.Connection, table: str, name: str, image: str) -> set[str]:
    """The names of those in a table that show the same."""
    if not image:
        return set()
    found: set[str] = set()
    for quarter in range(QUARTERS):
        start = quarter * DIGITS
        part = f"image <> '' AND substr(image, {start + 1}, {DIGITS}) {_AMONG}"
        near = _json(_neighbours(image[start : start + DIGITS]))
        rows = connection.execute(f"SELECT {name}, image FROM {table} WHERE {part}", (near,))
        found |= {row[0] for row in rows if bits_apart(image, row[1]) <= NEAR}
    return found


def _neighbours(digits: str) -> list[str]:
    """A quarter of a hash, and all that differ from it in one bit."""
    value = int(digits, 16)
    return [digits, *(f"{value ^ 1 << bit:0{DIGITS}x}" for bit in range(4 * DIGITS))]


def _json(values: Iterable[str]) -> str:
    return msgspec.json.encode(sorted(values)).decode()
