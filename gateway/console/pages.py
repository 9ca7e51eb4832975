"""All addresses of the pages, area by area."""

from adapters import Response
from gateway.console import files
from gateway.console.case.routes import ROUTES as CASE
from gateway.console.channels.pages import ROUTES as CHANNELS
from gateway.console.desk.routes import ROUTES as DESK
from gateway.console.form.entry import offered
from gateway.console.form.routes import ROUTES as FORM
from gateway.console.inbox.routes import ROUTES as INBOX
from gateway.console.login.routes import ROUTES as LOGIN
from gateway.console.map import ROUTES as MAP
from gateway.console.navigation import NAVIGATION
from gateway.console.quarantine.pages import ROUTES as QUARANTINE
from gateway.console.review.pages import ROUTES as REVIEW
from gateway.console.routes import Route
from gateway.console.track.routes import ROUTES as TRACK
from gateway.console.transfer.routes import ROUTES as TRANSFER
from gateway.console.triage.pages import ROUTES as TRIAGE
from gateway.console.users.routes import ROUTES as USERS
from gateway.console.visit import Visit


async def front(visit: Visit) -> Response:
    """To what somebody works with most; who is not logged in, to the public form, if there is one."""
    mine = (entry.path for entry in NAVIGATION if visit.may(entry.right))
    return visit.redirect(next(mine, "/lapor" if offered(visit) else "/lacak"))


ROUTES: tuple[Route, ...] = (
    Route("GET", "/", front, None),
    *files.ROUTES,
    *MAP,
    *FORM,
    *TRACK,
    *CASE,
    *INBOX,
    *DESK,
    *REVIEW,
    *TRIAGE,
    *QUARANTINE,
    *CHANNELS,
    *TRANSFER,
    *LOGIN,
    *USERS,
)
