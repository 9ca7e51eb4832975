"""The addresses of the public form. /lapor is the first one; each has one by its channel's name."""

from gateway.console.form import finished, nearby, pages
from gateway.console.routes import SMALL_FORM, Route

#: Octets of a form with its photos.
WITH_PHOTOS = 26_214_400

ROUTES = (
    Route("GET", "/lapor", pages.begin, None),
    Route("POST", "/lapor", pages.go, None, WITH_PHOTOS),
    Route("GET", "/lapor/uji", pages.challenge, None),
    Route("GET", "/lapor/{channel}", pages.begin, None),
    Route("POST", "/lapor/{channel}", pages.go, None, WITH_PHOTOS),
    Route("POST", "/lapor/{channel}/serupa", nearby.fragment, None, SMALL_FORM),
    Route("GET", "/lapor/{channel}/selesai", finished.finished, None),
)
