"""One import: what its columns hold and what would come of it; then how far it has come, and what was refused."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import PurePath
from typing import Any

from msgspec.structs import replace

from adapters import Response
from gateway.console import answers
from gateway.console.transfer.coming import HOME
from gateway.console.transfer.leaving import CSV, XLSX
from gateway.console.visit import Visit
from gateway.transfer.checking import Checked
from gateway.transfer.headings import KEEP, WHAT, unused
from gateway.transfer.importing import IMPORTED, write_refused
from gateway.transfer.kept import Content, Import, State
from gateway.transfer.running import PREVIEW_ROWS
from gateway.transfer.table import Table
from gateway.transfer.wording import Wording
from gateway.transfer.writing import CsvSheet, XlsxSheet

SHOWN = 5


async def show(visit: Visit) -> Response:
    one = _of(visit)
    if one is None:
        return visit.missing()
    content = await visit.means.store.import_content(one.id)
    if one.state is not State.DRAFT:
        return visit.page("transfer/running.html", one=one, left=_left(visit, one), content=content)
    return await _draft(visit, one, content) if content else visit.missing()


async def progress(visit: Visit) -> Response:
    """The part of the page that refreshes itself."""
    one = _of(visit)
    return visit.page("transfer/progress.html", one=one, left=_left(visit, one)) if one else visit.missing()


async def act(visit: Visit) -> Response:
    one, asked = _of(visit), visit.form.one("do")
    if one is None:
        return visit.missing()
    if asked == "drop":
        await visit.means.imports.drop(one)
        return visit.redirect(HOME)
    if asked == "stop":
        await visit.means.imports.stop(one)
    elif (content := await visit.means.store.import_content(one.id)) is None:
        return visit.refused(visit.t("transfer.forgotten"))
    elif one.state is State.DRAFT:
        return await _said(visit, one, content, starts=asked == "start")
    else:
        await _start(visit, one)
    return visit.redirect(f"{HOME}/{one.id}")


async def refused(visit: Visit) -> Response:
    """The rows that were refused, in the form of the file that they were in."""
    one = _of(visit)
    content = await visit.means.store.import_content(one.id) if one else None
    if content is None:
        return visit.missing()
    bad = [checked for checked in await visit.means.imports.checked(content) if checked.row is None]
    form = content.table.form
    name = f"{PurePath(content.name).stem or 'tabel'}-ditolak{form.suffix}"
    written = await asyncio.to_thread(_written, visit, content.table.table(most=0), bad)
    return answers.file(written, XLSX if form.suffix == ".xlsx" else CSV, name)


def _written(visit: Visit, table: Table, bad: Sequence[Checked]) -> bytes:
    """`table` needs no rows."""
    wording = visit.means.imports.wording
    if table.form.suffix == ".xlsx":
        sheet, file = XlsxSheet(), BytesIO()
        write_refused(sheet, table, bad, wording, visit.language)
        sheet.save(file)
        return file.getvalue()
    text = StringIO(newline="")
    write_refused(CsvSheet(text, table.form.separator), table, bad, wording, visit.language)
    return text.getvalue().encode("utf-8-sig", "replace")


async def _draft(visit: Visit, one: Import, content: Content, status: int = 200, wrong: str = "") -> Response:
    table, wording = content.table.table(most=0), visit.means.imports.wording
    checked = await visit.means.imports.checked(content, PREVIEW_ROWS) if content.mapping.get(WHAT) else []
    bad = [row for row in checked if row.row is None]
    return visit.page(
        "transfer/draft.html",
        status,
        one=one,
        content=content,
        table=table,
        kinds=sorted(wording.columns, key=lambda name: name != WHAT),
        chosen={name: headings[0] for name, headings in content.mapping.items() if name != KEEP},
        kept=content.mapping.get(KEEP, ()),
        free=[*unused(table, content.mapping), *content.mapping.get(KEEP, ())],
        seen=[_seen(visit, row, wording) for row in checked[:SHOWN]],
        bad=[_seen(visit, row, wording) for row in bad[:SHOWN]],
        looked=len(checked),
        refused=len(bad),
        wrong=wrong,
    )


def _seen(visit: Visit, checked: Checked, wording: Wording) -> Mapping[str, Any]:
    """A row as the page shows it."""
    reasons = [wording.said(refusal, visit.language) for refusal in checked.refusals]
    return {"number": checked.line.number, "row": checked.row, "reasons": reasons}


async def _said(visit: Visit, one: Import, content: Content, starts: bool) -> Response:
    """What the columns of a draft hold was said anew, and perhaps that it is to start."""
    mapped = _mapped(visit, content)
    if not mapped.mapping.get(WHAT):
        return await _draft(visit, one, mapped, 422, visit.t("transfer.what_needed"))
    await visit.means.imports.map(one, mapped)
    if starts:
        await _start(visit, one)
    return visit.redirect(f"{HOME}/{one.id}")


async def _start(visit: Visit, one: Import) -> None:
    await visit.means.record(visit.actor, IMPORTED, [one.channel])
    await visit.means.imports.start(one)


def _mapped(visit: Visit, content: Content) -> Content:
    known = content.table.headings
    mapping: dict[str, Sequence[str]] = {}
    for name in visit.means.imports.wording.columns:
        if (heading := visit.form.one(f"kolom.{name}")) in known:
            mapping[name] = [heading]
    taken = {heading for headings in mapping.values() for heading in headings}
    more = [one for one in visit.form.fields.get(KEEP, ()) if one in known and one not in taken]
    return replace(content, mapping=mapping | ({KEEP: more} if more else {}), told=bool(visit.form.one("told")))


def _of(visit: Visit) -> Import | None:
    """Only their own: it may tell of citizens."""
    return visit.means.store.import_of(visit.person.id, visit.values["import"])


def _left(visit: Visit, one: Import) -> timedelta | None:
    """As long as the rest will take, going by what was done since it was last started."""
    done, spent = one.done - one.began, visit.now.timestamp() - one.started_at
    return timedelta(seconds=(one.rows - one.done) * spent / done) if done > 0 else None
