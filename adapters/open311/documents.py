"""What is answered, as GeoReport v2 names it (https://wiki.open311.org/GeoReport_v2/). Pure."""

from collections.abc import Callable, Iterable
from datetime import datetime

from adapters import SeenCase, SeenMove
from adapters.open311.faults import Fault
from adapters.open311.output import FORMATS, Document, Row, Value
from adapters.open311.settings import Open311Settings
from adapters.open311.times import written, written_exactly
from normalizer.sorting.categories import Attribute, Categories, Category

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"


def discovery(settings: Open311Settings, url: str, since: datetime) -> Document:
    endpoint: Row = {
        "specification": SPECIFICATION,
        "url": url,
        "changeset": written(since),
        "type": "production",
        "formats": list(FORMATS.values()),
    }
    content: Row = {
        "changeset": written(since),
        "contact": settings.contact,
        "key_service": settings.key_service,
        "endpoints": [endpoint],
    }
    return Document("discovery", content)


def services(categories: Categories, language: str) -> Document:
    return Document("services", [_service(one, categories, language) for one in categories.offered()])


def definition(category: Category, language: str) -> Document:
    attributes = [_attribute(one, order, language) for order, one in enumerate(category.attributes, 1)]
    return Document("service_definition", {"service_code": category.code, "attributes": attributes})


def received(token: str, notice: str) -> Document:
    return Document("service_requests", [{"token": token, "service_notice": notice, "account_id": None}])


def token(delivery: str, code: str, notice: str) -> Document:
    """`code` is "" while the report is being processed; then there is no service_request_id, not even an empty one:
    FixMyStreet takes an empty element for an id."""
    found = {"service_request_id": code} if code else {"service_notice": notice}
    return Document("service_requests", [{"token": delivery} | found])


def requests(cases: Iterable[SeenCase], name: Callable[[str], str]) -> Document:
    """`name` gives a category's. What may not be shown to who asks is null, as is what we do not have."""
    return Document("service_requests", [_request(case, name) for case in cases])


def updated(identity: str) -> Document:
    return Document("service_request_updates", [{"update_id": identity}])


def updates(moves: Iterable[SeenMove]) -> Document:
    return Document("service_request_updates", [_update(move) for move in moves])


def errors(faults: Iterable[Fault]) -> Document:
    return Document("errors", [{"code": one.code, "description": one.description} for one in faults])


def _request(case: SeenCase, name: Callable[[str], str]) -> Row:
    report = case.report
    category = report.category if report else None
    return {
        "service_request_id": case.code,
        "status": _status(case.is_open),
        "status_notes": case.says,
        "service_name": name(category) if category else None,
        "service_code": category,
        "description": (report.text or None) if report else None,
        "agency_responsible": case.unit,
        "service_notice": case.notice,
        "requested_datetime": written(report.received_at if report else case.opened_at),
        "updated_datetime": written(case.updated_at),
        "expected_datetime": written(case.due_at),
        "address": report.place if report else None,
        "address_id": None,
        "zipcode": None,
        "lat": report.latitude if report else None,
        "long": report.longitude if report else None,
        "media_url": None,
    }


def _service(category: Category, categories: Categories, language: str) -> Row:
    """The type is "batch": what is answered to a report is a token, from which the id can be had soon."""
    return {
        "service_code": category.code,
        "service_name": category.name.in_(language),
        "description": "",
        "metadata": bool(category.attributes),
        "type": "batch",
        "keywords": ",".join(category.keywords),
        "group": categories.groups[category.group].name.in_(language),
    }


def _attribute(attribute: Attribute, order: int, language: str) -> Row:
    row: dict[str, Value] = {
        "variable": True,
        "code": attribute.code,
        "datatype": attribute.datatype.value,
        "required": attribute.required,
        "datatype_description": None,
        "order": order,
        "description": attribute.name.in_(language),
    }
    if attribute.values:
        row["values"] = [{"key": value.code, "name": value.name.in_(language)} for value in attribute.values]
    return row


def _update(move: SeenMove) -> Row:
    """`external_status_code` is FixMyStreet's field for a system's own status: by it another Kanal follows exactly."""
    return {
        "update_id": move.id,
        "service_request_id": move.code,
        "status": _status(move.is_open),
        "external_status_code": move.status,
        "status_notes": move.says,
        "updated_datetime": written_exactly(move.at),
        "description": move.note,
        "media_url": None,
    }


def _status(is_open: bool) -> str:
    return "open" if is_open else "closed"
