"""Stand-ins for providers: servers that speak their protocols over real sockets and go wrong on demand.

    python -m adapters.testing.standins telegram --port 8081

runs one by hand: what is typed is what a citizen writes, and what is asked of it is printed. In a test:

    with Telegram() as telegram:
        telegram.fault("sendMessage", status=429, retry_after=1)
        …
        assert telegram.called("sendMessage")
"""

from adapters.testing.standins.base import Call, StandIn
from adapters.testing.standins.posting import Posting

__all__ = ["Call", "Posting", "StandIn"]
