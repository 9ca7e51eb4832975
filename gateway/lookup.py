"""/lacak/<code>: a citizen asks what became of a report. The code, or the number that an outside case store gave, tells
the status; with the PIN, more.

What is unknown, wrong or malformed is answered in the same words. Questions are limited by where they come from, wrong
PINs by code too, so that neither can be tried out. The right ones are not: all whose reports became one case share its
code, and none of them is to be shut out by the others or by a stranger.
"""

import hmac
import time
from collections.abc import Mapping
from datetime import datetime
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web

from adapters.hosts import source_of
from adapters.limits import Buckets
from gateway import cases
from gateway.filing import Rules
from gateway.store.contract import CaseRow, ReportRow, Store

PATH = "/lacak/"
NO_PIN = "0" * 64
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


class Found(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer in JSON. `due` and all that follows only with the PIN of a report; `reason` says why it is due only
    then, where that is an estimate. No `code` where none was found: what was asked may be anything, such as a phone
    number, and is not said again."""

    code: str
    status: str
    message: str
    due: str | None = None
    reason: str | None = None
    received_at: str | None = None
    report: str | None = None


class Attempts:
    """By source (see `source_of`) ten questions at once, then one every ten seconds, and five wrong PINs for one code,
    then one an hour. From all sources fifty wrong PINs for one code, then one every twenty minutes: a year of guessing
    finds one PIN in forty."""

    def __init__(self) -> None:
        self.questions = Buckets(burst=10, seconds=10)
        self.own_guesses = Buckets(burst=5, seconds=3600)
        self.guesses = Buckets(burst=50, seconds=1200)

    def may_guess(self, code: str, source: str, now: float) -> bool:
        return self.own_guesses.left(f"{code} {source}", now) >= 1 and self.guesses.left(code, now) >= 1

    def guessed(self, code: str, source: str, now: float) -> None:
        """That was a wrong PIN."""
        self.own_guesses.take(f"{code} {source}", now)
        self.guesses.take(code, now)


class Lookup:
    def __init__(self, store: Store, rules: Rules, timezone: str, attempts: Attempts) -> None:
        self._store = store
        self._rules = rules
        self._zone = ZoneInfo(timezone)
        self._attempts = attempts

    def answer(self, request: web.BaseRequest, peer: str) -> web.Response:
        """JSON where it is asked for, else a line of text. `?pin=` opens more."""
        language = request.query.get("bahasa", "id")
        asked = unquote(request.path[len(PATH) :]).encode("utf-8", "replace").decode()
        codes = cases.codes_in(asked, self._rules.code_prefix)
        code = codes[0] if codes else asked.upper()[:40]
        source, now = source_of(peer), time.monotonic()
        if not self._attempts.questions.take(source, now):
            return self._wait(request, language, minutes=1)
        found = self._meant(code)
        pin = request.query.get("pin")
        guarded = [case.code for case in found] or [code]  # by whatever name a case is asked for, its guesses are one
        if pin is not None and not all(self._attempts.may_guess(one, source, now) for one in guarded):
            return self._wait(request, language, minutes=60)
        response = self._found(request, code, found, pin, language)
        if pin is not None and response.status == 404:
            for one in guarded:
                self._attempts.guessed(one, source, now)
        return response

    def _meant(self, code: str) -> list[CaseRow]:
        """The case of this code, else those of this number."""
        case = self._store.case(code)
        return [case] if case else self._store.numbered(code)

    def _found(
        self, request: web.BaseRequest, code: str, found: list[CaseRow], pin: str | None, language: str
    ) -> web.Response:
        """A number that two case stores gave to two cases tells nothing without a PIN."""
        reports = [row for case in found for row in self._store.pins(case.code)]
        report = self._opened(reports, pin) if pin is not None else None
        meant = [case for case in found if report is None or report.case == case.code]
        roots = {root.code: root for root in map(self._root, meant)}
        if len(roots) != 1 or (pin is not None and report is None):
            return _response(request, 404, Found("", "", self._rules.text("lookup_not_found", language)))
        (case,) = roots.values()
        return _response(request, 200, self._says(code, case, report, language))

    def _wait(self, request: web.BaseRequest, language: str, minutes: int) -> web.Response:
        text = self._rules.text("lookup_wait", language, minutes=minutes)
        return _response(request, 429, Found("", "", text), {"Retry-After": str(60 * minutes)})

    def _opened(self, reports: list[ReportRow], pin: str) -> ReportRow | None:
        """The report that this PIN opens; every one is tried, so that the time tells nothing."""
        opened = None
        for row in reports:
            given = cases.pin_hash(self._rules.key, row.report.id, pin)
            if hmac.compare_digest(given, row.pin_hash or NO_PIN):
                opened = row
        return opened

    def _says(self, code: str, case: CaseRow, opened: ReportRow | None, language: str) -> Found:
        status = self._rules.text(cases.citizens_word(case.status), language)
        if opened is None:
            return Found(code, status, self._rules.text("lookup_found", language, code=code, status=status))
        due = datetime.fromtimestamp(case.due_at, self._zone)
        is_estimate = case.estimate_at is not None and cases.is_open(case)
        expected = {"until": f"{due:%d/%m/%Y}", "why": (case.estimate_reason or "").rstrip(". ")} if is_estimate else {}
        return Found(
            code=code,
            status=status,
            message=self._rules.text("lookup_found", language, code=code, status=status, **expected),
            due=due.date().isoformat(),
            reason=case.estimate_reason if is_estimate else None,
            received_at=opened.report.received_at.astimezone(self._zone).isoformat(timespec="minutes"),
            report=opened.report.text,
        )

    def _root(self, case: CaseRow) -> CaseRow:
        while case.joined_into and (into := self._store.case(case.joined_into)):
            case = into
        return case


def _response(
    request: web.BaseRequest, status: int, found: Found, more: Mapping[str, str] | None = None
) -> web.Response:
    headers = HEADERS | dict(more or {})
    if "application/json" in request.headers.get("Accept", ""):
        body = msgspec.json.encode(found)
        return web.Response(status=status, body=body, content_type="application/json", headers=headers)
    return web.Response(status=status, text=found.message + "\n", headers=headers)
