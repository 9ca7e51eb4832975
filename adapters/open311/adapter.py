"""The channel of applications."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from secrets import token_hex
from typing import ClassVar, NamedTuple
from urllib.parse import unquote

from adapters import (
    AppKey,
    Attachment,
    CaseReader,
    ChannelSettings,
    Delivery,
    Equipment,
    Event,
    Received,
    RequestRefused,
    Response,
    Unreadable,
    WebRequest,
    forms,
)
from adapters.forms import Form
from adapters.open311 import documents, questions, reports, updates
from adapters.open311.answering import Answering, Asked
from adapters.open311.faults import Fault, Faulty, fault
from adapters.open311.gate import Gate
from adapters.open311.output import FORMATS, XML, Document, answer
from adapters.open311.questions import Query
from adapters.open311.settings import Open311Settings

REQUESTS, UPDATES = "requests", "servicerequestupdates"
_BEFORE_ANY = Equipment(zone=UTC, text=str)


class _Route(NamedTuple):
    """What of ours, of which code or id, and in which format."""

    resource: str
    identity: str
    format: str


class Open311:
    """A GeoReport v2 server: GET is answered from what is known, POST is kept and then acknowledged."""

    kind: ClassVar[str] = "open311"
    Settings: ClassVar[type[ChannelSettings]] = Open311Settings

    def __init__(self, settings: Open311Settings) -> None:
        self._settings = settings
        self._gate = Gate(settings.per_minute)
        self._since = datetime.now(UTC)
        self.equip(_BEFORE_ANY)

    def equip(self, equipment: Equipment) -> None:
        self._equipment = equipment
        self._answering = Answering(self._settings, equipment, self._since)
        self._gate.use(equipment.keys)

    async def answer(self, request: WebRequest, cases: CaseReader) -> Response:
        """Raises `RequestRefused` with GeoReport's errors."""
        route = _route(request.path)
        with _told_in(route):
            query = _query(request)
            known = self._gate.application(questions.one(query, "api_key"))
            self._check_jurisdiction(questions.one(query, "jurisdiction_id"))
            app = known.app if known else ""
            found = await self._answering.answer(Asked(*route[:2], query, app, request, cases))
        return await asyncio.to_thread(answer, found, route.format)

    def receive(self, request: WebRequest) -> Received:
        """A report, or an update of one. Raises `RequestRefused` with GeoReport's errors."""
        route = _route(request.path)
        with _told_in(route):
            self._check_method(route, request.method)
            if len(request.body) > self._settings.max_size:
                raise fault(413, "it is too large")
            return self._received(route, request)

    def parse(self, delivery: Delivery) -> Sequence[Event]:
        read = updates.message if delivery.headers.get("path") == UPDATES else reports.message
        return [read(delivery, _form(delivery), self._settings)]

    def content(self, delivery: Delivery, attachment: Attachment) -> bytes:
        content = _form(delivery).file(attachment)
        if content is None:
            raise Unreadable("the form has no such part")
        return content

    def called_at(self, own: str) -> Sequence[str]:
        return [f"{own}/{REQUESTS}.json"]

    def first_steps(self, web: str) -> Sequence[str]:
        where = f"{web}/in/{self._settings.name}"
        report = 'service_code=banjir -d "description=Banjir selutut di depan rumah"'
        return [f'curl {where}/requests.json -d api_key="$(kanal keys add percobaan)" -d {report}']

    def _received(self, route: _Route, request: WebRequest) -> Received:
        form, query = _posted(request), _query(request)
        key = form.one("api_key") or questions.one(query, "api_key")
        known = self._gate.application(key)
        if known is None and not (self._settings.open and route.resource == REQUESTS):
            raise fault(403, "an api_key is needed")
        self._check_jurisdiction(form.one("jurisdiction_id") or questions.one(query, "jurisdiction_id"))
        self._check(route, form)
        if known and not _is_plain(form, request.body):
            raise fault(400, "write the api_key once, and plainly: no letter of it needs an escape")
        self._gate.report(known, request.peer)
        delivery = self._delivery(route, request, form, known, key)
        return Received([delivery], answer(self._acknowledged(route, delivery), route.format))

    def _check_method(self, route: _Route, method: str) -> None:
        if not self._answering.knows(route.resource, route.identity):
            raise fault(404, "there is no such resource")
        if method != "POST" or not _is_posted(route):
            raise fault(405, f"what can be done with it is: {_allowed(route)}")

    def _check_jurisdiction(self, given: str) -> None:
        if self._settings.jurisdiction and given not in ("", self._settings.jurisdiction):
            raise fault(404, "the jurisdiction_id was not found")

    def _check(self, route: _Route, form: Form) -> None:
        if route.resource == UPDATES:
            found = list(updates.faults(form, self._settings))
        else:
            found = list(reports.faults(form, self._equipment.categories, self._settings))
        if found:
            raise Faulty(*found)

    def _delivery(self, route: _Route, request: WebRequest, form: Form, known: AppKey | None, key: str) -> Delivery:
        """Without the key itself: what is kept is looked at by officers. All octets keep their places."""
        app, secret = known.app if known else "", key.encode("utf-8", "surrogatepass")
        given = request.headers.get("Idempotency-Key", "")
        return Delivery(
            id=reports.identity(form, app, route.resource, given) or token_hex(16),
            channel=self._settings.name,
            received_at=request.received_at,
            body=request.body.replace(secret, b"*" * len(secret)) if known else request.body,
            content_type=_content_type(request),
            headers={"path": route.resource, "app": app},
        )

    def _acknowledged(self, route: _Route, delivery: Delivery) -> Document:
        if route.resource == UPDATES:
            return documents.updated(delivery.id)
        return documents.received(delivery.id, self._equipment.text("app_received"))


