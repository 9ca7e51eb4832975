"""The page of a desk: one report, in the order of a conversation. What was entered is never lost by an error."""

import re
from collections.abc import Mapping, Sequence
from secrets import token_hex
from typing import NamedTuple

import msgspec

from adapters import Attended, Delivery, Office, Place, Response, Unreadable
from adapters.forms import Form
from gateway import cases
from gateway.channels import Channel
from gateway.citizen_cases import root_of
from gateway.console import answers
from gateway.console.desk import offices
from gateway.console.map import chosen, pin_of, sheet
from gateway.console.similar import Similar, get_ready, photo, similar
from gateway.console.visit import EMPTY, Visit
from gateway.errors import OperationRefused
from normalizer.places.areas import area_name

JSON = "application/json"
_ENTRY = re.compile(r"[A-Za-z0-9-]{8,64}")


class Desk(NamedTuple):
    """`office` is where the clerk sits, None while that is still to be chosen."""

    channel: Channel
    adapter: Attended
    office: Office | None

    @property
    def name(self) -> str:
        return self.channel.name


def desk_of(visit: Visit, form: Form = EMPTY) -> Desk | None:
    """An officer's own office; who has none, or one without a desk, chooses one."""
    found = offices.desk(visit)
    if found is None:
        return None
    own = offices.office(visit, found[1], visit.person.office)
    wanted = form.one("office") or visit.asked("kantor")
    return Desk(*found, own or offices.office(visit, found[1], wanted))


async def show(visit: Visit) -> Response:
    desk = desk_of(visit)
    if desk is None:
        return visit.page("desk/none.html", 404)
    get_ready(visit.means)
    return await page(visit, desk, EMPTY)


async def page(visit: Visit, desk: Desk, form: Form, wrong: Mapping[str, str] | None = None) -> Response:
    """The form with what was entered, and what is wrong with it."""
    said = {name: visit.t(f"desk.wrong.{fault}") for name, fault in (wrong or {}).items()}
    return visit.page(
        "desk/entry.html",
        422 if wrong else 200,
        desk=desk,
        desks=offices.desks(visit),
        form=form,
        entry=_entry(form) or token_hex(16),
        wrong=said,
        offices=() if desk.office and desk.office.code == visit.person.office else offices.choices(visit, desk.adapter),
        areas=offices.areas(visit.means.rules.book.areas, desk.office.area if desk.office else ""),
        categories=_categories(visit),
        told=offices.told(visit),
        sheet=await sheet(visit),
        pin=pin_of(form),
        rows=await alike(visit, form),
    )


async def take(visit: Visit) -> Response:
    """Keep what was entered, once."""
    form = visit.form
    desk = desk_of(visit, form)
    if desk is None:
        return visit.missing()
    if form.one("lihat"):
        return await page(visit, desk, form)
    entry = _entry(form)
    wrong = dict(desk.adapter.faults(form)) | _faults(visit, desk, form)
    if wrong or entry is None or desk.office is None:
        return await page(visit, desk, form, wrong or {"what": "entry"})
    if visit.means.store.case_of_delivery(desk.name, entry) is None:
        await visit.means.accept([_delivery(visit, desk, desk.office, entry)], None)
    return _sent(visit, f"/meja/{desk.name}/terima/{entry}")


async def suggestions(visit: Visit) -> Response:
    """The part of the page with open reports that may be the same."""
    desk = desk_of(visit, visit.form)
    if desk is None:
        return visit.missing()
    return visit.page("desk/similar.html", desk=desk, form=visit.form, rows=await alike(visit, visit.form))


async def picture(visit: Visit) -> Response:
    """A photo of a report that is shown as similar."""
    content = await photo(visit.means, visit.values["file"])
    return answers.file(content, "image/jpeg") if content else visit.missing()


async def alike(visit: Visit, form: Form) -> Sequence[Similar]:
    """The one that is joined already stays, whatever else is alike by now."""
    category = visit.means.rules.book.categories.named(form.one("category"))
    words = " ".join(filter(None, (form.one("what"), form.one("where"))))
    return await similar(visit.means, words, place(form), category.code if category else "")


def place(form: Form) -> Place | None:
    pin, words, area = chosen(form), form.one("where") or None, form.one("area") or None
    if pin is None and words is None and area is None:
        return None
    return msgspec.structs.replace(pin or Place(), words=words, area=area)


def _delivery(visit: Visit, desk: Desk, office: Office, entry: str) -> Delivery:
    """Raises `OperationRefused` where what must not be kept cannot be taken out."""
    request = visit.request
    posted = Delivery(
        id=entry,
        channel=desk.name,
        received_at=request.received_at,
        body=request.body,
        content_type=request.headers.get("Content-Type", ""),
        headers={"office": office.code, "clerk": visit.person.name},
    )
    try:
        return desk.adapter.entered(posted)
    except Unreadable:
        raise OperationRefused(visit.t("desk.wrong.unclean")) from None


def _sent(visit: Visit, path: str) -> Response:
    """Scripts go on by themselves."""
    if visit.request.headers.get("Accept") == JSON:
        return answers.file(msgspec.json.encode({"to": visit.to(path)}), JSON)
    return visit.redirect(path)


def _faults(visit: Visit, desk: Desk, form: Form) -> dict[str, str]:
    book = visit.means.rules.book
    wrong = {} if desk.office else {"office": "office"}
    if form.one("category") and book.categories.named(form.one("category")) is None:
        wrong["category"] = "category"
    if form.one("area") and area_name(form.one("area")) is None:
        wrong["area"] = "area"
    if form.one("joins") and not _is_open(visit, form.one("joins")):
        wrong["joins"] = "joins"
    return wrong


def _is_open(visit: Visit, code: str) -> bool:
    """Is there such a case, or one that stands for it, to be joined?"""
    codes = cases.codes_in(code, visit.means.rules.code_prefix)
    case = visit.means.store.case(codes[0]) if codes else None
    return case is not None and cases.is_open(root_of(visit.means.store, case))


def _categories(visit: Visit) -> list[tuple[str, str, str]]:
    """Code, name and words to find it by."""
    offered = visit.means.rules.book.categories.offered()
    return [(one.code, one.name.in_(visit.language), ", ".join(one.keywords[:6])) for one in offered]


def _entry(form: Form) -> str | None:
    entry = form.one("entry")
    return entry if _ENTRY.fullmatch(entry) else None
