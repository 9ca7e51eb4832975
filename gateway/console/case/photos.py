"""Photos of reports and proofs, as those may see them who may see the case: painted anew, so that nothing but the
picture is left of them."""

from adapters import Response
from gateway.console import answers
from gateway.console.case.opening import of_case
from gateway.console.case.reading import CaseFile, read
from gateway.console.visit import Visit
from gateway.files import CLEAN_SECONDS
from gateway.store.copies import FileRow, Scan
from gateway.workers import ChildLost, NoWorker

#: What a cleaned picture is; `gateway.photos`, which says so, loads a picture library, and that is for workers only.
JPEG = "image/jpeg"


async def photo(visit: Visit) -> Response:
    """The copy for viewing of one of a report's files, which are counted from 1."""
    report, number = visit.values["report"], visit.values["number"]
    row = await visit.means.look(lambda views: views.report(report))
    file = await visit.means.look(lambda views: read(views, row["case"])) if row else None
    if row is None or file is None or not file.is_for(visit.person, visit.means.rules.routing):
        return _missing()
    found = row.get("attachments", [])
    index = int(number) - 1 if number.isascii() and number.isdigit() and len(number) < 4 else -1
    known = visit.means.store.file(found[index].get("digest") or "") if 0 <= index < len(found) else None
    copy = await visit.means.store.copy(known) if known and _may_be_shown(visit, known) else None
    return _picture(copy, f"{row['case']}-{number}") if copy else _missing()


def _may_be_shown(visit: Visit, file: FileRow) -> bool:
    is_sure = file.scan is Scan.CLEAN or not visit.means.settings.gateway.clamav_required
    return is_sure and file.scan is not Scan.INFECTED


async def _proof(visit: Visit, file: CaseFile) -> Response:
    """What a case was moved with; an officer's camera tells more than the picture, too."""
    digest = visit.values["digest"]
    if not any(row["detail"].get("proof") == digest for row in file.history):
        return _missing()
    content = await visit.means.store.kept(digest)
    try:
        clean = await visit.means.lineup.workers.paint(content, CLEAN_SECONDS) if content else None
    except (ChildLost, NoWorker):
        clean = None
    return _picture(clean, f"{file.code}-bukti") if clean else _missing()


def _picture(content: bytes, name: str) -> Response:
    """To be looked at, under a name that tells where it belongs when it is kept."""
    shown = {"Content-Disposition": f'inline; filename="{name}.jpg"'}
    return answers.file(content, JPEG, headers=answers.NOT_KEPT | shown)


def _missing() -> Response:
    return answers.plain(404, "not found")


PROOF = of_case(_proof)
