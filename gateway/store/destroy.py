"""Makes what is sealed unreadable for ever: its key is destroyed, and what it sealed is dropped. Plain SQL on the
writing connection; the files that no row names any more are the caller's to remove, after the commit."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

import msgspec

from dedupe.fingerprint import Fingerprint
from gateway.store import fetches, images, listing
from gateway.store.writer import AT_ONCE
from normalizer.report import Candidate, Report, ReportPlace

T = TypeVar("T")

_PROOF = "json_extract(detail, '$.proof')"
_report = msgspec.json.Decoder(Report)
_fingerprint = msgspec.msgpack.Decoder(Fingerprint)


def deliveries(connection: sqlite3.Connection, seqs: Iterable[int], reason: str) -> list[str]:
    """Their bodies and all that came with them; returns the names of files that are not needed any more."""
    files: list[str] = []
    for some in _batches(seqs):
        named = f"FROM deliveries WHERE seq IN ({_marks(some)}) AND blob IS NOT NULL"
        files += [row[0] for row in connection.execute(f"SELECT blob {named}", some)]
        connection.execute(
            "UPDATE deliveries SET key = NULL, sealed = NULL, blob = NULL, state = 'done', reason = coalesce(reason, ?)"
            f" WHERE seq IN ({_marks(some)})",
            (reason, *some),
        )
        connection.execute(f"DELETE FROM parts WHERE seq IN ({_marks(some)})", some)
    return files


def replies(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Their texts; what was still to be sent is withheld."""
    for some in _batches(ids):
        connection.execute(
            f"UPDATE replies SET key = NULL, sealed = NULL, receipt = NULL WHERE id IN ({_marks(some)})", some
        )
        connection.execute(
            "UPDATE replies SET state = 'withheld' WHERE state IN ('due', 'sending', 'kept', 'uncertain')"
            f" AND id IN ({_marks(some)})",
            some,
        )


def talks(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """What the bot remembers. Who goes on, begins anew."""
    for some in _batches(ids):
        connection.execute(f"DELETE FROM talks WHERE id IN ({_marks(some)})", some)


def answers(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """What was answered in dialogues."""
    for some in _batches(ids):
        connection.execute(f"DELETE FROM answers WHERE id IN ({_marks(some)})", some)


def contacts(connection: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Who they are, and what they were told. If they write again, they are strangers to what is kept."""
    for some in _batches(ids):
        told = connection.execute(f"SELECT id FROM replies WHERE contact IN ({_marks(some)})", some).fetchall()
        replies(connection, [row[0] for row in told])
        connection.execute(f"DELETE FROM contacts WHERE id IN ({_marks(some)})", some)
        for table in ("also", "talks", "stopped", "gone"):
            connection.execute(f"DELETE FROM {table} WHERE contact IN ({_marks(some)})", some)
        connection.execute(f"UPDATE replies SET contact = '', talk = NULL WHERE contact IN ({_marks(some)})", some)
        connection.execute(f"UPDATE messages SET contact = NULL WHERE contact IN ({_marks(some)})", some)


def reports(connection: sqlite3.Connection, ids: Iterable[str], words: bool = False) -> list[Fingerprint]:
    """Their full words and who made them; with `words` also what stands in clear of what was said. Returns what they
    are compared by from now on."""
    known: list[Fingerprint] = []
    ids = list(ids)
    fetches.forget(connection, ids)
    for identity in ids:
        sql = "SELECT data, fingerprint FROM reports WHERE id = ?"
        data, compared = connection.execute(sql, (identity,)).fetchone()
        report, fingerprint = _unknown(_report.decode(data), _fingerprint.decode(compared), words)
        known.append(fingerprint)
        if words:
            listing.find_by(connection, report)
            connection.execute("UPDATE links SET reasons = '[]' WHERE report = ?", (identity,))
        connection.execute(
            "UPDATE reports SET key = NULL, sealed = NULL, pin_hash = NULL, contact = '', data = ?, fingerprint = ?"
            " WHERE id = ?",
            (msgspec.json.encode(report).decode(), msgspec.msgpack.encode(fingerprint), identity),
        )
        connection.execute("UPDATE messages SET contact = NULL WHERE report = ?", (identity,))
        connection.execute("DELETE FROM also WHERE report = ?", (identity,))
    return known


def words_of_case(connection: sqlite3.Connection, code: str) -> list[str]:
    """What stands in clear of what was said, by citizens and by officers; returns the names of the proofs, which are
    files, that no other case was moved with."""
    shown = f"SELECT DISTINCT {_PROOF} FROM history WHERE \"case\" = ? AND event = 'moved' AND {_PROOF} IS NOT NULL"
    proofs = [row[0] for row in connection.execute(shown, (code,)).fetchall()]
    connection.execute("UPDATE cases SET what = '', \"where\" = '', estimate_reason = NULL WHERE code = ?", (code,))
    words = "json_remove(detail, '$.note', '$.reason', '$.proof', '$.why', '$.disputed')"
    connection.execute(f'UPDATE history SET detail = {words} WHERE "case" = ?', (code,))
    connection.execute("UPDATE notices SET state = 'withheld' WHERE \"case\" = ? AND state = 'due'", (code,))
    gone = [proof for proof in proofs if not _proves_another(connection, proof)]
    images.forget(connection, gone)
    return gone


def _proves_another(connection: sqlite3.Connection, proof: str) -> bool:
    sql = f"SELECT 1 FROM history WHERE event = 'moved' AND {_PROOF} = ? LIMIT 1"
    return connection.execute(sql, (proof,)).fetchone() is not None


def _unknown(report: Report, compared: Fingerprint, words: bool) -> tuple[Report, Fingerprint]:
    if words:
        report = _without_words(report)
        compared = Fingerprint(compared.report, "", compared.time)
    return msgspec.structs.replace(report, reporter=""), msgspec.structs.replace(compared, reporter="", images=())


def _without_words(report: Report) -> Report:
    """What was found out about it stays; why, quotes it."""
    return msgspec.structs.replace(
        report,
        text="",
        subject=None,
        place=report.place and _bare_place(report.place),
        categories=tuple(map(_bare, report.categories)),
        kinds=tuple(map(_bare, report.kinds)),
        urgency=msgspec.structs.replace(report.urgency, reasons=()),
    )


def _bare_place(place: ReportPlace) -> ReportPlace:
    areas = tuple(map(_bare, place.areas))
    return ReportPlace(areas=areas, area=place.area and _bare(place.area), outcome=place.outcome)


def _bare(found: Candidate) -> Candidate:
    return msgspec.structs.replace(found, reasons=())


def _batches(values: Iterable[T]) -> Iterator[Sequence[T]]:
    rest = iter(values)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _marks(values: Sequence[Any]) -> str:
    return ",".join("?" * len(values))
