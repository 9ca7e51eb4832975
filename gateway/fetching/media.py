"""A fetched file as a delivery of its channel: made by the gateway, and read like what came in. Pure.

So it is sealed, kept, erased and backed up like all that came in. That there will be no such file is told by one, too.
"""

from datetime import datetime
from hashlib import sha256

from adapters import Attachment, Delivery
from gateway.store.fetches import Fetch
from gateway.store.rows import MEDIA
from normalizer import filetype

_FETCH, _TYPE, _LOST = "fetch", "type", "lost"


def arrived(fetch: str, channel: str, attachment: Attachment, content: bytes, now: datetime) -> Delivery:
    """`fetch` is the id of its fetch; a file that comes twice is one delivery."""
    headers = {_FETCH: fetch, _TYPE: attachment.media_type}
    return Delivery(
        id=f"media:{fetch}", channel=channel, received_at=now, body=content, content_type=MEDIA, headers=headers
    )


def lost(fetch: Fetch, why: str, now: datetime) -> Delivery:
    """`why` is for people. What is lost a second time, after somebody asked for it again, is another delivery."""
    return Delivery(
        id=f"lost:{fetch.id}:{fetch.since:.3f}",
        channel=fetch.channel,
        received_at=now,
        body=b"",
        content_type=MEDIA,
        headers={_FETCH: fetch.id, _LOST: why},
    )


def fetch_of(delivery: Delivery) -> str:
    return delivery.headers.get(_FETCH, "")


def why_lost(delivery: Delivery) -> str | None:
    """None where the file is there."""
    return delivery.headers.get(_LOST)


def as_attachment(delivery: Delivery) -> Attachment:
    """The file by its bytes, with the type that the provider calls it."""
    body = delivery.body
    called = delivery.headers.get(_TYPE, filetype.UNKNOWN)
    return Attachment(None, called, len(body), sha256(body).hexdigest())
