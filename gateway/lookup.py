"""/lacak/<code>: a citizen asks what became of a report. The code, or the number that an outside case store gave, tells
the status; with the PIN, more.

What is unknown, wrong or malformed is answered in the same words. Questions are limited by where they come from, wrong
PINs by code too, so that neither can be tried out. The right ones are not: all whose reports became one case share its
code, and none of them is to be shut out by the others or by a stranger.
"""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import msgspec

from adapters import Response, WebRequest
from adapters.hosts import source_of
from adapters.limits import Buckets
from gateway import cases
from gateway.citizen_cases import meant, opened_by, root_of
from gateway.filing import Rules
from gateway.store.contract import CaseRow, ReportRow, Store

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


class Looked(NamedTuple):
    """What was asked for, spelt as we do, and the `case` that stands for it now: None if there is none, or if the PIN
    opens nothing there. `opened` is the report that the PIN opens; `minutes` have to be waited first, if any."""

    code: str
    case: CaseRow | None = None
    opened: ReportRow | None = None
    minutes: int = 0


class Lookup:
    def __init__(self, store: Store, rules: Rules, timezone: str, attempts: Attempts) -> None:
        self._store = store
        self._rules = rules
        self._zone = ZoneInfo(timezone)
        self._attempts = attempts

    def look(self, asked: str, pin: str | None, peer: str) -> Looked:
        """Every question counts, and every PIN that opens nothing."""
        asked = asked.encode("utf-8", "replace").decode()
        codes = cases.codes_in(asked, self._rules.code_prefix)
        code = codes[0] if codes else asked.upper()[:40]
        source, now = source_of(peer), time.monotonic()
        if not self._attempts.questions.take(source, now):
            return Looked(code, minutes=1)
        found = meant(self._store, code)
        guarded = [case.code for case in found] or [code]  # by whatever name a case is asked for, its guesses are one
        if pin is not None and not all(self._attempts.may_guess(one, source, now) for one in guarded):
            return Looked(code, minutes=60)
        looked = self._found(code, found, pin)
        if pin is not None and looked.case is None:
            for one in guarded:
                self._attempts.guessed(one, source, now)
        return looked

    def _found(self, code: str, found: list[CaseRow], pin: str | None) -> Looked:
        """A number that two case stores gave to two cases tells nothing without a PIN."""
        reports = [row for case in found for row in self._store.pins(case.code)]
        report = opened_by(pin, reports, self._rules.key) if pin is not None else None
        named = [case for case in found if report is None or report.case == case.code]
        roots = {root.code: root for root in (root_of(self._store, case) for case in named)}
        if len(roots) != 1 or (pin is not None and report is None):
            return Looked(code)
        (case,) = roots.values()
        return Looked(code, case, report)

    def answer(self, request: WebRequest, asked: str) -> Response:
        """For programs: JSON where it is asked for, else a line of text. `?pin=` opens more."""
        query = parse_qs(request.query, keep_blank_values=True)
        language = query.get("bahasa", ["id"])[0]
        looked = self.look(asked, query["pin"][0] if "pin" in query else None, request.peer)
        if looked.minutes:
            return self._wait(request, language, looked.minutes)
        if looked.case is None:
            return _response(request, 404, Found("", "", self._rules.text("lookup_not_found", language)))
        return _response(request, 200, self._says(looked.code, looked.case, looked.opened, language))

    def _wait(self, request: WebRequest, language: str, minutes: int) -> Response:
        text = self._rules.text("lookup_wait", language, minutes=minutes)
        return _response(request, 429, Found("", "", text), {"Retry-After": str(60 * minutes)})

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


def _response(request: WebRequest, status: int, found: Found, more: Mapping[str, str] | None = None) -> Response:
    headers = HEADERS | dict(more or {})
    if "application/json" in request.headers.get("Accept", ""):
        body = msgspec.json.encode(found)
        return Response(status=status, body=body, content_type="application/json", headers=headers)
    return Response(status=status, body=f"{found.message}\n".encode("utf-8", "replace"), headers=headers)
