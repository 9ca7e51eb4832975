"""What a channel's applications, and anybody, may see of cases: `adapters.CaseReader` over the store.

Whoever knows a code is told how the case stands, as on /lacak/; codes that are neither public nor the application's own
are limited as there, so that they cannot be tried out.
"""

import asyncio
import time
from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from adapters import CaseQuery, RequestRefused, SeenCase, SeenMove, SeenReport
from adapters.hosts import source_of
from gateway import cases
from gateway.channels import Channel
from gateway.filing import Rules
from gateway.lookup import Attempts
from gateway.store.contract import Seen, SeenMoveRow, Store
from normalizer.normalize import VIOLATION
from normalizer.places.areas import area_name
from normalizer.report import Report, ReportPlace

MOST_AT_ONCE = 2


class Seeing:
    """Long reads of all channels together take `turns`: a crowd of questions is not to hold up what comes in."""

    def __init__(
        self, store: Store, channel: Channel, rules: Rules, zone: ZoneInfo, attempts: Attempts, turns: asyncio.Semaphore
    ) -> None:
        self._store = store
        self._channel = channel.name
        self._language = channel.settings.language
        self._rules = rules
        self._zone = zone
        self._attempts = attempts
        self._turns = turns

    async def cases(self, query: CaseQuery) -> Sequence[SeenCase]:
        async with self._turns:
            found = await self._store.seen(self._channel, query)
            return await asyncio.to_thread(lambda: [self._case(one) for one in found])

    async def by_code(self, codes: Sequence[str], app: str, peer: str) -> Sequence[SeenCase]:
        wanted = {self._code(value) for value in codes}
        async with self._turns:
            found = await self._store.seen_by_code(self._channel, app, sorted(wanted))
        shown = {one.case.code for one in found if one.report}
        self._charge(len(wanted - shown), app or source_of(peer))
        return [self._case(one) for one in found]

    def _code(self, value: str) -> str:
        """The one code that a value is; what holds none, or several, stays as it is and so is nobody's."""
        found = cases.codes_in(value, self._rules.code_prefix)
        return found[0] if len(found) == 1 else value

    async def settled(self, delivery: str) -> str | None:
        return self._store.case_of_delivery(self._channel, delivery)

    async def moves(self, query: CaseQuery) -> Sequence[SeenMove]:
        async with self._turns:
            found = await self._store.seen_moves(self._channel, query)
            return await asyncio.to_thread(lambda: [self._move(one) for one in found])

    def _charge(self, codes: int, asker: str) -> None:
        now = time.monotonic()
        if not all(self._attempts.questions.take(asker, now) for _ in range(codes)):
            raise RequestRefused("too many codes were asked for that are not public", 429)

    def _case(self, seen: Seen) -> SeenCase:
        case, report = seen.case, seen.report
        return SeenCase(
            code=case.code,
            is_open=cases.is_open(case),
            status=case.status,
            says=self._says(case.status),
            opened_at=self._at(case.opened_at),
            updated_at=self._at(seen.updated_at),
            due_at=self._at(case.due_at),
            unit=self._rules.routing.name(case.unit) if report and case.unit else None,
            notice=case.estimate_reason if report and cases.is_open(case) else None,
            report=self._report(seen, report) if report else None,
        )

    def _report(self, seen: Seen, report: Report) -> SeenReport:
        """Of a violation only who sent it sees words and pin: they may tell who reported it."""
        case, place = seen.case, report.place or ReportPlace()
        if not seen.own and (VIOLATION in report.triage or self._rules.book.categories.violates(case.category)):
            place = ReportPlace(words=area_name(case.area) if case.area else None)
            report = replace(report, text="", subject=None)
        return SeenReport(
            received_at=report.received_at.astimezone(self._zone),
            text=report.text or report.subject or "",
            category=case.category,
            place=place.words,
            latitude=place.latitude,
            longitude=place.longitude,
        )

    def _move(self, row: SeenMoveRow) -> SeenMove:
        status = cases.Status(row.detail["to"])
        return SeenMove(
            id=self._store.pseudonym("move", row.code, str(row.number)),
            code=row.code,
            at=self._at(row.at),
            is_open=status not in cases.CLOSED,
            status=status,
            says=self._says(status),
            note=row.detail.get("note", ""),
        )

    def _says(self, status: str) -> str:
        return self._rules.text(cases.citizens_word(status), self._language)

    def _at(self, seconds: float) -> datetime:
        return datetime.fromtimestamp(seconds, self._zone)
