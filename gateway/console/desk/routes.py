"""The addresses of desks."""

from gateway.accounts.account import Right
from gateway.console.desk import entry, offline, places, receipt, search
from gateway.console.routes import Route

#: Octets of an entry with its photos and scans.
LARGEST = 26_214_400

ROUTES = (
    Route("GET", "/meja", entry.show, Right.DESK),
    Route("GET", "/meja/{channel}", entry.show, Right.DESK),
    Route("POST", "/meja/{channel}", entry.take, Right.DESK, max_size=LARGEST),
    Route("POST", "/meja/{channel}/serupa", entry.suggestions, Right.DESK),
    Route("GET", "/meja/{channel}/terima/{entry}", receipt.show, Right.DESK),
    Route("GET", "/meja/{channel}/lagi/{report}", receipt.again, Right.DESK),
    Route("GET", "/meja/foto/{file}", entry.picture, Right.DESK),
    Route("GET", "/meja/tempat", places.show, Right.DESK),
    Route("GET", "/meja/cari", search.show, Right.LOOK_UP),
    Route("POST", "/meja/cari", search.find, Right.LOOK_UP),
    Route("GET", "/meja/luring.js", offline.worker, None),
)
