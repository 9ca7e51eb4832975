"""The words that a provider left out, as a delivery of the channel: made by the gateway, and read like what came in.
Pure."""

from datetime import datetime

from adapters import Delivery
from gateway.store.rows import WORDS


def arrived(fetch: str, channel: str, body: bytes, now: datetime) -> Delivery:
    """`fetch` is the id of what asked for them; words that come twice are one delivery."""
    return Delivery(id=f"words:{fetch}", channel=channel, received_at=now, body=body, content_type=WORDS)
