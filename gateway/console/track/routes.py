"""The addresses of the status pages."""

from gateway.console.form.routes import WITH_PHOTOS
from gateway.console.routes import Route
from gateway.console.track import pages

ROUTES = (
    Route("GET", "/lacak", pages.ask, None),
    Route("POST", "/lacak", pages.asked, None),
    Route("GET", "/lacak/{code}", pages.status, None),
    Route("POST", "/lacak/{code}/belum", pages.unfinished, None, WITH_PHOTOS),
)
