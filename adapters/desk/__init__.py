"""Desks: an officer writes down what a citizen says, on a page of the gateway's own. See docs/desk.md.

One channel is all desks of a city: the office and the clerk belong to each report. What comes in is the form of the
page as it was posted. Its fields: `entry` (made in the browser, so that an entry counts once however often it is
sent), `what`, `where`, `since`, `category`, `lat`, `lon`, `accuracy`, `area`, `name`, `phone`, `email`, `anonymous`,
`known` (the name may be shown to whoever handles it), `joins`, `nik`, and photos.
"""

from adapters.desk.adapter import Desk
from adapters.desk.settings import DeskSettings

__all__ = ["Desk", "DeskSettings"]
