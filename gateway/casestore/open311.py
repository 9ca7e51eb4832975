"""Files cases by Open311 GeoReport v2 in whatever speaks it: a city's CRM, FixMyStreet, another Kanal.

GeoReport knows no second try: a case whose fate is unknown is looked for among the requests, by our code at the end of
its description, before it is filed again. What is new of a case goes by FixMyStreet's extension for updates, or as a
request of its own that names the first; that a case is done, joined or merely moved here is not told, since in
GeoReport it is for the other side to say.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar
from urllib.parse import quote

from msgspec import Meta

from adapters import Problem, Secret
from adapters.hosts import is_web_address
from gateway.cases import Status
from gateway.casestore import georeport
from gateway.casestore.calling import one_by_one
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
    OutgoingFile,
    OutgoingReport,
    Pending,
    Refused,
)
from gateway.casestore.endpoint import Endpoint, Photo
from gateway.casestore.georeport import NotGeoReport, Record, records

TOKEN_SECONDS = 30.0
MOST_PHOTOS = 10
MOST_REMEMBERED = 10_000
#: News may come late, and clocks differ.
OVERLAP = timedelta(minutes=5)
BEFORE = timedelta(hours=1)
TOO_LARGE = frozenset({413, 415})


class Open311Settings(CaseStoreSettings, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the endpoint is, and how our words are said there."""

    url: Annotated[
        str,
        Meta(description="Address of the endpoint, as https://city.example/open311/v2, or of its discovery document."),
    ]
    api_key: Annotated[Secret | None, Meta(description="What it knows us by.")] = None
    jurisdiction_id: Annotated[str, Meta(description="Where the endpoint serves several: which one.")] = ""
    default_service: Annotated[str, Meta(description="Code of the service for cases that no other fits.")]
    services: Annotated[
        dict[str, str],
        Meta(description="Their service by our category; what is not listed has the service of the same code."),
    ] = {}
    statuses: Annotated[
        dict[str, str], Meta(description="Our status by theirs in small letters, beside those that are known.")
    ] = {}
    updates: Annotated[
        bool, Meta(description="It has service request updates; else what is new of a case is a request of its own.")
    ] = True
    photos: Annotated[bool, Meta(description="Send photos with the form.")] = True
    idempotent: Annotated[
        bool,
        Meta(
            description="It knows a second try by the header Idempotency-Key, as Kanal does: no need to look for one."
        ),
    ] = False
    unknown_place: Annotated[
        str, Meta(description="What is said of where if nobody said: GeoReport wants an address.")
    ] = "Lokasi tidak disebutkan"

    def problems(self) -> Sequence[Problem]:
        return list(self._problems())

    def _problems(self) -> Iterator[Problem]:
        if not is_web_address(self.url):
            yield Problem("url", f"'{self.url}' is no address", "as in https://city.example/open311/v2")
        if self.api_key and not self.api_key.reveal():
            yield Problem("api_key", "is empty", "check the variable or file it is read from")
        if not self.default_service:
            yield Problem("default_service", "is empty", "name one of the endpoint's services")
        for word, status in self.statuses.items():
            if status not in set(Status):
                yield Problem(f"statuses.{word}", f"'{status}' is no status", f"one of: {', '.join(Status)}")


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
        found = await self._endpoint.get(what, start_date=_w3c(start - OVERLAP))
        if found is None:
            raise CaseStoreDown(f"it has no {what}: with updates = false the requests themselves are asked for news")
        news = sorted(self._news(found), key=lambda one: one.at)
        return news, max([start, *(one.at for one in news)]).isoformat()

    async def missing(self, numbers: Sequence[str]) -> Sequence[str]:
        """None, if it shows none of them: then it shows no requests like ours, or not to us."""
        found = await self._endpoint.get("requests", service_request_id=",".join(numbers)) if numbers else []
        known = {one.get("service_request_id") for one in found or ()}
        return [number for number in numbers if number not in known] if known.intersection(numbers) else []

    def _is_unsure(self, key: str, since: datetime) -> bool:
        """Could there have been an earlier try? Of what is older than this process nobody knows."""
        return not self._settings.idempotent and (key in self._tried or since < self._since)

    def _tries(self, key: str) -> None:
        self._tried[key] = None
        if len(self._tried) > MOST_REMEMBERED:
            self._tried.popitem(last=False)

    async def _earlier(self, codes: Mapping[str, datetime]) -> dict[str, Record]:
        """The requests that earlier tries led to, by our codes."""
        if not codes:
            return {}
        found = await self._endpoint.get("requests", start_date=_w3c(min(codes.values()) - BEFORE)) or ()
        return {
            code: one
            for one in found
            for code in codes
            if "service_request_id" in one and georeport.is_marked(one, code)
        }

    async def _file(self, case: OutgoingCase, known: Record | None) -> Outcome:
        if case.token and (followed := await self._follow(case.token)):
            return followed
        if known:
            return await self._complete(case, known)
        self._tries(case.key)
        return await self._request(case, case.reports, case.code, case.key)

    async def _complete(self, case: OutgoingCase, known: Record) -> Outcome:
        """An earlier try led to this request, of which the case may have grown since."""
        number, said = known["service_request_id"], _plain(known.get("description", ""))
        untold = tuple(report for report in case.reports if _plain(_words(report)) not in said)
        return await self._tell(Amendment(key=f"{case.key}.{case.version}", number=number, case=case, new=untold))

    async def _tell(self, one: Amendment) -> Outcome:
        return await (self._update(one) if self._settings.updates else self._add(one))

    async def _follow(self, token: str) -> Outcome | None:
        """None if it does not know the token (any more)."""
        found = await self._endpoint.get(f"tokens/{quote(token, safe='')}")
        if found is None:
            return None
        number = next((one["service_request_id"] for one in found if "service_request_id" in one), None)
        return Filed(number) if number else Pending(token, TOKEN_SECONDS)

    async def _update(self, one: Amendment) -> Outcome:
        if (outcome := _without_asking(one)) is not None:
            return outcome
        fields = {
            "service_request_id": one.number,
            "update_id": one.key,
            "updated_datetime": _w3c(max(report.received_at for report in one.new)),
            "status": "OPEN",
            "description": georeport.joined([_words(report) for report in one.new]),
        }
        outcome = await self._post("servicerequestupdates", fields | _about(one.new), one.new, one.key)
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
        fields = {
            "service_code": await self._service(case.category),
            "description": georeport.description([before, *map(_words, reports)], mark),
            **self._where(case),
            **_about(reports),
        }
        return await self._post("requests", fields, reports, key)

    async def _service(self, category: str | None) -> str:
        services = await self._endpoint.services()
        chosen = self._settings.services.get(category or "")
        return chosen or (category if category in services else None) or self._settings.default_service

    def _where(self, case: OutgoingCase) -> dict[str, str]:
        place = case.place
        words = (place.words if place else None) or ""
        if place and place.latitude is not None and place.longitude is not None:
            return {"lat": f"{place.latitude:.6f}", "long": f"{place.longitude:.6f}", "address_string": words}
        return {"address_string": words or case.area or self._settings.unknown_place}

    async def _post(self, what: str, fields: Mapping[str, str], reports: Sequence[OutgoingReport], key: str) -> Outcome:
        photos = await _photos(reports) if self._settings.photos else []
        answer = await self._endpoint.post(what, fields, photos, key)
        if answer.status in TOO_LARGE and photos:
            answer = await self._endpoint.post(what, fields, [], key)
        return self._outcome(answer.status, answer.body)

    def _outcome(self, status: int, body: bytes) -> Outcome:
        try:
            found = records(body, self._endpoint.xml)
        except NotGeoReport:
            return _no_georeport(status)
        if not 200 <= status < 300:
            return self._complaint(status, found)
        first = found[0] if found else {}
        if number := first.get("service_request_id") or first.get("update_id"):
            return Filed(number)
        token = first.get("token")
        return Pending(token, TOKEN_SECONDS) if token else Later(f"it answers {status}, but with no number")

    def _complaint(self, status: int, errors: Sequence[Record]) -> Outcome:
        about = georeport.complaint(errors)
        said = f"it answers {status}" + (f" ({about})" if about else "")
        if status >= 500:
            return Later(said)
        if status == 404:
            self._endpoint.forget_services()
        return Refused(said)

    def _news(self, found: Sequence[Record]) -> Iterator[News]:
        for one in found:
            number, at = one.get("service_request_id"), georeport.time_of(one, "updated_datetime")
            if number and at:
                estimate = georeport.time_of(one, "expected_datetime")
                yield News(
                    number=number,
                    at=at,
                    status=georeport.status_of(one, self._statuses),
                    unit=one.get("agency_responsible"),
                    estimate=estimate.date() if estimate else None,
                    note=one.get("description" if self._settings.updates else "status_notes"),
                    id=one.get("update_id") or f"{number} {at.isoformat()}",
                )


