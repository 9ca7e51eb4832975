"""Files cases by Open311 GeoReport v2 in whatever speaks it: a city's CRM, FixMyStreet, another Kanal.

GeoReport knows no second try: a case whose fate is unknown is looked for among the requests, by our code at the end of
its description, before it is filed again. What is new of a case goes by FixMyStreet's extension for updates, or as a
request of its own that names the first; that a case is done, joined or merely moved here is not told, since in
GeoReport it is for the other side to say.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from urllib.parse import quote

from adapters import Secret
from gateway.cases import Status
from gateway.casestore import forms, georeport
from gateway.casestore.calling import Answer, is_number, one_by_one, taken
from gateway.casestore.contract import (
    Amendment,
    CaseStoreDown,
    CaseStoreSettings,
    Filed,
    Forget,
    Later,
    News,
    Outcome,
    OutgoingCase,
    OutgoingReport,
    Pending,
    Refused,
)
from gateway.casestore.endpoint import Endpoint
from gateway.casestore.georeport import NotGeoReport, Record
from gateway.casestore.open311_settings import Open311Settings
from gateway.casestore.ordering import in_order

#: Some have a number within a second, some once a day.
TOKEN_SECONDS, LONGEST_TOKEN_SECONDS = 1.0, 1800.0
MOST_REMEMBERED = 10_000
#: Numbers that are asked for at once, so that the address stays short.
AT_ONCE = 50
#: News may come late, and clocks differ.
OVERLAP = timedelta(minutes=5)
BEFORE = timedelta(hours=1)
TOO_LARGE = frozenset({413, 415})


class Open311:
    """News are the updates where it has them, else requests that changed."""

    kind: ClassVar[str] = "open311"
    Settings: ClassVar[type[CaseStoreSettings]] = Open311Settings

    def __init__(self, settings: Open311Settings) -> None:
        self._settings = settings
        always = {"jurisdiction_id": settings.jurisdiction_id, "api_key": _revealed(settings.api_key)}
        self._endpoint = Endpoint(settings.url, {name: value for name, value in always.items() if value})
        self._statuses = {word: Status(status) for word, status in settings.statuses.items()}
        self._tried: OrderedDict[str, None] = OrderedDict()
        self._followed: OrderedDict[str, int] = OrderedDict()
        self._shows_ours = False
        self._since = datetime.now(UTC)

    async def open(self) -> None:
        self._since = datetime.now(UTC)
        await self._endpoint.open()

    async def close(self) -> None:
        await self._endpoint.close()

    async def check(self) -> None:
        services = await self._endpoint.services()
        wanted = {self._settings.default_service, *self._settings.services.values()}
        if missing := sorted(wanted - services):
            raise CaseStoreDown(f"it has no service {', '.join(missing)}, but {', '.join(sorted(services)[:20])}")
        if self._settings.updates:
            await self.news(None)

    async def file(self, batch: Sequence[OutgoingCase]) -> Sequence[Outcome]:
        unsure = [case for case in batch if self._is_unsure(case.key, case.opened_at)]
        known = await self._earlier({case.code: case.opened_at for case in unsure})
        return await one_by_one(batch, lambda case: self._file(case, known.get(case.code)))

    async def amend(self, batch: Sequence[Amendment]) -> Sequence[Outcome]:
        return await one_by_one(batch, self._tell)

    async def news(self, cursor: str | None) -> tuple[Sequence[News], str | None]:
        start = datetime.fromisoformat(cursor) if cursor else datetime.now(UTC) - timedelta(days=1)
        what = "servicerequestupdates" if self._settings.updates else "requests"
        found = await self._endpoint.get(what, start_date=forms.w3c(start - OVERLAP))
        if found is None:
            raise CaseStoreDown(f"it has no {what}: with updates = false the requests themselves are asked for news")
        news = await asyncio.to_thread(lambda: in_order(self._news(found), datetime.now(UTC)))
        return news, max([start, *(one.at for one in news)]).isoformat()

    async def missing(self, numbers: Sequence[str]) -> Sequence[str]:
        """None, unless it showed a request of ours before: some show only what is public, or show it late."""
        found: list[Record] = []
        for some in (numbers[at : at + AT_ONCE] for at in range(0, len(numbers), AT_ONCE)):
            found += await self._endpoint.get("requests", service_request_id=",".join(some)) or ()
        known = {one.get("service_request_id") for one in found}
        self._shows_ours = self._shows_ours or not known.isdisjoint(numbers)
        return [number for number in numbers if number not in known] if self._shows_ours else []

    def _is_unsure(self, key: str, since: datetime) -> bool:
        """Could there have been an earlier try? Of what is older than this process nobody knows."""
        return not self._settings.idempotent and (key in self._tried or since < self._since)

    def _tries(self, key: str) -> None:
        self._tried[key] = None
        _forget_oldest(self._tried)

    async def _earlier(self, codes: Mapping[str, datetime]) -> dict[str, Record]:
        """The requests that earlier tries led to, by our codes."""
        if not codes:
            return {}
        found = await self._endpoint.get("requests", start_date=forms.w3c(min(codes.values()) - BEFORE)) or ()
        ours = {
            code: one
            for one in found
            for code in codes
            if is_number(one.get("service_request_id")) and georeport.is_marked(one, code)
        }
        self._shows_ours = self._shows_ours or bool(ours)
        return ours

    async def _file(self, case: OutgoingCase, known: Record | None) -> Outcome:
        if case.token and (followed := await self._follow(case.token)):
            return followed
        if known:
            return await self._complete(case, known)
        self._tries(case.key)
        return await self._request(case, case.reports, case.code, case.key)

    async def _complete(self, case: OutgoingCase, known: Record) -> Outcome:
        """An earlier try led to this request, of which the case may have grown since."""
        number, said = known["service_request_id"], known.get("description", "")
        untold = tuple(report for report in case.reports if not forms.is_told(report, said))
        return await self._tell(Amendment(key=f"{case.key}.{case.version}", number=number, case=case, new=untold))

    async def _tell(self, one: Amendment) -> Outcome:
        return await (self._update(one) if self._settings.updates else self._add(one))

    async def _follow(self, token: str) -> Outcome | None:
        """None if it does not know the token (any more)."""
        found = await self._endpoint.get(f"tokens/{quote(token, safe='')}")
        if found is None:
            return None
        number = next((one["service_request_id"] for one in found if "service_request_id" in one), None)
        return taken(200, number, token, self._pause(token))

    def _pause(self, token: str) -> float:
        """Twice as long each time, for there may be many."""
        times = self._followed[token] = self._followed.pop(token, 0) + 1
        _forget_oldest(self._followed)
        return min(LONGEST_TOKEN_SECONDS, TOKEN_SECONDS * 2.0 ** min(times, 20))

    async def _update(self, one: Amendment) -> Outcome:
        if (outcome := _without_asking(one)) is not None:
            return outcome
        fields = {
            "service_request_id": one.number,
            "update_id": one.key,
            "updated_datetime": forms.w3c(max(report.received_at for report in one.new)),
            "status": "OPEN",
            "description": georeport.joined([forms.words(report) for report in one.new]),
        }
        outcome = await self._post("servicerequestupdates", fields | forms.about(one.new), one.new, one.key)
        return Filed(one.number) if isinstance(outcome, Filed | Pending) else outcome

    async def _add(self, one: Amendment) -> Outcome:
        """A request that names the first, where there are no updates."""
        if (outcome := _without_asking(one)) is not None:
            return outcome
        since = min(report.received_at for report in one.new)
        if self._is_unsure(one.key, since) and await self._earlier({one.key: since}):
            return Filed(one.number)
        self._tries(one.key)
        outcome = await self._request(one.case, one.new, one.key, one.key, f"Tambahan untuk {one.number}:")
        return Filed(one.number) if isinstance(outcome, Filed | Pending) else outcome

    async def _request(
        self, case: OutgoingCase, reports: Sequence[OutgoingReport], mark: str, key: str, before: str = ""
    ) -> Outcome:
        service, default = await self._service(case.category), self._settings.default_service
        fields = {
            "service_code": service,
            "description": georeport.description([before, *map(forms.words, reports)], mark),
            **forms.where(case, self._settings.unknown_place),
            **forms.about(reports),
        }
        outcome = await self._post("requests", fields, reports, key)
        if service != default and isinstance(outcome, Refused) and _is_over_service(outcome):
            outcome = await self._post("requests", fields | {"service_code": default}, reports, key)
        return outcome

    async def _service(self, category: str | None) -> str:
        services = await self._endpoint.services()
        chosen = self._settings.services.get(category or "")
        return chosen or (category if category in services else None) or self._settings.default_service

    async def _post(self, what: str, fields: Mapping[str, str], reports: Sequence[OutgoingReport], key: str) -> Outcome:
        photos = await forms.photos(reports) if self._settings.photos else []
        answer = await self._endpoint.post(what, fields, photos, key)
        if answer.status in TOO_LARGE and photos:
            answer = await self._endpoint.post(what, fields, [], key)
        return await self._outcome(answer)

    async def _outcome(self, answer: Answer) -> Outcome:
        status = answer.status
        try:
            found = await self._endpoint.read(answer)
        except NotGeoReport:
            return _no_georeport(status)
        if not answer.is_good():
            return self._complaint(status, found)
        first = found[0] if found else {}
        return taken(
            status, first.get("service_request_id") or first.get("update_id"), first.get("token"), TOKEN_SECONDS
        )

    def _complaint(self, status: int, errors: Sequence[Record]) -> Outcome:
        about = georeport.complaint(errors)
        said = f"it answers {status}" + (f" ({about})" if about else "")
        if status >= 500:
            return Later(said)
        if status == 404:
            self._endpoint.forget_services()
        return Refused(said)

    def _news(self, found: Sequence[Record]) -> Iterator[News]:
        note = "description" if self._settings.updates else "status_notes"
        for one in found:
            number, said = one.get("service_request_id"), one.get("updated_datetime")
            if number and said:
                yield News(
                    number=number,
                    at=georeport.time_of(said) or datetime.now(UTC),
                    status=georeport.status_of(one, self._statuses),
                    unit=one.get("agency_responsible"),
                    note=one.get(note),
                    id=one.get("update_id") or f"{number} {said}",
                )


def _without_asking(one: Amendment) -> Outcome | None:
    if one.forget is not Forget.NOTHING:
        return Refused("GeoReport cannot forget anything: ask its operators to")
    return None if one.new else Filed(one.number)


def _is_over_service(outcome: Refused) -> bool:
    """The service is not there any more, or asks what we cannot answer: better in another than nowhere."""
    return any(word in outcome.reason for word in ("service_code", "attribute"))


def _no_georeport(status: int) -> Outcome:
    """A page of a proxy, half an answer: a wrong address is wrong for all."""
    if status in {404, 405, 410, 501}:
        raise CaseStoreDown(f"there is no GeoReport: it answers {status}")
    said = f"it answers {status}, but not with GeoReport"
    return Refused(said) if 400 <= status < 500 else Later(said)


def _forget_oldest(known: OrderedDict[str, Any]) -> None:
    if len(known) > MOST_REMEMBERED:
        known.popitem(last=False)


def _revealed(secret: Secret | None) -> str:
    return secret.reveal() if secret else ""
