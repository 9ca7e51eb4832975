"""Open reports that may be of the same incident, for somebody who is writing one: they may join instead.

They are found by the judge's index of open reports. Nothing tells who reported; of what is private, the public is shown
neither words nor photos, and what tells of somebody who breaks a rule is shown to nobody, nor is what a machine sent.
"""

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import takewhile
from typing import NamedTuple

import msgspec

from adapters import Delivery, Message, Place
from dedupe.fingerprint import Fingerprint
from dedupe.verdict import Verdict
from gateway.console.means import Means
from gateway.filed import file
from gateway.filing import NOISE
from gateway.store.copies import Scan, State
from gateway.store.views import Views
from normalizer.book import Book
from normalizer.message import Discreet
from normalizer.normalize import VIOLATION
from normalizer.places.areas import area_name
from normalizer.report import Report
from normalizer.sorting.categories import Categories

MOST = 3
#: Several of the best reports may be of one case.
LOOKED_AT = 4 * MOST
#: Characters of what is being written; more would tell no more.
LONGEST = 1_000
EXCERPT = 160
#: Characters without which nothing is looked for.
FEWEST = 3
#: Reports with one of these marks for triage are shown to nobody.
NEVER = NOISE | {VIOLATION}

_CASE = (
    'SELECT c.code, c.opened_at, c.category, c.area, c."where", r.data,'
    " c.reports"
    ' FROM reports r JOIN cases f ON f.code = r."case" JOIN cases c ON c.code = coalesce(f.joined_into, f.code)'
    " WHERE r.id = ? AND c.closed_at IS NULL AND c.joined_into IS NULL"
)
_report = msgspec.json.Decoder(Report)


class Similar(Discreet, frozen=True, kw_only=True):
    """An open case as it is shown: `what` is masked, or only its category; `photo` names a file for `photo`, "" if
    there is none; `reports` counts them; `reasons` are in the officers' words; `score` is between 0 and 1."""

    code: str
    what: str
    where: str
    category: str | None
    opened_at: float
    reports: int
    photo: str = ""
    reasons: tuple[str, ...] = ()
    score: float = 0.0

    shown = ("code", "score")


class _Open(NamedTuple):
    """An open case, and one of its reports as it may stand in clear."""

    code: str
    opened_at: float
    category: str | None
    area: str | None
    where: str | None
    report: Report
    reports: int

    @property
    def is_private(self) -> bool:
        return self.report.confidentiality.private


async def similar(
    means: Means,
    words: str,
    place: Place | None = None,
    category: str = "",
    *,
    at: datetime | None = None,
    openly: bool = False,
    most: int = MOST,
) -> Sequence[Similar]:
    """At most `most` open cases, the most alike first. `place` is as the page has it so far, `category` a code; `at` is
    when it was reported, now if it still is to be; with `openly` they are for everybody, not for an officer. None where
    too little is said yet."""
    if len(words.strip()) < FEWEST and (place is None or place.latitude is None):
        return ()
    new = await asyncio.to_thread(_fingerprint, means.rules.book, words[:LONGEST], place, category, at)
    found = await means.alike(new, LOOKED_AT)
    categories = means.rules.book.categories
    return await means.look(lambda views: list(_shown(views, found, categories, openly))[:most]) if found else ()


def get_ready(means: Means) -> None:
    """Have what the first look takes half a second to load in memory soon, while somebody begins to write."""
    said = "Banjir di Jalan Melati RT 1/RW 2"
    asyncio.get_running_loop().run_in_executor(None, _fingerprint, means.rules.book, said, None, "")


async def photo(means: Means, name: str) -> bytes | None:
    """A photo of a case that officers may be shown, as a JPEG of the picture alone."""
    kept = means.store.file(name)
    if kept is None or (means.settings.gateway.clamav_required and kept.scan is not Scan.CLEAN):
        return None
    owners, categories = means.store.file_owners(name), means.rules.book.categories
    is_shown = await means.look(lambda views: any(_open(views.connection, one, categories) for one in owners))
    return await means.store.copy(kept) if is_shown and kept.scan is not Scan.INFECTED else None


def _fingerprint(book: Book, words: str, place: Place | None, category: str, at: datetime | None = None) -> Fingerprint:
    fields = {"category": category} if category else {}
    message = Message(id="", channel="", sender=None, text=words, place=place, fields=fields)
    delivery = Delivery(id="", channel="", received_at=at or datetime.now(UTC), body=b"")
    return file(message, delivery, book).fingerprint


def _shown(views: Views, found: Sequence[Verdict], categories: Categories, openly: bool) -> Iterator[Similar]:
    """Each case once, by its report that is most alike: for everybody, of those that are public if there are any."""
    best: dict[str, tuple[_Open, Verdict]] = {}
    for verdict in found:
        case = _open(views.connection, verdict.same_as or "", categories)
        if case and (case.code not in best or (openly and best[case.code][0].is_private and not case.is_private)):
            best[case.code] = (case, verdict)
    for case, verdict in best.values():
        yield _similar(views.connection, case, verdict, categories, openly)


def _open(connection: sqlite3.Connection, identity: str, categories: Categories) -> _Open | None:
    """The case of a report, if it is open and may be shown."""
    row = connection.execute(_CASE, (identity,)).fetchone()
    if row is None or categories.violates(row[2]):  # also what accuses officials
        return None
    code, opened_at, category, area, where, data, reports = row
    try:
        report = _report.decode(data)
    except msgspec.DecodeError:  # damaged
        return None
    case = _Open(code, opened_at, category, area, where, report, reports)
    return case if NEVER.isdisjoint(report.triage) else None


def _similar(
    connection: sqlite3.Connection, case: _Open, verdict: Verdict, categories: Categories, openly: bool
) -> Similar:
    is_whole = not (openly and case.is_private)
    name = categories.name(case.category)
    return Similar(
        code=case.code,
        what=case.report.text[:EXCERPT] if is_whole else name or _guess(case.report, categories),
        where=(case.where or "") if is_whole else _about_where(case),
        category=name or None,
        opened_at=case.opened_at,
        reports=case.reports,
        photo=_photo(connection, case.report) if is_whole else "",
        reasons=verdict.reasons if is_whole else (),
        score=verdict.score,
    )


def _guess(report: Report, categories: Categories) -> str:
    """The category that it most likely has, unless that is a violation."""
    code = report.categories[0].code if report.categories else None
    return "" if categories.violates(code) else categories.name(code)


def _about_where(case: _Open) -> str:
    """The street without a number, and the area."""
    place = case.report.place
    streets = (" ".join(takewhile(str.isalpha, street.split())) for street in (place.streets if place else ()))
    street = next((one.title() for one in streets if " " in one), "")
    return ", ".join(filter(None, (street, area_name(case.area) if case.area else None)))


def _photo(connection: sqlite3.Connection, report: Report) -> str:
    """The first that has a copy for viewing."""
    pictures = (one.digest or "" for one in report.attachments if one.media_type.startswith("image/"))
    sql = "SELECT name FROM files WHERE name = ? AND state = ?"
    found = (connection.execute(sql, (name, State.KEPT)).fetchone() for name in pictures)
    return next((str(row[0]) for row in found if row), "")
