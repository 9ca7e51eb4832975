"""The page on which cases and reports are taken out as a table."""

import io
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from adapters import Response
from gateway.cases import Status
from gateway.console import answers
from gateway.console.case.names import Names
from gateway.console.seeing import scope
from gateway.console.transfer.choosing import FORMS, Chosen, chosen, visible
from gateway.console.visit import Visit
from gateway.store import inbox
from gateway.store.views import Views
from gateway.transfer import exporting
from gateway.transfer.exporting import Row, Wanted
from gateway.transfer.writing import CsvSheet, XlsxSheet

#: Of more, the command `kanal export` makes a table without holding it in memory.
MOST_ROWS = 50_000
CSV, XLSX = "text/csv; charset=utf-8", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def form(visit: Visit) -> Response:
    return await _shown(visit, 200, {"what": "reports", "form": FORMS[0]}, {})


async def download(visit: Visit) -> Response:
    """The file itself: a browser stays on the page and saves it."""
    asked = chosen(visit)
    if asked.wrong:
        return await _again(visit, asked.wrong)
    found = await visit.means.look(partial(_found, visit, asked.wanted))
    if len(found) > MOST_ROWS:
        return await _again(visit, {"since": visit.t("transfer.too_many", most=MOST_ROWS)})
    if not found:
        return await _again(visit, {"what": visit.t("transfer.nothing")})
    if asked.wanted.identity:
        ids = [row["report"] for row in found]
        await visit.means.record(visit.actor, "export who reported", ids, asked.why)
    content = await visit.means.look(partial(_table, visit, asked, found))
    return answers.file(content, CSV if asked.suffix == "csv" else XLSX, _name(visit, asked))


def _found(visit: Visit, wanted: Wanted, views: Views) -> list[Row]:
    """No more than can be told to be too many."""
    seen = visible(views, scope(visit.person, visit.means.rules.routing))
    rows = exporting.rows(views, wanted, seen)
    return [row for _, row in zip(range(MOST_ROWS + 1), rows, strict=False)]


def _table(visit: Visit, asked: Chosen, found: Sequence[Row], views: Views) -> bytes:
    wanted = asked.wanted
    rows: Iterable[Row] = exporting.with_identity(views, found) if wanted.identity else found
    named = map(partial(_named, Names(visit), visit), rows)
    headings = [visit.t(f"transfer.columns.{name}") for name in wanted.columns]
    if asked.suffix == "csv":
        text = io.StringIO(newline="")
        exporting.write(CsvSheet(text, ";"), named, wanted.columns, headings, visit.means.zone)
        return text.getvalue().encode("utf-8-sig", "replace")
    sheet, file = XlsxSheet(), io.BytesIO()
    exporting.write(sheet, named, wanted.columns, headings, visit.means.zone)
    sheet.save(file)
    return file.getvalue()


def _named(names: Names, visit: Visit, row: Row) -> Row:
    """In words instead of codes."""
    area = row["area"] and f"{row['area']} {names.area(row['area'])}"
    said = {"status": visit.t(f"base.status.{row['status']}"), "category": names.category(row["category"])}
    urgency = {"urgency": visit.t(f"transfer.urgency.{row['urgency']}")} if row.get("urgency") else {}
    return row | said | {"unit": names.unit(row["unit"]), "area": area} | urgency


def _name(visit: Visit, asked: Chosen) -> str:
    day = datetime.now(visit.means.zone).date().isoformat()
    return f"{visit.t(f'transfer.file.{asked.wanted.what}')}-{day}.{asked.suffix}"


async def _again(visit: Visit, wrong: Mapping[str, str]) -> Response:
    given = {name: values[0] for name, values in visit.form.fields.items()}
    return await _shown(visit, 422, given, wrong)


async def _shown(visit: Visit, status: int, given: Mapping[str, str], wrong: Mapping[str, str]) -> Response:
    filled, mended = defaultdict(str, given), defaultdict(str, wrong)
    in_hand = await visit.means.look(lambda views: inbox.units(views.connection))
    return visit.page("transfer/export.html", status, given=filled, wrong=mended, options=_options(visit, in_hand))


def _options(visit: Visit, in_hand: Sequence[str]) -> Mapping[str, Sequence[tuple[str, str]]]:
    """What can be chosen from, by field: units of the whole city, and those that have an open case `in_hand`."""
    any_ = ("", visit.t("transfer.any"))
    rules, names = visit.means.rules, Names(visit)
    categories = rules.book.categories.categories
    units = {code for code, unit in rules.routing.units.items() if not unit.each} | set(in_hand)
    listed: Mapping[str, Any] = {
        "status": ((str(one), visit.t(f"base.status.{one}")) for one in Status),
        "category": ((code, names.category(code)) for code in categories),
        "unit": sorted(((code, names.unit(code)) for code in units), key=lambda one: one[1]),
        "channel": ((name, name) for name in visit.means.lineup.channels),
    }
    forms = {"form": [(one, visit.t(f"transfer.form.{one}")) for one in FORMS]}
    return {name: [any_, *some] for name, some in listed.items()} | forms
