"""What was said in a group, but not to us, and may be more of an album that names us: it waits for the message that
does, and is destroyed where none comes. Pure."""

import msgspec

from gateway.store.contract import Claimed, TimerRow

#: The pictures of an album come within a second or two, in any order.
WAIT_SECONDS = 10.0

_encode = msgspec.json.Encoder().encode


class OverheardDue(msgspec.Struct, frozen=True, tag="overheard"):
    """The body of the timer that ends the wait of a delivery, which is then looked at once more."""

    seq: int


def timer(channel: str, claimed: Claimed) -> TimerRow:
    due_at = claimed.delivery.received_at.timestamp() + WAIT_SECONDS
    return TimerRow(
        id=f"overheard:{claimed.seq}", channel=channel, due_at=due_at, body=_encode(OverheardDue(claimed.seq))
    )