@contextmanager
def _told_in(route: _Route) -> Iterator[None]:
    """Refusals in GeoReport's own words. Raises `RequestRefused`."""
    try:
        yield
    except Faulty as faulty:
        raise _refused(route, faulty.status, faulty.faults) from None
    except RequestRefused as refusal:
        raise _refused(route, refusal.status, [Fault(refusal.status, str(refusal))]) from None


def _refused(route: _Route, status: int, faults: Sequence[Fault]) -> RequestRefused:
    headers = {405: {"Allow": _allowed(route)}, 429: {"Retry-After": "60"}}.get(status)
    response = answer(documents.errors(faults), route.format, status, headers)
    return RequestRefused(faults[0].description, status, response)


def _is_plain(form: Form, body: bytes) -> bool:
    """Can the key be taken out of what is kept? A form may write it in many ways, and more than once."""
    keys = form.fields.get("api_key", ())
    return len(keys) <= 1 and all(key.encode("utf-8", "surrogatepass") in body for key in keys)


def _is_posted(route: _Route) -> bool:
    return route.resource in (REQUESTS, UPDATES) and not route.identity


def _allowed(route: _Route) -> str:
    return "GET, HEAD, POST" if _is_posted(route) else "GET, HEAD"


def _route(path: str) -> _Route:
    """Of a path whose ending names the format. Raises `RequestRefused`, in XML where it names none."""
    name, _, form = path.rpartition(".")
    resource, slash, identity = name.partition("/")
    route = _Route(resource, unquote(identity), form if form in FORMATS else XML)
    if form not in FORMATS or (slash and not identity):
        with _told_in(route):
            raise fault(404, "there is no such resource; its name ends in .json or .xml")
    return route


def _query(request: WebRequest) -> Query:
    try:
        return forms.query(request.query)
    except forms.Broken as error:
        raise fault(400, str(error)) from None


def _posted(request: WebRequest) -> Form:
    try:
        return forms.read(request.body, _content_type(request))
    except forms.Broken as error:
        raise fault(400, str(error)) from None


def _form(delivery: Delivery) -> Form:
    try:
        return forms.read(delivery.body, delivery.content_type)
    except forms.Broken as error:
        raise Unreadable(str(error)) from None


def _content_type(request: WebRequest) -> str:
    return request.headers.get("Content-Type", forms.URLENCODED)
