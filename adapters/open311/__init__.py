"""Open311 GeoReport v2 (https://wiki.open311.org/GeoReport_v2/), as a server: for applications such as JAKI, and for
other gateways that file their cases with us. See docs/open311.md.

A report is answered with a token, for its tracking code is made when it is filed, some moments later; the token then
gives the code, which is the service_request_id. FixMyStreet asks for it five times, two seconds apart.
"""

from adapters.open311.adapter import Open311
from adapters.open311.settings import Open311Settings

__all__ = ["Open311", "Open311Settings"]
