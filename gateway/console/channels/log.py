"""The page of a channel's log: what was done with its provider, and by what a reply went or a report came."""

from adapters import Response
from gateway.console.visit import Visit
from gateway.store.views import Row, Views

MOST = 200


async def show(visit: Visit) -> Response:
    """`jawaban` or `laporan` in the query ask for one reply's or report's alone, `gagal` for what failed."""
    name = visit.values["name"]
    if name not in visit.means.lineup.channels:
        return visit.missing()
    about = visit.asked("jawaban") or visit.asked("laporan")
    rows = await visit.means.look(lambda views: _found(visit, views, name))
    return visit.page("channels/log.html", name=name, rows=rows, about=about, failed=bool(visit.asked("gagal")))


def _found(visit: Visit, views: Views, name: str) -> list[Row]:
    if reply := visit.asked("jawaban"):
        return list(views.exchanges_of_reply(reply))
    if report := visit.asked("laporan"):
        return list(views.exchanges_of_report(report))
    return list(views.exchanges(name, failed=bool(visit.asked("gagal")), limit=MOST))
