"""The page on which tables of reports are brought in: a new file, and what became of those before."""

from collections import defaultdict
from collections.abc import Mapping

from adapters import Response, TakesRows
from gateway.console.visit import Visit
from gateway.transfer.wording import NotTaken

HOME = "/petugas/impor"
#: Octets of a file with its form.
MOST_BYTES = 26_214_400


async def index(visit: Visit) -> Response:
    return _shown(visit, 200, {}, {})


async def upload(visit: Visit) -> Response:
    files, channel = visit.form.photos, visit.form.one("channel")
    wrong: dict[str, str] = {}
    if not files:
        wrong["file"] = visit.t("transfer.no_file")
    if channel not in channels(visit):
        wrong["channel"] = visit.t("transfer.no_such_channel")
    if not wrong:
        try:
            opened = await visit.means.imports.open(
                visit.person.id, channel, files[0].name or "", files[0].content, visit.form.one("sheet")
            )
            return visit.redirect(f"{HOME}/{opened}")
        except NotTaken as error:
            wrong["file"] = visit.means.imports.wording.said(error.refusal, visit.language)
    given = {name: visit.form.one(name) for name in ("channel", "sheet")}
    return _shown(visit, 422, given, wrong)


def channels(visit: Visit) -> list[str]:
    """Those that take tables, in their dates."""
    every = visit.means.lineup.channels
    return [name for name, channel in every.items() if isinstance(channel.adapter, TakesRows) and not channel.rests]


def _shown(visit: Visit, status: int, given: Mapping[str, str], wrong: Mapping[str, str]) -> Response:
    return visit.page(
        "transfer/import.html",
        status,
        given=defaultdict(str, given),
        wrong=defaultdict(str, wrong),
        channels=[(name, name) for name in channels(visit)],
        imports=visit.means.store.imports_of(visit.person.id),
    )
