"""News of a case from another system, or from an application: FixMyStreet's extension of GeoReport
(https://github.com/mysociety/fixmystreet/wiki/Open311-FMS---Proposed-differences-to-Open311). Pure."""

from collections.abc import Iterator

from adapters import Delivery, Message
from adapters.forms import Form
from adapters.open311 import reports
from adapters.open311.faults import Fault
from adapters.open311.settings import Open311Settings


def faults(form: Form, settings: Open311Settings) -> Iterator[Fault]:
    if not form.one("service_request_id"):
        yield Fault(400, "service_request_id was not given")
    if not (form.one("description") or form.one("status") or form.photos):
        yield Fault(400, "it says nothing: give a description or a status")
    yield from reports.too_much(form, settings)


def message(delivery: Delivery, form: Form, settings: Open311Settings) -> Message:
    """It quotes the case's code, and so belongs to it; nothing of it is public."""
    app = delivery.headers.get("app", "")
    who = reports.sender(form, app)
    kept = {"app": app, "status": form.one("status"), "update_id": form.one("update_id")}
    return Message(
        id=delivery.id,
        channel=settings.name,
        sender=who,
        subject=form.one("service_request_id"),
        text=form.one("description") or form.one("status"),
        sent_at=reports.sent_at(form, "updated_datetime"),
        attachments=tuple(photo.attachment for photo in form.photos),
        fields={name: value for name, value in kept.items() if value},
        doubts=("charset",) if form.lied else (),
    )
