"""The page of what could not be processed: each with why; one, or all that failed alike, are tried again."""

from functools import partial
from typing import Any

from adapters import Response
from gateway.accounts.account import Right
from gateway.console.inbox.counting import counted
from gateway.console.routes import Route
from gateway.console.visit import Visit, whole
from gateway.store import quarantine
from gateway.store.contract import DeliveryState
from gateway.store.views import Row, Views

QUARANTINE = "/petugas/karantina"
A_PAGE = 50


async def show(visit: Visit) -> Response:
    """Grouped by channel and reason; the newest of each page first."""
    channel, before = visit.asked("kanal"), visit.number("setelah")
    look = partial(_found, channel=channel, before=quarantine.NEWEST if before is None else before)
    rows, reasons = await visit.means.look(look)
    page = {"rows": rows[:A_PAGE], "next": rows[A_PAGE - 1]["seq"] if len(rows) > A_PAGE else None}
    done = {"processed": visit.number("jadi"), "still": visit.number("tetap"), "under_way": visit.number("jalan")}
    values: dict[str, Any] = {"channel": channel, "reasons": reasons, "done": done, **page}
    return visit.page("quarantine/list.html", **values, counts=await counted(visit))


def _found(views: Views, channel: str, before: int) -> tuple[list[Row], list[Row]]:
    connection = views.connection
    return quarantine.rows(connection, channel, before, A_PAGE + 1), quarantine.reasons(connection, channel)


async def one(visit: Visit) -> Response:
    """A delivery, without its body."""
    row = await _row(visit)
    return visit.page("quarantine/one.html", row=row, counts=await counted(visit)) if row else visit.missing()


async def reveal(visit: Visit) -> Response:
    """Its body and headers, which show who wrote: for a reason, which is recorded before anything is shown."""
    row, why = await _row(visit), visit.form.one("alasan").strip()
    if row is None:
        return visit.missing()
    if not why:
        return visit.page("quarantine/one.html", 422, row=row, why_missing=True, counts=await counted(visit))
    await visit.means.record(visit.actor, "look at a delivery", [str(row["seq"])], why)
    opened = await visit.means.look(lambda views: views.with_body(row))
    return visit.page("quarantine/one.html", row=opened, counts=await counted(visit))


async def _row(visit: Visit) -> Row | None:
    seq = whole(visit.values["seq"])
    row = None if seq is None else await visit.means.look(lambda views: views.delivery(seq))
    return row if row and row["state"] == DeliveryState.QUARANTINED else None


async def replay(visit: Visit) -> Response:
    """Try again: the one that was named, or all of a channel that failed for one reason."""
    seq = whole(visit.form.one("seq"))
    if seq is not None:
        wanted = [seq]
    else:
        channel, stage, reason = (visit.form.one(name) for name in ("kanal", "langkah", "sebab"))
        look = partial(_alike, channel=channel, stage=stage, reason=reason)
        wanted = await visit.means.look(look)
    done = await visit.means.ask("release", deliveries=wanted, actor=visit.actor) if wanted else []
    states = [row["state"] for row in done]
    counts = {"jadi": DeliveryState.DONE, "tetap": DeliveryState.QUARANTINED, "jalan": DeliveryState.RECEIVED}
    told = {name: str(states.count(state)) for name, state in counts.items()}
    return visit.redirect(QUARANTINE, **told)


def _alike(views: Views, channel: str, stage: str, reason: str) -> list[int]:
    return quarantine.alike(views.connection, channel, stage, reason)


ROUTES = (
    Route("GET", QUARANTINE, show, Right.QUARANTINE),
    Route("POST", f"{QUARANTINE}/ulang", replay, Right.QUARANTINE),
    Route("GET", f"{QUARANTINE}/{{seq}}", one, Right.QUARANTINE),
    Route("POST", f"{QUARANTINE}/{{seq}}", reveal, Right.QUARANTINE),
)