def _without_asking(one: Amendment) -> Outcome | None:
    if one.forget is not Forget.NOTHING:
        return Refused("GeoReport cannot forget anything: ask its operators to")
    return None if one.new else Filed(one.number)


def _no_georeport(status: int) -> Outcome:
    """A page of a proxy, half an answer: a wrong address is wrong for all."""
    if status in {404, 405, 410, 501}:
        raise CaseStoreDown(f"there is no GeoReport: it answers {status}")
    said = f"it answers {status}, but not with GeoReport"
    return Refused(said) if 400 <= status < 500 else Later(said)


def _words(report: OutgoingReport) -> str:
    subject = report.subject or ""
    return report.text if subject in report.text else f"{subject}\n\n{report.text}"


def _about(reports: Sequence[OutgoingReport]) -> dict[str, str]:
    """Of who reported what may be told. That it is not for the public, or not for officers to know, holds for all if it
    holds for one; GeoReport has no such parameters, but Kanal and others heed them."""
    flags = {
        "private": any(report.private for report in reports),
        "confidential": any(report.confidential for report in reports),
        "anonymous": all(report.anonymous for report in reports),
    }
    return {name: "true" if holds else "false" for name, holds in flags.items()} | _who(reports)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _who(reports: Sequence[OutgoingReport]) -> dict[str, str]:
    """The first one who may be named."""
    for report in reports:
        if report.reporter:
            reached = {address.kind: address.value for address in report.reporter.addresses}
            first, _, last = (report.reporter.name or "").partition(" ")
            who = {"email": reached.get("email", ""), "phone": reached.get("phone", "")}
            return who | {"first_name": first, "last_name": last}
    return {}


async def _photos(reports: Sequence[OutgoingReport]) -> list[Photo]:
    files = [file for report in reports for file in report.files if file.media_type.startswith("image/")]
    found = [await _photo(file) for file in files[:MOST_PHOTOS]]
    return [photo for photo in found if photo]


async def _photo(file: OutgoingFile) -> Photo | None:
    try:
        return Photo(file.name, file.media_type, await file.read())
    except LookupError:
        return None


def _revealed(secret: Secret | None) -> str:
    return secret.reveal() if secret else ""


def _w3c(at: datetime) -> str:
    """A time as GeoReport writes it: to the second, in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
